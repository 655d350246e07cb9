"""The reminder ladder: each rung of a due day is told once, late or in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, cast

import sqlalchemy as sa

from ..domain.calendar import Calendar
from ..domain.clock import Reminder, Rung, reminders_until
from ..domain.jurisdiction import NATIONAL
from ..domain.procedure import Role
from ..domain.refusal import Refusal
from ..notices.telling import Gathering, tell
from ..rules import current
from .desks import Desks
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


def remind(session: Any, today: date, calendar: Calendar, desks: Desks) -> int:
    """Send the rungs whose day has come, batch by batch; how many rungs of cases."""
    rungs, count = ladder(today), 0
    days = sa.select(case.c.due).where(case.c.open, case.c.due < today + AHEAD).distinct()
    for due in session.scalars(days).all():
        reminders = reminders_until(calendar, due, rungs, today)
        wanted = () if isinstance(reminders, Refusal) else _latest(reminders, due, today)
        while wanted:
            latest = wanted[-1].day
            rows = session.execute(MARK, {"due": due, "latest": latest, "most": BATCH}).all()
            if not rows:
                break
            told = Gathering()
            count += _tell(told, rows, wanted, rungs, desks)
            tell(session, told.tellings(), together=True)
            session.commit()
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


def _tell(
    told: Gathering,
    rows: Sequence[Any],
    wanted: Sequence[Reminder],
    rungs: tuple[Rung, ...],
    desks: Desks,
) -> int:
    """Of each case the rungs that were not told yet, to everybody whom they concern, once each."""
    steps = [
        (
            one.day,
            "overdue_reminder" if one.rung.after > 0 else "reminder",
            f"rung{rungs.index(one.rung)}.{one.repeat}",
            [Role(name) for name in one.rung.to],
        )
        for one in wanted
    ]
    count = 0
    for row in rows:
        facts = partial(facts_of, row)
        for day, kind, rung, roles in steps:
            if row.reminded is not None and day <= row.reminded:
                continue
            users = dict.fromkeys(user for role in roles for user in desks.users(role, row))
            for user in users:
                told.add(user, kind, f"{row.id}:{row.due}:{rung}:{user}", row.id, facts)
            count += len(users)
    return count
