"""Third parties are asked in writing (Regulations on Open Government Information 32): their days
count from the receipt of the letter, which the department notes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from .calendar import Calendar
from .case import Case
from .clock import Deadline, count_deadline
from .field_part import FieldPart
from .instrument import Term
from .refusal import Refusal

if TYPE_CHECKING:
    from .decision import Examined


def reached_on(case: Case, bound: Term, calendar: Calendar) -> date | Refusal:
    """From which day the term of whoever was reached last counts. As long as a letter is not noted
    as served, from the last day of ``bound`` after the last asking: so nobody's days are cut, and
    what is never noted does not wait for ever."""
    if len(case.served_on) >= len(case.asked_on):
        return max(case.served_on, default=case.last)
    last = count_deadline(calendar, case.asked_on[-1], bound.amount, bound.unit)
    return max((last.due, *case.served_on)) if isinstance(last, Deadline) else last


def check(examined: Examined) -> Iterator[Refusal]:
    """That a letter which is noted as served was written before, and not on a day that is yet to
    come: the check ``served_after_asking``. What was noted wrongly is noted once more."""
    case, procedure = examined.case, examined.case.procedure
    field = procedure.names_by_part(examined.command)[FieldPart.SERVED]
    said = str(procedure.by_part(examined.fields).get(FieldPart.SERVED, ""))
    day = date.fromisoformat(said)
    if day > examined.choices.today:
        yield Refusal("served_in_future", field, said)
    elif day < case.asked_on[0]:
        facts = {"first": case.asked_on[0].isoformat()}
        yield Refusal("served_before_asked", field, said, facts=facts)
