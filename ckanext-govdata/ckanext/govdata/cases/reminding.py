"""The reminder ladder: each rung of a due day is told once, late or in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple, cast

import sqlalchemy as sa

from ..domain.calendar import Calendar
from ..domain.clock import Reminder, Rung, reminders_until
from ..domain.jurisdiction import NATIONAL
from ..domain.procedure import Role
from ..domain.refusal import Refusal
from ..notices.telling import FEW, Gathering, Said, tell
from ..rules import current
from .desks import Desks, by
from .model import case

BATCH = 20_000
AHEAD = timedelta(days=60)
"""Calendar days before the due day within which a ladder may begin."""
NEEDED = (
    "id",
    "reference",
    "package_title",
    "state",
    "kind",
    "due",
    "assigned_id",
    "applicant_id",
    "organization_id",
    "jurisdiction",
)
"""The columns that a reminder needs, beside the rung that was told before."""


def ladder(today: date) -> tuple[Rung, ...]:
    """The reminder ladder of the portal's rules."""
    ruling = current.rulebook().clause(NATIONAL, "reminders", today)
    if isinstance(ruling, Refusal):
        return ()
    return tuple(cast("tuple[Rung, ...]", ruling.clause.values["ladder"]))


class Step(NamedTuple):
    """A rung whose day has come: when, what kind of news it is, its key, and whom it is told."""

    day: date
    kind: str
    key: str
    roles: tuple[Role, ...]


class Steps:
    """The rungs that were due by a day, for every due day: counted once for each."""

    def __init__(self, today: date, calendar: Calendar) -> None:
        self.today, self._calendar, self._rungs = today, calendar, ladder(today)
        self._known: dict[date, list[Step]] = {}

    def of(self, due: date) -> list[Step]:
        """Oldest first; the last one's day is kept as the case's ``reminded``."""
        if due not in self._known:
            reminders = reminders_until(self._calendar, due, self._rungs, self.today)
            latest = () if isinstance(reminders, Refusal) else _latest(reminders, due, self.today)
            self._known[due] = [self._step(one) for one in latest]
        return self._known[due]

    def _step(self, one: Reminder) -> Step:
        kind = "overdue_reminder" if one.rung.after > 0 else "reminder"
        key = f"rung{self._rungs.index(one.rung)}.{one.repeat}"
        return Step(one.day, kind, key, tuple(Role(name) for name in one.rung.to))


def remind(session: Any, steps: Steps, desks: Desks) -> int:
    """Send the rungs whose day has come, batch by batch; how many rungs of cases."""
    count = 0
    waiting = sa.select(case.c.due).where(case.c.open, case.c.due < steps.today + AHEAD)
    for due in session.scalars(waiting.distinct()).all():
        wanted, more = steps.of(due), True
        while wanted and more:
            values = {"due": due, "latest": wanted[-1].day, "most": BATCH}
            rows = session.execute(MARK, values).all()
            told = Gathering()
            count += tell_rungs(told, rows, wanted, desks)
            tell(session, told.tellings(), together=True)
            session.commit()
            more = len(rows) == BATCH
    return count


def facts_of(row: Any) -> dict[str, Any]:
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


_MARKED = ", ".join(f"c.{name}" for name in NEEDED)
MARK = sa.text(f"""
WITH untold AS MATERIALIZED (
    SELECT id, reminded FROM govdata_case
    WHERE open AND due = :due AND (reminded IS NULL OR reminded < :latest)
    ORDER BY organization_id LIMIT :most FOR UPDATE SKIP LOCKED
)
UPDATE govdata_case c SET reminded = :latest FROM untold
WHERE c.id = untold.id RETURNING {_MARKED}, untold.reminded
""")  # noqa: S608
"""Remember the latest rung of cases with this due day of which it was not told yet, those of a
department together so that its desk is told once; each with the rung that was told before."""


def tell_rungs(
    told: Gathering, rows: Iterable[Any], wanted: Sequence[Step], desks: Desks
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
    rows: Iterable[Any],
    kind: str,
    key: str,
    roles: tuple[Role, ...],
    desks: Desks,
) -> int:
    """Tell those in these roles the same of many cases; how often somebody is told of one.

    ``key`` stands between the case's id and the user's.
    """
    count = 0
    for users, same in desks.concerned(roles, rows):
        same.sort(key=attrgetter("id"))
        for user in users:
            few = [Said(row.id + key + user, row.id, partial(facts_of, row)) for row in same[:FEW]]
            told.add(user, kind, few, len(same))
        count += len(users) * len(same)
    return count
