"""Turn a procedure file's content into a :class:`Procedure`, or say what is wrong and where."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, cast

from .form import TYPES
from .procedure import (
    LOCALES,
    Clock,
    Command,
    Duty,
    Field,
    Label,
    Lapse,
    Outcome,
    Procedure,
    Role,
    State,
    Step,
)

Place = tuple[str | int, ...]


class Misdeclared(ValueError):
    """A procedure file contradicts itself. ``place`` is the way to the value."""

    def __init__(self, message: str, *place: str | int) -> None:
        super().__init__(message)
        self.place: Place = place


def parse(
    data: Any,
    effects: Collection[str],
    terms: Collection[str],
    options: Collection[str] = (),
) -> Procedure:
    """Read and check a declaration.

    ``effects`` are the names that the glue can carry out, ``terms`` and ``options``
    those that some jurisdiction sets. Raises :class:`Misdeclared`.
    """
    procedure = _read(_mapping(data))
    _check_names(procedure)
    _check_known(procedure, effects, terms, options)
    _check_ways(procedure)
    return procedure


def parse_fields(data: Any) -> dict[str, Field]:
    """The fields of a form that belongs to no procedure. Raises :class:`Misdeclared`."""
    whole = _mapping(data)
    _only(whole, {"fields"})
    fields = _each(whole, "fields", _field)
    for item in fields.values():
        if item.after:
            _known(item.after, fields, "field", "fields", item.name, "after")
    return fields


def _read(data: Mapping[str, Any]) -> Procedure:
    _only(
        data,
        {
            "kind",
            "code",
            "name",
            "subject",
            "initial",
            "clocks",
            "states",
            "commands",
            "forms",
            "fields",
        },
    )
    return Procedure(
        kind=_text(data, "kind"),
        code=_text(data, "code"),
        label=_label(data.get("name"), "name"),
        subject=_text(data, "subject"),
        initial=_text(data, "initial"),
        clocks=_each(data, "clocks", _clock),
        states=_each(data, "states", _state),
        commands=_each(data, "commands", _command),
        forms=_each(data, "forms", _form),
        fields=_each(data, "fields", _field),
    )


def _clock(name: str, data: Mapping[str, Any], place: Place) -> Clock:
    _only(data, {"name", "main"}, place)
    return Clock(name, _label(data.get("name"), *place, "name"), _flag(data, "main", place))


def _state(name: str, data: Mapping[str, Any], place: Place) -> State:
    _only(data, {"name", "holder", "clocks", "pauses", "lapses", "outcome", "final"}, place)
    lapses = data.get("lapses")
    if lapses is not None:
        lapses = _mapping(lapses, *place, "lapses")
        where = (*place, "lapses")
        _only(lapses, {"clock", "to", "silence"}, where)
        lapses = Lapse(
            _text(lapses, "clock", where),
            _text(lapses, "to", where),
            _text(lapses, "silence", where, default=""),
        )
    holder, outcome = data.get("holder"), data.get("outcome")
    return State(
        name=name,
        label=_label(data.get("name"), *place, "name"),
        holder=None if holder is None else _member(Role, holder, *place, "holder"),
        clocks=_names(data, "clocks", place),
        pauses=_names(data, "pauses", place),
        lapses=lapses,
        outcome=None if outcome is None else _member(Outcome, outcome, *place, "outcome"),
        final=_flag(data, "final", place),
    )


_COMMAND = ("name", "event", "from", "by", "duty", "also_from")
_FLAGS = ("partial", "once", "receives", "accepts", "justifies", "internal")
_LISTS = ("fields", "optional", "effects", "restarts")
_WORDS = ("to", "form", "assigns", "extends", "needs", "within")


def _command(name: str, data: Mapping[str, Any], place: Place) -> Command:
    _only(data, {*_COMMAND, *_FLAGS, *_LISTS, *_WORDS}, place)
    by = tuple(_member(Role, role, *place, "by") for role in _names(data, "by", place))
    if not by:
        raise Misdeclared(f"command {name} has no role that may give it", *place)
    also = _mapping(data.get("also_from", {}), *place, "also_from")
    flags: dict[str, Any] = {key: _flag(data, key, place) for key in _FLAGS}
    lists: dict[str, Any] = {key: _names(data, key, place) for key in _LISTS}
    words: dict[str, Any] = {key: _text(data, key, place, default="") for key in _WORDS}
    return Command(
        name=name,
        label=_label(data.get("name"), *place, "name"),
        event=_text(data, "event", place),
        source=_names(data, "from", place),
        by=by,
        duty=_member(Duty, data["duty"], *place, "duty") if "duty" in data else None,
        also_from={option: _names(also, option, (*place, "also_from")) for option in also},
        **flags,
        **lists,
        **words,
    )


def _form(_name: str, data: Mapping[str, Any], place: Place) -> tuple[Step, ...]:
    _only(data, {"steps"}, place)
    steps: Any = data.get("steps")
    if not isinstance(steps, list) or not steps:
        raise Misdeclared("a form needs steps", *place)
    found: list[Step] = []
    for index, item in enumerate(cast("list[Any]", steps)):
        where = (*place, "steps", index)
        step = _mapping(item, *where)
        _only(step, {"name", "fields"}, where)
        found.append(Step(_label(step.get("name"), *where, "name"), _names(step, "fields", where)))
    return tuple(found)


FIELD_FLAGS = ("private", "public", "identity")
FIELD_KEYS = {"label", "help", "type", "required", "min", "max", "after", "options", *FIELD_FLAGS}


def _field(name: str, data: Mapping[str, Any], place: Place) -> Field:
    _only(data, FIELD_KEYS, place)
    kind = _text(data, "type", place)
    if kind not in TYPES:
        raise Misdeclared(
            f"field type {kind} is not known ({', '.join(sorted(TYPES))})", *place, "type"
        )
    options = _mapping(data.get("options", {}), *place, "options")
    if (kind == "choice") != bool(options):
        raise Misdeclared("a choice, and only a choice, needs options", *place)
    return Field(
        name=name,
        label=_label(data.get("label"), *place, "label"),
        type=kind,
        help=_label(data["help"], *place, "help") if "help" in data else {},
        required=_flag(data, "required", place, default=True),
        min=_count(data, "min", place),
        max=_count(data, "max", place),
        after=_text(data, "after", place, default=""),
        options={code: _label(words, *place, "options", code) for code, words in options.items()},
        **{key: _flag(data, key, place) for key in FIELD_FLAGS},
    )


Reference = tuple[str, Collection[str], str, Place]
"""A name, the names that are declared, what it should be, and where it stands."""


def _check_names(procedure: Procedure) -> None:
    """Every state, clock, form and field that is named somewhere is declared."""
    _known(procedure.initial, procedure.states, "state", "initial")
    for state in procedure.states.values():
        _check_all(_state_references(procedure, state))
    for command in procedure.commands.values():
        _check_all(_command_sources(procedure, command))
        _check_all(_command_references(procedure, command))
    for name, steps in procedure.forms.items():
        for index, step in enumerate(steps):
            here: Place = ("forms", name, "steps", index, "fields")
            _check_all((item, procedure.fields, "field", here) for item in step.fields)
    for item in procedure.fields.values():
        if item.after:
            _known(item.after, procedure.fields, "field", "fields", item.name, "after")


def _check_all(references: Iterable[Reference]) -> None:
    for name, names, what, place in references:
        _known(name, names, what, *place)


def _state_references(procedure: Procedure, state: State) -> Iterator[Reference]:
    here: Place = ("states", state.name)
    for key, clocks in (("clocks", state.clocks), ("pauses", state.pauses)):
        for clock in clocks:
            yield clock, procedure.clocks, "clock", (*here, key)
    if state.lapses:
        yield state.lapses.clock, state.clocks, "running clock", (*here, "lapses", "clock")
        yield state.lapses.to, procedure.states, "state", (*here, "lapses", "to")


def _command_sources(procedure: Procedure, command: Command) -> Iterator[Reference]:
    here: Place = ("commands", command.name)
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
    procedure: Procedure,
    effects: Collection[str],
    terms: Collection[str],
    options: Collection[str],
) -> None:
    """Every effect, term and option exists outside of the file."""
    for command in procedure.commands.values():
        for effect in command.effects:
            _known(effect, effects, "effect", "commands", command.name, "effects")
        for option in command.also_from:
            _known(option, options, "option", "commands", command.name, "also_from", option)
        if command.justifies and not {"reason", "basis"} <= set(command.fields):
            raise Misdeclared(
                "a refusal needs the fields reason and basis", "commands", command.name, "fields"
            )
    for clock in procedure.clocks:
        _known(procedure.term(clock), terms, "term of a jurisdiction", "clocks", clock)


def _check_ways(procedure: Procedure) -> None:
    """Every state can be reached, every state that is not final can be left."""
    ways: dict[str, set[str]] = {name: set() for name in procedure.states}
    for state, command in _steps(procedure):
        if procedure.states[state].final:
            place: Place = ("commands", command.name, "from")
            raise Misdeclared(f"{state} is final, nothing leaves it", *place)
        ways[state].add(command.to or state)
    for state in procedure.states.values():
        if state.lapses:
            ways[state.name].add(state.lapses.to)
        if not state.final and not ways[state.name] - {state.name}:
            raise Misdeclared(f"no way leads out of state {state.name}", "states", state.name)
    reached = _reached(procedure.initial, ways)
    for state in procedure.states:
        if state not in reached:
            raise Misdeclared(f"no way leads to state {state}", "states", state)


def _steps(procedure: Procedure) -> Iterator[tuple[str, Command]]:
    """Every state with every command that is ever open in it."""
    for command in procedure.commands.values():
        extra = [name for names in command.also_from.values() for name in names]
        for state in [*command.source, *extra]:
            yield state, command


def _reached(initial: str, ways: Mapping[str, set[str]]) -> set[str]:
    reached, ahead = {initial}, [initial]
    while ahead:
        fresh = ways[ahead.pop()] - reached
        reached |= fresh
        ahead += fresh
    return reached


def _known(name: str, names: Collection[str], what: str, *place: str | int) -> None:
    if name not in names:
        raise Misdeclared(f"{name} is not a {what}", *place)


def _only(data: Mapping[str, Any], keys: Collection[str], place: Place = ()) -> None:
    for key in data:
        if key not in keys:
            raise Misdeclared(f"{key} is not a key here ({', '.join(sorted(keys))})", *place, key)


def _mapping(data: Any, *place: str | int) -> Mapping[str, Any]:
    keys = cast("Mapping[Any, Any]", data) if isinstance(data, Mapping) else (None,)
    if not all(isinstance(key, str) for key in keys):
        raise Misdeclared("keys and values are wanted here", *place)
    return cast("Mapping[str, Any]", data)


def _text(data: Mapping[str, Any], key: str, place: Place = (), default: str | None = None) -> str:
    value = data.get(key, default)
    if not isinstance(value, str) or (not value and default is None):
        raise Misdeclared(f"{key} must be a word", *place, key)
    return value


def _flag(data: Mapping[str, Any], key: str, place: Place, default: bool = False) -> bool:
    value = data.get(key, default)
    if not isinstance(value, bool):
        raise Misdeclared(f"{key} must be true or false", *place, key)
    return value


def _count(data: Mapping[str, Any], key: str, place: Place) -> int:
    value = data.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Misdeclared(f"{key} must be a number from 0", *place, key)
    return value


def _names(data: Mapping[str, Any], key: str, place: Place) -> tuple[str, ...]:
    value: Any = data.get(key, [])
    items: list[Any] = cast("list[Any]", value) if isinstance(value, list) else [None]
    if not all(isinstance(item, str) for item in items):
        raise Misdeclared(f"{key} must be a list of words", *place, key)
    return tuple(items)


def _label(data: Any, *place: str | int) -> Label:
    words = _mapping(data, *place)
    for locale in LOCALES:
        if not isinstance(words.get(locale), str) or not words[locale]:
            raise Misdeclared(f"the words in {locale} are missing", *place)
    return dict(words)


def _member(kind: Any, value: Any, *place: str | int) -> Any:
    try:
        return kind(value)
    except ValueError:
        names = ", ".join(member.value for member in kind)
        raise Misdeclared(f"{value} is not one of {names}", *place) from None


def _each(
    data: Mapping[str, Any], key: str, read: Callable[[str, Mapping[str, Any], Place], Any]
) -> dict[str, Any]:
    items = _mapping(data.get(key, {}), key)
    return {
        name: read(name, _mapping(item, key, name), (key, name)) for name, item in items.items()
    }
