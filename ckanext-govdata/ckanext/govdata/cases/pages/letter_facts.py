"""What fills in the names that a letter's words have in them, as it is on the day of the letter."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import partial
from typing import NamedTuple

import sqlalchemy as sa

from ... import now
from ...access import grantable
from ...database import Session
from ...domain.case import CAUSE, Case, CaseEvent, Running
from ...domain.clock import Deadline, count_deadline
from ...domain.field_part import FieldPart
from ...domain.letter import DAY, DUE, LAW, LIMIT, NAMED, NUMBER, SAID, TERM
from ...domain.locales import LOCALES
from ...domain.party_letter import ObjectionFinding, PartyLetter
from ...domain.procedure import Field
from ...domain.refusal import Refusal
from ...domain.ruling import TermRuling
from ...domain.scope import Extent, extent
from ...domain.seal import IN_PLACE
from ...domain.severance import is_severed, left_out
from ...forms import attachments
from ...rules import in_force
from ...rules.sentences import cited_as
from .. import defence
from ..answers import LetterContent
from ..engine import case_rules, declared_procedures
from ..letter_parts import CitedText, LetterFact
from ..model import CaseRow
from . import letter_citations


class LetterAct(NamedTuple):
    """What a letter is about."""

    session: Session
    row: CaseRow
    case: Case
    event: CaseEvent
    content: LetterContent


def facts(told: LetterAct, names: Collection[str]) -> dict[str, LetterFact]:
    """What fills in each of these names; those of which nothing is known are not there."""
    found: dict[str, LetterFact] = {}
    for name in sorted({*names, "term"}):
        head, point, tail = name.partition(".")
        read = PLAIN.get(head)
        fact = BEHIND[head](told, tail) if point else read and read(told)
        if fact:
            found[name] = fact
    return found


def repeated(session: Session, case_id: str, field: Field, answer: object) -> object:
    """An answer as a letter keeps it: attached files by their names, whatever becomes of them."""
    if field.type != "attachments" or not isinstance(answer, list):
        return answer
    held = attachments.of_case(session, case_id)
    return [held[one]["name"] for one in answer if one in held]


def number_of(letter: LetterContent) -> str:
    """Its own number; letters from before have that of their case."""
    return letter.get("letter_number") or letter["reference"]


def unsealed(letter: LetterContent, said: Callable[[str], str]) -> LetterContent:
    """The letter with what stands encrypted in it as ``said`` reads that: its addressee and
    answers, where their fields are sealed."""
    procedure = declared_procedures.procedures().get(letter["kind"])
    words = procedure.words.letters.get(letter["decision"]) if procedure else None
    if procedure is None or words is None or not letter.get("to"):
        return letter
    sealed = {one.name for one in procedure.fields.values() if one.sealed == IN_PLACE}
    read: dict[str, LetterFact] = {
        name: {**fact, "answer": said(str(fact["answer"]))}
        for name, fact in letter.get("facts", {}).items()
        if name.partition(".")[2] in sealed and "answer" in fact
    }
    letter = {**letter, "facts": {**letter.get("facts", {}), **read}}
    return {**letter, "to": said(letter.get("to", ""))} if words.to in sealed else letter


def _term(told: LetterAct) -> LetterFact | None:
    """The article that sets the term whose last day the letter names."""
    clocks = told.case.main_clocks().values()
    found = next((one for one in clocks if one.due.isoformat() == told.content["due"]), None)
    return {"cited": [_of_clock(told.row, found)]} if found else None


def _of_clock(row: CaseRow, clock: Running) -> CitedText:
    """A clock keeps its text by the number under which it is cited."""
    versions = in_force.rulebook().versions.values()
    texts = (one for each in versions for one in each if one.in_force.covers(row.rules_day))
    text = next((one for one in texts if cited_as(one) == clock.document), None)
    if text is None:
        return {"words": f"{clock.document}{clock.article}"}
    return letter_citations.of_text(text, clock.article)


def _said(told: LetterAct, name: str) -> LetterFact | None:
    answer = {**told.case.answers, **told.event.fields}.get(name)
    asked = {one for form in told.case.procedure.forms.values() for one in form.fields}
    command = told.case.procedure.commands.get(told.event.command)
    here = {one.name for one in told.case.procedure.asked(command)} if command else set[str]()
    if not answer and name not in asked | here:
        answer = _before(told, name)
    if answer in (None, "", [], {}):
        return None
    field = told.case.procedure.fields[name]
    return {"answer": repeated(told.session, told.row.id, field, answer)}


def _before(told: LetterAct, name: str) -> object:
    """What was filled in with an earlier act that is not the department's own affair."""
    field = told.case.procedure.fields.get(name)
    if field is None or field.private or field.sealed:
        return None
    for text, given in told.session.execute(FILLED, {"case": told.row.id}):
        command = told.case.procedure.commands.get(given)
        fields: dict[str, object] = json.loads(text)
        if command and not command.internal and fields.get(name):
            return fields[name]
    return None


