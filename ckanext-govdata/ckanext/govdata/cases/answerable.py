"""Who answers for a case whose applicant cannot be written to; gathered by the slice of notices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from .. import database
from ..database import Session
from ..notices.lost_letters import Unreached
from . import parties
from .model import CaseRow, case


def unreached(session: Session, user_id: str, case_ids: Sequence[str]) -> Iterator[Unreached]:
    """The officers of those of these cases in which the user applies; he himself is told apart."""
    here = sa.and_(case.c.id.in_(case_ids), case.c.applicant_id == user_id)
    for row in database.rows(session, sa.select(case).where(here), CaseRow):
        for officer in parties.handlers(row, row.assigned_id):
            if officer != user_id:
                yield Unreached(row.id, officer, row.reference or "")
