"""The reply letter: what was decided, in a form whose digest anybody can check."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from ... import database, now
from ...database import Session
from ...departments.offices import (
    contact_of,
    objection_body_of,
    offices_of,
    standing_of,
    title_of,
)
from ...domain import chain
from ...domain.bound_rules import Rules
from ...domain.case import BESIDE_REPLY, CAUSE, GRANT_TURNS, Actor, Case, CaseEvent, Running
from ...domain.decision import commands_now
from ...domain.field_part import FieldPart
from ...domain.ground import Grounds, ReplyKind
from ...domain.letter import Adverse, Letter
from ...domain.procedure import Duty, Outcome, Role
from ...domain.remedy import Against
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
from ..engine import case_rules, visibility
from ..letter_parts import CitedText, LetterContact, LetterWords, SelfTold
from ..model import CaseRow, LetterRow
from . import case_choices, cautions, letter_citations, letter_facts, remedies

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


def scope_told(session: Session, case_id: str) -> EffectsTold:
    """How far the data was given, as the letter of the last decision that gave it says."""
    for row in reversed(database.rows(session, OF_CASE, LetterRow, {"case": case_id})):
        content: LetterContent = json.loads(row.content)
        if "scope" in content:
            return {"scope": content["scope"]}
    return {}


def read_as(found: Iterable[LetterAnswer]) -> str:
    """What letters say to whoever looks at them before they are written, as one word: all of it but
    what they are kept under, and who applied, which he may not be told yet."""
    said = [{name: part for name, part in one.items() if name not in UNREAD} for one in found]
    return hashlib.sha256(chain.canonical({"letters": said})).hexdigest()


UNREAD = frozenset({"digest", "number", "case_id", "genuine", "applicant", "applicant_kind"})


class LetterReader(NamedTuple):
    """Who reads the letters of a case: the ``applicant`` does not see what is addressed to somebody
    else; whoever ``works`` on it reads to whom that is; ``anonymous`` is he to whom the applicant
    must not be named, in whatever way."""

    applicant: bool
    works: bool
    anonymous: bool


def of_case(session: Session, case_id: str, reader: LetterReader) -> list[LetterAnswer]:
    """The letters of a case that somebody may see, oldest first."""
    rows = database.rows(session, OF_CASE, LetterRow, {"case": case_id})
    said = visibility.in_clear if reader.works else visibility.hidden
    found: list[LetterAnswer] = [{**_verified(row, said), "case_id": row.case_id} for row in rows]
    others = [one for one in found if one.get("to")]
    if reader.anonymous:
        return others
    return [one for one in found if one not in others] if reader.applicant else found


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
    if not (known and known.document) and said["number"]:
        letter = {**letter, "sent_to": said["number"]}
    return {**letter, "applicant": said["name"]}


def by_digest(session: Session, digest: str) -> VerifiedLetter | None:
    """The letter with this digest, as whoever holds it may check it."""
    query = sa.select(model.letter).where(model.letter.c.digest == digest)
    row = database.first(session, query, LetterRow)
    return _verified(row, visibility.hidden) if row else None


def _verified(row: LetterRow, said: Callable[[str], str]) -> VerifiedLetter:
    """The letter as it is kept; ``said`` reads what stands encrypted in it."""
    content: LetterContent = json.loads(row.content)
    return {
        **letter_facts.unsealed(content, said),
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
    letter = case.procedure.words.letters[event.name]
    body, issuer = _issuer(row, case, event)
    content: LetterContent = {
        "reference": reference,
        "letter_number": _next_number(session, row.id, reference, first=case.events == 1),
        "kind": row.kind,
        "decision": event.name,
        "outcome": outcome,
        "day": event.day.isoformat(),
        "received": case.received.isoformat() if case.received else "",
        **_term(case, event),
        "applicant": applicant.masked_name if applicant and not letter.to else "",
        "applicant_kind": applicant.kind if applicant and not letter.to else "",
        "entry": row.package_title,
        "department": row.organization_title,
        "issuer": issuer,
        "reason": said.get(FieldPart.REASON, ""),
        "basis": list(said.get(FieldPart.BASIS, [])),
        "conditions": said.get(FieldPart.CONDITIONS, ""),
    }
    content = {**content, **_remedy(row, case, event, content)}
    answered = _answered(case, event)
    if answered and answered.pauses:
        content["stood"] = [
            [pause.first.isoformat(), pause.last.isoformat()] for pause in answered.pauses
        ]
    if cause := event.fields.get(CAUSE):
        content["cause"] = str(cause)
    if case.asked_parties and not letter.to and event.name not in GRANT_TURNS:
        content["heard"] = cautions.heard(case)
    if not row.package_id:
        content["about"] = row.subject_kind
    if command and command.duty is Duty.JUDGE:
        content = {**content, **_judged(row, case, event)}
    if letter.lines:
        filled, fields = {**case.answers, **event.fields}, case.procedure.fields
        content["lines"] = [
            [name, letter_facts.repeated(session, row.id, fields[name], filled[name])]
            for name in letter.lines if name in filled
        ]  # fmt: skip
    content["contact"] = _contact(body)
    told = letter_facts.LetterAct(session, row, case, event, content)
    return {**content, **_self_told(told)}


def _next_number(session: Session, case_id: str, reference: str, *, first: bool) -> str:
    """A number of its own: the case's, and which of its letters it is. Letters are never taken
    back, and whoever writes one has the case locked, so no number comes twice. None was written
    before the ``first`` event, and none is counted."""
    before = 0 if first else session.scalar(COUNTED, {"case": case_id}) or 0
    return f"{reference}-{before + 1}"


COUNTED = (
    sa.select(sa.func.count())
    .select_from(model.letter)
    .where(model.letter.c.case_id == sa.bindparam("case"))
)


def _issuer(row: CaseRow, case: Case, event: CaseEvent) -> tuple[str, str]:
    """In whose name the letter is, id and title: the department's, the data authority's where it
    did the act, or received what the applicant sent through it, or his who judged an objection."""
    own, state = event.role == Role.APPLICANT, case.procedure.states[event.state]
    acted = state.holder if own else event.role
    command = case.procedure.commands.get(event.command)
    body = ""
    if command and command.duty is Duty.JUDGE:
        body = objection_body_of(row) or ""
    elif acted == Role.AUTHORITY:
        offices = offices_of(row.jurisdiction)
        body = next((name for name, role in offices.items() if role is Role.AUTHORITY), "")
    title = title_of(body) if body else ""
    return (body, title) if title else (row.organization_id, str(row.organization_title))


def _self_told(told: letter_facts.LetterAct) -> SelfTold:
    """What the letter keeps of its folder's words, with all that fills them in, and what it cites;
    ``told.content`` is all the rest."""
    row, content = told.row, told.content
    letter = told.case.procedure.words.letters[told.event.name]
    grounds = _grounds(row, told.event)
    reply = grounds.reply(content["basis"])
    if reply.value not in letter.replies:
        reply = next((kind for kind in ReplyKind if kind.value in letter.replies), reply)
    words, names = _words(letter, reply, "cause" in content), letter.names()
    found: SelfTold = {
        "words": words,
        "facts": letter_facts.facts(told, names),
        "cited": [_cited((grounds, case_choices.powers(row)), one) for one in content["basis"]],
    }
    if letter.replies and reply in grounds.replies:
        article = grounds.replies[reply]
        found["reply"] = {"kind": reply.value, "cited": letter_citations.of_ground(article)}
    if letter.to:
        found["to"] = str({**told.case.answers, **told.event.fields}.get(letter.to) or "")
    if any(one.provisional for one in told.case.main_clocks().values() if one.runs):
        found["provisional"] = True
    return found


def _grounds(row: CaseRow, event: CaseEvent) -> Grounds:
    """Those by which the act was judged: the end of a grant by those of its own day."""
    day = event.day if event.name in GRANT_TURNS else row.rules_day
    return in_force.grounds(row.jurisdiction, day)


def _words(letter: Letter, reply: ReplyKind, caused: bool) -> LetterWords:
    """The words of the folder; of several decisions that which was made, and none of the
    department's own where it was ``caused`` by what became of the entry."""
    caused_by = letter.caused if caused else {}
    return {
        "title": dict(letter.title),
        "short": dict(letter.short or letter.title),
        "opening": [dict(one) for one in letter.opening],
        "decision": dict(caused_by or letter.replies.get(reply.value) or letter.decision),
        "then": [dict(one) for one in letter.then],
        "remedy": dict(letter.remedy),
    }


