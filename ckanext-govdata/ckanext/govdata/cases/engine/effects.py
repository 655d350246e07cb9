"""What follows from an event, by the names that procedures use; all in its transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timezone
from typing import Any

import ckan.plugins.toolkit as tk

from ... import now
from ...access import grants
from ...catalogue.entry import bulk
from ...domain.case import Case, Event
from ...domain.procedure import Role
from ...ledger import book
from ...notices.notice import Telling
from .. import parties
from ..pages import letters
from . import references


@dataclass
class Moment:
    """An event: the case after it, and its row, written before the effects except ``FIRST``.

    Effects leave here what is to be told and what goes into the ledger, so that both are written
    once, at the end.
    """

    session: Any
    row: Any
    case: Case
    event: Event
    reference: str
    written: Any = None
    """The row of the event."""
    tellings: list[Telling] = field(default_factory=list[Telling])
    entries: list[book.Entry] = field(default_factory=list[book.Entry])


def assign_reference(moment: Moment) -> None:
    """Give the case its number, on the day of receipt; its row is written with it."""
    moment.reference = references.next_reference(
        moment.session, moment.case.procedure.code, moment.row.jurisdiction, moment.event.day
    )


def open_grant(moment: Moment) -> None:
    """Open the grant that the decision gives."""
    answers, row = moment.case.answers, moment.row
    given = letters.given(row, moment.case, moment.event)
    if not given.resources:
        sentence = tk._("None of the columns that were asked for is open any more.")
        raise tk.ValidationError({"columns": [sentence]})
    _grant_id, entry = grants.open_grant(
        moment.session,
        grants.Opening(
            case_id=row.id,
            reference=moment.reference,
            holder_id=row.applicant_id,
            package_id=row.package_id or "",
            organization_id=row.organization_id,
            scope=given,
            purpose=answers.get("purpose", ""),
            conditions=moment.event.fields.get("conditions", ""),
            delivery=answers.get("delivery", "download"),
            terms_version=answers.get("terms_version", ""),
        ),
    )
    moment.entries.append(entry)


def reply_letter(moment: Moment) -> None:
    """Write the letter that tells the decision, and its digest."""
    digest = letters.write(
        moment.session, moment.row, moment.reference, moment.case, moment.event
    )
    facts = {"digest": digest}
    moment.entries.append(book.Entry("letter_written", "case", moment.row.id, "", facts))


def send_receipt(moment: Moment) -> None:
    """Tell the applicant that it was received and when it is due, and the officers of it."""
    _tell(moment, "received", [Role.APPLICANT], himself=True)
    _tell(moment, "arrived", [Role.OFFICER])


def send_notice(moment: Moment) -> None:
    """Tell whoever has to know: who is to act next, and the applicant unless it is internal."""
    command = moment.case.procedure.commands[moment.event.command]
    state = moment.case.procedure.states[moment.case.state]
    roles: list[Role] = [] if command.internal else [Role.APPLICANT]
    if state.holder and state.holder not in roles:
        roles.append(state.holder)
    if moment.event.role == Role.APPLICANT.value and Role.OFFICER not in roles:
        roles.append(Role.OFFICER)
    _tell(moment, moment.event.name, roles)


def _tell(moment: Moment, kind: str, roles: list[Role], himself: bool = False) -> None:
    """Tell those in these roles; whoever did it knows, unless he is to have it in writing."""
    clock = moment.case.main_clock()
    facts = {
        "reference": moment.reference,
        "title": moment.row.package_title,
        "state": moment.case.state,
        "procedure": moment.case.procedure.kind,
        "due": clock[1].due.isoformat() if clock and clock[1].runs else "",
    }
    users: dict[str, None] = {}
    for role in roles:
        holds = role in (Role.OFFICER,) and moment.case.assigned
        users |= dict.fromkeys(
            parties.handlers(moment.row, moment.case.assigned)
            if holds
            else parties.users_in(role, moment.row)
        )
    moment.tellings += [
        Telling(
            f"{moment.row.id}:{moment.case.events}:{kind}:{user}", user, kind, moment.row.id, facts
        )
        for user in users
        if himself or user != moment.event.actor
    ]


def set_open_attribute(moment: Moment) -> None:
    """The entry has the open attribute that the authority settled, with its basis (Anhui 36)."""
    fields, package_id = moment.event.fields, moment.row.package_id
    attribute = str(fields["attribute"])
    entry = {"open_attribute": attribute, "open_basis": "", "open_conditions": ""}
    if attribute != "unconditional":
        entry["open_basis"] = "；".join(fields.get("basis") or ())
    if attribute == "conditional":
        entry["open_conditions"] = str(fields.get("reason") or "")
    instant = now.now().astimezone(timezone.utc).replace(tzinfo=None)
    bulk.change([bulk.ChangedEntry(package_id, entry)], instant)
    moment.entries.append(
        book.Entry("open_attribute_settled", "dataset", package_id, moment.event.actor,
                   {"attribute": attribute, "case": moment.row.id}))


EFFECTS: dict[str, Callable[[Moment], None]] = {
    "assign_reference": assign_reference,
    "open_grant": open_grant,
    "reply_letter": reply_letter,
    "send_notice": send_notice,
    "send_receipt": send_receipt,
    "set_open_attribute": set_open_attribute,
}

FIRST = ("assign_reference",)
"""Effects that give the case's row something, so they come before it is written."""