FILLED = sa.text("""
SELECT fields, command FROM govdata_case_event WHERE case_id = :case ORDER BY number DESC
""")


def _due(told: LetterAct, name: str) -> LetterFact | None:
    clock = told.case.clocks.get(name)
    return {"day": clock.due.isoformat()} if clock else None


def _limit(told: LetterAct, name: str) -> LetterFact | None:
    """The last day by the outer limit of a higher text, which counts from receipt."""
    ruling = _ruling(told, name)
    received = told.case.received
    law = ruling.law if ruling else None
    if law is None or received is None:
        return None
    last = count_deadline(in_force.calendar(), received, law.amount, law.unit)
    return {"day": last.due.isoformat()} if isinstance(last, Deadline) else None


def _span(told: LetterAct, name: str) -> LetterFact | None:
    ruling = _ruling(told, name)
    if ruling is None:
        return None
    return {"amount": ruling.term.amount, "unit": ruling.term.unit.value}


def _ruling(told: LetterAct, name: str) -> TermRuling | None:
    rules = case_rules.rules_of(told.row)
    found = rules.term(f"{told.case.procedure.kind}.{name}")
    return None if isinstance(found, Refusal) else found


def _happened(told: LetterAct, name: str) -> LetterFact | None:
    day = told.session.scalar(LAST_DAY, {"case": told.row.id, "name": name})
    return {"day": day.isoformat()} if day else None


LAST_DAY = sa.text("""
SELECT max(day) FROM govdata_case_event WHERE case_id = :case AND name = :name
""")


def _numbered(told: LetterAct, name: str) -> LetterFact | None:
    """The number of the latest letter that told that event."""
    return _latest_number(told, {name})


def _disputed(told: LetterAct) -> LetterFact | None:
    return _latest_number(told, {one.event for one in told.case.procedure.decisions()})


def _latest_number(told: LetterAct, events: Collection[str]) -> LetterFact | None:
    for text in told.session.scalars(WRITTEN, {"case": told.row.id}):
        kept: LetterContent = json.loads(text)
        if kept["decision"] in events:
            return {"words": dict.fromkeys(LOCALES, number_of(kept))}
    return None


WRITTEN = sa.text("""
SELECT content FROM govdata_case_letter WHERE case_id = :case ORDER BY number DESC
""")


def _asked_on(told: LetterAct) -> LetterFact | None:
    """The day of the letter that asked the third party to whom this one is."""
    which = _answered_letter(told)
    return {"day": which.asked.isoformat()} if which else None


def _asked_number(told: LetterAct) -> LetterFact | None:
    """Its number; of a letter that takes the place of another one, that one's."""
    said = told.case.procedure.by_part(told.event.fields)
    number = said.get(FieldPart.PARTY_LETTER)
    wanted = {"case": told.row.id, "number": int(number)} if number else None
    text = told.session.scalar(NUMBERED, wanted) if wanted else None
    return {"words": dict.fromkeys(LOCALES, number_of(json.loads(text)))} if text else None


NUMBERED = sa.text("""
SELECT content FROM govdata_case_letter WHERE case_id = :case AND number = :number
""")


def _found(told: LetterAct, finding: ObjectionFinding) -> LetterFact | None:
    """The article, where that was found of the party's objection."""
    which = _answered_letter(told)
    if which is None or which.finding != finding:
        return None
    own = [letter_citations.of_text(*found)] if (found := grantable.opens_against(told.row)) else []
    return {"cited": [*provisions("third_party_rights", "third_party"), *own]}


def _decided(told: LetterAct) -> date | None:
    return told.case.decisions[-1].day if told.case.decisions else None


def _answered(told: LetterAct) -> LetterFact | None:
    """The day on which the answer was received of the party to whom this letter is."""
    which = _answered_letter(told)
    return _day(which.answered) if which else None


def _unreasoned(told: LetterAct) -> LetterFact | None:
    which = _answered_letter(told)
    return _day(which.answered) if which and not which.said else None


