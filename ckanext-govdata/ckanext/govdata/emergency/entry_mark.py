"""The mark that an emergency leaves on entries: in the search index and on the entry's page."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.model as model
import sqlalchemy as sa

from . import model as tables
from .event import event_record

FIELD = "vocab_gd_emergency"
"""Names of the events whose data an entry has; a drill leaves no mark that everybody could find."""


def index_fields(entry: Mapping[str, object]) -> dict[str, list[str]]:
    """The field of an entry's search document; none for an entry of no event."""
    names = events_of(str(entry.get("id") or ""))
    return {FIELD: names} if names else {}


def events_of(package_id: str) -> list[str]:
    """The names of the events that publish an entry, the newest first; no drills."""
    query = (
        sa.select(tables.event.c.name)
        .join(tables.dataset, tables.dataset.c.event_id == tables.event.c.id)
        .where(tables.dataset.c.package_id == package_id, tables.event.c.drill.is_(False))
        .order_by(tables.event.c.started.desc())
    )
    return list(model.Session.scalars(query))


def title_of(name: str) -> str:
    """What an event is called; its name where there is no such event, or only a drill."""
    row = event_record.row_of(name)
    return row.event.title if row and not row.drill else name
