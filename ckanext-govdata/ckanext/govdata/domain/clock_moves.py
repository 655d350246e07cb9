"""What a command does to the clocks of a case: start, pause, go on, extend, stop."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

from .bound_rules import Rules
from .calendar import Calendar
from .case import Case, LatestDay, Running
from .ceiling import Ceiling
from .clock import Deadline, Pause, count_deadline
from .field_part import FieldPart
from .instrument import PORTAL, Instrument, Start, Term
from .locales import SIMPLIFIED
from .procedure import Clock, Command, Duty, Outcome, Role, Until
from .refusal import Refusal
from .ruling import TermRuling


def turn(
    case: Case,
    command: Command | None,
    rules: Rules,
    calendar: Calendar,
    today: date,
    owing: Collection[str] = (),
) -> Mapping[str, Running] | Refusal:
    """The clocks after a command (``None``: time itself); ``case`` stands in its new state. Where
    what the command owes is not there yet, the clocks of that are ``owing``."""
    found: dict[str, Running] = {}
    for name, declared in case.procedure.clocks.items():
        if declared.until:
            begins = name in owing
            if declared.until is Until.TOLD and not begins:
                clock = _telling(case, name, command, today)
            else:
                clock = _owed(case, declared, command if begins else None, rules, calendar, today)
        else:
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
    due, provisional, limit = deadline.due, deadline.provisional, None
    for latest in clock.latest:
        last = _last_day(latest, clock.extension, calendar)
        if isinstance(last, Refusal):
            return last
        if last.due < due:
            due, provisional, limit = last.due, last.provisional, latest
    return replace(clock, due=due, provisional=provisional, limit=limit)


def fulfilled(case: Case, today: date) -> Mapping[str, Running]:
    """The clocks once what was owed is there, or is owed no more."""
    done = {name: replace(clock, stopped=today) for name, clock in case.owed().items()}
    return {**case.clocks, **done}


def _telling(case: Case, name: str, command: Command | None, today: date) -> Running | None:
    """A clock that runs until each third party was told: until every letter was there, or has come
    back. Time reads no letters."""
    clock = case.clocks.get(name)
    waits = command is None or any(one.to_serve for one in case.party_letters)
    return clock if clock is None or clock.stopped or waits else replace(clock, stopped=today)


def _owed(
    case: Case,
    declared: Clock,
    command: Command | None,
    rules: Rules,
    calendar: Calendar,
    today: date,
) -> Running | Refusal | None:
    """A clock that runs until something comes about: begun by the command that owes it, by no
    state touched."""
    clock = case.clocks.get(declared.name)
    refused = case.procedure.states[case.state].outcome is Outcome.REFUSED
    if clock and not clock.stopped and refused:
        return replace(clock, stopped=today, dropped=True)  # nothing is owed any more
    if command is None or declared.name not in command.owes:
        return clock
    ruling = rules.term(case.procedure.term(declared.name))
    if isinstance(ruling, Refusal):
        return ruling
    former, term = case.clocks.get(declared.continues), ruling.term
    if former is None or term.start not in (Start.RECEIVED, Start.ACCEPTED):
        return recount(_running(ruling.source, term, today), calendar)
    begun = _running(ruling.source, term, former.start)
    counted = replace(_resumed(former, today), latest=former.latest)
    goes_on = replace(
        begun,
        extension=counted.extension,
        pauses=counted.pauses,
        latest=counted.latest,
        overdue_said=counted.overdue_said,
    )
    return recount(goes_on, calendar)


def _last_day(latest: LatestDay, extended: int, calendar: Calendar) -> Deadline | Refusal:
    extension = min(extended, latest.extension)
    return count_deadline(calendar, latest.start, latest.amount, latest.unit, (), extension)


def _turn_one(
    case: Case, name: str, command: Command | None, rules: Rules, calendar: Calendar, today: date
) -> Running | Refusal | None:
    state = case.procedure.states[case.state]
    clock = case.clocks.get(name)
    if command and name in command.restarts and name in state.clocks:
        clock = None
    # A last day that somebody set who judges is not moved by an act of whom he set it for.
    own = clock is not None and clock.own_rule and not clock.judged
    stands = own and name in state.stands_if_own
    if name in state.clocks or (name in state.stands_if_own and not stands):
        if clock is None or (clock.alone and case.accepted):
            anew = command is not None and name in command.restarts
            begun = _start(case, name, rules, calendar, today, anew)
            return _anew(case, name, command, begun, rules)
        if clock.paused_since is not None:
            return recount(_resumed(clock, today), calendar)
        if clock.stopped and case.procedure.clocks[name].returns:
            clock = replace(clock, stopped=None, dropped=False)
        if command and command.extends == name:
            return _extended(clock, rules.term(case.procedure.term(command.needs)), calendar)
        return clock
    if clock is None or clock.stopped:
        return clock
    if name in state.pauses or stands:
        return clock if clock.paused_since else replace(clock, paused_since=today)
    nobody = command is None or command.by == (Role.APPLICANT,)
    dropped = nobody and not state.open and state.outcome is None
    return recount(replace(_resumed(clock, today), stopped=today, dropped=dropped), calendar)


def _anew(
    case: Case,
    name: str,
    command: Command | None,
    begun: Running | Refusal | None,
    rules: Rules,
) -> Running | Refusal | None:
    """A clock that begins; where a command restarts a limit on the answer, its last day is no more
    what a text says: that counts from the application. So it is the portal's own rule, of as many
    days as the text gives; except that of a clock that ``repeats``."""
    if not isinstance(begun, Running) or command is None:
        return begun
    begun = replace(begun, judged=command.duty is Duty.JUDGE)
    again = name in command.restarts and name in case.clocks
    declared = case.procedure.clocks[name]
    restarted = again and declared.main and not declared.repeats
    if not restarted:
        return begun
    document = _document(rules.book.versions[PORTAL][-1])
    return replace(begun, own_rule=True, article="", document=document)


def _start(
    case: Case, name: str, rules: Rules, calendar: Calendar, today: date, anew: bool
) -> Running | Refusal | None:
    """A new clock; ``None`` while the day from which its term counts has not come, unless a higher
    text limits the answer from a day that has: then that limit runs alone."""
    ruling = rules.term(case.procedure.term(name))
    if isinstance(ruling, Refusal):
        return ruling
    former = case.clocks.get(name)
    again = anew or (former is not None and not former.alone)
    start = today if again else _start_day(case, ruling.term.start, today)
    awaits = case.procedure.clocks[name].awaits
    if awaits:
        return _awaiting(case, awaits, ruling, rules, calendar, today)
    limits = [(one, day) for one in ruling.latest if (day := _latest(case, one)) and not again]
    latest = tuple(day for _ceiling, day in limits)
    if start is not None:
        begun = _running(ruling.source, ruling.term, start)
        return recount(replace(begun, latest=latest), calendar)
    if not limits:
        return None
    ceiling, first = limits[0]
    alone = _running(ceiling.source, ceiling.term, first.start)
    return recount(replace(alone, latest=latest, alone=True), calendar)


def _awaiting(
    case: Case, awaits: str, ruling: TermRuling, rules: Rules, calendar: Calendar, today: date
) -> Running | Refusal:
    bound = rules.term(case.procedure.term(awaits))
    if isinstance(bound, Refusal):
        return bound
    reached = _reached_on(case, bound.term, calendar, today)
    if isinstance(reached, Refusal):
        return reached
    return recount(_running(ruling.source, ruling.term, reached), calendar)


def _reached_on(
    case: Case, bound: Term, calendar: Calendar, today: date
) -> date | Refusal:
    """From which day the term of whoever was reached last counts. As long as a letter is not noted
    as served, or came back, from the last day of ``bound`` after it: so nobody's days are cut, and
    what is never noted does not wait for ever. Whoever has answered, or whose letter came back,
    holds up nobody else's."""
    asked = [one for one in case.asked_parties if one.awaited] or case.asked_parties
    served = [one.served for one in asked if one.served]
    waiting = [one.asked for one in asked if not one.reached]
    if not waiting:
        return max(served, default=today)
    last = count_deadline(calendar, max(waiting), bound.amount, bound.unit)
    return max((last.due, *served)) if isinstance(last, Deadline) else last


