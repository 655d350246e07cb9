"""Whoever only looks changes nothing: every GET address and reading action of the application.

Asked by people who may do much, for what is theirs, with the parameters that the views read.
"""
from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import logic
from ckan.logic import NotFound
from ckan.tests import factories
from jinja2 import UndefinedError
from parameters_read import Recording, taken
from reading_world import portal, standing

pytestmark = pytest.mark.usefixtures("fresh")
LOGS = {
    "api_token": "when the token was used last, once a minute",
    "user": "when the person was last here (CKAN's last_active)",
    "govdata_entry_use": "how often an entry is looked at and taken",
    "govdata_search_count": "what is looked for, without who",
    "govdata_ledger": "who took data that is not open; anything else would be told",
    "_table_stats": "how many rows a table has, kept by CKAN's DataStore for the next time",
    "govdata_emergency_download": "how often an emergency's file was taken",
}
"""Tables that looking may write, and why; sessions and counters of rates stand in Valkey."""
KEYS = ["id", "resource_id", "package_id", "entity_id", "case", "organization", "dataset_id", "q"]
READERS = ("citizen", "officer", "head")
CRASHES = (NotFound, AttributeError, AssertionError, UndefinedError)
"""Of CKAN's own views, which catch too little."""
WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(?:public\.)?(\w+)', re.I)


@contextlib.contextmanager
def written() -> Iterator[list[str]]:
    """Tables that statements of any thread write meanwhile: to name the guilty address."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if (table := WRITES.match(statement)) and table[1] not in LOGS:
            found.append(table[1])

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)


def actions() -> list[str]:
    logic.get_action("package_show")
    return sorted(logic._actions)


@pytest.fixture
def recording(web_application, monkeypatch) -> None:
    monkeypatch.setattr(web_application.request_class, "parameter_storage_class", Recording)


@pytest.fixture
def look(app):
    """Ask as somebody; the tables that were written meanwhile."""
    headers: dict[str, dict[str, str]] = {}

    def run(who: str, address: str) -> list[str]:
        if who not in headers:
            headers[who] = {"Authorization": factories.APIToken(user=who)["token"]}
        with written() as tables, contextlib.suppress(*CRASHES):
            app.get(address, headers=headers[who], status=None, follow_redirects=False)
        return [f"{who} {address} writes {table}" for table in tables]

    return run


def test_no_address_and_no_action_writes(web_application, recording, look, ckan_config) -> None:
    place = portal(web_application)
    for who in READERS:
        look(who, "/no-such-page")  # makes the token
    before, blamed = standing(ckan_config), []
    for rule in web_application.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and "action" not in rule.rule:
            for address in place.addresses(rule):
                taken()
                for who in READERS:
                    blamed += look(who, address)
                blamed += look(READERS[-1], address + place.query(rule.rule, taken()))
    for name in actions():
        for word in ("case_id", "dataset"):
            blamed += look("officer", f"/api/3/action/{name}{place.query(name, KEYS, word)}")
    changed = [f"{name}: {told}" for name, after in standing(ckan_config).items()
               if name not in LOGS for told in difference(before.get(name), after)]
    assert not {*changed, *blamed}, "\n".join(sorted({*changed, *blamed}))


def difference(before: Any, after: Any) -> list[str]:
    """What differs, in few words."""
    if isinstance(after, dict):
        return [f"{key} {before.get(key)} -> {after.get(key)}" for key in {*before, *after}
                if before.get(key) != after.get(key)]
    return [] if before == after else [f"{before} -> {after}"]
