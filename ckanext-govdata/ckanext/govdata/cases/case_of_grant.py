"""What follows in its case from a grant that the head of the department takes back: an event, and a
letter with reason and remedies, for it is a decision against whoever holds the grant."""

from __future__ import annotations

import ckan.model as model

from .. import now
from ..access.grants import GrantRow
from ..database import Session
from ..domain.case import GRANT_REVOKED, GRANT_SUSPENDED, CaseEvent
from ..domain.field_part import FieldPart
from ..domain.procedure import Role
from ..ledger import book
from ..notices.notice import Telling, tell
from .engine import declared_procedures, event_rows, record
from .model import CaseRow
from .pages import letters

EVENTS = {"revoked": GRANT_REVOKED, "suspended": GRANT_SUSPENDED}


def lock(session: Session, case_id: str) -> None:
    """Hold the case before its grant, in the order in which its commands take them."""
    record.locked(session, case_id)


def write_letter(
    session: Session, grant: GrantRow, how: str, reason: str, basis: list[str], actor_id: str
) -> None:
    """Keep in the case how its grant was ended (``how`` names the column of the grant), with the
    letter where the procedure has words for one, and tell the holder."""
    row = record.locked(session, grant.case_id)
    events = record.events_of(session, row.id)
    procedure = declared_procedures.procedure_of(row)
    case, name = event_rows.case_of(procedure, row, events), EVENTS[how]
    parts = {item.part: item.name for item in procedure.fields.values() if item.part}
    said = {FieldPart.REASON: reason, FieldPart.BASIS: basis}
    fields = {parts[part]: value for part, value in said.items() if value and part in parts}
    day, role = max(now.today(), case.last), Role.HEAD.value
    event = CaseEvent(name, day, case.state, actor_id, role, fields=fields, clocks=case.clocks)
    moment = record.append(session, row, case, event)
    if name in procedure.words.letters:
        reference, issuer = row.reference or "", _issuer(moment.row)
        digest = letters.write(session, issuer, reference, moment.case, event, {})
        facts = {"digest": digest}
        moment.entries.append(book.LedgerEntry("letter_written", "case", row.id, "", facts))
    told = {"reference": grant.reference, "until": grant.valid_until.isoformat()}
    key = f"{row.id}:{moment.case.events}:{name}"
    moment.tellings.append(Telling(key, grant.holder_id, name, row.id, told))
    tell(session, moment.tellings)
    moment.tellings.clear()
    record.close(moment)


def _issuer(row: CaseRow) -> CaseRow:
    """The case as that of the department that provides the entry now: its head ends the grant."""
    entry = model.Package.get(row.package_id)
    provider = model.Group.get(entry.owner_org) if entry and entry.owner_org else None
    if provider is None:
        return row
    title = provider.title or provider.name
    place = {"organization_id": provider.id, "organization_title": title}
    return record.moved(row, place)
