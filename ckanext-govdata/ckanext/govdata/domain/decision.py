"""May this be done to this case, and what follows: the heart of the engine."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from . import clock_moves, duties, form, hindrance, owed_data
from .bound_rules import Rules
from .calendar import Calendar
from .case import Actor, Case, CaseEvent, accepted_on, letters_after
from .party_letter import choosable
from .permission import acting_as
from .procedure import Command, Procedure, Role
from .refusal import Refusal, Refused


@dataclass(frozen=True)
class Examined:
    """What a named check looks at: a command with its clean fields, not given yet.

    ``row`` is where the glue's own checks find the case in the database; pure ones need none.
    """

    case: Case
    command: Command
    fields: Mapping[str, Any]
    choices: form.Choices
    row: Any = None
    role: Role | None = None
    """In which whoever gives it acts."""


def decide(
    case: Case,
    command: str,
    fields: Mapping[str, object],
    actor: Actor,
    rules: Rules,
    calendar: Calendar,
    choices: form.Choices,
    row: Any = None,
) -> CaseEvent | Refused:
    """The event that follows from a command on ``choices.today``, or why it may not be.

    Permission is checked before anything that was typed is looked at. ``row`` is handed on to
    the checks that the command names.
    """
    asked = case.procedure.commands.get(command)
    if asked is None:
        return Refused((Refusal("unknown_command", "command", command[:100]),))
    rules = with_ways_out(rules, choices.hindrances)
    refusal = next(
        objections(case, asked, actor, rules, choices.today, choices.hindrances), None
    )
    if refusal:
        return Refused((refusal,))
    role = acting_as(asked, case, actor)
    cleaned, problems = _cleaned(case, asked, fields, choices, row, role)
    if problems:
        return Refused(problems)
    return _event(case, asked, cleaned, actor, rules, calendar, choices)


def _cleaned(
    case: Case,
    asked: Command,
    fields: Mapping[str, object],
    choices: form.Choices,
    row: Any,
    role: Role | None,
) -> tuple[dict[str, Any], tuple[Refusal, ...]]:
    """The fields in their proper types, and what is wrong with them, one by one or together."""
    wanted = list(case.procedure.asked(asked))
    if asked.partial:
        return form.keep(wanted, fields, choices)
    may_be = choosable(case.party_letters, case.procedure.names_by_part(asked))
    letters = frozenset(str(one.number) for one in may_be)
    open_to = replace(form.among(choices, wanted, case.answers), party_letters=letters)
    cleaned, problems = form.clean(wanted, fields, open_to, optional=frozenset(asked.optional))
    examined = Examined(case, asked, cleaned, open_to, row, role)
    problems = problems or tuple(checked(asked.checks, examined)) or tuple(_proposed(examined))
    return cleaned, problems


def checked(names: Collection[str], examined: Examined) -> Iterator[Refusal]:
    """What the checks of these names find."""
    for name in names:
        yield from examined.case.procedure.checks[name](examined)


def with_ways_out(rules: Rules, hindrances: Collection[Refusal]) -> Rules:
    """The rules under which a case that cannot be granted any more can be ended."""
    if not hindrances:
        return rules
    return replace(rules, options=rules.options | {hindrance.OPTION})


def _proposed(examined: Examined) -> Iterator[Refusal]:
    """What stands against the command that is proposed to somebody else."""
    procedure = examined.case.procedure
    for item in procedure.asked(examined.command):
        command = procedure.commands.get(str(examined.fields.get(item.name)))
        if item.proposes and command:
            for one in hindrance.against(procedure, command, examined.choices.hindrances):
                yield replace(one, field=item.name)


def objections(
    case: Case,
    command: Command,
    actor: Actor,
    rules: Rules,
    today: date,
    hindrances: Collection[Refusal] = (),
) -> Iterator[Refusal]:
    """Why somebody may not give a command now, before its fields are looked at."""
    possible = list(case.procedure.commands_from(case.state, rules.options))
    if command not in possible:
        his = [item.name for item in possible if acting_as(item, case, actor)]
        facts = {"state": case.state, "possible": " ".join(his)}
        yield Refusal("wrong_state", "command", command.name, facts=facts)
    else:
        role = acting_as(command, case, actor)
        if role is None:
            facts = {"roles": " ".join(role.value for role in command.by)}
            yield Refusal("wrong_role", "command", command.name, facts=facts)
        elif refusal := _bar(case, command, actor, role, rules):
            yield refusal
    yield from _objections_of_time(case, command, rules, today)
    yield from hindrance.against(case.procedure, command, hindrances)


def _objections_of_time(
    case: Case, command: Command, rules: Rules, today: date
) -> Iterator[Refusal]:
    """Given once already, itself or what it asks for, without the term that it needs, past its last
    day, or before the past."""
    once = (one for one in (command, *case.procedure.asked_of_others(command)) if one.once)
    if given := next((one.name for one in once if one.name in case.given), ""):
        yield Refusal("already_given", "command", given)
    needed = rules.term(case.procedure.term(command.needs)) if command.needs else None
    if isinstance(needed, Refusal):
        yield needed
    clock = case.clocks.get(command.within)
    if command.within and (clock is None or clock.late(today)):
        # A case from before there was such a clock has no such time.
        article, due = (clock.article, clock.due) if clock else ("", case.last)
        yield Refusal("too_late", "command", command.name, article, {"due": due.isoformat()})
    yield from _parties_unheard(case, command, today)
    if today < case.last:
        yield Refusal(
            "clock_moved_back", "day", today.isoformat(), facts={"last": case.last.isoformat()}
        )


def _parties_unheard(case: Case, command: Command, today: date) -> Iterator[Refusal]:
    """That a command does what time does once the days of third parties are over, before each has
    answered (Regulations on Open Government Information 32: who still has days is not silent). A
    letter that came back awaits nothing: whoever decides is told that it could not be delivered."""
    state = case.procedure.states.get(case.state)
    lapse = state.lapses if state else None
    clock = case.clocks.get(lapse.clock) if lapse else None
    if lapse is None or clock is None or lapse.event != command.event:
        return
    answered = [one for one in case.asked_parties if one.answer]
    if case.awaits_parties and not clock.late(today):
        facts = {
            "asked": str(len(case.asked_parties)),
            "answered": str(len(answered)),
            "due": clock.due.isoformat(),
        }
        yield Refusal("parties_not_heard", "command", command.name, clock.article, facts)


def commands_now(
    case: Case,
    actor: Actor,
    rules: Rules,
    today: date,
    hindrances: Collection[Refusal] = (),
) -> list[Command]:
    """What this person may do now; pages, API and permission checks all read it."""
    rules = with_ways_out(rules, hindrances)
    return [
        command
        for command in case.procedure.commands.values()
        if next(objections(case, command, actor, rules, today, hindrances), None) is None
    ]


def barred(case: Case, actor: Actor, rules: Rules) -> list[Refusal]:
    """Why this person may not give commands that are open and of his role: duties are apart."""
    found: list[Refusal] = []
    for command in case.procedure.commands_from(case.state, rules.options):
        role = acting_as(command, case, actor)
        refusal = _bar(case, command, actor, role, rules) if role else None
        if refusal:
            found.append(refusal)
    return found


def _bar(
    case: Case, command: Command, actor: Actor, role: Role, rules: Rules
) -> Refusal | None:
    holder = case.procedure.states[command.to].holder if command.to else None
    if holder in rules.vacant:
        code = "nobody_answers" if holder is Role.OBJECTION_BODY else "no_common_superior"
        return Refusal(code, "command", command.name)
    if command.heads_alone and role not in actor.leads:
        return Refusal("wrong_role", "command", command.name, facts={"roles": Role.HEAD.value})
    if command.extends and (
        refusal := _others_consent(case, command, actor, role, rules)
    ):
        return refusal
    return duties.conflict(case, command, actor, role, rules.options)


def _others_consent(
    case: Case, command: Command, actor: Actor, role: Role, rules: Rules
) -> Refusal | None:
    """That a term is extended by the consent of others (``consent_of``): of the head of the
    department, or of the head of another body, never of somebody who only works there."""
    ruling = rules.term(case.procedure.term(command.extends))
    named = consents_of(case.procedure, command, rules)
    if isinstance(ruling, Refusal) or not named:
        return None
    if role.value in named and (role is Role.HEAD or role in actor.leads):
        return None
    facts = {"roles": " ".join(HEADS.get(name, name) for name in named)}
    return Refusal("wrong_role", "command", command.name, ruling.term.article, facts)


def consents_of(procedure: Procedure, command: Command, rules: Rules) -> tuple[str, ...]:
    """Whose consent the text names to an extension; nobody's where it leaves that open."""
    ruling = rules.term(procedure.term(command.extends))
    extension = None if isinstance(ruling, Refusal) else ruling.term.extension
    return tuple(extension.consent_of) if extension else ()


HEADS = {Role.AUTHORITY.value: "authority_head"}
"""What refusals call the head of a body whose consent is asked for."""


def _event(
    case: Case,
    command: Command,
    fields: Mapping[str, object],
    actor: Actor,
    rules: Rules,
    calendar: Calendar,
    choices: form.Choices,
) -> CaseEvent | Refused:
    role, today = acting_as(command, case, actor), choices.today
    state = command.to or case.state
    moved = replace(
        case,
        state=state,
        received=today if command.receives else case.received,
        accepted=accepted_on(case, today) if command.accepts else case.accepted,
        party_letters=letters_after(case, fields, today, role.value if role else ""),
        answers={**case.answers, **fields} if command.form else case.answers,
    )
    owing = owed_data.owing(moved, command, fields, choices.fetchable)
    clocks = clock_moves.turn(moved, command, rules, calendar, today, owing)
    if isinstance(clocks, Refusal):
        return Refused((clocks,))
    name, place = (role.value, actor.places.get(role, "")) if role else ("", "")
    return CaseEvent(
        command.event, today, state, actor.id, name, command.name, fields, clocks, place
    )