def _running(source: Instrument, term: Term, start: date) -> Running:
    return Running(
        start=start,
        amount=term.amount,
        unit=term.unit,
        due=start,
        article=term.article,
        document=_document(source),
        own_rule=source.id == PORTAL,
        silence=term.on_lapse.value,
    )


def _latest(case: Case, ceiling: Ceiling) -> LatestDay | None:
    """A higher text's limit, where the case knows the day from which it counts."""
    days = {Start.RECEIVED: case.received, Start.ACCEPTED: case.accepted}
    start, term = days.get(ceiling.term.start), ceiling.term
    if start is None:
        return None
    more, document = term.most - term.amount, _document(ceiling.source)
    return LatestDay(start, term.amount, term.unit, more, term.article, document)


def _start_day(case: Case, start: Start, today: date) -> date | None:
    if start is Start.RECEIVED:
        return case.received
    if start is Start.ACCEPTED:
        return case.accepted
    said = case.procedure.by_part(case.answers).get(FieldPart.CHANGED)
    return date.fromisoformat(str(said)) if said and start is Start.CHANGED else today


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
    return recount(replace(clock, extension=clock.extension + ruling.term.amount), calendar)


def _document(source: Instrument) -> str:
    return source.number or source.document.get(SIMPLIFIED, "")
