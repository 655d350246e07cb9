"""The reminder ladder: each rung of a due day is told once, late or in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, cast

import sqlalchemy as sa

from ..domain.calendar import Calendar
from ..domain.clock import Reminder, Rung, reminders_until
from ..domain.jurisdiction import NATIONAL
from ..domain.procedure import Role
from ..domain.refusal import Refusal
from ..notices.telling import Telling, gathered, tell
from ..rules import current
from .desks import Desks
from .model import case

BATCH = 5_000
AHEAD = timedelta(days=60)
"""Calendar days before the due day within which a ladder may begin."""
NEEDED = (
    "id",
    "reference",
    "package_title",
    "state",
    "kind",
    "due",
    "reminded",
    "assigned_id",
    "applicant_id",
    "organization_id",
    "jurisdiction",
)
"""The columns that a reminder needs."""


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
            rows = session.execute(_rows(due, wanted[-1].day)).all()
            if not rows:
                break
            tellings = _tellings(rows, wanted, rungs, desks)
            count += len(tellings)
            tell(session, gathered(tellings), together=True)
            _mark(session, rows, wanted[-1].day)
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


def _rows(due: date, latest: date) -> Any:
    """Cases with this due day of which the latest rung was not told yet, locked."""
    untold = sa.or_(case.c.reminded.is_(None), case.c.reminded < latest)
    query = sa.select(*(case.c[name] for name in NEEDED))
    query = query.where(case.c.open, case.c.due == due, untold)
    query = query.order_by(case.c.organization_id)  # so that a desk is told once
    return query.limit(BATCH).with_for_update(skip_locked=True)


def _tellings(
    rows: Sequence[Any], wanted: Sequence[Reminder], rungs: tuple[Rung, ...], desks: Desks
) -> list[Telling]:
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
    found: list[Telling] = []
    for row in rows:
        facts = facts_of(row)
        for day, kind, rung, roles in steps:
            if row.reminded is not None and day <= row.reminded:
                continue
            users = dict.fromkeys(user for role in roles for user in desks.users(role, row))
            key = f"{row.id}:{row.due}:{rung}"
            found += [Telling(f"{key}:{user}", user, kind, row.id, facts) for user in users]
    return found


def _mark(session: Any, rows: Sequence[Any], latest: date) -> None:
    """Remember the last rung that was told of a case's due day."""
    ids = [row.id for row in rows]
    statement = sa.update(case).where(case.c.id == sa.any_(sa.cast(ids, sa.ARRAY(sa.Text))))
    session.execute(statement.values(reminded=latest))
