"""A portal whose search knows what it ships, and catalogues to search in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from loading import load

from ckanext.govdata.search import journal, live_reader, store, vectors

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "ckanext-govdata" / "ckanext" / "govdata" / "demo" / "data" / "catalogue.jsonl"
Search = Callable[..., list[str]]


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Catalogue rows of a file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def portal(shipped_reader, ckan_config, monkeypatch) -> None:
    """An empty portal; the search begins anew, by words alone and without waiting counts."""
    monkeypatch.setitem(ckan_config, "ckanext.govdata.search.vectors", False)
    journal._waiting.clear()
    journal._often.cache_clear()


@pytest.fixture
def unseeded(portal) -> None:
    """A portal that has no knowledge yet, and has read none."""
    with model.meta.engine.begin() as connection:
        connection.execute(store.RULES.delete())
        connection.execute(store.STATE.delete())
    live_reader.forget()


@pytest.fixture
def titled(portal) -> Callable[..., None]:
    """Put entries with these titles into the index; names are e0, e1, …"""

    def put(*titles: str | dict[str, Any]) -> None:
        rows = []
        for number, title in enumerate(titles):
            row = title if isinstance(title, dict) else {"title": title}
            rows.append({"id": f"e{number}", "publisher": "", "notes": "", **row})
        load(rows, with_vectors=vectors.available())

    return put


@pytest.fixture
def search() -> Search:
    """Names that an anonymous reader finds."""

    def ask(query: str, **more: Any) -> list[str]:
        context = {"user": "", "auth_user_obj": None, "model": model, "session": model.Session}
        answer = tk.get_action("package_search")(context, {"q": query, "fl": ["name"], **more})
        return [hit["name"] for hit in answer["results"]]

    return ask


@pytest.fixture
def operator(portal) -> dict[str, Any]:
    """A sysadmin with a token."""
    return factories.SysadminWithToken()


@pytest.fixture
def teach(operator) -> Callable[..., dict[str, Any]]:
    """Change a line of knowledge as the operator; this process knows it at once."""

    def change(after: str, before: str = "", kind: str = "synonym") -> dict[str, Any]:
        told = tk.get_action("govdata_search_rule_change")(
            {"user": operator["name"]}, {"kind": kind, "before": before, "after": after}
        )
        live_reader.refresh()
        return told

    return change
