"""How much there is and how late it is, for auditors."""

from __future__ import annotations

from datetime import timedelta
from typing import TypedDict

from .. import now
from ..access.grant_figures import GrantCount, grants_by_standing
from ..access.use_log import USED
from ..cases.case_figures import CaseCount, by_outcome
from ..database import Session
from ..ledger import book

RECENT = timedelta(days=30)


class Figures(TypedDict):
    """Cases by what they came to, grants by standing, deliveries of the last 30 days."""

    cases: CaseCount
    grants: GrantCount
    taken: int


def figures(session: Session) -> Figures:
    """As they are now."""
    today = now.today()
    return {
        "cases": by_outcome(session, today),
        "grants": grants_by_standing(session, today),
        "taken": book.count_since(session, USED, now.now() - RECENT),
    }
