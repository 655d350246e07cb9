"""Grants counted by how they stand. Public to other slices."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypedDict

import sqlalchemy as sa

from .. import settings
from ..database import Session
from .model import grant


class GrantCount(TypedDict):
    """Grants in force, suspended, ended, and ended without the report that is owed."""

    in_force: int
    suspended: int
    ended: int
    owing: int


def grants_by_standing(session: Session, today: date) -> GrantCount:
    """In force, suspended, ended, and ended without the report that is owed."""
    ended = sa.or_(grant.c.revoked.is_not(None), grant.c.valid_until < today)
    stopped = grant.c.suspended.is_not(None)
    last = sa.func.least(grant.c.valid_until, sa.func.coalesce(grant.c.revoked, "infinity"))
    owing = sa.and_(grant.c.reported.is_(None), last < today - timedelta(settings.report_days()))
    counted = {
        "in_force": sa.and_(sa.not_(ended), sa.not_(stopped), grant.c.valid_from <= today),
        "suspended": sa.and_(sa.not_(ended), stopped),
        "ended": ended,
        "owing": owing,
    }
    found = [sa.func.count().filter(one).label(name) for name, one in counted.items()]
    row = session.execute(sa.select(*found).select_from(grant)).one()
    return GrantCount(**row._mapping)
