"""The reply letter: what was decided, in a form whose digest anybody can check."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import sqlalchemy as sa

from ... import database, now
from ...database import Session
from ...departments.offices import objection_body_of, offices_of, standing_of, title_of
from ...domain import chain
from ...domain.bound_rules import Rules
from ...domain.case import Actor, Case, CaseEvent, Running
from ...domain.decision import commands_now
from ...domain.field_part import FieldPart
from ...domain.procedure import Adverse, Duty, Field, Role
from ...domain.remedy import Against
from ...forms import attachments
from ...identity import profile
from ...rules import in_force
from .. import model
from ..answers import (
    EffectsTold,
    JudgementTold,
    LetterAnswer,
    LetterContent,
    RemedyTold,
    TermTold,
    VerifiedLetter,
)
from ..engine import case_rules
from ..model import CaseRow, LetterRow
from . import cautions, remedies

ADD = sa.insert(model.letter)


def write(
    session: Session,
    row: CaseRow,
    reference: str,
    case: Case,
    event: CaseEvent,
    more: EffectsTold,
) -> str:
    """Keep the letter of a decision; gives its digest. Names and numbers are masked in it.

    ``more`` is what the effects of the decision have to say.
    """
    content: LetterContent = {**_content(session, row, reference, case, event), **more}
    text = chain.canonical(content)
    digest = hashlib.sha256(text).hexdigest()
    values = {"case_id": row.id, "number": case.events, "digest": digest, "at": now.now()}
    session.execute(ADD, {**values, "content": text.decode()})
    return digest


def of_case(session: Session, case_id: str) -> list[LetterAnswer]:
    """The letters of a case, oldest first."""
    rows = database.rows(session, OF_CASE, LetterRow, {"case": case_id})
    return [{**_verified(row), "case_id": row.case_id} for row in rows]


OF_CASE = (
    sa.select(model.letter)
    .where(model.letter.c.case_id == sa.bindparam("case"))
    .order_by(model.letter.c.number)
)


def addressed(session: Session, letter: LetterAnswer) -> LetterAnswer:
    """The addressee's own copy, which names him; what is kept and verified is masked.

    Of somebody without an account it says where it is sent, too.
    """
    if not letter["applicant"]:
        return letter
    said = profile.reveal_with_case(session, letter["case_id"])
    known = profile.with_case(session, letter["case_id"])
    sent = [] if known and known.document else [said["number"]]
    return {**letter, "applicant": " · ".join([said["name"], *filter(None, sent)])}


def by_digest(session: Session, digest: str) -> VerifiedLetter | None:
    """The letter with this digest, as whoever holds it may check it."""
    query = sa.select(model.letter).where(model.letter.c.digest == digest)
    row = database.first(session, query, LetterRow)
    return _verified(row) if row else None


def _verified(row: LetterRow) -> VerifiedLetter:
    content: LetterContent = json.loads(row.content)
    return {
        **content,
        "digest": row.digest,
        "number": row.number,
        "genuine": hashlib.sha256(row.content.encode()).hexdigest() == row.digest,
    }


def _content(
    session: Session, row: CaseRow, reference: str, case: Case, event: CaseEvent
) -> LetterContent:
    """What the act says: who did it, in whose name, within which term, and what is left to do."""
    applicant = profile.with_case(session, row.id)
    command = case.procedure.commands.get(event.command)
    outcome = case.decisions[-1].outcome.value if case.decisions else ""
    said = case.procedure.by_part(event.fields)
    content: LetterContent = {
        "reference": reference,
        "kind": row.kind,
        "decision": event.name,
        "outcome": outcome,
        "day": event.day.isoformat(),
        "received": case.received.isoformat() if case.received else "",
        **_term(case, event),
        "applicant": applicant.masked_name if applicant else "",
        "applicant_kind": applicant.kind if applicant else "",
        "entry": row.package_title,
        "department": row.organization_title,
        "issuer": _issuer(row, case, event),
        "reason": said.get(FieldPart.REASON, ""),
        "basis": list(said.get(FieldPart.BASIS, [])),
        "conditions": said.get(FieldPart.CONDITIONS, ""),
    }
    content = {**content, **_remedy(row, case, event, _against(row, case, event, content))}
    answered = _answered(case, event)
    if answered and answered.pauses:
        content["stood"] = [
            [pause.first.isoformat(), pause.last.isoformat()] for pause in answered.pauses
        ]
    if case.asked_parties:
        content["heard"] = cautions.heard(case)
    if not row.package_id:
        content["about"] = row.subject_kind
    if command and command.duty is Duty.JUDGE:
        content = {**content, **_judged(row, case, event)}
    lines = case.procedure.words.letters[event.name].lines
    if lines:
        filled, fields = {**case.answers, **event.fields}, case.procedure.fields
        content["lines"] = [
            [name, _repeated(session, row.id, fields[name], filled[name])]
            for name in lines if name in filled
        ]  # fmt: skip
    return content


def _repeated(session: Session, case_id: str, field: Field, answer: object) -> object:
    """An answer as a letter keeps it: attached files by their names, whatever becomes of them."""
    if field.type != "attachments" or not isinstance(answer, list):
        return answer
    held = attachments.of_case(session, case_id)
    return [held[one]["name"] for one in answer if one in held]


def _issuer(row: CaseRow, case: Case, event: CaseEvent) -> str:
    """In whose name the letter is: the department's, or the data authority's where it did the act,
    or received what the applicant sent through it."""
    own, state = event.role == Role.APPLICANT, case.procedure.states[event.state]
    acted = state.holder if own else event.role
    if acted != Role.AUTHORITY:
        return str(row.organization_title)
    offices = offices_of(row.jurisdiction)
    body = next((name for name, role in offices.items() if role is Role.AUTHORITY), "")
    return title_of(body) or str(row.organization_title)


def _term(case: Case, event: CaseEvent) -> TermTold:
    """The term that this act ended, or else began: its last day, what it is for, and the article
    that sets it."""
    answered = _answered(case, event)
    begun = case.main_clock() if answered is None else None
    clock = answered or (begun[1] if begun and begun[1].runs else None)
    if clock is None:
        return {"due": "", "article": ""}
    article = f"{clock.document} {clock.article}".strip()
    return {"due": clock.due.isoformat(), "article": article, "term": begun[0] if begun else ""}


def _answered(case: Case, event: CaseEvent) -> Running | None:
    """The limit that ran where the act was done."""
    command, states = case.procedure.commands.get(event.command), case.procedure.states
    ran = {name for state in (command.source if command else ()) for name in states[state].clocks}
    found = [clock for name, clock in case.main_clocks().items() if name in ran]
    return max(found, key=lambda one: one.start, default=None)


def _judged(row: CaseRow, case: Case, event: CaseEvent) -> JudgementTold:
    """The letter of whoever judged an objection, in his name; what the department has to do now."""
    running = [one for one in case.main_clocks().values() if one.runs]
    found: JudgementTold = {"issuer": title_of(objection_body_of(row) or "")}
    answered = _answered(case, event)
    if answered:
        found["objected"] = answered.start.isoformat()
    if running:
        found["anew_until"] = max(one.due for one in running).isoformat()
    return found


def _against(
    row: CaseRow, case: Case, event: CaseEvent, content: LetterContent
) -> Against | None:
    """What the letter decides against whoever gets it, if anything."""
    said = case.procedure.words.letters[event.name].adverse
    with_conditions = said is Adverse.WITH_CONDITIONS and bool(content["conditions"])
    if said is not Adverse.ALWAYS and not with_conditions:
        return None
    grounds = in_force.grounds(row.jurisdiction, row.rules_day)
    first = grounds.reconsidered_first(content["basis"])
    return Against.WITHHELD if first else Against.DECIDED


def _remedy(
    row: CaseRow, case: Case, event: CaseEvent, against: Against | None
) -> RemedyTold:
    """What the applicant may still do on this portal, or that nobody here could answer him, and
    what the law gives him against whoever decided."""
    rules = case_rules.rules_now(row, case.procedure)
    found: RemedyTold = {"object_to": ""} if rules.vacant else {}
    until = _objection_until(row, case, rules, event.day)
    if until is None and against is None:
        return found
    standing = standing_of(row)
    if until:
        body = title_of(standing.objection_body or "")
        found = {"object_until": until.isoformat(), "object_to": body}
    if against:
        command = case.procedure.commands.get(event.command)
        judged = command and command.duty is Duty.JUDGE
        decider = standing.objection_body if judged else row.organization_id
        office = standing.held.get(decider or "", "")
        found["remedies"] = remedies.told(row.jurisdiction, office, against, event.day)
    return found


def _objection_until(row: CaseRow, case: Case, rules: Rules, day: date) -> date | None:
    """Until when the applicant may object on this portal, as long as he may."""
    applicant = Actor(row.applicant_id, frozenset({Role.APPLICANT}))
    for command in commands_now(case, applicant, rules, day):
        clock = case.clocks.get(command.within)
        reached = case.procedure.states.get(command.to)
        if clock and reached and reached.holder is Role.OBJECTION_BODY:
            return clock.due
    return None
