"""Third parties are asked in writing (Regulations on Open Government Information 32): their days
count from the receipt of the letter, which the department notes, and nobody ends them before.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from . import clock_moves
from .bound_rules import Rules
from .calendar import Calendar
from .case import Case, CaseEvent
from .decision import Examined
from .elapse import Unjudgeable, happened
from .field_part import FieldPart
from .party_letter import INTEREST, OBJECTS, PARTLY, WITHHOLDS
from .procedure import Role
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
    days = (FieldPart.SERVED, FieldPart.RETURNED, FieldPart.ANSWERED, FieldPart.WITHDRAWN)
    part = next((one for one in days if one in said), None)
    if part is None:
        return
    number, day = said.get(FieldPart.PARTY_LETTER), date.fromisoformat(str(said[part]))
    if day > examined.choices.today:
        yield Refusal("served_in_future", names[part], day.isoformat())
    for one in examined.case.party_letters:
        first = one.answered if part is FieldPart.WITHDRAWN and one.answered else one.asked
        if str(one.number) == number and day < first:
            facts = {"first": first.isoformat()}
            yield Refusal("served_before_asked", names[part], day.isoformat(), facts=facts)


def consent(examined: Examined) -> Iterator[Refusal]:
    """That an objection is not noted over as consent: the check ``objection_stands``. Its party
    alone can withdraw it, in writing, and that is noted as what it is."""
    said = examined.case.procedure.by_part(examined.fields)
    number, answer = said.get(FieldPart.PARTY_LETTER), said.get(FieldPart.PARTY_ANSWER)
    names = examined.case.procedure.names_by_part(examined.command)
    for one in examined.case.objecting_parties:
        if str(one.number) == number and answer != OBJECTS:
            facts = {"day": one.answered.isoformat() if one.answered else ""}
            name = names[FieldPart.PARTY_ANSWER]
            yield Refusal("objection_stands", name, str(answer), ARTICLE, facts)


def finding(examined: Examined) -> Iterator[Refusal]:
    """That the head alone finds that to withhold would gravely affect the public interest, and
    weighs what comes once data was given; and that who follows an objection in part says which:
    the check ``finding_of_head``."""
    procedure = examined.case.procedure
    said, names = procedure.by_part(examined.fields), procedure.names_by_part(examined.command)
    found = said.get(FieldPart.FINDING)
    name = names[FieldPart.FINDING]
    if examined.role is not Role.HEAD and found in INTEREST:
        yield Refusal("interest_by_head", name, str(found), "第十五条")
    elif examined.role is not Role.HEAD and examined.case.data_given:
        yield Refusal("weighed_late_by_head", name, str(found), ARTICLE)
    if found in PARTLY and not said.get(FieldPart.FOLLOWED_PART):
        yield Refusal("missing", names[FieldPart.FOLLOWED_PART])


def weighed(examined: Examined) -> Iterator[Refusal]:
    """That whoever gives data has found, of each objection and of each party that no letter
    reached, why it is given all the same, or follows it and withholds something of what was asked
    for: the check ``objections_weighed``. Who objects is written to in this very act (article
    32). The value of a refusal is the number of the letter."""
    case, withholds = examined.case, _withholds(examined)
    for one in (*case.objecting_parties, *case.unheard_parties):
        heard, facts = one.objects, {"day": one.asked.isoformat()}
        code = ""
        if one.undelivered and not one.objects and not one.attempts:
            code = "attempts_not_stated"
        elif not one.finding:
            code = "objection_not_weighed" if heard else "unheard_not_weighed"
        elif one.finding in INTEREST and one.found_by != Role.HEAD:
            code = "interest_not_by_head"
        elif one.finding in WITHHOLDS and not withholds:
            code = "objection_was_followed" if heard else "unheard_is_protected"
        if code:
            yield Refusal(code, "command", str(one.number), ARTICLE, facts)
    for one in case.asked_parties:
        if not one.returned and not one.reached:
            facts = {"day": one.asked.isoformat()}
            yield Refusal("delivery_not_noted", "command", str(one.number), ARTICLE, facts)


def _withholds(examined: Examined) -> bool:
    """Whether a decision gives less than was asked for."""
    case, command = examined.case, examined.command
    asked = extent(case.procedure.by_part(case.answers))
    decided = extent(case.procedure.by_part(examined.fields))
    in_part = FieldPart.FILES in case.procedure.names_by_part(command) and not command.form
    return in_part and is_severed(asked, decided)


def ended(case: Case, rules: Rules, calendar: Calendar, today: date) -> CaseEvent | None:
    """That a consultation has ended since nobody is awaited any more: the case goes on where time
    would have led it. Raises ``Unjudgeable`` as time does."""
    lapse = case.procedure.states[case.state].lapses
    clock = case.clocks.get(lapse.clock) if lapse else None
    awaits = clock and lapse and case.procedure.clocks[lapse.clock].awaits
    if lapse is None or not awaits or not case.asked_parties or case.awaits_parties:
        return None
    moved = replace(case, state=lapse.to)
    clocks = clock_moves.turn(moved, None, rules, calendar, today)
    if isinstance(clocks, Refusal):
        raise Unjudgeable(f"{lapse.to}: {clocks.code} ({clocks.value})")
    return CaseEvent(happened(lapse), today, lapse.to, clocks=clocks)


def unweighed(case: Case) -> int:
    """Of how many objections, and of how many parties that no letter reached, nobody has said yet
    what was found of them."""
    return sum(not one.finding for one in (*case.objecting_parties, *case.unheard_parties))


def unserved(case: Case) -> int:
    """To how many third parties the letter could not be delivered: it came back, and nobody noted
    since that it was there."""
    return len(case.unheard_parties)


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
