"""A head's suspension of a grant ends by itself where nothing was decided in its time."""

from __future__ import annotations

from datetime import date

from ...access import grants
from ...access.grants import GrantRow
from ...database import Session
from .. import case_of_grant, defence, entry_changes
from ..engine import record


def sweep_suspensions(session: Session, today: date) -> dict[str, int]:
    """Lift each suspension whose last day has passed; how many. What an entry suspended stays so as
    long as that lasts: its heads were told (301)."""
    lifted = 0
    for seen in grants.suspended_before(session, today):
        record.locked(session, seen.case_id)
        for row in grants.suspended_before(session, today, seen.id):
            lifted += _is_over(session, row, today) and _lift(session, row, today)
    return {"suspensions_ended": lifted}


def _is_over(session: Session, row: GrantRow, today: date) -> bool:
    """Whether a head has made it, its last day has passed, and nothing stands against the data."""
    case = record.seen(session, row.case_id)
    since = defence.hearing(session, case).suspended
    if since is None or since != row.suspended or entry_changes.hindered(session, row):
        return False
    last = defence.last_day(case, defence.SUSPEND, since)
    return last is not None and today > last


def _lift(session: Session, row: GrantRow, today: date) -> bool:
    grants.end(session, row.id, "lifted", "", "", today)
    return case_of_grant.lift_by_itself(session, row)
