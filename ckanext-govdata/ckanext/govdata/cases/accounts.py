"""What hangs on an account, for those who change accounts: applications under way."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ..database import Session
from .engine import open_cases


def bound(session: Session, user_id: str) -> list[str]:
    """Applications for whose length the applicant's identity stays as it is, in words."""
    return [
        tk._("application {reference}, until it is closed (due on {day})").format(
            reference=reference, day=day.isoformat()
        )
        if day
        else tk._("application {reference}, until it is closed").format(reference=reference)
        for reference, day in open_cases.of_applicant(session, user_id)
    ]
