"""Who may do what: one table, state × role → commands, read by everything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from .case import Actor, Case
from .procedure import Command, Procedure, Role

Table = Mapping[str, Mapping[Role, tuple[Command, ...]]]


def table(procedure: Procedure, options: frozenset[str] = frozenset()) -> Table:
    """The commands of each role in each state."""
    return {
        state: {
            role: tuple(
                command for command in procedure.commands_from(state, options) if role in command.by
            )
            for role in Role
        }
        for state in procedure.states
    }


def acting_as(command: Command, case: Case, actor: Actor) -> Role | None:
    """The role in which somebody may give a command, or none.

    An applicant who also works for the provider is only an applicant in his own case:
    nobody decides on himself.
    """
    colleague = bool(case.department) and Role.APPLICANT in actor.roles
    own = actor.id == case.applicant or colleague
    roles = frozenset({Role.APPLICANT}) & actor.roles if own else actor.roles - {Role.APPLICANT}
    return role_in(command, roles)


def role_in(command: Command, roles: Collection[Role]) -> Role | None:
    """The first of the roles that may give a command that somebody has, or none."""
    return next((role for role in command.by if role in roles), None)


def markdown(procedure: Procedure, locale: str = "en") -> Iterator[str]:
    """The table as lines of Markdown; ``docs/permissions.md`` is made of it."""
    options = frozenset(
        name for command in procedure.commands.values() for name in command.also_from
    )
    roles = [
        role for role in Role if any(role in command.by for command in procedure.commands.values())
    ]
    yield f"| state | {' | '.join(role.value for role in roles)} | by itself |"
    yield "|---" * (len(roles) + 2) + "|"
    plain, extra = table(procedure), table(procedure, options)
    for name, state in procedure.states.items():
        cells = [_cell(name, plain[name][role], extra[name][role]) for role in roles]
        lapses = f"{state.lapses.clock} runs out → {state.lapses.to}" if state.lapses else ""
        yield f"| `{name}` {state.label[locale]} | {' | '.join(cells)} | {lapses} |"


def _cell(state: str, plain: tuple[Command, ...], extra: tuple[Command, ...]) -> str:
    words = [_named(command) for command in plain]
    for command in extra:
        if command not in plain:
            options = [name for name, states in command.also_from.items() if state in states]
            words.append(f"{_named(command)} ({', '.join(options)})")
    return " ".join(words)


def _named(command: Command) -> str:
    """A command's name with the duty that keeps it apart from others."""
    return f"`{command.name}`" + (f" *{command.duty.value}s*" if command.duty else "")
