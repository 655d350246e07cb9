"""Lock an event, write what was done to it, and tell the ledger: one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ... import now
from ...domain.emergency import Act, Event
from ...ledger import book
from ...notices.outbox import Post, post
from .. import model as tables

DATES = ("started", "ended")
ACT = "emergency_act"
"""The kind of post that says that something was done, for whoever is to be told of it."""


@dataclass(frozen=True)
class State:
    """What an event's row and each of its acts hold: the event and what is beside its rules."""

    event: Event
    subtype: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Done:
    """An act as it is written: who, in which standing, in which words, with which facts."""

    act: Act
    actor_id: str
    standing: str
    text: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


def row_of(name: str, *, lock: bool = False) -> Any:
    """The event's row by name or id, or ``None``; locked until the transaction ends if asked."""
    query = sa.select(tables.event).where(
        sa.or_(tables.event.c.name == name, tables.event.c.id == name)
    )
    return model.Session.execute(query.with_for_update() if lock else query).first()


def state_of(text: str) -> State:
    """The state that a row or an act holds."""
    data = json.loads(text)
    event = Event(
        kind=data["kind"],
        level=data["level"],
        regions=tuple(data["regions"]),
        title=data["title"],
        basis=data["basis"],
        started=datetime.fromisoformat(data["started"]),
        rhythm=timedelta(minutes=data["rhythm"]),
        ended=datetime.fromisoformat(data["ended"]) if data["ended"] else None,
    )
    return State(event, data["subtype"], data["contact"])


def text_of(state: State) -> str:
    """The state as it is kept."""
    event = state.event
    data = {
        "title": event.title,
        "kind": event.kind,
        "subtype": state.subtype,
        "level": event.level,
        "regions": list(event.regions),
        "basis": event.basis,
        "contact": state.contact,
        "rhythm": int(event.rhythm.total_seconds() // 60),
        "started": event.started.isoformat(),
        "ended": event.ended.isoformat() if event.ended else None,
    }
    return json.dumps(data, ensure_ascii=False)


def write(row: Any, state: State, done: Done) -> None:
    """Append an act with its state, bring the row up to it, and write the ledger's entry."""
    session, instant = model.Session, now.now()
    number = 1 + (
        session.scalar(
            sa.select(sa.func.max(tables.act.c.number)).where(tables.act.c.event_id == row.id)
        )
        or 0
    )
    kept = text_of(state)
    facts = json.dumps(done.facts, ensure_ascii=False)
    session.execute(
        sa.insert(tables.act).values(
            event_id=row.id,
            number=number,
            act=done.act.value,
            actor_id=done.actor_id,
            standing=done.standing,
            at=instant,
            text=done.text,
            facts=facts,
            state=kept,
        )
    )
    session.execute(
        sa.update(tables.event)
        .where(tables.event.c.id == row.id)
        .values(
            state=kept,
            started=state.event.started,
            ended=state.event.ended,
            version=tables.event.c.version + 1,
            modified=instant,
        )
    )
    if not row.drill:
        post(session, [Post(f"emergency:{row.id}:{number}", ACT, {"event": row.id, "act": number})])
    ledger = {
        "number": number,
        "event": row.name,
        "standing": done.standing,
        "text": done.text,
        "drill": row.drill,
        **done.facts,
    }
    book.write(
        session,
        [book.Entry(f"emergency_{done.act.value}", "emergency", row.id, done.actor_id, ledger)],
    )


def ended_before(instant: datetime) -> sa.Select[tuple[str]]:
    """The ids of the events that ended before an instant. Public to other slices."""
    return sa.select(tables.event.c.id).where(tables.event.c.ended < instant)
