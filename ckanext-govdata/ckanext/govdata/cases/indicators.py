"""What a supervisor counts of applications: each indicator with what it is a part of."""

from __future__ import annotations

from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from .. import now
from ..domain.refusal import Refusal
from ..rules import in_force
from ..rules.rule_view import describe_clause, describe_term
from .model import case

KIND = "open_application"


def indicators(session: Any, first: date, last: date, place: str = "") -> list[dict[str, Any]]:
    """The indicators of each jurisdiction, or of one, over the days from ``first`` to ``last``.

    What is open and overdue is counted as it is now, of what was received by the last day.
    """
    decided = sa.and_(
        case.c.outcome.is_not(None), case.c.open.is_(False), case.c.decided.between(first, last)
    )
    waiting = sa.and_(case.c.open, case.c.received <= last)
    counted = {
        "decided": decided,
        "in_time": sa.and_(decided, case.c.late.is_(False)),
        "refused": sa.and_(decided, case.c.outcome == "refused"),
        "waiting": waiting,
        "overdue": sa.and_(waiting, case.c.due < now.today()),
    }
    columns = [sa.func.count().filter(which).label(name) for name, which in counted.items()]
    query = sa.select(case.c.jurisdiction, *columns).where(case.c.kind == KIND)
    if place:
        query = query.where(case.c.jurisdiction == place)
    rows = session.execute(query.group_by(case.c.jurisdiction).order_by(case.c.jurisdiction))
    return [one for row in rows for one in _of_place(row, last)]


def _of_place(row: Any, day: date) -> list[dict[str, Any]]:
    term, refusal = _sources(row.jurisdiction, day)
    found = [
        ("answered_in_time", tk._("Applications answered in time"), row.in_time, row.decided, term),
        ("refused", tk._("Applications refused"), row.refused, row.decided, refusal),
        ("overdue", tk._("Open applications that are overdue"), row.overdue, row.waiting, term),
    ]
    return [
        {
            "jurisdiction": row.jurisdiction,
            "name": name,
            "title": title,
            "numerator": part,
            "denominator": whole,
            "rate": round(part / whole, 4) if whole else None,
            **source,
        }
        for name, title, part, whole, source in found
    ]


def _sources(place: str, day: date) -> tuple[dict[str, str], dict[str, str]]:
    """Document and article of the term of the answer, and of what a refusal needs."""
    rules = in_force.rulebook()
    term, refusal = rules.term(place, f"{KIND}.decide", day), rules.clause(place, "refusal", day)
    return (
        {} if isinstance(term, Refusal) else _source(describe_term(term)),
        {} if isinstance(refusal, Refusal) else _source(describe_clause(refusal)),
    )


def _source(described: dict[str, Any]) -> dict[str, str]:
    return {name: described[name] for name in ("document", "article")}
