"""The files and functions that documents, docstrings and comments name are there.

A module that was moved leaves its old name behind in prose, where nothing else looks.
"""
from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "ckanext-govdata" / "ckanext" / "govdata"
PAGES = sorted((ROOT / "ckanext-govdata" / "docs").rglob("*.md"))
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "migration" not in path.parts)
PLACES = [PACKAGE, ROOT / "config", ROOT / "schemas", ROOT / "tests", ROOT / ".ci",
          ROOT / "ckanext-govdata" / "docs"]
QUOTED = re.compile(r"`+~?\.?([^`]+)`+")
FILE = re.compile(r"([\w/.-]+\.(?:py|html|yaml|css|js))(?::(\w+).*)?")
MEMBER = re.compile(r"([a-z_]+)\.(?!txt$)([A-Za-z_]+)(?:\(.*\))?")
OF_OTHERS = {
    "cases.attachments", "catalogue.imports_per_person",
    "rectification.mend", "rectification.order",
}
"""Options without their prefix, and terms, which look like a module's member."""


@cache
def files() -> frozenset[str]:
    """Every file that may be named, by its path from the repository's root."""
    found = {path for place in PLACES for path in place.rglob("*") if path.is_file()}
    return frozenset(str(path.relative_to(ROOT)) for path in {*found, *ROOT.glob("*.*")})


@cache
def modules() -> dict[str, list[Path]]:
    """The package's modules by their last name."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in SOURCES:
        found[path.stem].append(path)
    return dict(found)


@cache
def names(path: Path) -> frozenset[str]:
    """What a module defines or imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[-1])
    return frozenset(found)


def is_there(name: str) -> bool:
    """Whether what is named as a file, a file's function or a module's member is there; what is
    named otherwise is not ours to judge."""
    if found := FILE.fullmatch(name):
        file, member = found.groups()
        named = [one for one in files() if one == file or one.endswith(f"/{file}")]
        read = [ROOT / one for one in named if one.endswith(".py") and member]
        return bool(named) and (not read or any(member in names(path) for path in read))
    if (found := MEMBER.fullmatch(name)) and found[1] in modules() and name not in OF_OTHERS:
        return found[2] in modules() or any(found[2] in names(path) for path in modules()[found[1]])
    if re.fullmatch(r"[a-z_]+(?:/[a-z_]+)+", name) and (PACKAGE / name.split("/")[0]).is_dir():
        return (PACKAGE / name).exists() or (PACKAGE / f"{name}.py").exists()
    return True


def gone(text: str) -> Iterator[str]:
    """What a text names in backquotes and is not there."""
    return (name.strip() for name in QUOTED.findall(text) if not is_there(name.strip()))


@pytest.mark.parametrize("path", [*PAGES, *SOURCES], ids=lambda path: str(path.relative_to(ROOT)))
def test_what_prose_names_is_there(path: Path) -> None:
    assert list(gone(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("text", [
    "see `cases/people.py`", "see ``no_such_file.html``", "`domain/clock.py:no_such`",
    ":func:`~.outbox.no_such`", "calls `triggers.no_such()`", "in `departments/none`",
])
def test_what_is_not_there_is_found_out(text: str) -> None:
    assert list(gone(text))


@pytest.mark.parametrize("text", [
    "`domain/clock.py`", "`web.py`", "`triggers.installing()`", "`departments/tree`",
    "`ckan.search`", "`a plain word`", "`solr_url`",
])
def test_what_is_there_is_not(text: str) -> None:
    assert list(gone(text)) == []
