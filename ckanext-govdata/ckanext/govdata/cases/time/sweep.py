"""What time brings about: overdue, lapsed, reminders, ending grants. May run twice, late, or never.

Set-based: only the rows that a day concerns are read, a batch is one transaction, and what
was written or told before is not written or told again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple

import sqlalchemy as sa

from ... import now, progress
from ...access.grant_ends import sweep_grants
from ...bulk_sql import array, arrays
from ...database import Session
from ...departments.desks import Desks
from ...domain.case import Case, CaseEvent, apply
from ...domain.elapse import OVERDUE, RECOUNTED, Unjudgeable, elapse, recounted
from ...domain.procedure import Role
from ...ledger import book
from ...notices.notice import Gathering, tell
from ...rules import in_force
from ..engine import case_rules, declared_procedures, event_rows, record
from ..engine.case_rules import StandingRow
from ..model import case, event
from . import lapse_letters
from .batches import Batches, Failure
from .reminders import ReminderRow, ReminderStep, Steps, remind, tell_desks, tell_rungs
from .suspension_ends import sweep_suspensions

TOLD = {
    "overdue": (Role.APPLICANT, Role.AUTHORITY),
    "unprovided": (Role.APPLICANT, Role.HEAD, Role.AUTHORITY),
    "lapsed": (Role.APPLICANT, Role.OFFICER),
    RECOUNTED: (Role.APPLICANT, Role.OFFICER),
    "consented_by_silence": (Role.APPLICANT, Role.OFFICER),
}
OTHERS = (Role.APPLICANT, Role.OFFICER)
"""Who is told of what time did, by name or otherwise."""
LAST = sa.and_(case.c.id == event.c.case_id, case.c.version == event.c.number)
ALIKE = StandingRow._fields


CHANGED = {
    "state": "text",
    "open": "boolean",
    "due": "date",
    "due_clock": "text",
    "provisional": "boolean",
    "lapses": "date",
    "overdue_said": "boolean",
    "late": "boolean",
    "version": "integer",
    "reminded": "date",
}
"""The columns that time changes."""
SAID = {
    "number": "integer",
    "name": "text",
    "day": "date",
    "state": "text",
    "fields": "text",
    "clocks": "text",
}
"""The columns of an event that time brings about; nobody did it."""

Happens = Callable[[Case, StandingRow], Iterable[CaseEvent]]
"""What time does to a case as it stands; its row is given too."""


@dataclass(frozen=True)
class Written:
    """What time did to a case, ready to be written: the event, and the case after it."""

    event: CaseEvent
    after: Case


@dataclass
class AlikeCases:
    """One of the ways in which cases stand: what time does to all of them, and their rows."""

    like: StandingRow
    rows: list[ReminderRow]
    written: list[Written]
    failed: Exception | None = None

    def due_anew(self, written: Written) -> list[ReminderRow]:
        """The rows with the day on which they are due after it was counted anew."""
        if written.event.name != RECOUNTED:
            return self.rows
        due = record.projection(written.after)["due"]
        return [row._replace(due=due) for row in self.rows]

    def steps(self, steps: Steps) -> list[ReminderStep]:
        """The rungs of the due day, where it stays: told with the event, they need no own turn."""
        after = record.projection(self.written[-1].after)
        due = self.rows[0].due
        return steps.of(due) if due and after["open"] and after["due"] == due else []


class Swept(NamedTuple):
    """How many of each were done, how many cases are ``broken``, and why."""

    counts: dict[str, int]
    failures: list[Failure]


def sweep(session: Session, today: date, tell_progress: progress.Tell = progress.silent) -> Swept:
    """Do everything that is due by ``today``; cases that cannot be processed are left."""
    desks, calendar, batches = Desks(), in_force.calendar(), Batches(session, tell_progress)
    steps = Steps(today, calendar)

    def moved(standing: Case, _like: StandingRow) -> Iterable[CaseEvent]:
        return filter(None, [recounted(standing, calendar)])

    def passed(standing: Case, like: StandingRow) -> Iterable[CaseEvent]:
        return elapse(standing, case_rules.rules_of(like), calendar, today)

    def pass_by(happens: Happens, ids: Sequence[str]) -> Counter[str]:
        alike = ways(session, ids, happens)
        done = _write(session, [way for way in alike if way.written], desks, steps)
        for way in alike:
            if way.failed:
                batches.fail([row.id for row in way.rows], way.failed)
        return done

    batches.carry_out(provisional(session, moved), partial(pass_by, moved))
    batches.carry_out(_passed(session, today), partial(pass_by, passed))
    remind(batches, steps, desks)
    counts = dict.fromkeys((*TOLD, "broken", "reminders"), 0) | batches.counts
    counts["broken"] = len({each for one in batches.failures for each in one.ids})
    counts |= sweep_grants(session, today) | sweep_suspensions(session, today)
    session.commit()
    return Swept(counts, batches.failures)


def _passed(session: Session, today: date) -> Sequence[str]:
    """The cases whose limit has passed and of which that was not said."""
    passed = sa.or_(
        sa.and_(case.c.open, sa.not_(case.c.overdue_said), case.c.due < today),
        case.c.lapses < today,
    )
    # An applicant's cases come one after the other, so that he is told of them together.
    query = sa.select(case.c.id).where(passed).order_by(case.c.applicant_id, case.c.id)
    return session.scalars(query).all()


def provisional(session: Session, moved: Happens) -> Sequence[str]:
    """The cases whose due day moves because a notice of working days has come.

    Until one comes nothing moves: so the ways in which clocks stand are read, of which there are
    few, and cases only where one of them moves.
    """
    waiting = sa.and_(case.c.open, case.c.provisional)
    one_of_each = (
        sa.select(sa.func.min(case.c.id))
        .join(event, LAST)
        .where(waiting)
        .group_by(case.c.kind, event.c.clocks)
    )
    alike = ways(session, session.scalars(one_of_each).all(), moved)
    texts = [way.like.clocks for way in alike if way.written]
    session.commit()
    found = sa.select(case.c.id).join(event, LAST).where(waiting, event.c.clocks.in_(texts))
    query = found.order_by(case.c.applicant_id, case.c.id)
    return session.scalars(query).all() if texts else []


def _write(
    session: Session, ways: Sequence[AlikeCases], desks: Desks, steps: Steps
) -> Counter[str]:
    """Write what happened to these cases; the events' names, and to how many it happened."""
    if not ways:
        return Counter()
    told, reminded = Gathering(), 0
    for way in ways:
        for one in way.written:
            name, key = one.event.name, f":{one.after.events}:{one.event.name}:"
            for role in (*TOLD.get(name, OTHERS), *_above(one)):
                tell_desks(told, way.due_anew(one), name, key, (role,), desks)
        reminded += tell_rungs(told, way.rows, way.steps(steps), desks)
    cases = _cases(ways)
    _append_events(session, ways, cases)
    _update(session, ways, steps, cases)
    tell(session, told.tellings(), together=True)
    book.write_alike(
        session,
        (
            (record.entry("", one.after, one.event), [row.id for row in way.rows])
            for way in ways
            for one in way.written
        ),
    )
    ended = [
        entry
        for way in ways
        for one in way.written
        for entry in lapse_letters.write(
            session, one.after.procedure, [row.id for row in way.rows], one.event
        )
    ]
    if ended:
        book.write(session, ended)
    happened = Counter(reminders=reminded)
    for way in ways:
        happened.update({one.event.name: len(way.rows) for one in way.written})
    return happened


