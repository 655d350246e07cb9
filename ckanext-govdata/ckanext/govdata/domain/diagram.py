"""Draw a procedure's states: Mermaid for the documentation."""

from __future__ import annotations

from collections.abc import Iterator

from .procedure import Procedure


def mermaid(procedure: Procedure, locale: str = "en") -> Iterator[str]:
    """Lines of a Mermaid state diagram; commands that stay in their state are left out."""
    yield "stateDiagram-v2"
    for state in procedure.states.values():
        yield f"    {state.name}: {state.label[locale]}"
    yield f"    [*] --> {procedure.initial}"
    for source, target, words in ways(procedure):
        yield f"    {source} --> {target}: {words}"
    for state in procedure.states.values():
        if state.final:
            yield f"    {state.name} --> [*]"


def ways(procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    """From, to, and by what, for every way between two states."""
    for command in procedure.commands.values():
        extra = [state for states in command.also_from.values() for state in states]
        for source in [*command.source, *extra]:
            if command.to:
                yield source, command.to, command.name
    for state in procedure.states.values():
        if state.lapses:
            yield state.name, state.lapses.to, f"{state.lapses.clock} runs out"
