"""What time brings about: overdue, lapsed, reminders, ending grants. May run twice, late, or never.

Set-based: only the rows that a day concerns are read, a batch is one transaction, and what
was written or told before is not written or told again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from .. import now
from ..access.sweep import sweep_grants
from ..domain.case import Case, Event, apply
from ..domain.elapse import elapse, recounted
from ..domain.procedure import Role
from ..ledger import book
from ..many_rows import arrays, insert_many, side_by_side
from ..notices.telling import Telling, gathered, tell
from ..rules import current
from . import declared, record, stored
from .desks import Desks
from .model import case, event
from .reminding import facts_of, remind

BATCH = 5_000
TOLD = {
    "overdue": (Role.APPLICANT, Role.AUTHORITY),
    "lapsed": (Role.APPLICANT, Role.OFFICER),
    "consented_by_silence": (Role.APPLICANT, Role.OFFICER),
}
"""Who is told of what time did; that a day was counted anew the case's page says."""
LAST = sa.and_(case.c.id == event.c.case_id, case.c.version == event.c.number)
CHANGED = (
    "state",
    "open",
    "due",
    "due_clock",
    "provisional",
    "lapses",
    "overdue_said",
    "late",
    "version",
)
"""The columns that time changes."""


Happens = Callable[[Case, Any], Iterable[Event]]
"""What time does to a case as it stands; its row is given too."""


@dataclass(frozen=True)
class Written:
    """What time did to a case, ready to be written: the event, and the case after it."""

    event: Event
    after: Case
    columns: dict[str, Any]


def sweep(session: Any, today: date) -> dict[str, int]:
    """Do everything that is due by ``today``; how many of each."""
    desks, calendar = Desks(), current.calendar()

    def moved(standing: Case, _row: Any) -> Iterable[Event]:
        return filter(None, [recounted(standing, calendar)])

    def passed(standing: Case, row: Any) -> Iterable[Event]:
        return elapse(standing, record.rules_of(row), calendar, today)

    counts = dict.fromkeys(("recounted", *TOLD), 0)
    for happens, ids in ((moved, _provisional(session, moved)), (passed, _passed(session, today))):
        for first in range(0, len(ids), BATCH):
            for name in _write(session, ids[first : first + BATCH], happens, desks):
                counts[name] += 1
            session.commit()
    counts["reminders"] = remind(session, today, calendar, desks)
    counts |= sweep_grants(session, today)
    session.commit()
    return counts


def _passed(session: Any, today: date) -> Sequence[str]:
    """The cases whose limit has passed and of which that was not said."""
    passed = sa.or_(
        sa.and_(case.c.open, sa.not_(case.c.overdue_said), case.c.due < today),
        case.c.lapses < today,
    )
    return session.scalars(sa.select(case.c.id).where(passed).order_by(case.c.id)).all()


def _provisional(session: Any, moved: Happens) -> Sequence[str]:
    """The cases whose due day moves because a notice of working days has come.

    Until one comes nothing moves: so the ways in which clocks stand are read, of which there are
    few, and cases only where one of them moves.
    """
    waiting = sa.and_(case.c.open, case.c.provisional)
    ways = (
        sa.select(sa.func.min(case.c.id))
        .join(event, LAST)
        .where(waiting)
        .group_by(case.c.kind, event.c.clocks)
    )
    rows = session.execute(_standing_rows(case.c.id.in_(ways))).all()
    texts = [row.clocks for row in rows if any(moved(_standing(row), row))]
    session.commit()
    found = sa.select(case.c.id).join(event, LAST).where(waiting, event.c.clocks.in_(texts))
    return session.scalars(found.order_by(case.c.id)).all() if texts else []


def _write(session: Any, ids: Sequence[str], happens: Happens, desks: Desks) -> list[str]:
    """Write what happened to these cases; the events' names.

    Cases that stand alike are asked about once: thousands are received under one rule on one day.
    A case that somebody is just working on is left to the next sweep.
    """
    known: dict[tuple[Any, ...], list[Written]] = {}
    events, changes, entries, tellings = [], [], [], []
    for row in session.execute(_standing_rows(case.c.id.in_(ids))):
        alike = (row.kind, row.version, row.state, row.clocks, row.day, row.received)
        key = (*alike, row.jurisdiction, row.rules_day)
        if key not in known:
            known[key] = _written(row, happens)
        for one in known[key]:
            events.append({"case_id": row.id, **one.columns})
            entries.append(record.entry(row.id, one.after, one.event))
            tellings += _tellings(row, one, desks)
        if known[key]:
            changes.append({"id": row.id, **_changes(known[key][-1].after)})
    if events:
        insert_many(session, event, events)
        _update(session, changes)
        tell(session, gathered(tellings), together=True)
        book.write(session, entries)
    return [one["name"] for one in events]


def _standing_rows(which: Any) -> Any:
    """These cases, locked, each with the clocks of its last event: an event carries them all."""
    rows = sa.select(case, event.c.clocks, event.c.day).join(event, LAST).where(which)
    return rows.with_for_update(of=case, skip_locked=True)


def _standing(row: Any) -> Case:
    """The case as its last event left it."""
    procedure = declared.procedures()[row.kind]
    return Case(
        procedure,
        row.applicant_id,
        row.state,
        row.opened,
        row.day,
        row.assigned_id or "",
        row.received,
        None,
        stored.clocks_of(row.clocks),
        events=row.version,
    )


def _written(row: Any, happens: Happens) -> list[Written]:
    """What happened to a case."""
    standing, found = _standing(row), []
    for one in happens(standing, row):
        standing = apply(standing, one)
        found.append(Written(one, standing, _event_columns(standing, one)))
    return found


def _event_columns(after: Case, one: Event) -> dict[str, Any]:
    return {
        "number": after.events,
        "name": one.name,
        "command": "",
        "actor_id": "",
        "role": "",
        "day": one.day,
        "at": now.now(),
        "state": one.state,
        "fields": json.dumps(dict(one.fields), ensure_ascii=False),
        "clocks": stored.clocks_text(one.clocks),
    }


def _changes(after: Case) -> dict[str, Any]:
    projected = record.projection(after)
    return {name: projected[name] for name in CHANGED}


def _update(session: Any, changes: Sequence[dict[str, Any]]) -> None:
    """Bring the cases' rows up to their events, all by one statement."""
    source = side_by_side(case, changes[0])
    assigned = ", ".join(f"{name} = new.{name}" for name in CHANGED)
    assigned += ", reminded = CASE WHEN old.due IS NOT DISTINCT FROM new.due THEN old.reminded END"
    statement = (
        f"UPDATE govdata_case old SET {assigned}, modified = :instant "  # noqa: S608
        f"FROM {source} AS new ({', '.join(changes[0])}) WHERE old.id = new.id"
    )
    session.execute(sa.text(statement), {**arrays(changes), "instant": now.now()})


def _tellings(row: Any, one: Written, desks: Desks) -> list[Telling]:
    name, facts = one.event.name, facts_of(row)
    return [
        Telling(f"{row.id}:{one.after.events}:{name}:{user}", user, name, row.id, facts)
        for role in TOLD.get(name, ())
        for user in desks.users(role, row)
    ]