def _above(one: Written) -> Iterator[Role]:
    """The government, where the department did not do within its days what it was notified of
    (Yaohai 24, Anhui 43: the authority reports it)."""
    clock = one.after.clocks.get(str(one.event.fields.get("clock")))
    if one.event.name == OVERDUE and clock and clock.judged:
        yield Role.GOVERNMENT


def ways(session: Session, ids: Sequence[str], happens: Happens) -> list[AlikeCases]:
    """The ways in which these cases stand, with their rows, locked.

    Cases that stand alike are asked about once: thousands are received under one rule on one day.
    A case that somebody is just working on is left to the next sweep.
    """
    found = session.execute(STANDING, {"ids": array(ids)})
    return [_way(StandingRow(*row[: len(ALIKE)]), row[len(ALIKE) :], happens) for row in found]


def _way(like: StandingRow, own: Iterable[Sequence[object]], happens: Happens) -> AlikeCases:
    """What time does to all cases that stand alike; ``own`` is what each has alone, by column.

    Where it cannot be said, because a procedure's file is gone for instance, they are left as
    they are, and the others do not wait for them.
    """
    common = (like.kind, like.state, like.jurisdiction)
    rows = sorted(ReminderRow._make((*each, *common)) for each in zip(*own, strict=True))
    try:
        return AlikeCases(like, rows, _written(like, happens))
    except Exception as error:
        return AlikeCases(like, rows, [], error)


