"""Whoever writes rows of a table is in the ledger: one entry an action, before the rows."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckanext.datastore.backend import DatastoreBackend

from ckanext.govdata.ledger import book
from tests.cases.conftest import call, site
from tests.ledger.test_changes import entries
from tests.security.test_power import ENTRY
from tests.security.test_power import tree as tree  # a fixture


@pytest.fixture
def table(tree) -> dict[str, Any]:
    """A table of a conditional entry with three rows."""
    package = factories.Dataset(owner_org=tree["civil"]["id"], **ENTRY)
    file = tk.get_action("resource_create")(site(), {"package_id": package["id"], "name": "a"})
    named = {"resource_id": file["id"], "force": True}
    call("civil-head", "datastore_create", **named, records=[{"a": str(n)} for n in range(3)],
         fields=[{"id": "a", "type": "text"}], primary_key=["a"])
    return {"entry": package["id"], "named": named}


def told(before: int) -> list[tuple[str, str, str]]:
    return [(one["action"], one["written_by"], one.get("rows", "")) for one in entries(before)
            if one["action"].startswith("table_")]


WRITES = {
    "insert": ("datastore_upsert", {"method": "insert", "records": [{"a": "x"}, {"a": "y"}]}, "2"),
    "update": ("datastore_upsert", {"method": "update", "records": [{"a": "1"}]}, "1"),
    "upsert": ("datastore_upsert", {"records": [{"a": "1"}, {"a": "9"}]}, "2"),
    "create with rows": ("datastore_create", {"records": [{"a": "7"}]}, "1"),
    "aliases": ("datastore_create", {"aliases": ["another_name"]}, ""),
    "some rows": ("datastore_records_delete", {"filters": {"a": ["0", "1"]}}, "2"),
    "all rows": ("datastore_records_delete", {"filters": {}}, "3"),
    "rows by the other action": ("datastore_delete", {"filters": {"a": "1"}}, "1"),
    "the table": ("datastore_delete", {}, "3"),
}


@pytest.mark.parametrize("write", WRITES)
def test_one_entry_an_action_with_who_what_and_how_many(table, write):
    action, data, rows = WRITES[write]
    before = book.head(model.Session)[0]
    call("civil-head", action, **table["named"], **data)
    (entry,) = [one for one in entries(before) if one["action"].startswith("table_")]
    assert entry["action"] == "table_write_asked"
    assert (entry["object"], entry["id"]) == ("file", table["named"]["resource_id"])
    assert entry["dataset"] == table["entry"]
    assert entry["actor"] == model.User.get("civil-head").id
    assert entry["by"] == action
    assert entry.get("rows", "") == rows
    assert book.verify(model.Session)[2] is None


def test_a_new_file_with_a_table_names_the_entry_and_then_the_file(table):
    before = book.head(model.Session)[0]
    made = call("civil-head", "datastore_create", resource={"package_id": table["entry"]},
                fields=[{"id": "b"}], records=[{"b": "1"}])
    found = [(one["action"], one["id"]) for one in entries(before)]
    assert found[0] == ("table_write_asked", table["entry"])
    assert ("file_added", made["resource_id"]) in found


def test_the_entry_stands_before_the_rows_do(table, monkeypatch):
    """A portal that dies while the DataStore writes has told what was asked for."""
    seen: list[Any] = []
    before = book.head(model.Session)[0]
    backend = DatastoreBackend.get_active_backend()
    write = type(backend).upsert

    def looked_at(self, context, data):
        with model.meta.engine.connect() as another:
            seen.append(book.head(another)[0] - before)
        return write(self, context, data)

    monkeypatch.setattr(type(backend), "upsert", looked_at)
    call("civil-head", "datastore_upsert", **table["named"], records=[{"a": "5"}])
    assert seen == [1]


def test_what_ends_in_an_error_is_told_as_that(table, monkeypatch):
    before = book.head(model.Session)[0]
    with pytest.raises(tk.ValidationError):
        call("civil-head", "datastore_upsert", **table["named"], records=[{"unknown": "5"}])
    assert told(before) == [("table_write_asked", "datastore_upsert", "1"),
                            ("table_write_failed", "datastore_upsert", "1")]
    before = book.head(model.Session)[0]

    def fallen(*_: Any) -> None:
        raise OSError("the DataStore is away")

    monkeypatch.setattr(type(DatastoreBackend.get_active_backend()), "upsert", fallen)
    with pytest.raises(OSError, match="away"):
        call("civil-head", "datastore_upsert", **table["named"], records=[{"a": "5"}])
    assert [one[0] for one in told(before)] == ["table_write_asked", "table_write_failed"]


def test_a_ledger_that_does_not_take_it_keeps_the_rows_as_they_were(table, monkeypatch):
    def fallen(*_: Any) -> None:
        raise OSError("no disk")

    monkeypatch.setattr(book, "write", fallen)
    with pytest.raises(OSError, match="no disk"):
        call("civil-head", "datastore_records_delete", **table["named"], filters={})
    monkeypatch.undo()
    model.Session.rollback()
    found = tk.get_action("datastore_search")(site(), {
        "resource_id": table["named"]["resource_id"]})
    assert found["total"] == 3


@pytest.mark.parametrize("who", ["citizen", "traffic-head", "operator", "gov-head"])
def test_who_may_not_leaves_no_entry(table, who):
    before = book.head(model.Session)
    for action, data, _rows in WRITES.values():
        with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
            call(who, action, **table["named"], **data)
        model.Session.rollback()
    assert book.head(model.Session) == before


def test_a_trial_writes_nothing_here_or_there(table):
    before = book.head(model.Session)
    for said in (True, "true", "1"):
        call("civil-head", "datastore_upsert", **table["named"], records=[{"a": "5"}], dry_run=said)
    assert book.head(model.Session) == before


@pytest.mark.parametrize("named", [{}, {"resource_id": ["x"]}, {"resource_id": ""}])
def test_what_names_no_table_is_refused_as_by_ckan(table, named):
    for action in ("datastore_create", "datastore_upsert", "datastore_delete"):
        with pytest.raises((tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound)):
            call("civil-head", action, **named, force=True)
        model.Session.rollback()
