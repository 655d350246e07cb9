"""Rules and deadlines as plain data, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import cast

import ckan.plugins.toolkit as tk

from ..domain.clock import Counted, Deadline, Rung, count_deadline
from ..domain.jurisdiction import Clause, Extension, Jurisdiction, Term
from ..domain.refusal import Refusal
from ..domain.rulebook import ClauseRuling, TermRuling
from ..speech import phrases
from ..speech.language import spoken
from . import in_force, sentences
from .answers import (
    ClauseAnswer,
    ClauseValues,
    DayAnswer,
    DeadlineAnswer,
    ExtensionAnswer,
    JurisdictionAnswer,
    SourceAnswer,
    TermAnswer,
)
from .deadline_question import Question

ANSWERS_TO = {"date": "received", "amount": "term"}
"""The field of the question that a refusal about another field is about."""


def explain(question: Question) -> DeadlineAnswer:
    """The due day with its counting; raises ``ValidationError`` where there is none."""
    rules = in_force.rulebook()
    ruling = rules.term(question.jurisdiction, question.term, question.received)
    if isinstance(ruling, Refusal):
        raise invalid(ruling)
    extension = _days_of_extension(question, ruling.term)
    deadline = count_deadline(
        in_force.calendar(),
        question.received,
        ruling.term.days,
        ruling.term.unit,
        question.pauses,
        extension,
    )
    if isinstance(deadline, Refusal):
        raise invalid(deadline)
    return {
        "jurisdiction": question.jurisdiction,
        **describe_term(ruling),
        "received": question.received.isoformat(),
        "pauses": [[p.first.isoformat(), p.last.isoformat()] for p in question.pauses],
        "extended": extension,
        "due": deadline.due.isoformat(),
        "provisional": deadline.provisional,
        "notes": notes(ruling, deadline),
        "days": [describe_day(day) for day in deadline.days],
    }


def invalid(refusal: Refusal) -> tk.ValidationError:
    """A refusal of the core as CKAN's error, with the field that was asked."""
    field = ANSWERS_TO.get(refusal.field, refusal.field) or "id"
    return tk.ValidationError({field: [sentences.refusal(refusal)]})


def _days_of_extension(question: Question, term: Term) -> int:
    if question.extended == 0:
        return 0
    if term.extension is None:
        facts = {"term": term.name}
        raise invalid(Refusal("term_not_extendable", "extended", "", term.article, facts))
    if question.extended is None:
        return term.extension.days
    if question.extended > term.extension.days:
        words = tk._("{value} days are too many: at most {most} may be added. ({article})")
        sentence = words.format(
            value=question.extended,
            most=term.extension.days,
            article=phrases.article(term.article),
        )
        raise tk.ValidationError({"extended": [sentence]})
    return question.extended


def notes(ruling: TermRuling, deadline: Deadline | None = None) -> list[str]:
    """What a reader must know besides the number."""
    found: list[str] = []
    if ruling.own_rule:
        found.append(tk._("Every text in force is silent here: this is the portal's own rule."))
    if not ruling.in_force:
        found.append(
            tk._("On that day no text was in force yet; the rule that came later is shown.")
        )
    for name in ruling.lapsed:
        words = tk._("The text of {place} has lapsed; the level above applies.")
        found.append(words.format(place=_place(name, deadline.start if deadline else None)))
    if deadline and deadline.provisional:
        found.append(
            tk._(
                "Provisional: the State Council has not announced the holidays of a year that "
                "was counted. Weekends and the statutory holidays were assumed."
            )
        )
    return found


def _place(name: str, day: date | None) -> str:
    rules = in_force.rulebook()
    version = rules.versions[name][-1] if day is None else rules.at(name, day)
    return name if isinstance(version, Refusal) else phrases.label(version.name)


def describe_day(day: Counted) -> DayAnswer:
    """One day of a count."""
    return {
        "date": day.date.isoformat(),
        "counts": day.counts,
        "why": day.why.value,
        "words": sentences.why(day),
        "number": day.number or None,
        "extension": day.extension,
        "festival": day.festival.value if day.festival else None,
        "notice": {"title": day.notice.title, "number": day.notice.number} if day.notice else None,
        "provisional": day.provisional,
    }


