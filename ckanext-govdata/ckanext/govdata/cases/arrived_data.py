"""What a case owes after its decision: told and closed when what was granted can be fetched.

In the transaction that puts up the first file, whoever does it.
"""

from __future__ import annotations

from .. import now
from ..access import fetchable, grants
from ..database import Session
from ..domain import owed_data
from ..domain.case import PROVIDED
from ..domain.procedure import Procedure, Role
from ..notices.notice import Telling, tell
from . import parties
from .engine import declared_procedures, event_rows, record
from .model import CaseRow


def follow(session: Session, row: CaseRow, procedure: Procedure) -> None:
    """Bring a case that owes something in line with its entry and its grant."""
    events = record.events_of(session, row.id)
    if not declared_procedures.goes_on(procedure, events):
        return
    case = event_rows.case_of(procedure, row, events)
    if not case.owed():
        return
    there = fetchable.of_entry(session, row.package_id)
    held = grants.of_case(session, row.id)
    grant = grants.get(session, held) if held else None
    if grant is None or grant.revoked:
        said = owed_data.ended(case, now.today())
    else:
        said = owed_data.provided(case, there, now.today())
    if said is None:
        return
    moment = record.append(session, row, case, said)
    record.close(moment)
    if said.name == PROVIDED:
        tell(session, _told(moment.row, moment.case.events))


def _told(row: CaseRow, number: int) -> list[Telling]:
    """Tell the applicant that it can be fetched now."""
    facts = {
        "reference": row.reference or "",
        "title": row.package_title,
        "procedure": row.kind,
        "role": Role.APPLICANT.value,
    }
    return [
        Telling(f"{row.id}:{number}:{PROVIDED}:{user}", user, PROVIDED, row.id, facts)
        for user in parties.users_in(Role.APPLICANT, row)
    ]