def _cited(lists: Iterable[Grounds], words: str) -> CitedText:
    """A basis as the letter cites it: one of these lists with all that is known of it."""
    ground = next(filter(None, (one.named(words) for one in lists)), None)
    return letter_citations.of_ground(ground) if ground else {"words": words}


def _contact(body: str) -> LetterContact:
    """Where the issuer is reached, as far as it is known."""
    office, phone = contact_of(body)
    found: LetterContact = {}
    if office:
        found["office"] = office
    if phone:
        found["phone"] = phone
    return found


def _term(case: Case, event: CaseEvent) -> TermTold:
    """The term that this act ended, or else began: its last day, what it is for, and the article
    that sets it."""
    if event.name in BESIDE_REPLY:
        return {"due": "", "article": ""}
    answered = _answered(case, event)
    begun = case.main_clock() if answered is None else None
    clock = answered or (begun[1] if begun and begun[1].runs else None)
    if clock is None:
        return {"due": "", "article": ""}
    article = f"{clock.document} {clock.article}".strip()
    return {"due": clock.due.isoformat(), "article": article, "term": begun[0] if begun else ""}


def _answered(case: Case, event: CaseEvent) -> Running | None:
    """The limit that ran where the act was done, also where only an option opened it there."""
    command, states = case.procedure.commands.get(event.command), case.procedure.states
    sources = (command.source, *command.also_from.values()) if command else ()
    ran = {name for one in sources for state in one for name in states[state].clocks}
    found = [clock for name, clock in case.main_clocks().items() if name in ran]
    return max(found, key=lambda one: one.start, default=None)


