"""One act of an event as those are told who asked to be. Public to other slices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import ckan.model as model
import sqlalchemy as sa

from ...domain.emergency.emergency_event import Emergency
from .. import model as tables
from ..answers import ActFacts
from ..event.event_record import EventRow, event_of, row_of
from ..public import event_view


@dataclass(frozen=True)
class News:
    """What was done, and the event as it stood after that; ``bulletin`` is empty without one."""

    row: EventRow
    event: Emergency
    number: int
    act: str
    at: datetime
    text: str
    facts: ActFacts
    bulletin: Mapping[str, str]

    @property
    def only_data(self) -> bool:
        """Nothing but an update of data: too often for most people's mailbox."""
        return self.act == "publish" and not self.bulletin

    @property
    def versions(self) -> list[tuple[str, int]]:
        """Names and version numbers of the datasets that were published."""
        return [(one["dataset"], one["version"]) for one in self.facts.get("datasets", ())]


def of(event_id: str, number: int) -> News | None:
    """An act of a public event; None for a drill and for what is not there."""
    row, act = row_of(event_id), tables.act
    query = sa.select(act).where(act.c.event_id == event_id, act.c.number == number)
    found = model.Session.execute(query).first()
    if row is None or row.drill or found is None:
        return None
    facts = json.loads(found.facts)
    return News(
        row,
        event_of(found.state),
        number,
        found.act,
        found.at,
        found.text,
        event_view.public(facts),
        _bulletin(event_id, facts.get("bulletin", {}).get("number")),
    )


def _bulletin(event_id: str, number: int | None) -> dict[str, str]:
    table = tables.bulletin
    query = sa.select(table.c.title, table.c.text).where(
        table.c.event_id == event_id, table.c.number == number
    )
    found = model.Session.execute(query).first() if number else None
    return {"title": found.title, "text": found.text} if found else {}
