"""The letter of a case that time ended: a decision of the department that is served, no mere state.

Few cases lapse on one day, so each letter is written from its own case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ...database import Session
from ...domain.case import CaseEvent
from ...domain.procedure import Procedure
from ...ledger import book
from ..engine import event_rows, record
from ..pages import letters


def write(
    session: Session, procedure: Procedure, ids: Iterable[str], happened: CaseEvent
) -> list[book.LedgerEntry]:
    """Write the letters of what just happened to these cases, where their procedure has words for
    one; the ledger's entries of them. The events are written already."""
    if happened.name not in procedure.words.letters:
        return []
    entries: list[book.LedgerEntry] = []
    for case_id in ids:
        row = record.locked(session, case_id)
        events = record.events_of(session, case_id)
        case = event_rows.case_of(procedure, row, events)
        event = replace(happened, fields=_said(map(event_rows.event_of, events)))
        digest = letters.write(session, row, row.reference or "", case, event, {})
        facts = {"digest": digest}
        entries.append(book.LedgerEntry("letter_written", "case", case_id, "", facts))
    return entries


def _said(events: Iterable[CaseEvent]) -> dict[str, object]:
    """What was filled in, from first to last: the letter repeats what was asked for in vain."""
    return {name: value for one in events for name, value in one.fields.items()}