def _judged(row: CaseRow, case: Case, event: CaseEvent) -> JudgementTold:
    """When the objection came, and until when the department has to decide anew."""
    running = [one for one in case.main_clocks().values() if one.runs]
    found: JudgementTold = {}
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
    if said is Adverse.NEVER:
        return None
    outcome = case.procedure.states[event.state].outcome
    if event.name in BESIDE_REPLY or outcome not in (Outcome.REFUSED, Outcome.PARTLY_GRANTED):
        return Against.DECIDED  # nothing is withheld: a condition, or the end of what was given
    grounds = _grounds(row, event)
    first = grounds.reconsidered_first(content["basis"])
    return Against.WITHHELD if first else Against.DECIDED


def _remedy(
    row: CaseRow, case: Case, event: CaseEvent, content: LetterContent
) -> RemedyTold:
    """What the applicant may still do on this portal, or that nobody here could answer him, and
    what the law gives him against whoever decided."""
    rules, against = case_rules.rules_now(row, case), _against(row, case, event, content)
    anew = event.name in BESIDE_REPLY  # an act of its own: an objection is to the reply before it
    found: RemedyTold = {"object_to": ""} if rules.vacant and not anew else {}
    until = None if anew else _objection_until(row, case, rules, event.day)
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
        paper = _grounds(row, event).on_paper(content["basis"])
        found["remedies"] = remedies.told(
            row.jurisdiction, office, against, event.day, on_paper=paper
        )
        if case.procedure.words.letters[event.name].adverse is Adverse.OWN_RECORD:
            found["own_record"] = letter_facts.provisions("own_record", "person_asks")
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
