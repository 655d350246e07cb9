"""Standing in for somebody who is away 代理: cases do not wait because a person is on leave.

For the days that were named, the deputy has in the organisations that both work in what the
absent one may do there, and is told what he is told. Nothing is handed back by hand.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from .. import now
from ..database import Session
from ..ledger import book
from ..notices.notice import Telling, tell
from . import members, seats
from .model import away

LONGEST = timedelta(days=184)


def today_away() -> sa.ColumnElement[bool]:
    """The condition that an absence covers today."""
    return sa.and_(away.c.first <= now.today(), away.c.last >= now.today())


def deputies() -> dict[str, str]:
    """Who stands in today, by whom he stands in for."""
    query = sa.select(away.c.user_id, away.c.deputy_id).where(today_away())
    return {row[0]: row[1] for row in model.Session.execute(query)}


def declare(session: Session, user_id: str, deputy_id: str, first: date, last: date) -> str:
    """Keep a checked absence; its id. The deputy is told."""
    away_id = str(uuid.uuid4())
    session.execute(
        sa.insert(away).values(
            id=away_id,
            user_id=user_id,
            deputy_id=deputy_id,
            first=first,
            last=last,
            created=now.now(),
        )
    )
    days = {"first": first.isoformat(), "last": last.isoformat()}
    name = members.names({user_id}).get(user_id, "")
    facts = {"name": name, **days}
    tell(session, [Telling(f"away:{away_id}:{deputy_id}", deputy_id, "deputy", None, facts)])
    entry = book.LedgerEntry(
        "away_declared", "user", user_id, user_id, {"deputy": deputy_id, **days}
    )
    book.write(session, [entry])
    return away_id


def end(session: Session, row: Any) -> None:
    """The absence is over, or does not come about: the days from today on are taken back."""
    today = now.today()
    if row.first < today:
        yesterday = today - timedelta(days=1)
        session.execute(sa.update(away).where(away.c.id == row.id).values(last=yesterday))
    else:
        session.execute(sa.delete(away).where(away.c.id == row.id))
    book.write(
        session,
        [book.LedgerEntry("away_ended", "user", row.user_id, row.user_id, {"away": row.id})],
    )


def problems(
    session: Session, user_id: str, deputy_id: str, first: date, last: date
) -> dict[str, list[str]]:
    """What stands against an absence, by field."""
    found: dict[str, list[str]] = {}
    if deputy_id not in colleagues(user_id):
        found["deputy"] = [tk._("Choose a colleague of your department.")]
    if first < now.today():
        found["first"] = [tk._("{value} is over.").format(value=first)]
    if last < first:
        found["last"] = [tk._("The last day is before the first.")]
    elif last - first > LONGEST:
        found["last"] = [tk._("At most {most} days.").format(most=LONGEST.days)]
    if not found and _overlaps(session, away.c.user_id == user_id, first, last):
        found["first"] = [tk._("You are away then already.")]
    if not found and _overlaps(session, away.c.user_id == deputy_id, first, last):
        found["deputy"] = [tk._("This colleague is away himself then.")]
    return found


def of_user(session: Session, user_id: str) -> list[Any]:
    """Absences that are not over, in which the user is away or stands in, soonest first."""
    part = sa.or_(away.c.user_id == user_id, away.c.deputy_id == user_id)
    query = sa.select(away).where(part, away.c.last >= now.today()).order_by(away.c.first)
    return list(session.execute(query))


def stands_in_for(session: Session, user_id: str) -> dict[str, str]:
    """The users for whom this one stands in today: names by id."""
    query = sa.select(away.c.user_id).where(away.c.deputy_id == user_id, today_away())
    return members.names(session.scalars(query))


def colleagues(user_id: str) -> dict[str, str]:
    """Names by id of those who work in the same organisations."""
    return members.names(set(members.colleagues(seats.works_in(user_id))) - {user_id})


def _overlaps(session: Session, whose: Any, first: date, last: date) -> bool:
    query = sa.select(away.c.id).where(whose, away.c.first <= last, away.c.last >= first)
    return session.execute(query.limit(1)).first() is not None
