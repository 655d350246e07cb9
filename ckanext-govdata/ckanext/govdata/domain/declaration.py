"""Read a procedure file into a :class:`Procedure`; what is wrong with it is noted in its nodes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from .form import TYPES
from .locales import Label
from .node import Node, Parts
from .procedure import (
    Clock,
    Command,
    Duty,
    Field,
    Lapse,
    Outcome,
    Procedure,
    Role,
    State,
    Step,
)

Way = tuple[str | int, ...]
KEYS = ("kind", "code", "name", "subject", "initial", "states", "commands")
MORE = ("clocks", "forms", "fields")


def parse(
    top: Node,
    effects: Collection[str],
    terms: Collection[str],
    options: Collection[str] = (),
) -> Procedure:
    """Read and check a declaration; it is sound if ``top`` has no flaws afterwards.

    ``effects`` are the names that the glue can carry out, ``terms`` and ``options``
    those that some jurisdiction sets.
    """
    procedure = _read(top)
    if not isinstance(top.value, dict):
        return procedure
    before = len(top.flaws)
    for name, known, what, way in _references(procedure):
        if name not in known:
            top.blame(f"{name} is not a {what}", *way)
    _check_known(top, procedure, effects, terms, options)
    if len(top.flaws) == before:
        _check_ways(top, procedure)
    return procedure


def parse_fields(top: Node) -> dict[str, Field]:
    """The fields of a form that belongs to no procedure."""
    fields = top.entries(needed=("fields",)).read("fields", _fields, {})
    for name, known, what, way in _field_references(fields):
        if name not in known:
            top.blame(f"{name} is not a {what}", *way)
    return fields


def _read(top: Node) -> Procedure:
    parts = top.entries(MORE, needed=KEYS)
    return Procedure(
        kind=parts.read("kind", Node.code, ""),
        code=parts.read("code", Node.text, ""),
        label=_label(parts),
        subject=parts.read("subject", Node.text, ""),
        initial=parts.read("initial", Node.text, ""),
        clocks=parts.read("clocks", lambda node: node.each(_clock), {}),
        states=parts.read("states", lambda node: node.each(_state), {}),
        commands=parts.read("commands", lambda node: node.each(_command), {}),
        forms=parts.read("forms", lambda node: node.each(_form), {}),
        fields=parts.read("fields", _fields, {}),
    )


def _label(parts: Parts, key: str = "name") -> Label:
    return parts.read(key, Node.label, {})


def _clock(name: str, node: Node) -> Clock:
    parts = node.entries(("main",), needed=("name",))
    return Clock(name, _label(parts), parts.read("main", Node.yes_no, False))


def _state(name: str, node: Node) -> State:
    known = ("holder", "clocks", "pauses", "lapses", "outcome", "final")
    parts = node.entries(known, needed=("name",))
    return State(
        name=name,
        label=_label(parts),
        holder=parts.read("holder", lambda node: node.member(Role), None),
        clocks=parts.read("clocks", Node.texts, ()),
        pauses=parts.read("pauses", Node.texts, ()),
        lapses=parts.read("lapses", _lapse, None),
        outcome=parts.read("outcome", lambda node: node.member(Outcome), None),
        final=parts.read("final", Node.yes_no, False),
    )


def _lapse(node: Node) -> Lapse | None:
    parts = node.entries(("silence",), needed=("clock", "to"))
    clock, to, silence = (parts.read(key, Node.text, "") for key in ("clock", "to", "silence"))
    return Lapse(clock, to, silence) if clock and to else None


_COMMAND = ("name", "event", "from", "by")
_FLAGS = ("partial", "once", "receives", "accepts", "justifies", "internal")
_LISTS = ("fields", "optional", "effects", "restarts")
_WORDS = ("to", "form", "assigns", "extends", "needs", "within")


def _command(name: str, node: Node) -> Command:
    known = (*_FLAGS, *_LISTS, *_WORDS, "duty", "also_from")
    parts = node.entries(known, needed=_COMMAND)
    by = [one.member(Role) for one in parts["by"].items()] if "by" in parts else []
    if "by" in parts and parts["by"].value == []:
        parts["by"].blame(f"command {name} has no role that may give it")
    flags: dict[str, Any] = {key: parts.read(key, Node.yes_no, False) for key in _FLAGS}
    lists: dict[str, Any] = {key: parts.read(key, Node.texts, ()) for key in _LISTS}
    words: dict[str, Any] = {key: parts.read(key, Node.text, "") for key in _WORDS}
    return Command(
        name=name,
        label=_label(parts),
        event=parts.read("event", Node.text, ""),
        source=parts.read("from", Node.texts, ()),
        by=tuple(role for role in by if role),
        duty=parts.read("duty", lambda node: node.member(Duty), None),
        also_from=parts.read("also_from", _states_by_option, {}),
        **flags,
        **lists,
        **words,
    )


def _states_by_option(node: Node) -> Mapping[str, tuple[str, ...]]:
    return node.each(lambda _option, states: states.texts())


def _form(_name: str, node: Node) -> tuple[Step, ...]:
    parts = node.entries(needed=("steps",))
    if "steps" in parts and not parts["steps"].value:
        parts["steps"].blame("a form needs steps")
        return ()
    return tuple(_step(item) for item in parts["steps"].items()) if "steps" in parts else ()


def _step(node: Node) -> Step:
    parts = node.entries(("fields",), needed=("name",))
    return Step(_label(parts), parts.read("fields", Node.texts, ()))


FIELD_FLAGS = ("private", "public", "identity")
_FIELD = ("help", "required", "min", "max", "after", "options", *FIELD_FLAGS)


def _fields(node: Node) -> dict[str, Field]:
    return node.each(_field)


def _field(name: str, node: Node) -> Field:
    parts = node.entries(_FIELD, needed=("label", "type"))
    kind = parts.read("type", Node.text, "")
    if kind and kind not in TYPES:
        known = ", ".join(sorted(TYPES))
        parts["type"].blame(f"field type {kind} is not known ({known})")
    options = parts.read("options", Node.labels, {})
    if (kind == "choice") != bool(options):
        node.blame("a choice, and only a choice, needs options")
    return Field(
        name=name,
        label=_label(parts, "label"),
        type=kind,
        help=_label(parts, "help"),
        required=parts.read("required", Node.yes_no, True),
        min=parts.read("min", lambda node: node.number(0), 0),
        max=parts.read("max", lambda node: node.number(0), 0),
        after=parts.read("after", Node.text, ""),
        options=options,
        **{key: parts.read(key, Node.yes_no, False) for key in FIELD_FLAGS},
    )


Reference = tuple[str, Collection[str], str, Way]
"""A name, the names that are declared, what it should be, and where it stands."""


def _references(procedure: Procedure) -> Iterator[Reference]:
    """Every state, clock, form and field that is named somewhere."""
    if procedure.initial:
        yield procedure.initial, procedure.states, "state", ("initial",)
    for state in procedure.states.values():
        yield from _state_references(procedure, state)
    for command in procedure.commands.values():
        yield from _command_sources(procedure, command)
        yield from _command_references(procedure, command)
    for name, steps in procedure.forms.items():
        for index, step in enumerate(steps):
            here: Way = ("forms", name, "steps", index, "fields")
            for place, item in enumerate(step.fields):
                yield item, procedure.fields, "field", (*here, place)
    yield from _field_references(procedure.fields)


def _field_references(fields: Mapping[str, Field]) -> Iterator[Reference]:
    for item in fields.values():
        if item.after:
            yield item.after, fields, "field", ("fields", item.name, "after")


def _state_references(procedure: Procedure, state: State) -> Iterator[Reference]:
    here: Way = ("states", state.name)
    for key, clocks in (("clocks", state.clocks), ("pauses", state.pauses)):
        for clock in clocks:
            yield clock, procedure.clocks, "clock", (*here, key)
    if state.lapses:
        yield state.lapses.clock, state.clocks, "running clock", (*here, "lapses", "clock")
        yield state.lapses.to, procedure.states, "state", (*here, "lapses", "to")


def _command_sources(procedure: Procedure, command: Command) -> Iterator[Reference]:
    here: Way = ("commands", command.name)
    for state in command.source:
        yield state, procedure.states, "state", (*here, "from")
    for option, states in command.also_from.items():
        for state in states:
            yield state, procedure.states, "state", (*here, "also_from", option)


def _command_references(procedure: Procedure, command: Command) -> Iterator[Reference]:
    kinds: list[tuple[str, tuple[str, ...], Collection[str], str]] = [
        ("to", (command.to,), procedure.states, "state"),
        ("form", (command.form,), procedure.forms, "form"),
        ("fields", command.fields, procedure.fields, "field"),
        ("optional", command.optional, procedure.fields, "field"),
        ("extends", (command.extends,), procedure.clocks, "clock"),
        ("within", (command.within,), procedure.clocks, "clock"),
        ("restarts", command.restarts, procedure.clocks, "clock"),
        ("assigns", (command.assigns,), ("actor", *command.fields), "field of the command"),
    ]
    for key, names, known, what in kinds:
        for name in names:
            if name:
                yield name, known, what, ("commands", command.name, key)


def _check_known(
    top: Node,
    procedure: Procedure,
    effects: Collection[str],
    terms: Collection[str],
    options: Collection[str],
) -> None:
    """Every effect, term and option exists outside of the file."""
    for command in procedure.commands.values():
        here: Way = ("commands", command.name)
        for effect in command.effects:
            if effect not in effects:
                top.blame(f"{effect} is not an effect", *here, "effects")
        for option in command.also_from:
            if option not in options:
                top.blame(f"{option} is not an option", *here, "also_from", option)
        if command.justifies and not {"reason", "basis"} <= set(command.fields):
            top.blame("a refusal needs the fields reason and basis", *here, "fields")
    for clock in procedure.clocks:
        if procedure.term(clock) not in terms:
            words = f"{procedure.term(clock)} is not a term of a jurisdiction"
            top.blame(words, "clocks", clock)


def _check_ways(top: Node, procedure: Procedure) -> None:
    """Every state can be reached, every state that is not final can be left."""
    ways: dict[str, set[str]] = {name: set() for name in procedure.states}
    for state, command in _steps(procedure):
        if procedure.states[state].final:
            top.blame(f"{state} is final, nothing leaves it", "commands", command.name, "from")
        ways[state].add(command.to or state)
    for state in procedure.states.values():
        if state.lapses:
            ways[state.name].add(state.lapses.to)
        if not state.final and not ways[state.name] - {state.name}:
            top.blame(f"no way leads out of state {state.name}", "states", state.name)
    reached = _reached(procedure.initial, ways)
    for state in procedure.states:
        if state not in reached:
            top.blame(f"no way leads to state {state}", "states", state)


def _steps(procedure: Procedure) -> Iterator[tuple[str, Command]]:
    """Every state with every command that is ever open in it."""
    for command in procedure.commands.values():
        extra = [name for names in command.also_from.values() for name in names]
        for state in [*command.source, *extra]:
            yield state, command


def _reached(initial: str, ways: Mapping[str, Iterable[str]]) -> set[str]:
    reached, ahead = {initial}, [initial]
    while ahead:
        fresh = set(ways.get(ahead.pop(), ())) - reached
        reached |= fresh
        ahead += fresh
    return reached
