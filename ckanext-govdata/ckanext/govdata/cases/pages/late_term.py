"""The last day that the law gives for an answer, where a nearer term is the portal's own."""

from __future__ import annotations

from datetime import date

import ckan.model as model

from ...domain.clock import Deadline, count_deadline
from ...domain.refusal import Refusal
from ...rules import in_force
from ..engine import case_rules, record


def statutory_end(case_id: str) -> date | None:
    """The last day by the outer limit of a higher text on the answer (Regulations on Open
    Government Information 33): counted from receipt, from the day on which what was missing came
    (30), without the days on which third parties were asked; ``None`` where none counts so, the
    term stands, or it was begun anew by whoever judged an objection."""
    row = record.row_of(model.Session, case_id)
    case = record.case_of(model.Session, row) if row else None
    main = case.main_clock() if case else None
    if row is None or case is None or main is None or case.received is None:
        return None
    name, clock = main
    ruling = case_rules.rules_of(row).term(case.procedure.term(name))
    if isinstance(ruling, Refusal) or clock.start != case.received or clock.paused_since:
        return None
    supplied = any(pause.last == case.accepted for pause in clock.pauses)
    start = case.accepted if supplied and case.accepted else case.received
    pauses = tuple(pause for pause in clock.pauses if pause.first > start)
    if (law := ruling.law) is None:
        return None
    more = law.most - law.amount if clock.extension else 0
    last = count_deadline(in_force.calendar(), start, law.amount, law.unit, pauses, more)
    return last.due if isinstance(last, Deadline) else None
