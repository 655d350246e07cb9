"""What time itself does to a case: overdue, lapse, consent by silence, a recounted day.

Each event is dated to the day on which it became true, however late the sweep that
finds it runs; a second sweep finds nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from . import clock_moves
from .bound_rules import Rules
from .calendar import Calendar
from .case import ACCEPTED, Case, CaseEvent, Running, apply
from .clock import is_overdue
from .procedure import Lapse
from .refusal import Refusal

OVERDUE = "overdue"
UNPROVIDED = "unprovided"
"""What was granted cannot be fetched, though its last day is over."""
LAPSED = "lapsed"
RECOUNTED = "recounted"
CONSENTED = "consented_by_silence"


class Unjudgeable(LookupError):
    """What a case needs to be judged is missing; the operator can put it back. No bug."""


def elapse(case: Case, rules: Rules, calendar: Calendar, today: date) -> tuple[CaseEvent, ...]:
    """The events that are due by ``today`` and have not been written yet, oldest first.

    Raises ``Unjudgeable`` where the state into which the case lapses has a clock without a term:
    its rules are broken, and a case that stood still for that would never be missed.
    """
    found: list[CaseEvent] = []
    for name, clock in sorted(case.clocks.items(), key=lambda item: item[1].due):
        if clock.runs and is_overdue(clock.due, today) and case.clocks[name].runs:
            event = _ran_out(case, name, clock, rules, calendar)
            if event:
                found.append(event)
                case = apply(case, event)
    return tuple(found)


def recounted(case: Case, calendar: Calendar) -> CaseEvent | None:
    """The event that moves due days after a new notice of working days, if any moves."""
    clocks: dict[str, Running] = {}
    for name, clock in case.clocks.items():
        fresh = clock if clock.stopped else clock_moves.recount(clock, calendar)
        clocks[name] = clock if isinstance(fresh, Refusal) else fresh
    if clocks == case.clocks:
        return None
    moved = {
        name: clock.due.isoformat()
        for name, clock in clocks.items()
        if clock.due != case.clocks[name].due
    }
    return CaseEvent(RECOUNTED, case.last, case.state, fields={"due": moved}, clocks=clocks)


def happened(lapse: Lapse) -> str:
    """What it is called when a case goes on by itself."""
    return lapse.event or (CONSENTED if lapse.silence else LAPSED)


def _ran_out(
    case: Case, name: str, clock: Running, rules: Rules, calendar: Calendar
) -> CaseEvent | None:
    state = case.procedure.states[case.state]
    true_since = max(clock.due + timedelta(days=1), case.last)
    lapse = state.lapses
    silence = "" if clock.limit else clock.silence  # a higher text's limit gives silence no meaning
    if lapse and lapse.clock == name and lapse.silence in ("", silence):
        accepted = clock.due if lapse.accepts else case.accepted
        moved = replace(case, state=lapse.to, accepted=accepted)
        # Where time alone leads on, it did so at the end of the last day; any other end is noticed.
        moment = max(clock.due, case.last) if lapse.event else true_since
        clocks = clock_moves.turn(moved, None, rules, calendar, moment)
        if isinstance(clocks, Refusal):
            raise Unjudgeable(f"{lapse.to}: {clocks.code} ({clocks.value})")
        fields = {"clock": name} | ({ACCEPTED: clock.due.isoformat()} if lapse.accepts else {})
        return CaseEvent(happened(lapse), true_since, lapse.to, fields=fields, clocks=clocks)
    if clock.overdue_said or not case.open or not case.procedure.clocks[name].main:
        return None
    said = {**case.clocks, name: replace(clock, overdue_said=True)}
    return CaseEvent(
        UNPROVIDED if case.procedure.clocks[name].until else OVERDUE,
        true_since,
        case.state,
        clocks=said,
        fields={"clock": name, "due": clock.due.isoformat(), "article": clock.article},
    )
