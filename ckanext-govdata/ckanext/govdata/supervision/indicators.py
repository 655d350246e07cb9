"""What a supervisor counts of applications: each indicator with what it is a part of."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from .. import now
from ..cases.case_figures import PlaceCount, by_place
from ..cases.engine.declared_procedures import decided_in_public
from ..database import Session
from ..domain.instrument import Asking
from ..domain.procedure import Applicant, Procedure
from ..domain.refusal import Refusal
from ..rules import in_force
from ..rules.answers import ClauseAnswer, TermAnswer
from ..rules.rule_view import describe_clause, describe_term
from ..speech.phrases import label


class Source(TypedDict, total=False):
    """Where it stands; empty where no text says it."""

    document: str
    article: str


class Indicator(Source):
    """A part of a whole, with the article that asks for it; no rate where the whole is none."""

    kind: str
    jurisdiction: str
    name: str
    title: str
    numerator: int
    denominator: int
    rate: float | None


def indicators(session: Session, first: date, last: date, place: str = "") -> list[Indicator]:
    """The indicators of each jurisdiction, or of one, over the days from ``first`` to ``last``.

    Of each procedure for itself: one rate never counts two kinds.
    """
    return [
        one
        for procedure in decided_in_public()
        for count in by_place(session, procedure.kind, first, last, now.today(), place)
        for one in _of_place(procedure, count, last)
    ]


def _of_place(procedure: Procedure, count: PlaceCount, day: date) -> list[Indicator]:
    main = procedure.term(procedure.main_clock)
    term, refusal = _sources(main, count.jurisdiction, day, procedure.applicants[0])
    found = [
        ("answered_in_time", count.in_time, count.decided, term),
        ("refused", count.refused, count.decided, refusal),
        ("overdue", count.overdue, count.waiting, term),
    ]
    return [
        {
            "kind": procedure.kind,
            "jurisdiction": count.jurisdiction,
            "name": name,
            "title": label(procedure.words.counted[name]),
            "numerator": part,
            "denominator": whole,
            "rate": round(part / whole, 4) if whole else None,
            **source,
        }
        for name, part, whole, source in found
    ]


def _sources(
    name: str, place: str, day: date, asker: Applicant
) -> tuple[Source, Source]:
    """Document and article of the term of the answer, and of what a refusal needs; of the term of
    those for whom the procedure is first of all."""
    rules = in_force.rulebook()
    term = rules.term(place, name, day, Asking(asker))
    refusal = rules.clause(place, "refusal", day)
    return (
        {} if isinstance(term, Refusal) else _source(describe_term(term)),
        {} if isinstance(refusal, Refusal) else _source(describe_clause(refusal)),
    )


def _source(described: TermAnswer | ClauseAnswer) -> Source:
    return {"document": described["document"], "article": described["article"]}
