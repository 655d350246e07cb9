"""Grants that end: warned before, told when it happened, reminded of the use report."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from .. import database, settings
from ..database import Session
from ..ledger import book
from ..notices.notice import Telling, tell, tell_new, untold
from . import grant_news
from .model import GrantRow, grant

WARNED = (30, 7)
"""Calendar days before its end on which the holder of a grant is warned."""


def sweep_grants(session: Session, today: date) -> dict[str, int]:
    """Tell holders what is due by ``today``, each once; how many of each."""
    alive = sa.and_(grant.c.revoked.is_(None), grant.c.valid_until >= today)
    warned = 0
    for days in WARNED:
        ending = sa.and_(alive, grant.c.valid_until <= today + timedelta(days=days))
        # Whoever is inside of the shorter warning is not told of the longer one as well.
        nearer = [less for less in WARNED if less < days]
        if nearer:
            ending = sa.and_(ending, grant.c.valid_until > today + timedelta(days=max(nearer)))
        warned += _tell(session, ending, "grant_ending", f"ends{days}")
    ended = sa.and_(grant.c.revoked.is_(None), grant.c.valid_until < today)
    expired = _expire(session, ended)
    last = today - timedelta(days=settings.report_days())
    owing = sa.and_(grant.c.valid_until < last, grant.c.reported.is_(None))
    return {
        "grants_ending": warned,
        "grants_expired": expired,
        "reports_owed": _tell(session, owing, "report_owed", "report"),
    }


def _expire(session: Session, ended: sa.ColumnElement[bool]) -> int:
    """The ledger's entry of an expiry is written when its notice is: once."""
    rows = _untold(session, ended, "expired")
    fresh = set(tell_new(session, [_telling(row, "grant_expired", "expired") for row in rows]))
    book.write(
        session,
        [
            book.LedgerEntry(
                "grant_expired", "grant", row.id, "", {"until": row.valid_until.isoformat()}
            )
            for row in rows
            if _key(row.id, "expired") in fresh
        ],
    )
    return len(fresh)


def _tell(session: Session, which: sa.ColumnElement[bool], kind: str, key: str) -> int:
    return tell(session, [_telling(row, kind, key) for row in _untold(session, which, key)])


def _untold(session: Session, which: sa.ColumnElement[bool], key: str) -> list[GrantRow]:
    """The grants of which it was not told; of most that ever ended it was."""
    query = sa.select(grant).where(which, untold(_key(grant.c.id, key)))
    return database.rows(session, query, GrantRow)


def _telling(row: GrantRow, kind: str, key: str) -> Telling:
    facts = grant_news.facts(row)
    return Telling(_key(row.id, key), row.holder_id, kind, row.case_id, facts)


def _key(grant_id: Any, key: str) -> Any:
    """The key of what is told of a grant, by its id or the column that has it."""
    return "grant:" + grant_id + f":{key}"
