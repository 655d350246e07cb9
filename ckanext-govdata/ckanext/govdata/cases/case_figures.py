"""How much there is and how late it is, for auditors. Public to other slices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from .. import now
from ..access.grant_figures import grants_by_standing
from ..access.use_log import USED
from ..ledger import book
from .model import case

RECENT = timedelta(days=30)


def figures(session: Any) -> dict[str, Any]:
    """Cases by what they came to, grants by standing, deliveries of the last 30 days."""
    today = now.today()
    counted = {
        "received": sa.func.count().filter(case.c.received.is_not(None)),
        "open": sa.func.count().filter(case.c.open, case.c.received.is_not(None)),
        "overdue": sa.func.count().filter(case.c.open, case.c.due < today),
        "granted": sa.func.count().filter(case.c.outcome.in_(("granted", "partly_granted"))),
        "refused": sa.func.count().filter(case.c.outcome == "refused"),
        "late": sa.func.count().filter(case.c.outcome.is_not(None), case.c.late),
    }
    row = session.execute(sa.select(*counted.values()).select_from(case)).one()
    return {
        "cases": dict(zip(counted, row, strict=True)),
        "grants": grants_by_standing(session, today),
        "taken": book.count_since(session, USED, now.now() - RECENT),
    }
