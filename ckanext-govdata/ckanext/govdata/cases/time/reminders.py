"""The reminder ladder: each rung of a due day is told once, late or in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple, cast

import sqlalchemy as sa

from ...bulk_sql import array
from ...database import Session
from ...departments.desks import Desks, by
from ...domain.calendar import Calendar
from ...domain.clock import Reminder, Rung, reminders_until
from ...domain.instrument import NATIONAL
from ...domain.procedure import Role
from ...domain.refusal import Refusal
from ...notices.notice import FEW, Gathering, NoticeWords, tell
from ...rules import in_force
from ..model import case
from .batches import Batches

AHEAD = timedelta(days=60)
"""Calendar days before the due day within which a ladder may begin."""


class ReminderRow(NamedTuple):
    """A case of which is told: what its notices say, whom it concerns, and ``reminded``, the rung
    that was told before."""

    id: str
    applicant_id: str
    organization_id: str
    assigned_id: str | None
    due: date | None
    reference: str | None
    package_title: str
    reminded: date | None
    kind: str
    state: str
    jurisdiction: str


def ladder(today: date) -> tuple[Rung, ...]:
    """The reminder ladder of the portal's rules."""
    ruling = in_force.rulebook().clause(NATIONAL, "reminders", today)
    if isinstance(ruling, Refusal):
        return ()
    return tuple(cast("tuple[Rung, ...]", ruling.clause.values["ladder"]))


class ReminderStep(NamedTuple):
    """A rung whose day has come: when, what kind of news it is, its key, and whom it is told."""

    day: date
    kind: str
    key: str
    roles: tuple[Role, ...]


class Steps:
    """The rungs that were due by a day, for every due day: counted once for each."""

    def __init__(self, today: date, calendar: Calendar) -> None:
        self.today, self._calendar, self._rungs = today, calendar, ladder(today)
        self._known: dict[date, list[ReminderStep]] = {}

    def of(self, due: date) -> list[ReminderStep]:
        """Oldest first; the last one's day is kept as the case's ``reminded``."""
        if due not in self._known:
            reminders = reminders_until(self._calendar, due, self._rungs, self.today)
            latest = () if isinstance(reminders, Refusal) else _latest(reminders, due, self.today)
            self._known[due] = [self._step(one) for one in latest]
        return self._known[due]

    def _step(self, one: Reminder) -> ReminderStep:
        kind = "overdue_reminder" if one.rung.after > 0 else "reminder"
        key = f"rung{self._rungs.index(one.rung)}.{one.repeat}"
        return ReminderStep(one.day, kind, key, tuple(Role(name) for name in one.rung.to))


def remind(batches: Batches, steps: Steps, desks: Desks) -> None:
    """Send the rungs whose day has come, batch by batch; rungs of cases are counted."""
    session = batches.session
    waiting = sa.select(case.c.due).where(case.c.open, case.c.due < steps.today + AHEAD)
    for due in session.scalars(waiting.distinct().order_by(case.c.due)).all():
        if wanted := steps.of(due):
            work = partial(_remind, session, due, wanted, desks)
            batches.carry_out(_untold(session, due, wanted[-1].day), work)


def _untold(session: Session, due: date, latest: date) -> Sequence[str]:
    """The open cases with this due day of which the latest rung was not told, those of a
    department together so that its desk is told once."""
    before = sa.or_(case.c.reminded.is_(None), case.c.reminded < latest)
    query = sa.select(case.c.id).where(case.c.open, case.c.due == due, before)
    return session.scalars(query.order_by(case.c.organization_id)).all()


def _remind(
    session: Session, due: date, wanted: Sequence[ReminderStep], desks: Desks, ids: Sequence[str]
) -> dict[str, int]:
    """Tell of these cases what was not told yet, and remember it."""
    values = {"ids": array(ids), "due": due, "latest": wanted[-1].day}
    rows = sorted(ReminderRow(*row) for row in session.execute(MARK, values))
    told = Gathering()
    count = tell_rungs(told, rows, wanted, desks)
    tell(session, told.tellings(), together=True)
    return {"reminders": count}


def facts_of(row: ReminderRow) -> dict[str, object]:
    """What a notice says of a case."""
    return {
        "reference": row.reference,
        "title": row.package_title,
        "state": row.state,
        "procedure": row.kind,
        "due": row.due.isoformat() if row.due else "",
    }


def _latest(reminders: Iterable[Reminder], due: date, today: date) -> list[Reminder]:
    """Of what was missed only the latest: nobody needs "three days left" on the day after."""
    by_rung = {id(one.rung): one for one in reminders if one.rung.after > 0 or due >= today}
    return sorted(by_rung.values(), key=lambda one: one.day)


_MARKED = ", ".join(
    f"{'untold' if name == 'reminded' else 'c'}.{name}" for name in ReminderRow._fields
)
MARK = sa.text(f"""
WITH untold AS MATERIALIZED (
    SELECT id, reminded FROM govdata_case WHERE id = ANY(CAST(:ids AS text[]))
    AND open AND due = :due AND (reminded IS NULL OR reminded < :latest)
    FOR UPDATE SKIP LOCKED
)
UPDATE govdata_case c SET reminded = :latest FROM untold
WHERE c.id = untold.id RETURNING {_MARKED}
""")  # noqa: S608
"""Remember the latest rung of these cases; each with the rung that was told before."""


def tell_rungs(
    told: Gathering, rows: Iterable[ReminderRow], wanted: Sequence[ReminderStep], desks: Desks
) -> int:
    """Of each case the rungs that were not told yet, to everybody whom they concern, once each.

    The cases have one due day.
    """
    count = 0
    for same in by(rows, "reminded"):
        before = same[0].reminded
        for step in wanted:
            if before is None or step.day > before:
                key = f":{same[0].due}:{step.key}:"
                count += tell_desks(told, same, step.kind, key, step.roles, desks)
    return count


def tell_desks(
    told: Gathering,
    rows: Iterable[ReminderRow],
    kind: str,
    key: str,
    roles: tuple[Role, ...],
    desks: Desks,
) -> int:
    """Tell those in these roles the same of many cases; how often somebody is told of one.

    ``key`` stands between the case's id and the user's; the rows come in the order of their ids.
    """
    count = 0
    for users, same in desks.concerned(roles, rows):
        for user in users:
            few = [
                NoticeWords(row.id + key + user, row.id, partial(facts_of, row))
                for row in same[:FEW]
            ]
            told.add(user, kind, few, len(same))
        count += len(users) * len(same)
    return count
