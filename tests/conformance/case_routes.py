"""Which ways lead through a procedure so that each of its commands is given, by its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ckanext.govdata.cases.engine.case_rules import (
    GRANT_IS_SUSPENDED,
    OPENNESS_OFFICE,
    OVERDUE,
    PARTIES_ASKED,
    REPRESENTED,
)
from ckanext.govdata.domain.field_part import FieldPart
from ckanext.govdata.domain.hindrance import OPTION as HINDERED
from ckanext.govdata.domain.procedure import Outcome, Procedure, Role
from tests.conformance.party_walks import resends


@dataclass(frozen=True)
class Move:
    """A step on the way: a command, or, without one, the clock that runs out in a state.

    ``option`` is what must hold besides, where the command is open in this state by it alone.
    """

    source: str
    target: str
    command: str = ""
    option: str = ""

    @property
    def wanted(self) -> str:
        """What is to be done once: each command as such and by each option, each silence."""
        named = self.command or f"silence in {self.source}"
        return f"{named} ({self.option})" if self.option else named


@dataclass
class Route:
    """One case's way, in a jurisdiction."""

    jurisdiction: str
    moves: list[Move] = field(default_factory=list[Move])


PASSED = ("", OPENNESS_OFFICE, OVERDUE)
"""The options under which a way may lead on: what comes about by itself, or by waiting."""
Possible = Callable[[str, Move], bool]
"""Whether the texts of a jurisdiction let a move be made at all."""


def moves(procedure: Procedure) -> Iterator[Move]:
    """Everything that can happen in any state, as the folder declares it."""
    for name, state in procedure.states.items():
        for command in procedure.commands.values():
            target = command.to or name
            if name in command.source:
                yield Move(name, target, command.name)
            for option, states in command.also_from.items():
                if name in states:
                    yield Move(name, target, command.name, option)
        if state.lapses:
            yield Move(name, state.lapses.to)
        elif state.open and any(procedure.clocks[clock].main for clock in state.clocks):
            yield Move(name, name)


def routes(
    procedure: Procedure, jurisdictions: list[str], possible: Possible
) -> tuple[list[Route], set[str]]:
    """Routes that make every move that is wanted, and the commands, silences and states to which
    no route comes."""
    every = list(moves(procedure))
    left = {one.wanted for one in every}
    left |= set(procedure.commands) - {one.command for one in every}
    found: list[Route] = []
    for jurisdiction in jurisdictions:
        here = [one for one in moves(procedure) if possible(jurisdiction, one)]
        while left:
            route = _route(procedure, here, left)
            if not route:
                break
            found.append(Route(jurisdiction, route))
    been = {procedure.initial, *(move.target for route in found for move in route.moves)}
    return found, left | (set(procedure.states) - been)


def way_to(procedure: Procedure, outcome: Outcome) -> list[Move]:
    """The shortest way on which the applicant himself gets such an answer."""
    states, recording = procedure.states, {one.name for one in procedure.recording}
    wanted = {one.name for one in procedure.decisions() if states[one.to].outcome is outcome}
    here = [one for one in moves(procedure) if one.command not in recording and not one.option]
    return _nearest(procedure, here, [], wanted)


def _route(procedure: Procedure, here: list[Move], left: set[str]) -> list[Move]:
    """One way from the beginning that takes along all that is wanted, as far as it comes."""
    made: list[Move] = []
    while not (made and made[-1].option == HINDERED):  # the data is gone: nothing is like before
        path = _nearest(procedure, here, made, left)
        if not path:
            break
        made += path
        left -= {one.wanted for one in path}
    return made


def _nearest(
    procedure: Procedure, here: list[Move], made: list[Move], left: set[str]
) -> list[Move]:
    """The shortest way on to something that is wanted still; empty if there is none."""
    ways, seen = [made], set[tuple[str, bool, bool, bool]]()
    while ways:
        way = ways.pop(0)
        at = way[-1].target if way else procedure.initial
        open_here = [one for one in here if one.source == at and goes(procedure, way, one)]
        ends = {name for name, state in procedure.states.items() if state.final}
        for move in sorted(open_here, key=lambda one: (one.target != at, one.target in ends)):
            if move.wanted in left:
                return [*way[len(made) :], move]
        for move in open_here:
            far = [*way, move]
            place = (move.target, _recorded(procedure, far), _asked(procedure, far),
                     _granted(procedure, far))
            if place not in seen and move.target != at and move.option in PASSED:
                seen.add(place)
                ways.append([*way, move])
    return []


def goes(procedure: Procedure, before: list[Move], move: Move) -> bool:
    """Whether a case that went so far can go on so: nothing twice that is given once, and what was
    written down at a counter is nobody's who could act as the applicant."""
    command = procedure.commands.get(move.command)
    if command is None:
        return True
    given = {one.command for one in before}
    if command.once and command.name in given:
        return False
    recorded = _recorded(procedure, before)
    if recorded and set(command.by) == {Role.APPLICANT}:
        return False
    if move.option == REPRESENTED and not recorded:
        return False
    if move.option == PARTIES_ASKED and not _asked(procedure, before):
        return False
    if move.option == GRANT_IS_SUSPENDED and not _granted(procedure, before):
        return False
    if resends(procedure.names_by_part(command)) and not _granted(procedure, before):
        return False  # what was given against somebody's will he is told of by letter
    return not (command in procedure.recording and given)


def _asked(procedure: Procedure, before: list[Move]) -> bool:
    """Whether third parties were asked."""
    given = (procedure.commands.get(one.command) for one in before)
    return any(one and FieldPart.PARTY in procedure.names_by_part(one) for one in given)


def _granted(procedure: Procedure, before: list[Move]) -> bool:
    """Whether there is a grant that can be suspended: one was opened and not closed since."""
    given = (procedure.commands.get(one.command) for one in before)
    effects = [effect for one in given if one for effect in one.effects]
    turns = [effect for effect in effects if effect in ("open_grant", "close_grant")]
    return turns[-1:] == ["open_grant"]


def _recorded(procedure: Procedure, before: list[Move]) -> bool:
    """Whether the case was written down at a counter, for somebody without an account."""
    counters = {one.name for one in procedure.recording} if procedure.applied_for else set[str]()
    return any(one.command in counters for one in before)
