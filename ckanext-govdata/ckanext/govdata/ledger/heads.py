"""The ledger's head at the end of each day, published so that others can keep it.

An owner who recomputes the whole chain cannot recompute what others have kept. The days are
append-only like the ledger, and ``verify`` compares them with it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from .. import database, now
from ..database import Session
from .answers import DayHead
from .model import day, ledger


def publish(session: Session, today: date) -> int:
    """Write the head of every day before ``today`` that has none yet; how many."""
    last = session.scalar(sa.select(sa.func.max(day.c.day)))
    first_at = session.scalar(sa.select(sa.func.min(ledger.c.at)))
    if first_at is None:
        return 0
    first = last + timedelta(days=1) if last else first_at.astimezone(now.BEIJING).date()
    count = 0
    for offset in range(max(0, (today - first).days)):
        count += _publish_one(session, first + timedelta(days=offset))
    return count


def latest(session: Session, most: int, offset: int = 0) -> list[DayHead]:
    """The days, newest first: day, number and digest of its last entry, when it was published."""
    query = sa.select(day).order_by(day.c.day.desc()).limit(most).offset(offset)
    return [
        {
            "day": row.day.isoformat(),
            "number": row.number,
            "digest": row.digest,
            "at": row.at.isoformat(),
        }
        for row in session.execute(query)
    ]


def published(session: Session) -> int:
    """How many days there are."""
    return session.scalar(sa.select(sa.func.count()).select_from(day)) or 0


def rewritten(session: Session) -> str | None:
    """The first day whose head the ledger does not have; none where all stand."""
    query = (
        sa.select(day.c.day)
        .outerjoin(ledger, ledger.c.number == day.c.number)
        .where(ledger.c.digest.is_distinct_from(day.c.digest))
        .order_by(day.c.day)
        .limit(1)
    )
    found = session.scalar(query)
    return found.isoformat() if found else None


def _publish_one(session: Session, one: date) -> int:
    midnight = datetime.combine(one + timedelta(days=1), time.min, now.BEIJING)
    query = (
        sa.select(ledger.c.number, ledger.c.digest)
        .where(ledger.c.at < midnight)
        .order_by(ledger.c.number.desc())
        .limit(1)
    )
    head = session.execute(query).first()
    if head is None:
        return 0
    values = {"day": one, "number": head.number, "digest": head.digest, "at": now.now()}
    return database.touched(session, insert(day).values(**values).on_conflict_do_nothing())
