"""How much there is and how late it is, for auditors."""

from __future__ import annotations

from datetime import timedelta
from typing import TypedDict

from .. import now
from ..access.grant_figures import GrantCount, grants_by_standing
from ..access.use_log import USED
from ..cases.case_figures import CaseCount, by_outcome
from ..cases.engine.declared_procedures import decided_in_public
from ..database import Session
from ..ledger import book
from ..speech.phrases import label

RECENT = timedelta(days=30)


class ProcedureCount(TypedDict):
    """Cases of one procedure by what they came to; ``title`` is its name for the reader."""

    kind: str
    title: str
    cases: CaseCount


class Figures(TypedDict):
    """Cases by procedure and by what they came to, grants by standing, deliveries of 30 days.

    ``cases`` are the applications for data; ``procedures`` counts each for itself, these first.
    """

    cases: CaseCount
    procedures: list[ProcedureCount]
    grants: GrantCount
    taken: int


def figures(session: Session) -> Figures:
    """As they are now."""
    today = now.today()
    shown = decided_in_public()
    counts = by_outcome(session, [one.kind for one in shown], today)
    listed: list[ProcedureCount] = [
        {"kind": one.kind, "title": label(one.label), "cases": counts[one.kind]} for one in shown
    ]
    return {
        "cases": listed[0]["cases"],
        "procedures": listed,
        "grants": grants_by_standing(session, today),
        "taken": book.count_since(session, USED, now.now() - RECENT),
    }
