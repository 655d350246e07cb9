"""The mark that an emergency leaves on entries: in the search index and on the entry's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

import ckan.model as model
import sqlalchemy as sa

from ..ahead import Ahead
from . import model as tables
from .event import event_record

FIELD = "vocab_gd_emergency"
"""Names of the events whose data an entry has; a drill leaves no mark that everybody could find."""
_AHEAD: Ahead[str, list[str]] = Ahead("events of entries")


def index_fields(entry: Mapping[str, object]) -> dict[str, list[str]]:
    """The field of an entry's search document; none for an entry of no event."""
    names = events_of(str(entry.get("id") or ""))
    return {FIELD: names} if names else {}


def events_of(package_id: str) -> list[str]:
    """The names of the events that publish an entry, the newest first; no drills."""
    return _AHEAD.of(package_id, lambda: _events([package_id]).get(package_id, []))


def held(package_ids: Sequence[str]) -> AbstractContextManager[None]:
    """A block in which the events of these entries are read once."""
    none: dict[str, list[str]] = {one: [] for one in package_ids}
    return _AHEAD.held({**none, **_events(package_ids)})


def _events(package_ids: Sequence[str]) -> dict[str, list[str]]:
    """Of those of these entries that an event publishes."""
    query = (
        sa.select(tables.dataset.c.package_id, tables.event.c.name)
        .join(tables.event, tables.dataset.c.event_id == tables.event.c.id)
        .where(tables.dataset.c.package_id.in_(package_ids), tables.event.c.drill.is_(False))
        .order_by(tables.event.c.started.desc())
    )
    found: dict[str, list[str]] = {}
    for package_id, name in model.Session.execute(query).tuples():
        found.setdefault(package_id, []).append(name)
    return found


def title_of(name: str) -> str:
    """What an event is called; its name where there is no such event, or only a drill."""
    row = event_record.row_of(name)
    return row.event.title if row and not row.drill else name
