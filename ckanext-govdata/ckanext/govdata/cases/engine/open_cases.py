"""What an applicant has under way. Public to other slices."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from ...database import Session
from ..model import case


def of_applicant(session: Session, user_id: str) -> list[tuple[str, date | None]]:
    """Cases that he handed in and that are not closed: reference, and the day when they are due."""
    return [(row.reference or "", row.due) for row in session.execute(RUNNING, {"user": user_id})]


RUNNING = (
    sa.select(case.c.reference, case.c.due)
    .where(case.c.applicant_id == sa.bindparam("user"), case.c.open, case.c.received.is_not(None))
    .order_by(case.c.received)
    .limit(10)
)
