"""Lock an event, append what was done to it, bring its row up to that, and tell of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cached_property

import ckan.model as model
import sqlalchemy as sa

from ... import now
from ...domain.emergency.emergency_event import Emergency
from ...domain.emergency.verdict import Act
from ...domain.letter_class import LetterClass
from ...ledger import book
from ...notices.outbox import Post, post
from .. import model as tables

ACT = "emergency_act"
"""The kind of post that says that something was done, for whoever is to be told of it."""


@dataclass(frozen=True)
class EventRow:
    """An event's row, which says where it stands now."""

    id: str
    name: str
    organization_id: str
    jurisdiction: str
    state: str
    started: datetime
    declared: datetime
    ended: datetime | None
    drill: bool
    version: int
    modified: datetime

    def columns(self) -> dict[str, object]:
        """What is written of a new event."""
        return asdict(self)

    @cached_property
    def event(self) -> Emergency:
        """The event as it stands."""
        return event_of(self.state)


def row_of(name: str, *, lock: bool = False) -> EventRow | None:
    """The event's row by name or id, or ``None``; locked until the transaction ends if asked."""
    query = sa.select(tables.event).where(
        sa.or_(tables.event.c.name == name, tables.event.c.id == name)
    )
    rows = rows_of(query.with_for_update() if lock else query)
    return rows[0] if rows else None


def rows_of(query: sa.Select[tuple[object, ...]]) -> list[EventRow]:
    """The events' rows that a query for the whole table gives."""
    return [EventRow(*row) for row in model.Session.execute(query)]


def event_of(kept: str) -> Emergency:
    """The event that a row or an act holds."""
    data = json.loads(kept)
    return Emergency(
        kind=data["kind"],
        level=data["level"],
        regions=tuple(data["regions"]),
        title=data["title"],
        basis=data["basis"],
        started=datetime.fromisoformat(data["started"]),
        rhythm=timedelta(minutes=data["rhythm"]),
        ended=datetime.fromisoformat(data["ended"]) if data["ended"] else None,
        subtype=data["subtype"],
        contact=data["contact"],
        threshold=data.get("threshold", ""),
        duty=data.get("duty", ""),
    )


def text_of(event: Emergency) -> str:
    """The event as it is kept."""
    data = {
        "title": event.title,
        "kind": event.kind,
        "subtype": event.subtype,
        "level": event.level,
        "regions": list(event.regions),
        "basis": event.basis,
        "contact": event.contact,
        "threshold": event.threshold,
        "duty": event.duty,
        "rhythm": int(event.rhythm.total_seconds() // 60),
        "started": event.started.isoformat(),
        "ended": event.ended.isoformat() if event.ended else None,
    }
    return json.dumps(data, ensure_ascii=False)


def write(row: EventRow, act: Act, actor_id: str) -> None:
    """Append an act, bring the event's row up to it, and tell of it: the ledger last of all."""
    instant = now.now()
    number = _append(row, act, actor_id, instant)
    _project(row, act.event, instant)
    if not row.drill:
        told = {"event": row.id, "act": number}
        key = f"emergency:{row.id}:{number}"
        post(model.Session, [Post(key, ACT, told, urgency=LetterClass.EMERGENCY)])
    facts = {
        "number": number,
        "event": row.name,
        "standing": act.role,
        "text": act.text,
        "drill": row.drill,
        **act.facts,
    }
    said = book.LedgerEntry(f"emergency_{act.name}", "emergency", row.id, actor_id, facts)
    book.write(model.Session, [said])


def _append(row: EventRow, act: Act, actor_id: str, instant: datetime) -> int:
    """Write the act with the event as it stands after it; its number."""
    last = sa.select(sa.func.max(tables.act.c.number)).where(tables.act.c.event_id == row.id)
    number = 1 + (model.Session.scalar(last) or 0)
    model.Session.execute(
        sa.insert(tables.act).values(
            event_id=row.id,
            number=number,
            act=act.name,
            actor_id=actor_id,
            standing=act.role,
            at=instant,
            text=act.text,
            facts=json.dumps(act.facts, ensure_ascii=False),
            state=text_of(act.event),
        )
    )
    return number


def _project(row: EventRow, event: Emergency, instant: datetime) -> None:
    """The event's row says where it stands; ``version`` counts what a reader can see."""
    model.Session.execute(
        sa.update(tables.event)
        .where(tables.event.c.id == row.id)
        .values(
            state=text_of(event),
            started=event.started,
            ended=event.ended,
            version=tables.event.c.version + 1,
            modified=instant,
        )
    )


def ended_before(instant: datetime) -> sa.Select[tuple[str]]:
    """The ids of the events that ended before an instant. Public to other slices."""
    return sa.select(tables.event.c.id).where(tables.event.c.ended < instant)
