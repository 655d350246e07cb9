"""Whoever leaves a department, or whose account ends, leaves no case behind that waits for him.

In the transaction that takes his seat, on whatever way: his open cases there are nobody's again,
each with an event, and the heads are told.
"""

from __future__ import annotations

import sqlalchemy as sa

from .. import database, now
from ..database import Session
from ..domain.case import VACATED, CaseEvent
from ..domain.procedure import Role
from ..ledger import actors
from ..ledger.settlement import Noted
from ..notices.notice import Telling, gathered, tell
from . import parties
from .engine import declared_procedures, event_rows, record
from .model import CaseRow, case

SEATS = frozenset({"organization", "user"})
"""What the ledger calls that of which seats come and go."""
VACANT = sa.select(case).where(
    case.c.id.in_(
        sa.text("""
SELECT c.id FROM govdata_case c
WHERE c.open AND c.assigned_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM member m JOIN "user" u ON u.id = m.table_id AND u.state = 'active'
    WHERE m.table_id = c.assigned_id AND m.group_id = c.organization_id
    AND m.table_name = 'user' AND m.state = 'active' AND m.capacity IN ('admin', 'editor'))
""").columns(sa.column("id"))
    )
)


def draw(session: Session, noted: Noted) -> None:
    """Before the commit, where members or accounts changed (:mod:`ledger.settling`)."""
    if SEATS.isdisjoint(noted.kinds):
        return
    told: list[Telling] = []
    waiting = VACANT.order_by(case.c.id).with_for_update()
    for found in database.rows(session, waiting, CaseRow):
        told += _vacated(session, found)
    tell(session, gathered(told))


def _vacated(session: Session, found: CaseRow) -> list[Telling]:
    """The case without its officer, and what its heads are told."""
    try:
        procedure = declared_procedures.procedure_of(found)
    except declared_procedures.Undeclared:
        return []
    events = record.events_of(session, found.id)
    if not declared_procedures.goes_on(procedure, events):
        return []
    standing = event_rows.case_of(procedure, found, events)
    day = max(now.today(), standing.last)
    fields = {"from": found.assigned_id}
    said = CaseEvent(
        VACATED, day, found.state, actors.actor().user_id, fields=fields, clocks=standing.clocks
    )
    moment = record.append(session, found, standing, said)
    record.close(moment)
    row = moment.row
    facts = {"reference": row.reference or "", "due": row.due.isoformat() if row.due else ""}
    key = f"{row.id}:{moment.case.events}:vacated"
    heads = parties.users_in(Role.HEAD, row) or parties.users_in(Role.AUTHORITY, row)
    return [Telling(f"{key}:{user}", user, "case_vacated", row.id, facts) for user in heads]