def _answered_letter(told: LetterAct) -> PartyLetter | None:
    said = told.case.procedure.by_part(told.event.fields)
    number = str(said.get(FieldPart.PARTY_LETTER, ""))
    return next((one for one in told.case.party_letters if str(one.number) == number), None)


def _by_a_head(told: LetterAct, term: str) -> LetterFact | None:
    """The last day of a term that begins where a head has suspended a grant."""
    caused = CAUSE in told.event.fields
    return None if caused else _day(defence.last_day(told.row, term, told.event.day))


def _defend_until(told: LetterAct) -> LetterFact | None:
    caused = CAUSE in told.event.fields
    return None if caused else _day(defence.last_to_speak(told.row, told.event.day))


def _heard_on(told: LetterAct) -> LetterFact | None:
    """The day of a hearing that was not held on the portal: of this act's own, or of one that was
    noted since the suspension that stands."""
    said = told.case.procedure.by_part(told.event.fields)
    noted = defence.hearing(told.session, told.row).noted
    if CAUSE in told.event.fields or not (FieldPart.HEARD in said or noted):
        return None
    name = next(one.name for one in told.case.procedure.fields.values()
                if one.part == FieldPart.HEARD_ON)  # fmt: skip
    found = _said(told, name)
    return _day(date.fromisoformat(str(found["answer"]))) if found and "answer" in found else None


def _defended(told: LetterAct) -> LetterFact | None:
    """The day on which the holder said his side; what an entry caused rests on no hearing."""
    caused = CAUSE in told.event.fields
    return None if caused else _day(defence.hearing(told.session, told.row).stated)


def _undefended(told: LetterAct) -> LetterFact | None:
    if CAUSE in told.event.fields:
        return None
    found = defence.hearing(told.session, told.row)
    heard = FieldPart.HEARD in told.case.procedure.by_part(told.event.fields)
    return _day(found.last) if found.over and not (found.spoken or heard) else None


def _day(day: date | None) -> LetterFact | None:
    return {"day": day.isoformat()} if day else None


def _severed(told: LetterAct) -> LetterFact | None:
    """The article by which a part is given, where files or columns were severed."""
    return _law(told, "sever") if is_severed(*_extents(told)) else None


def _left_out(told: LetterAct) -> LetterFact | None:
    names = left_out(*_extents(told))
    return {"names": names} if names else None


def _extents(told: LetterAct) -> tuple[Extent, Extent]:
    """What was asked for, and how far the decision says that it goes."""
    procedure = told.case.procedure
    asked, decided = procedure.by_part(told.case.answers), procedure.by_part(told.event.fields)
    return extent(asked), extent(decided)


def _law(_told: LetterAct, name: str) -> LetterFact:
    return {"cited": provisions(name)}


def provisions(*names: str) -> list[CitedText]:
    """Articles of ``config/remedies/law.yaml`` as a letter cites them."""
    found = (in_force.remedies().law[name] for name in names)
    return [{"document": dict(one.document), "article": one.article} for one in found]


def _named(told: LetterAct, name: str) -> LetterFact:
    words = in_force.rulebook().label(told.row.jurisdiction, name, told.row.rules_day)
    return {"words": dict(words or in_force.own_names()[name])}


PLAIN: Mapping[str, Callable[[LetterAct], LetterFact | None]] = {
    "time": lambda _told: {"at": now.now().isoformat()},
    "term": _term,
    "disputed": _disputed,
    "severed": _severed,
    "left_out": _left_out,
    "asked": _asked_on,
    "asked_number": _asked_number,
    "replaced": _asked_number,
    "answered": _answered,
    "unreasoned": _unreasoned,
    "suspended_until": lambda told: _by_a_head(told, defence.SUSPEND),
    "defend_until": _defend_until,
    "heard_on": _heard_on,
    "defended": _defended,
    "undefended": _undefended,
    **{
        one.value: partial(_found, finding=one)
        for one in ObjectionFinding
    },
    "decided": lambda told: _day(_decided(told)),
    "late": lambda told: _day(decided if (decided := _decided(told)) != told.event.day else None),
    "suspended_before": lambda told: _day(
        defence.suspended_last(told.session, told.row.id, told.case.events)
    ),
    "by": lambda told: {"role": told.event.role} if told.event.role else None,
}
"""By the names of ``domain.letter.FACTS``; the others stand in the letter as they are."""
BEHIND: Mapping[str, Callable[[LetterAct, str], LetterFact | None]] = {
    SAID: _said,
    DUE: _due,
    LIMIT: _limit,
    TERM: _span,
    DAY: _happened,
    NUMBER: _numbered,
    LAW: _law,
    NAMED: _named,
}
