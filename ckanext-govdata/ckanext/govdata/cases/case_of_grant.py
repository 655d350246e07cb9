"""What follows in its case from a grant that is ended, suspended or given back: an event, and where
it is taken back a letter with reason and remedies, for that is a decision against its holder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import ckan.model as model

from .. import now
from ..access import grant_news
from ..access.grants import GrantRow
from ..database import Session
from ..departments import tree
from ..domain import terms_clause
from ..domain.case import CAUSE, GRANT_LIFTED, GRANT_REVOKED, GRANT_SUSPENDED, CaseEvent
from ..domain.field_part import FieldPart
from ..domain.ground import ReplyKind
from ..domain.procedure import Role
from ..domain.refusal import Refusal
from ..forms import refusals
from ..ledger import book
from ..notices.notice import tell
from ..rules import in_force
from . import arrived_data, defence, refusal_sentences
from .effects import EffectContext
from .engine import declared_procedures, event_rows, record
from .model import CaseRow
from .pages import letters
from .terms import Terms, of_version

EVENTS = {"revoked": GRANT_REVOKED, "suspended": GRANT_SUSPENDED, "lifted": GRANT_LIFTED}


def lock(session: Session, case_id: str) -> None:
    """Hold the case before its grant, in the order in which its commands take them."""
    record.locked(session, case_id)


def note_decision(
    session: Session, grant: GrantRow, how: str, reason: str, basis: list[str],
    more: Mapping[FieldPart, str], actor_id: str,
) -> None:
    """Keep in the case, which is held, what its head has done with the grant (``how``: ``revoked``,
    ``suspended`` or ``lifted``), with the letter, and tell everybody who may use it.

    ``more`` is the record of a hearing, or what is new since an earlier suspension. Raises
    ``ValidationError`` where the ``basis`` is none, where the holder was not heard
    though he was promised so, where nothing is new, and where no file declares the case's
    procedure any more: nobody decides against somebody without telling him why and what he may do.
    """
    cited = [] if how == "lifted" else _judged(session, grant, how, basis)
    row = record.seen(session, grant.case_id)
    if how == "revoked":
        defence.check(session, row, grant.terms_version, more)
    elif how == "suspended" and (chained := defence.suspended_anew(session, row, more)):
        raise refusals.invalid([chained])
    event = EVENTS[how]
    said = {FieldPart.REASON: reason, FieldPart.BASIS: cited, **more}
    try:
        moment = _append(session, grant, CaseEvent(event, now.today(), "", actor_id,
                                                   Role.HEAD.value), said)  # fmt: skip
    except declared_procedures.Undeclared:
        raise refusal_sentences.undeclared() from None
    key = f"{moment.row.id}:{moment.case.events}:{event}"
    moment.tellings.extend(grant_news.to_users(session, grant, event, key))
    tell(session, moment.tellings)
    moment.tellings.clear()
    record.close(moment)
    arrived_data.follow(session, moment.row, moment.case.procedure)


def _judged(session: Session, grant: GrantRow, how: str, basis: list[str]) -> list[str]:
    """The basis as the letter cites it: grounds that withhold, as they bind the department that
    ends the grant, or clauses of the terms under which it was given. Raises
    ``ValidationError``."""
    row = _issuer(record.seen(session, grant.case_id))
    grounds = in_force.grounds(row.jurisdiction, now.today())
    terms = of_version(grant.terms_version)
    clauses = terms.clauses if terms else 0
    problems = [Refusal("missing", "basis")] if not basis else []
    found: list[str] = []
    for words in basis:
        ground = grounds.named(words)
        if terms_clause.named(words):
            judged = terms_clause.judge(words, grant.terms_version, clauses)
        elif ground and ground.reply is not ReplyKind.WITHHELD:
            judged = Refusal("ground_ends_no_grant", value=words)
        else:
            judged = grounds.judge(words)
        if isinstance(judged, Refusal):
            facts = {**judged.facts, "version": grant.terms_version, "most": str(clauses)}
            problems.append(replace(judged, field="basis", facts=facts))
        else:
            found.append(judged)
    alone = None if problems else grounds.together(found) or _together(found, terms, how)
    if alone:
        problems.append(replace(alone, field="basis"))
    if problems:
        raise refusals.invalid(problems)
    return found


def _together(cited: list[str], terms: Terms | None, how: str) -> Refusal | None:
    """What is wrong with them as a whole: clauses that only say how a grant ends end none, and
    what ends one is not always what suspends it."""
    numbers = [terms_clause.number_of(one, terms.clauses) for one in cited] if terms else []
    carry = (terms.suspends if how == "suspended" else terms.ends) if terms else frozenset[int]()
    if terms and all(number and number not in carry for number in numbers):
        return Refusal("clause_not_alone", value="、".join(cited))
    return None


def lift_by_itself(session: Session, grant: GrantRow) -> bool:
    """Note in the case, which is held, that the suspension has ended because nothing was decided
    within its term, with a letter that says so, and tell everybody who may use the grant; whether
    the case could be told."""
    event = CaseEvent(GRANT_LIFTED, now.today(), "", fields={CAUSE: TERM_OVER})
    try:
        moment = _append(session, grant, event, {})
    except declared_procedures.Undeclared:
        return False
    key = f"{moment.row.id}:{moment.case.events}:{RESUMED}"
    tell(session, grant_news.to_users(session, grant, RESUMED, key))
    record.close(moment)
    return True


RESUMED, TERM_OVER = "grant_resumed", "term_over"
"""What is told of it, and what caused it."""


def note_cause(
    session: Session, grant: GrantRow, how: str, cause: str, basis: list[str], actor_id: str
) -> bool:
    """The same where its entry was the ``cause``, and gives the ``basis``; whether a letter was
    written. Who has to know is told by whoever saw it. A case that no file declares any more keeps
    nothing of it: the grant and the ledger do."""
    event = CaseEvent(EVENTS[how], now.today(), "", actor_id, fields={CAUSE: cause})
    try:
        moment = _append(session, grant, event, {FieldPart.BASIS: basis})
    except declared_procedures.Undeclared:
        return False
    record.close(moment)
    return any(one.action == "letter_written" for one in moment.entries)


def _append(
    session: Session, grant: GrantRow, said: CaseEvent, parts: Mapping[FieldPart, object]
) -> EffectContext:
    """Append the event with its letter, if its procedure has words for one; to be closed. Raises
    ``Undeclared``."""
    row = record.seen(session, grant.case_id)
    procedure, rows = declared_procedures.procedure_of(row), record.events_of(session, row.id)
    if not declared_procedures.goes_on(procedure, rows):
        raise declared_procedures.Undeclared(f"no file declares a command of case {row.id}")
    case = event_rows.case_of(procedure, row, rows)
    names = {item.part: item.name for item in procedure.fields.values() if item.part}
    told = {names[part]: value for part, value in parts.items() if value and part in names}
    event = replace(said, day=max(said.day, case.last), state=case.state, clocks=case.clocks,
                    fields={**said.fields, **told})  # fmt: skip
    moment = record.append(session, row, case, event)
    if event.name in procedure.words.letters and event.fields.get(CAUSE) not in FAVOURABLE:
        reference, issuer = row.reference or "", _issuer(moment.row)
        digest = letters.write(session, issuer, reference, moment.case, event, {})
        facts = {"digest": digest}
        moment.entries.append(book.LedgerEntry("letter_written", "case", row.id, "", facts))
    return moment


FAVOURABLE = ("open_to_all",)
"""Causes that take nothing from whoever holds the grant: what everybody may have, he may."""


def _issuer(row: CaseRow) -> CaseRow:
    """The case as that of the department that provides the entry now, in its place: its head ends
    the grant, and what may be done against that is asked there. One that is not there any more
    signs nothing."""
    entry = model.Package.get(row.package_id)
    known = tree.provider(entry.owner_org) if entry and entry.owner_org else None
    if entry is None or known is None:
        return row
    title, place = known
    its = {"organization_id": entry.owner_org, "organization_title": title, "jurisdiction": place}
    return record.moved(row, its)
