"""What follows from an event of a case, by the names that procedures use: those of every case.

Other slices register their own in a module ``effects``; all run in the event's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from ..database import Session
from ..domain import consultation, notice_roles
from ..domain.case import PARTY_TOLD, Case, CaseEvent
from ..domain.decision import consents_of
from ..domain.field_part import FieldPart
from ..domain.party_letter import PartyLetter
from ..domain.procedure import Command, Role
from ..ledger import book
from ..notices.notice import Telling
from ..rules import in_force
from . import parties
from .answers import EffectsTold
from .engine import case_rules, references
from .model import CaseEventRow, CaseRow
from .pages import letters


@dataclass
class EffectContext:
    """An event: the case after it, and its row, written before the effects except ``FIRST``.

    Effects leave here what is to be told and what goes into the ledger, so that both are written
    once, at the end; and what the reply letter has to say of them, before it is written.
    """

    session: Session
    row: CaseRow
    case: Case
    event: CaseEvent
    reference: str
    written: CaseEventRow = field(init=False)
    """The row of the event."""
    letter: EffectsTold = field(default_factory=EffectsTold)
    following: list[CaseEvent] = field(default_factory=list[CaseEvent])
    """What happens by it in the same transaction, each as an event with a letter of its own."""
    tellings: list[Telling] = field(default_factory=list[Telling])
    entries: list[book.LedgerEntry] = field(default_factory=list[book.LedgerEntry])


def assign_reference(moment: EffectContext) -> None:
    """Give the case its number, on the day of receipt; its row is written with it."""
    moment.reference = references.next_reference(
        moment.session, moment.case.procedure.code, moment.row.jurisdiction, moment.event.day
    )


def reply_letter(moment: EffectContext) -> None:
    """Write the letter that tells the decision, and its digest."""
    digest = letters.write(
        moment.session, moment.row, moment.reference, moment.case, moment.event, moment.letter
    )
    facts = {"digest": digest}
    moment.entries.append(book.LedgerEntry("letter_written", "case", moment.row.id, "", facts))


def tell_objectors(moment: EffectContext) -> None:
    """Have each third party told in writing what is published against his will, and why: in this
    very act (Regulations on Open Government Information 32)."""
    _tell_parties(moment, moment.case.overridden_parties)


def tell_weighed(moment: EffectContext) -> None:
    """Where data was given before an objection came, tell its party what is found of it."""
    said = moment.case.procedure.by_part(moment.event.fields)
    number = str(said[FieldPart.PARTY_LETTER])
    objecting = moment.case.objecting_parties if moment.case.data_given else ()
    found = [one for one in objecting if str(one.number) == number]
    if found:
        moment.letter.update(letters.scope_told(moment.session, moment.row.id))
    _tell_parties(moment, found)


def _tell_parties(moment: EffectContext, told: Iterable[PartyLetter]) -> None:
    names = {one.part: one.name for one in moment.case.procedure.fields.values() if one.part}
    for one in told:
        said = {
            FieldPart.PARTY: one.party,
            FieldPart.PARTY_CONTACT: one.contact,
            FieldPart.PARTY_LETTER: str(one.number),
            FieldPart.PARTY_REASON: one.said,
            FieldPart.FINDING: one.finding,
            FieldPart.FINDING_REASON: one.why,
            FieldPart.FOLLOWED_PART: one.followed_part,
        }
        fields = {names[part]: value for part, value in said.items() if value}
        moment.following.append(replace(moment.event, name=PARTY_TOLD, command="", fields=fields))
    if moment.following:  # they are to be served
        _tell(moment, [notice_roles.Addressed(PARTY_TOLD, Role.OFFICER, himself=True)])


def end_when_heard(moment: EffectContext) -> None:
    """End the consultation where nobody is awaited any more: by itself, for nobody decided so."""
    rules = case_rules.rules_of(moment.row)
    ended = consultation.ended(moment.case, rules, in_force.calendar(), moment.event.day)
    if ended:
        moment.following.append(ended)


def send_receipt(moment: EffectContext) -> None:
    """Tell the applicant that it was received and when it is due, whoever has to act on it, and
    whom the command names."""
    procedure, state = moment.case.procedure, moment.case.state
    tells = procedure.commands[moment.event.command].tells
    _tell(moment, notice_roles.of_receipt(procedure, state, tells))


def send_ended(moment: EffectContext) -> None:
    """Tell applicant and officer what came about by itself."""
    name = moment.event.name
    whom = (Role.APPLICANT, Role.OFFICER)
    _tell(moment, [notice_roles.Addressed(name, role, himself=True) for role in whom])


def send_notice(moment: EffectContext) -> None:
    """Tell whoever has to know: who is to act next, and the applicant unless it is internal."""
    command = moment.case.procedure.commands[moment.event.command]
    procedure, state = moment.case.procedure, moment.case.state
    asked = list(_asked(moment, command))
    _tell(moment, notice_roles.of_notice(procedure, command, state, moment.event.role, asked))


def _asked(moment: EffectContext, command: Command) -> Iterator[Role]:
    """Whose consent the command asks for: of those who may give it whom the text names."""
    procedure = moment.case.procedure
    for other in procedure.asked_of_others(command):
        named = consents_of(procedure, other, case_rules.rules_now(moment.row, moment.case))
        yield from (role for role in other.by if not named or role.value in named)


def _tell(moment: EffectContext, wanted: Iterable[notice_roles.Addressed]) -> None:
    """Tell those in these roles; whoever did it knows, unless he is to have it in writing.

    Whoever has two of the roles is told once by each notice, in the words of the first.
    """
    clock = moment.case.main_clock()
    facts = {
        "reference": moment.reference,
        "title": moment.row.package_title,
        "state": moment.case.state,
        "procedure": moment.case.procedure.kind,
        "due": clock[1].due.isoformat() if clock and clock[1].runs else "",
    }
    for told in wanted:
        holds = told.role is Role.OFFICER and moment.case.assigned
        users = (
            parties.handlers(moment.row, moment.case.assigned)
            if holds
            else parties.users_in(told.role, moment.row)
        )
        known = {one.key for one in moment.tellings}
        for user in users:
            key = f"{moment.row.id}:{moment.case.events}:{told.notice}:{user}"
            if key not in known and (told.himself or user != moment.event.actor):
                said = {**facts, "role": told.role.value}
                moment.tellings.append(Telling(key, user, told.notice, moment.row.id, said))


FIRST = ("assign_reference",)
"""Effects that give the case's row something, so they come before it is written."""
