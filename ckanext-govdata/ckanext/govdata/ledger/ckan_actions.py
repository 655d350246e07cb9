"""Writing a file's table: it stands in the DataStore's own database, where no trigger is ours.

Two databases do not commit together. So what is asked for is an entry, committed before the
DataStore begins; where the action then ends in an error, a second entry says so. No action changes
rows without an entry; after a crash an entry may stand of which nothing was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.types import Action, ChainedAction, Context, DataDict

from . import actors, book

WRITING = ("datastore_create", "datastore_upsert", "datastore_delete")
ROWS_DELETE = "datastore_records_delete"
"""The third of them under another name, which it calls."""
PARTS = ("records", "fields", "delete_fields", "primary_key", "indexes", "aliases", "triggers")
"""What an action may change of a table."""
ASKED, FAILED = "table_write_asked", "table_write_failed"


def actions() -> dict[str, ChainedAction]:
    """CKAN's actions that write a table, chained; none where the DataStore is not loaded."""
    if not p.plugin_loaded("datastore"):
        return {}
    return {**{name: _told(name) for name in WRITING}, ROWS_DELETE: datastore_records_delete}


@tk.chained_action
def datastore_records_delete(
    original: Action, context: Context, data_dict: DataDict
) -> object:
    """CKAN's; here so that the ledger says by which action the rows went."""
    if _is_named(data_dict):
        tk.check_access(ROWS_DELETE, context, dict(data_dict))
    return original(context, data_dict)


def _told(name: str) -> ChainedAction:
    @tk.chained_action
    def written(original: Action, context: Context, data_dict: DataDict) -> object:
        if not _is_named(data_dict) or _is_tried(name, data_dict):
            return original(context, data_dict)
        tk.check_access(name, context, dict(data_dict))
        entry = _entry(name, data_dict)
        _keep(entry)
        try:
            return original(context, data_dict)
        except Exception:
            model.Session.rollback()
            _keep(replace(entry, action=FAILED))
            raise

    return written


def _is_named(data: Mapping[str, object]) -> bool:
    """Whether a table is named in a form that CKAN takes; it refuses all others."""
    new = data.get("resource")
    named = new.get("package_id") if isinstance(new, Mapping) else data.get("resource_id")
    return isinstance(named, str) and bool(named)


def _is_tried(name: str, data: Mapping[str, object]) -> bool:
    said = data.get("dry_run") if name == "datastore_upsert" else None
    as_ckan: Any = tk.get_validator("boolean_validator")
    return bool(said) and bool(as_ckan(said, {}))


def _keep(entry: book.LedgerEntry) -> None:
    book.write(model.Session, [entry])
    model.Session.commit()


def _entry(name: str, data: Mapping[str, object]) -> book.LedgerEntry:
    """What is asked for: of a file and its entry, or of an entry that gets a file by it."""
    actor = actors.actor()
    facts = {**actor.way, "written_by": name}
    if rows := _rows(name, data):
        facts["rows"] = rows
    if parts := [part for part in PARTS if data.get(part)]:
        facts["parts"] = ", ".join(parts)
    new = data.get("resource")
    if isinstance(new, Mapping):
        return book.LedgerEntry(ASKED, "dataset", str(new["package_id"]), actor.user_id, facts)
    resource_id = str(data["resource_id"])
    resource = model.Resource.get(resource_id)
    facts["dataset"] = str(resource.package_id or "") if resource else ""
    return book.LedgerEntry(ASKED, "file", resource_id, actor.user_id, facts)


def _rows(name: str, data: Mapping[str, object]) -> str:
    """How many rows are written, or go; empty where nobody can say."""
    records = data.get("records")
    if name != "datastore_delete":
        return str(len(records)) if isinstance(records, list) else ""
    asked = {"resource_id": data.get("resource_id"), "filters": data.get("filters") or {}}
    try:
        found = tk.get_action("datastore_search")({"ignore_auth": True}, {**asked, "limit": 0})
    except (tk.ValidationError, tk.ObjectNotFound):  # which the action itself will tell
        return ""
    return str(found.get("total", ""))
