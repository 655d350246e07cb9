"""Writing a file's table: it stands in the DataStore's own database, where no trigger is ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk

from . import acting, book

WRITING = ("datastore_create", "datastore_upsert", "datastore_delete")
"""Deleting rows (``datastore_records_delete``) is the third of them, called by another name."""


def actions() -> dict[str, Callable[..., Any]]:
    """CKAN's actions that write a table, chained; none where the DataStore is not loaded."""
    return {name: _told(name) for name in WRITING} if p.plugin_loaded("datastore") else {}


def _told(name: str) -> Callable[..., Any]:
    @tk.chained_action
    def written(original: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> Any:
        resource_id = str(data_dict.get("resource_id") or "")
        answer = original(context, data_dict)
        found = answer.get("resource_id") if isinstance(answer, dict) else ""
        records = data_dict.get("records")
        actor = acting.actor()
        facts = {**actor.way, "written_by": name}
        if isinstance(records, list):
            facts["rows"] = str(len(records))
        entry = book.Entry("table_written", "file", found or resource_id, actor.user_id, facts)
        book.write(model.Session, [entry])
        model.Session.commit()
        return answer

    return written
