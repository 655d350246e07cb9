"""Third parties of a case that is walked: asked, reached or not, heard, weighed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import ckan.model as model

from ckanext.govdata import now
from ckanext.govdata.cases.engine import record
from ckanext.govdata.domain.field_part import FieldPart
from ckanext.govdata.domain.party_letter import AGREES, OBJECTS, PartyLetter, choosable
from ckanext.govdata.domain.procedure import Command, Procedure
from tests.cases.conftest import call
from tests.conformance.procedure_standard import WORDS

SAID = WORDS.format(number=1)


class Walked(Protocol):
    """A case on its way."""

    id: str
    procedure: Procedure

    @property
    def row(self) -> Any: ...

    def ask_another(self, who: str, command: Command) -> None: ...


def resends(parts: Mapping[FieldPart, str]) -> bool:
    """Whether a command sends a letter again that came back."""
    return FieldPart.PARTY_CONTACT in parts and FieldPart.PARTY not in parts


def letters(walk: Walked) -> tuple[PartyLetter, ...]:
    return record.case_of(model.Session, walk.row).party_letters


def prepare(walk: Walked, command: Command) -> None:
    """See to it that there is a letter that the command can be about."""
    parts = walk.procedure.names_by_part(command)
    if FieldPart.PARTY_LETTER not in parts or any(choosable(letters(walk), parts)):
        return
    if FieldPart.UNHEARD in parts:
        if all(one.reached for one in asked(walk)):
            consults = (one for one in walk.procedure.commands.values()
                        if FieldPart.PARTY in walk.procedure.names_by_part(one))  # fmt: skip
            walk.ask_another("officer", next(consults))
        send_back(walk, next(one for one in asked(walk) if not one.reached))
        return
    answer(walk, OBJECTS)
    if resends(parts):
        weigh(walk)
        send_back(walk, next(one for one in letters(walk) if one.to_serve))


def hear_out(walk: Walked) -> None:
    """Everybody who was asked agrees, or what stands against it was weighed."""
    answer(walk, AGREES)
    weigh(walk)


def asked(walk: Walked) -> list[PartyLetter]:
    """Who was asked; while they are, the last of them keeps the consultation open."""
    found = [one for one in letters(walk) if not (one.tells or one.replaced)]
    return found[:-1] if walk.procedure.states[walk.row.state].lapses else found


def answer(walk: Walked, said: str) -> None:
    """Each says so whose objection does not stand, and who was not found to be out of reach."""
    for one in asked(walk):
        if not (one.objects or one.undelivered):
            note(walk, FieldPart.PARTY_ANSWER, one, said)


def send_back(walk: Walked, one: PartyLetter) -> None:
    """The letter could not be delivered."""
    note(walk, FieldPart.RETURNED, one, now.today().isoformat())


def weigh(walk: Walked) -> None:
    """Say of each objection, and of each who was not reached, that it stands against nothing."""
    for one in asked(walk):
        if one.finding != "unfounded" and (one.objects or one.undelivered):
            part = FieldPart.FINDING if one.objects else FieldPart.UNHEARD
            note(walk, part, one, "unfounded", "head")


def note(
    walk: Walked, part: FieldPart, one: PartyLetter, value: str, who: str = "officer"
) -> None:
    """Give the command that has a field of this part, of one letter."""
    procedure = walk.procedure
    command = next(each for each in procedure.commands.values()
                   if part in procedure.names_by_part(each))  # fmt: skip
    parts = procedure.names_by_part(command)
    values = {FieldPart.PARTY_LETTER: str(one.number), part: value}
    words = {name: SAID for item, name in parts.items()
             if item not in values and name not in command.optional}  # fmt: skip
    fields = {**words, **{parts[item]: given for item, given in values.items()}}
    call(who, "govdata_case_act", id=walk.id, command=command.name, fields=fields)
