"""What a supervisor counts of applications: each indicator with what it is a part of."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict

import ckan.plugins.toolkit as tk

from .. import now
from ..cases.case_figures import PlaceCount, by_place
from ..domain.refusal import Refusal
from ..rules import in_force
from ..rules.answers import ClauseAnswer, TermAnswer
from ..rules.rule_view import describe_clause, describe_term

KIND = "open_application"


class Source(TypedDict, total=False):
    """Where it stands; empty where no text says it."""

    document: str
    article: str


class Indicator(Source):
    """A part of a whole, with the article that asks for it; no rate where the whole is none."""

    jurisdiction: str
    name: str
    title: str
    numerator: int
    denominator: int
    rate: float | None


def indicators(session: Any, first: date, last: date, place: str = "") -> list[Indicator]:
    """The indicators of each jurisdiction, or of one, over the days from ``first`` to ``last``."""
    counts = by_place(session, KIND, first, last, now.today(), place)
    return [one for count in counts for one in _of_place(count, last)]


def _of_place(count: PlaceCount, day: date) -> list[Indicator]:
    term, refusal = _sources(count.jurisdiction, day)
    in_time, refused = tk._("Applications answered in time"), tk._("Applications refused")
    overdue = tk._("Open applications that are overdue")
    found = [
        ("answered_in_time", in_time, count.in_time, count.decided, term),
        ("refused", refused, count.refused, count.decided, refusal),
        ("overdue", overdue, count.overdue, count.waiting, term),
    ]
    return [
        {
            "jurisdiction": count.jurisdiction,
            "name": name,
            "title": title,
            "numerator": part,
            "denominator": whole,
            "rate": round(part / whole, 4) if whole else None,
            **source,
        }
        for name, title, part, whole, source in found
    ]


def _sources(place: str, day: date) -> tuple[Source, Source]:
    """Document and article of the term of the answer, and of what a refusal needs."""
    rules = in_force.rulebook()
    term, refusal = rules.term(place, f"{KIND}.decide", day), rules.clause(place, "refusal", day)
    return (
        {} if isinstance(term, Refusal) else _source(describe_term(term)),
        {} if isinstance(refusal, Refusal) else _source(describe_clause(refusal)),
    )


def _source(described: TermAnswer | ClauseAnswer) -> Source:
    return {"document": described["document"], "article": described["article"]}
