"""Third parties are asked in writing (Regulations on Open Government Information 32): their days
count from the receipt of the letter, which the department notes, and nobody ends them before.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date

from .case import Case
from .decision import Examined
from .field_part import FieldPart
from .party_letter import ObjectionFinding, PartyLetter
from .refusal import Refusal
from .scope import extent
from .severance import is_severed

ARTICLE = "第三十二条"


def check(examined: Examined) -> Iterator[Refusal]:
    """That a letter which is noted as served, answered, or as come back, was written before, and
    not on a day that is yet to come: the check ``served_after_asking``. What was noted wrongly is
    noted once more."""
    procedure = examined.case.procedure
    said, names = procedure.by_part(examined.fields), procedure.names_by_part(examined.command)
    days = (FieldPart.SERVED, FieldPart.RETURNED, FieldPart.ANSWERED)
    part = next((one for one in days if one in said), None)
    if part is None:
        return
    number, day = said.get(FieldPart.PARTY_LETTER), date.fromisoformat(str(said[part]))
    if day > examined.choices.today:
        yield Refusal("served_in_future", names[part], day.isoformat())
    for one in examined.case.party_letters:
        if str(one.number) == number and day < one.asked:
            facts = {"first": one.asked.isoformat()}
            yield Refusal("served_before_asked", names[part], day.isoformat(), facts=facts)


def weighed(examined: Examined) -> Iterator[Refusal]:
    """That whoever gives data has found, of each objection, why it is given all the same, or
    follows it and withholds something of what was asked for: the check
    ``objections_weighed``. Its party is written to in this very act (article 32). The value of
    a refusal is the number of the letter."""
    case, command = examined.case, examined.command
    asked = extent(case.procedure.by_part(case.answers))
    decided = extent(case.procedure.by_part(examined.fields))
    in_part = FieldPart.FILES in case.procedure.names_by_part(command) and not command.form
    withholds = in_part and is_severed(asked, decided)
    for one in case.objecting_parties:
        facts = {"day": one.asked.isoformat()}
        if not one.finding:
            yield Refusal("objection_not_weighed", "command", str(one.number), ARTICLE, facts)
        elif one.finding == ObjectionFinding.FOLLOWED and not withholds:
            yield Refusal("objection_was_followed", "command", str(one.number), ARTICLE, facts)


def overridden(case: Case) -> tuple[PartyLetter, ...]:
    """The letters of those against whose will data is given, who have to be told so."""
    given = (ObjectionFinding.PUBLIC_INTEREST, ObjectionFinding.UNFOUNDED)
    return tuple(one for one in case.objecting_parties if one.finding in given)


def unweighed(case: Case) -> int:
    """Of how many objections nobody has said yet what was found of them."""
    return sum(not one.finding for one in case.objecting_parties)


def unserved(case: Case) -> int:
    """To how many third parties the letter could not be delivered: it came back, and nobody noted
    since that it was there."""
    return sum(bool(one.returned) and not one.reached for one in case.asked_parties)


def unnoted(case: Case) -> int:
    """Of how many nobody noted anything: neither a receipt nor that it came back, nor an answer.
    Nobody is called silent of whom it is not known that he had the letter."""
    return sum(not one.returned and not one.reached for one in case.asked_parties)


def silent(case: Case) -> int:
    """How many had the letter and have not answered."""
    return sum(one.reached and not one.answer for one in case.asked_parties)


def named_before(case: Case, name: str, instead_of: str, names: Mapping[int, str]) -> str:
    """The number of the letter to a party of that name which waits for an answer and is not
    ``instead_of``; ``names`` are those of the parties in clear, by letter. Empty where there is
    none: whoever answered may be asked again, and what he said counts all the same."""
    waiting = (one for one in case.asked_parties if not one.answer)
    found = (one for one in waiting if str(one.number) != instead_of)
    alike = (one.number for one in found if _plain(names[one.number]) == _plain(name))
    return str(next(alike, ""))


def _plain(name: str) -> str:
    """A name without what people write now so, now so: blanks, widths, case, brackets' kind."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
