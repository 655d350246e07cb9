"""What follows for an entry from the decision of a case about it."""

from __future__ import annotations

from datetime import timezone
from typing import Protocol

from .. import now
from ..cases.effects import CaseRow
from ..domain.case import Case, CaseEvent
from ..domain.field_part import FieldPart, needs
from ..ledger import book
from .entry import bulk


class SettlingEvent(Protocol):
    """The decision: see ``cases.effects.Moment``."""

    row: CaseRow
    case: Case
    event: CaseEvent
    entries: list[book.LedgerEntry]


@needs(FieldPart.ATTRIBUTE)
def set_open_attribute(moment: SettlingEvent) -> None:
    """The entry has the open attribute that the authority settled, with its basis (Anhui 36)."""
    said = moment.case.procedure.by_part(moment.event.fields)
    package_id = str(moment.row.package_id)
    attribute = str(said[FieldPart.ATTRIBUTE])
    entry = {"open_attribute": attribute, "open_basis": "", "open_conditions": ""}
    if attribute != "unconditional":
        entry["open_basis"] = "；".join(said.get(FieldPart.BASIS) or ())
    if attribute == "conditional":
        entry["open_conditions"] = str(said.get(FieldPart.REASON) or "")
    instant = now.now().astimezone(timezone.utc).replace(tzinfo=None)
    bulk.change([bulk.ChangedEntry(package_id, entry)], instant)
    facts = {"attribute": attribute, "case": moment.row.id}
    moment.entries.append(
        book.LedgerEntry("open_attribute_settled", "dataset", package_id, moment.event.actor, facts)
    )
