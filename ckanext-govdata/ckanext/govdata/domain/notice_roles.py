"""Who is told of an event of a case, by the effects that its command names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .procedure import Command, Procedure, Role

SEND_NOTICE = "send_notice"
SEND_RECEIPT = "send_receipt"
RECEIVED = "received"
"""What the applicant is told by a receipt, in writing although he did it himself."""
ARRIVED = "arrived"
"""What those are told by a receipt who have to act on it."""


class Addressed(NamedTuple):
    """A role that is told, by the notice of which name; ``himself``: also if he did it."""

    notice: str
    role: Role
    himself: bool = False


def of_receipt(
    procedure: Procedure, state: str, tells: Iterable[Role] = ()
) -> Iterator[Addressed]:
    """The applicant, whoever has to act in the state that was reached, and whom the command
    names."""
    yield Addressed(RECEIVED, Role.APPLICANT, himself=True)
    holder = procedure.states[state].holder
    for role in dict.fromkeys((*([holder] if holder else ()), *tells)):
        if role is not Role.APPLICANT:
            yield Addressed(ARRIVED, role)


def of_notice(
    procedure: Procedure, command: Command, state: str, by: str, asked: Iterable[Role] | None = None
) -> Iterator[Addressed]:
    """The applicant unless it is internal, who is to act next, the officer of the applicant's
    act, who is ``asked`` for his consent, and whom the command names. Where nobody is left to tell,
    as at the end of a case that the portal itself began, the department is told."""
    silent = command.internal or not procedure.applied_for
    roles: list[Role] = [] if silent else [Role.APPLICANT]
    holder = procedure.states[state].holder
    if holder and holder not in roles:
        roles.append(holder)
    if by == Role.APPLICANT.value and Role.OFFICER not in roles:
        roles.append(Role.OFFICER)
    may = (role for other in procedure.asked_of_others(command) for role in other.by)
    for role in (*(may if asked is None else asked), *command.tells):
        if role not in roles:
            roles.append(role)
    for role in roles or [Role.OFFICER]:
        yield Addressed(command.event, role)


def ever(procedure: Procedure) -> Iterator[Addressed]:
    """Everybody who may ever be told something by an effect of a command; some more than once."""
    for command in procedure.commands.values():
        states = [command.to] if command.to else [*command.source, *_also(command)]
        for state in states:
            if SEND_RECEIPT in command.effects:
                yield from of_receipt(procedure, state, command.tells)
            if SEND_NOTICE in command.effects:
                for role in command.by:
                    yield from of_notice(procedure, command, state, role.value)


def _also(command: Command) -> Iterator[str]:
    for states in command.also_from.values():
        yield from states
