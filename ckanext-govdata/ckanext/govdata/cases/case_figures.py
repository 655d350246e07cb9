"""Cases counted: by what they came to, by jurisdiction over a time, by department.

Every count of cases stands here; what is made of them, and beside which article, is
``supervision``'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, TypedDict

import sqlalchemy as sa

from ..database import Session
from .model import case

DECIDED = (case.c.outcome.is_not(None), case.c.open.is_(False))
"""Cases with a decision against which nothing is open."""


class CaseCount(TypedDict):
    """How many were received, are open and overdue, were granted, refused and decided late."""

    received: int
    open: int
    overdue: int
    granted: int
    refused: int
    late: int


class PlaceCount(NamedTuple):
    """Cases of one jurisdiction: decided in a time, and waiting as it is now."""

    jurisdiction: str
    decided: int
    in_time: int
    refused: int
    waiting: int
    overdue: int


class DepartmentRate(TypedDict):
    """A department's decisions, those in time, refusals, and the mean of calendar days taken."""

    organization_id: str
    title: str
    decided: int
    in_time: int
    refused: int
    rate: float
    days: float


def by_outcome(session: Session, kinds: Sequence[str], today: date) -> dict[str, CaseCount]:
    """All cases of these procedures, each for itself."""
    counted = {
        "received": sa.func.count().filter(case.c.received.is_not(None)),
        "open": sa.func.count().filter(case.c.open, case.c.received.is_not(None)),
        "overdue": sa.func.count().filter(case.c.open, case.c.due < today),
        "granted": sa.func.count().filter(case.c.outcome.in_(("granted", "partly_granted"))),
        "refused": sa.func.count().filter(case.c.outcome == "refused"),
        "late": sa.func.count().filter(case.c.outcome.is_not(None), case.c.late),
    }
    columns = [count.label(name) for name, count in counted.items()]
    query = sa.select(case.c.kind, *columns).where(case.c.kind.in_(kinds)).group_by(case.c.kind)
    found = {row.kind: row._mapping for row in session.execute(query)}
    return {
        kind: CaseCount(**{name: found.get(kind, {}).get(name, 0) for name in counted})
        for kind in kinds
    }


def by_place(
    session: Session, kind: str, first: date, last: date, today: date, place: str = ""
) -> list[PlaceCount]:
    """Cases of a procedure by jurisdiction, or of one, over the days from ``first`` to ``last``.

    What is open and overdue is counted as it is today, of what was received by the last day.
    """
    decided = sa.and_(*DECIDED, case.c.decided.between(first, last))
    waiting = sa.and_(case.c.open, case.c.received <= last)
    counted = (
        decided,
        sa.and_(decided, case.c.late.is_(False)),
        sa.and_(decided, case.c.outcome == "refused"),
        waiting,
        sa.and_(waiting, case.c.due < today),
    )
    columns = [sa.func.count().filter(which) for which in counted]
    query = sa.select(case.c.jurisdiction, *columns).where(case.c.kind == kind)
    if place:
        query = query.where(case.c.jurisdiction == place)
    rows = session.execute(query.group_by(case.c.jurisdiction).order_by(case.c.jurisdiction))
    return [PlaceCount(*row) for row in rows]


def by_department(session: Session, kind: str) -> list[DepartmentRate]:
    """Every department that decided, the one with most decisions first."""
    late = sa.func.sum(sa.case((case.c.late, 1), else_=0))
    refused = sa.func.sum(sa.case((case.c.outcome == "refused", 1), else_=0))
    query = (
        sa.select(
            case.c.organization_id,
            sa.func.max(case.c.organization_title).label("title"),
            sa.func.count().label("decided"),
            late.label("late"),
            refused.label("refused"),
            sa.func.avg(case.c.decided - case.c.received).label("days"),
        )
        .where(*DECIDED, case.c.kind == kind)
        .group_by(case.c.organization_id)
        .order_by(sa.desc("decided"))
    )
    return [
        {
            "organization_id": row.organization_id,
            "title": row.title,
            "decided": row.decided,
            "in_time": row.decided - row.late,
            "refused": row.refused,
            "rate": round((row.decided - row.late) / row.decided, 4),
            "days": round(float(row.days), 1),
        }
        for row in session.execute(query)
    ]
