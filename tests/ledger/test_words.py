"""The auditor reads the ledger in words: every entry that our code writes has some."""
from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ckan.lib.helpers import helper_functions as h

import ckanext.govdata
from ckanext.govdata.domain.emergency.acts import EMERGENCY
from ckanext.govdata.supervision.helpers import govdata_ledger_changes, govdata_ledger_facts

SOURCES = Path(ckanext.govdata.__file__).parent
WATCHED = SOURCES.parents[2] / "config" / "ledger.yaml"
WRITTEN = re.compile(r'\bLedgerEntry[,(]\s*"([a-z]+_[a-z_]+)"')


def actions() -> list[str]:
    """What stands in sources and in the declaration of watched tables."""
    texts = [path.read_text("utf-8") for path in SOURCES.rglob("*.py")]
    found = {name for text in texts for name in WRITTEN.findall(text)}
    assert found
    tables = yaml.safe_load(WATCHED.read_text("utf-8"))
    found |= {event for table in tables.values() for event in table["events"].values()}
    return sorted(found | {f"emergency_{act}" for act in EMERGENCY.commands})


@pytest.mark.usefixtures("with_request_context")
@pytest.mark.parametrize("action", actions())
def test_an_entry_is_told_in_words(action: str) -> None:
    assert h.govdata_ledger_words(action) != action


@pytest.mark.usefixtures("with_request_context")
def test_facts_are_no_program_text() -> None:
    entry = {"facts": {"columns": {"a-file": ["名称", "街道"]}, "row_limit": None, "changes": {}}}
    assert list(govdata_ledger_facts(entry).values()) == ["名称, 街道"]


@pytest.mark.usefixtures("with_request_context")
def test_changes_are_told_once_and_of_a_secret_only_that_it_changed() -> None:
    changes = {"password": {}, "state": {"from": "active", "to": "deleted"}}
    entry = {"object_type": "user", "facts": {"changes": changes, "rules": {"a": "sha256:x"}}}
    assert govdata_ledger_facts(entry) == {}
    secret, open_one = govdata_ledger_changes(entry)
    assert (secret.secret, secret.before, secret.after) == (True, "—", "—")
    assert (open_one.secret, open_one.before, open_one.after) == (False, "active", "deleted")
