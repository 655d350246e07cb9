"""Grants that end: warned before, told when it happened, reminded of the use report."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from .. import settings
from ..ledger import book
from ..notices.telling import Telling, tell
from .model import grant

WARNED = (30, 7)
"""Calendar days before its end on which the holder of a grant is warned."""


def sweep_grants(session: Any, today: date) -> dict[str, int]:
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


def _expire(session: Any, ended: Any) -> int:
    """The ledger's entry of an expiry is written when its notice is: once."""
    rows = session.execute(sa.select(grant).where(ended)).all()
    fresh = [row for row in rows if tell(session, [_telling(row, "grant_expired", "expired")])]
    book.write(
        session,
        [
            book.Entry("grant_expired", "grant", row.id, "", {"until": row.valid_until.isoformat()})
            for row in fresh
        ],
    )
    return len(fresh)


def _tell(session: Any, which: Any, kind: str, key: str) -> int:
    rows = session.execute(sa.select(grant).where(which)).all()
    return tell(session, [_telling(row, kind, key) for row in rows])


def _telling(row: Any, kind: str, key: str) -> Telling:
    facts = {"reference": row.reference, "until": row.valid_until.isoformat(), "grant": row.id}
    return Telling(f"grant:{row.id}:{key}", row.holder_id, kind, row.case_id, facts)