def describe_term(ruling: TermRuling) -> TermAnswer:
    """A term as it binds."""
    term = ruling.term
    return {
        "term": term.name,
        "title": sentences.terms().get(term.name, term.name),
        "working_days": term.days if term.unit.value == "working_days" else None,
        "calendar_days": term.days if term.unit.value == "calendar_days" else None,
        "from": term.start.value,
        "on_lapse": term.on_lapse.value,
        "extension": _describe_extension(term.extension),
        "article": term.article,
        "quote": term.quote,
        **_describe_source(ruling),
    }


def describe_clause(ruling: ClauseRuling) -> ClauseAnswer:
    """A rule that is not a clock, as it binds."""
    clause: Clause = ruling.clause
    values = {key: _plain(value) for key, value in clause.values.items()}
    return {
        "name": clause.name,
        "title": sentences.clauses().get(clause.name, clause.name),
        "article": clause.article,
        "quote": clause.quote,
        **cast(ClauseValues, values),
        **_describe_source(ruling),
    }


def describe_jurisdiction(place: Jurisdiction, day: date) -> JurisdictionAnswer:
    """A place and its document, without its rules."""
    force = place.in_force
    return {
        "id": place.id,
        "title": phrases.label(place.name),
        "name": dict(place.name),
        "level": place.level.value,
        "region": place.region,
        "extends": place.extends,
        "document": document_of(place),
        "document_title": dict(place.document),
        "document_number": place.number,
        "authority": dict(place.authority),
        "in_force": {
            "from": _from(place),
            "until": force.last.isoformat() if force.last else None,
            "article": force.article,
            "now": force.covers(day),
        },
        "prevails": place.prevails,
        "text_at_hand": place.text_at_hand,
        "notes": phrases.label(place.notes),
        "warnings": warnings_of(place, day),
    }


def _from(place: Jurisdiction) -> str | None:
    first = place.in_force.first
    if first and place.in_force.year_only:
        return str(first.year)
    return first.isoformat() if first else None


def warnings_of(place: Jurisdiction, day: date) -> list[str]:
    """What the operator has to see to."""
    found: list[str] = []
    if not place.text_at_hand:
        found.append(tk._("The operator has to fill in what this text sets."))
    for warning in in_force.lapsing(day):
        if warning.jurisdiction != place:
            continue
        if warning.days_left < 0:
            words = tk._("Lapsed on {day}: the level above applies until a new version is entered.")
        else:
            words = tk._("Lapses after {day}: {left} days left. A new version has to be entered.")
        found.append(words.format(day=warning.last.isoformat(), left=warning.days_left))
    return found


def document_of(place: Jurisdiction) -> str:
    """The document's title and number, as it is cited."""
    title = phrases.label(place.document)
    if spoken() == "en":
        return f"{title} ({place.number})" if place.number else title
    return f"《{title}》（{place.number}）" if place.number else f"《{title}》"


def _describe_source(ruling: TermRuling | ClauseRuling) -> SourceAnswer:
    return {
        "rule_from": ruling.source.id,
        "document": phrases.label(ruling.source.name)
        if ruling.own_rule
        else document_of(ruling.source),
        "own_rule": ruling.own_rule,
        "in_force": ruling.in_force,
        "lapsed": list(ruling.lapsed),
    }


def _describe_extension(extension: Extension | None) -> ExtensionAnswer | None:
    if extension is None:
        return None
    return {
        "days": extension.days,
        "consent_of": list(extension.consent_of),
        "once": extension.once,
    }


def _plain(value: object) -> object:
    """Values of a clause as JSON: the ladder's rungs become mappings."""
    if not isinstance(value, tuple):
        return value
    items: Iterable[str | Rung] = value
    return [item if isinstance(item, str) else vars(item) | {"to": list(item.to)} for item in items]
