"""Data that is not open leaks nowhere: every action and every route of the running application.

The tables beside this file say how each is asked. What is new, of CKAN, another plugin or ours,
fails here until somebody has thought about what it hands out and written a row.
"""
from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ckan import logic
from ckan.logic import NotFound
from flask import Response
from leak_world import CANARY, CLOSED, Entry, World, combined, world

pytestmark = pytest.mark.usefixtures("fresh")
HERE = Path(__file__).parent
ACTIONS = yaml.safe_load((HERE / "leak_actions.yaml").read_text("utf-8"))
ROUTES = yaml.safe_load((HERE / "leak_routes.yaml").read_text("utf-8"))["routes"]
WITHOUT_RIGHT = {
    "": CLOSED,
    "citizen": ("conditional", "private"),
    "stranger": ("conditional", "non_open", "private"),
}
"""The public, somebody signed in, an officer of another department; of which entries they ask."""
CRASHES = {"package_collaborator_list_for_user"}
"""CKAN's own, which answer 500 where collaborators are switched off."""
SECRET = re.compile(CANARY)
MEANT_FOR_THE_PUBLIC = {"govdata_search_click"}
"""Writes that anybody may do: none touches an entry."""


def actions() -> dict[str, Any]:
    logic.get_action("package_show")
    return {name: logic.get_action(name) for name in logic._actions}


def told(response: Any, words: dict[str, list[str]]) -> list[str]:
    """Canaries in body and headers that the asker did not bring himself."""
    text = response.get_data().decode("utf-8", "replace") + str(response.headers)
    for brought in {w for listed in words.values() for w in listed}:
        text = text.replace(brought, "")
    return sorted(set(SECRET.findall(text)) | {m.group(0) for m in SECRET.finditer(text)})


def ask(portal: Any, place: World, reader: str, address: str, **more: Any) -> Any:
    method = portal.post if "data" in more else portal.get
    headers = place.headers(reader)
    try:
        return method(address, headers=headers, follow_redirects=False, status=None, **more)
    except (NotFound, AttributeError, AssertionError):  # CKAN's own views that catch too little
        return Response("", 500)


def every(place: World, template: Any, reader: str) -> list[tuple[Entry, Any]]:
    """The template filled for each entry; once where it names none."""
    entries = [place.entries[attribute] for attribute in WITHOUT_RIGHT[reader]]
    if "$" not in str(template):
        entries = [place.entries["conditional"]]
    return [(entry, filled) for entry in entries
            for filled in combined(template, entry.words(reader and f"{reader}1"))]


def test_every_action_has_a_row(loaded_plugins) -> None:
    found = {name for name, do in actions().items() if getattr(do, "side_effect_free", False)}
    assert found - set(ACTIONS["reads"]) == set(), "reads without a row"
    assert set(actions()) - found - set(ACTIONS["writes"]) == set(), "writes without a row"


def test_every_route_has_a_row(web_application) -> None:
    assert {rule.rule for rule in web_application.url_map.iter_rules()} - set(ROUTES) == set()


def test_a_canary_would_be_heard(app) -> None:
    """A check that cannot fail is worth nothing: the same questions get open data."""
    place = world()
    entry = place.entries["unconditional"]
    link, upload, table = entry.resources
    heard = "".join(
        response.get_data(as_text=True) + str(response.headers)
        for response in (
            ask(app, place, "", f"/api/3/action/package_show?id={entry.id}"),
            ask(app, place, "", f"/api/3/action/datastore_search?resource_id={table}"),
            ask(app, place, "", f"/api/3/action/resource_view_list?id={table}"),
            ask(app, place, "", "/api/3/action/resource_search?query=name:link"),
            ask(app, place, "", f"/datastore/dump/{table}"),
            ask(app, place, "", f"/dataset/{entry.id}/resource/{link}/download"),
            ask(app, place, "", f"/dataset/{entry.id}/resource/{upload}/download"),
            ask(app, place, "", f"/dataset/{entry.id}")))
    for what in ("url", "hash", "filename", "file", "row"):
        assert f"canary-unconditional-{what}" in heard, what
    assert "canary_unconditional_column" in heard


def test_the_provider_sees_its_own(app) -> None:
    place = world()
    for attribute in ("conditional", "non_open", "unstated"):
        entry = place.entries[attribute]
        link, upload, table = entry.resources
        rows = ask(app, place, "officer", f"/api/3/action/datastore_search?resource_id={table}")
        file = ask(app, place, "officer", f"/dataset/{entry.id}/resource/{upload}/download")
        where = ask(app, place, "officer",
                    f"/api/3/action/govdata_access_location?resource_id={link}")
        form = ask(app, place, "officer", f"/dataset/{entry.name}/files/{link}")
        assert f"canary-{attribute}-row" in rows.get_data(as_text=True)
        assert f"canary-{attribute}-file" in file.get_data(as_text=True)
        assert file.headers["Cache-Control"] == "private, no-store"
        assert f"canary-{attribute}-url" in where.get_data(as_text=True)
        assert f"canary-{attribute}-url" in form.get_data(as_text=True)


def test_no_action_tells(app) -> None:
    place, leaks = world(), []
    for name, asked in ACTIONS["reads"].items():
        for template in asked:
            for reader in WITHOUT_RIGHT:
                for entry, filled in every(place, template, reader):
                    answer = app.get(
                        f"/api/3/action/{name}", query_string=filled, status=None,
                        headers=place.headers(reader))
                    assert answer.status_code < 500 or name in CRASHES, (name, filled)
                    found = told(answer, entry.words(reader))
                    leaks += [(name, json.dumps(filled), reader, found)] if found else []
    assert leaks == []


def test_no_write_is_the_publics(app) -> None:
    place, wrong = world(), []
    for name in ACTIONS["writes"]:
        for attribute, entry in place.entries.items():
            data = {"id": entry.id, "resource_id": entry.resources[0], "package_id": entry.id}
            answer = ask(app, place, "", f"/api/3/action/{name}", data=data)
            if answer.status_code == 200 and name not in MEANT_FOR_THE_PUBLIC:
                wrong.append((name, attribute, answer.status_code))
            if told(answer, entry.words("")):
                wrong.append((name, attribute, told(answer, entry.words(""))))
    assert wrong == []


def test_no_route_tells(app) -> None:
    place, leaks = world(), []
    for rule, asked in ROUTES.items():
        for template in asked:
            for reader in WITHOUT_RIGHT:
                for entry, address in every(place, template, reader):
                    answer = ask(app, place, reader, address)
                    found = told(answer, entry.words(reader))
                    leaks += [(rule, address, reader, found)] if found else []
                    if "$resource" in template and answer.status_code == 200:
                        assert "public" not in answer.headers.get("Cache-Control", ""), address
    assert leaks == []
