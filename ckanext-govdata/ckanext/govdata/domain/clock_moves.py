"""What a command does to the clocks of a case: start, pause, go on, extend, stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from .bound_rules import Rules
from .calendar import Calendar
from .case import Case, Running
from .clock import Pause, count_deadline
from .jurisdiction import Start
from .locales import SIMPLIFIED
from .procedure import Command
from .refusal import Refusal
from .rulebook import TermRuling


def turn(
    case: Case, command: Command | None, rules: Rules, calendar: Calendar, today: date
) -> Mapping[str, Running] | Refusal:
    """The clocks after a command (``None``: time itself); ``case`` stands in its new state."""
    found: dict[str, Running] = {}
    for name in case.procedure.clocks:
        clock = _turn_one(case, name, command, rules, calendar, today)
        if isinstance(clock, Refusal):
            return clock
        if clock:
            found[name] = clock
    return found


def recount(clock: Running, calendar: Calendar) -> Running | Refusal:
    """The clock with its due day counted anew: after a pause, an extension, a new notice."""
    deadline = count_deadline(
        calendar, clock.start, clock.amount, clock.unit, clock.pauses, clock.extension
    )
    if isinstance(deadline, Refusal):
        return deadline
    return replace(clock, due=deadline.due, provisional=deadline.provisional)


def _turn_one(
    case: Case, name: str, command: Command | None, rules: Rules, calendar: Calendar, today: date
) -> Running | Refusal | None:
    state = case.procedure.states[case.state]
    clock = case.clocks.get(name)
    if command and name in command.restarts:
        clock = None
    if name in state.clocks:
        if clock is None:
            return _start(case, name, rules, calendar, today)
        if clock.paused_since is not None:
            return recount(_resumed(clock, today), calendar)
        if command and command.extends == name:
            return _extended(clock, rules.term(case.procedure.term(command.needs)), calendar)
        return clock
    if clock is None or clock.stopped:
        return clock
    if name in state.pauses:
        return clock if clock.paused_since else replace(clock, paused_since=today)
    return recount(replace(_resumed(clock, today), stopped=today), calendar)


def _start(
    case: Case, name: str, rules: Rules, calendar: Calendar, today: date
) -> Running | Refusal | None:
    """A new clock; ``None`` while the day from which its term counts has not come."""
    ruling = rules.term(case.procedure.term(name))
    if isinstance(ruling, Refusal):
        return ruling
    again = name in case.clocks  # a clock that an order restarts counts from the order
    start = today if again else _start_day(case, ruling.term.start, today)
    if start is None:
        return None
    term = ruling.term
    return recount(
        Running(
            start=start,
            amount=term.days,
            unit=term.unit,
            due=start,
            article=term.article,
            document=_document(ruling),
            own_rule=ruling.own_rule,
            silence=term.on_lapse.value,
        ),
        calendar,
    )


def _start_day(case: Case, start: Start, today: date) -> date | None:
    if start is Start.RECEIVED:
        return case.received
    if start is Start.ACCEPTED:
        return case.accepted
    return today


def _resumed(clock: Running, today: date) -> Running:
    """End a pause, if any: its first day still counted whole, its last one did not."""
    since = clock.paused_since
    if since is None:
        return clock
    pauses = clock.pauses
    if today > since:
        pauses = (*pauses, Pause(since + timedelta(days=1), today))
    return replace(clock, paused_since=None, pauses=pauses)


def _extended(
    clock: Running, ruling: TermRuling | Refusal, calendar: Calendar
) -> Running | Refusal:
    if isinstance(ruling, Refusal):
        return ruling
    return recount(replace(clock, extension=clock.extension + ruling.term.days), calendar)


def _document(ruling: TermRuling) -> str:
    return ruling.source.number or ruling.source.document.get(SIMPLIFIED, "")