def _standing(like: StandingRow) -> Case:
    """Such a case as its last event left it; whose it is does not matter to time."""
    if like.clocks is None:
        raise Unjudgeable("its last event is missing")
    return Case(
        declared_procedures.procedure_of(like),
        "",
        like.state,
        like.opened,
        like.day,
        received=like.received,
        clocks=event_rows.clocks_of(like.clocks),
        events=like.version,
    )


def _written(like: StandingRow, happens: Happens) -> list[Written]:
    """What happened to such a case."""
    found: list[Written] = []
    standing = _standing(like)
    for one in happens(standing, like):
        standing = apply(standing, one)
        found.append(Written(one, standing))
    return found


def _append_events(session: Session, ways: Sequence[AlikeCases], cases: dict[str, str]) -> None:
    """The events of all cases, by one statement: each way's event for each of its cases."""
    said = [
        {
            "way": number,
            "number": one.after.events,
            "name": one.event.name,
            "day": one.event.day,
            "state": one.event.state,
            "fields": json.dumps(dict(one.event.fields), ensure_ascii=False),
            "clocks": event_rows.clocks_text(one.event.clocks),
        }
        for number, way in enumerate(ways)
        for one in way.written
    ]
    session.execute(APPEND, {**cases, **arrays(said), "instant": now.now()})


def _update(
    session: Session, ways: Sequence[AlikeCases], steps: Steps, cases: dict[str, str]
) -> None:
    """Bring the cases' rows up to their events, all by one statement."""
    after: list[dict[str, object]] = []
    for number, way in enumerate(ways):
        rungs = way.steps(steps)
        values = {
            **record.projection(way.written[-1].after),
            "reminded": rungs[-1].day if rungs else None,
        }
        after.append({"way": number, **{name: values[name] for name in CHANGED}})
    session.execute(UPDATE, {**cases, **arrays(after), "instant": now.now()})


def _cases(ways: Sequence[AlikeCases]) -> dict[str, str]:
    """The cases' ids, and the number of the way in which each stands."""
    numbered = [(row.id, number) for number, way in enumerate(ways) for row in way.rows]
    return {"ids": array(one[0] for one in numbered), "ways": array(one[1] for one in numbered)}


def _columns(types: dict[str, str]) -> str:
    """``unnest(…)`` of the arrays of a way's columns."""
    listed = {"way": "integer", **types}
    casts = ", ".join(f"CAST(:{name} AS {of}[])" for name, of in listed.items())
    return f"unnest({casts}) AS w ({', '.join(listed)})"


OWN = [name for name in ReminderRow._fields if name not in ALIKE]
STANDING = sa.text(f"""
WITH locked AS MATERIALIZED (
    SELECT c.*, e.clocks, e.day
    FROM govdata_case c LEFT JOIN govdata_case_event e ON e.case_id = c.id AND e.number = c.version
    WHERE c.id = ANY(CAST(:ids AS text[])) FOR UPDATE OF c SKIP LOCKED
)
SELECT {", ".join(ALIKE)}, {", ".join(f"array_agg({name})" for name in OWN)}
FROM locked GROUP BY {", ".join(ALIKE)}
""")  # noqa: S608
"""These cases, locked, gathered by the way in which they stand; an event carries all clocks."""
CASES = "unnest(CAST(:ids AS text[]), CAST(:ways AS integer[])) AS c (id, way)"
APPEND = sa.text(f"""
INSERT INTO govdata_case_event (case_id, command, actor_id, role, at, {", ".join(SAID)})
SELECT c.id, '', '', '', :instant, {", ".join(f"w.{name}" for name in SAID)}
FROM {CASES} JOIN {_columns(SAID)} USING (way)
""")  # noqa: S608
UPDATE = sa.text(f"""
UPDATE govdata_case old SET
    {", ".join(f"{name} = w.{name}" for name in CHANGED if name != "reminded")},
    reminded = CASE WHEN old.due IS NOT DISTINCT FROM w.due
        THEN greatest(old.reminded, w.reminded) END,
    modified = :instant
FROM {CASES} JOIN {_columns(CHANGED)} USING (way) WHERE old.id = c.id
""")  # noqa: S608
