"""When an answer is due, as plain data in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import ckan.plugins.toolkit as tk

from ..domain.ceiling import Ceiling
from ..domain.clock import Counted, Deadline, Pause, Why, count_deadline
from ..domain.instrument import Asking, ShareType, Term
from ..domain.procedure import Applicant
from ..domain.refusal import Refusal
from ..domain.rule_steps import open_questions
from ..domain.ruling import TermRuling
from ..speech import phrases
from . import in_force, sentences
from .answers import DayAnswer, DeadlineAnswer
from .deadline_question import DeadlineQuestion, read_day
from .rule_reasons import cited, describe_ceiling, share_types, yielding
from .rule_view import describe_term

ANSWERS_TO = {"date": "received", "amount": "term"}
"""The field of the question that a refusal about another field is about."""


def explain_deadline(question: DeadlineQuestion) -> DeadlineAnswer:
    """The due day with its counting; raises ``ValidationError`` where there is none."""
    asking = binding_asking(
        question.jurisdiction,
        question.term,
        question.received,
        question.asker,
        question.share_type,
    )
    rules = in_force.rulebook()
    ruling = rules.term(question.jurisdiction, question.term, question.received, asking)
    if isinstance(ruling, Refusal):
        raise invalid(ruling)
    extension = _more(question, ruling)
    deadline, limit = _earliest(question, ruling, extension)
    return {
        "jurisdiction": question.jurisdiction,
        "asker": asking.asker.value,
        "share_type": asking.share_type.value,
        "latest_from": question.latest_from.isoformat() if question.latest_from else None,
        "limit": cited(limit.source, limit.term.article) if limit else "",
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


def _earliest(
    question: DeadlineQuestion, ruling: TermRuling, extension: int
) -> tuple[Deadline, Ceiling | None]:
    """The count that ends first: of the term itself, or of a higher text's limit, where it is told
    from which day that counts."""
    term = ruling.term
    found = _counted(question.received, term, question.pauses, extension), None
    for limit in ruling.latest if question.latest_from else ():
        most = min(extension, limit.term.most - limit.term.amount)
        other = _counted(question.latest_from or question.received, limit.term, (), most)
        if other.due < found[0].due:
            found = other, limit
    return found


def _counted(start: date, term: Term, pauses: Sequence[Pause], extension: int) -> Deadline:
    counted = count_deadline(
        in_force.calendar(), start, term.amount, term.unit, pauses, extension
    )
    if isinstance(counted, Refusal):
        raise invalid(counted)
    return counted


def binding_asking(
    jurisdiction: str, name: str, day: date, asker: Applicant | None, share_type: ShareType | None
) -> Asking:
    """Who asks; raises ``ValidationError`` with what has to be told where the term depends on it,
    and for a text under which no department is."""
    rules = in_force.rulebook()
    if jurisdiction in rules.versions and jurisdiction not in rules.ids():
        known = ", ".join(rules.ids())
        facts = {"known": known}
        raise invalid(Refusal("jurisdiction_unknown", "jurisdiction", jurisdiction, facts=facts))
    missing = open_questions(rules, jurisdiction, name, day, asker, share_type)
    if missing:
        told = {
            "asker": tk._("The term depends on who asks: {known}."),
            "share_type": tk._("The term depends on the share type: {known}."),
        }
        known = {"asker": sentences.askers(), "share_type": share_types()}
        raise tk.ValidationError({
            field: [told[field].format(known=sentences.listed(known[field].values()))]
            for field in missing
        })
    whoever = Asking()
    return Asking(asker or whoever.asker, share_type or whoever.share_type)


def depends_on(asked: Mapping[str, object]) -> tuple[str, ...]:
    """On which of ``asker`` and ``share_type`` the term of a form depends, as far as it can be
    read: nothing is refused here."""
    try:
        day = read_day(asked.get("received"))
    except ValueError:
        return ()
    place, term = (str(asked.get(name) or "") for name in ("jurisdiction", "term"))
    return open_questions(in_force.rulebook(), place, term, day)


def _more(question: DeadlineQuestion, ruling: TermRuling) -> int:
    term = ruling.term
    if question.extended == 0:
        return 0
    if term.extension is None:
        facts, article = {"term": term.name}, ruling.article_against_extension
        raise invalid(Refusal("term_not_extendable", "extended", "", article, facts))
    if question.extended is None:
        return term.extension.amount
    if question.extended > term.extension.amount:
        words = tk._("{value} days are too many: at most {most} may be added. ({article})")
        sentence = words.format(
            value=question.extended,
            most=term.extension.amount,
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
    found.extend(sentences.joined([yielding(gone)]) for gone in ruling.yields)
    found.extend(sentences.joined([describe_ceiling(one)["words"]]) for one in ruling.latest)
    if deadline and any(day.why is Why.PAUSE for day in deadline.days):
        found.append(
            tk._("That the clock stood during the pause is this portal's own rule; no article of "
                 "the text says so.")
        )  # fmt: skip
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


