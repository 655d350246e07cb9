"""Whether a declared procedure hangs together: names that are there, ways in and out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .field_part import IN_LETTERS, FieldPart, needed_by
from .node import Node, Parts
from .procedure import Check, Command, Field, Form, Procedure, Role, State
from .topic import Topic

Place = tuple[str | int, ...]
Reference = tuple[str, Collection[str], str, Place]
"""A name, the names that are declared, what it should be, and where it stands."""
START_PLACES = (*(topic.value for topic in Topic), "counter", "home", "emergency")
"""Pages that may offer to begin a case; the portal itself begins those of ``emergency``, where data
was published in one without waiting."""


@dataclass(frozen=True)
class Known:
    """The names that stand outside of the folder: of effects, checks and prefills that slices
    register, of terms and options that some jurisdiction sets, of things that a case can be about.
    """

    effects: Mapping[str, Callable[..., object]]
    terms: Collection[str]
    options: Collection[str] = ()
    checks: Mapping[str, Check] = field(default_factory=dict[str, Check])
    prefills: Mapping[str, Callable[..., object]] = field(
        default_factory=dict[str, Callable[..., object]]
    )
    topics: Collection[str] = tuple(one.value for one in Topic)
    outside: Mapping[str, Collection[str]] | None = None
    """What letters may name of the law and of places (``letter.LAW``, ``letter.NAMED``); ``None``
    where nobody judges it."""


@dataclass(frozen=True)
class Places:
    """Where everything stands in the files of a folder."""

    parts: Parts
    top: Node

    def blame(self, message: str, key: str, *below: str | int) -> None:
        """Note what is wrong at that place, or at what stands around it."""
        node = self.parts.get(key)
        if node is None:
            self.top.blame(message)
        else:
            node.blame(message, *below)


def check_names(procedure: Procedure, places: Places) -> None:
    """Every state, clock, form and field that is named somewhere is declared."""
    _check(places, [(procedure.initial, procedure.states, "state", ("initial",))])
    for state in procedure.states.values():
        _check(places, _state_references(procedure, state))
    for command in procedure.commands.values():
        _check(places, _command_sources(procedure, command))
        _check(places, _command_references(procedure, command))
    for name, form in procedure.forms.items():
        _check(places, _form_references(procedure, name, form))
    _check_letters(procedure, places)
    same: Place = ("same_if",)
    _check(places, ((name, procedure.fields, "field", same) for name in procedure.same_if))
    ways: Place = ("progress",)
    on_the_way = [name for stage in procedure.progress for name in stage.states]
    _check(places, ((name, procedure.states, "state", ways) for name in on_the_way))
    starts: Place = ("starts_from",)
    _check(places, ((name, START_PLACES, "page", starts) for name in procedure.starts_from))
    check_fields(procedure.fields, places)
    for clock in procedure.clocks.values():
        _check(places, [(clock.continues, procedure.clocks, "clock", ("clocks", clock.name))])
    for item in procedure.fields.values():
        if item.choices or item.input:
            said = "what a page offers, and names of inputs, are for forms of schemas/forms"
            places.blame(said, "fields", item.name)


def check_fields(fields: Mapping[str, Field], places: Places) -> None:
    """Fields that name others."""
    for item in fields.values():
        for key, name in (("after", item.after), ("among", item.among), ("as_in", item.as_in)):
            _check(places, [(name, fields, "field", ("fields", item.name, key))])


def check_known(procedure: Procedure, places: Places, known: Known) -> None:
    """Every effect, check, prefill, term and option exists outside of the folder."""
    checks, effects, options = known.checks, known.effects, known.options
    _check(places, ((name, checks, "check", ("begins",)) for name in procedure.begins))
    _check(places, ((one, known.prefills, "prefill", ("prefill",)) for one in procedure.prefill))
    for command in procedure.commands.values():
        here: Place = ("commands", command.name)
        _check(places, ((one, effects, "effect", (*here, "effects")) for one in command.effects))
        _check(places, ((one, checks, "check", (*here, "checks")) for one in command.checks))
        also: Place = (*here, "also_from")
        _check(places, ((one, options, "option", (*also, one)) for one in command.also_from))
        unless = [(command.unless, options, "option", (*here, "unless"))] if command.unless else []
        _check(places, unless)
        wanted = {FieldPart.REASON, FieldPart.BASIS} if command.justifies else set[FieldPart]()
        if not wanted <= _parts(procedure, command.fields):
            said = "a refusal needs the fields reason and basis (of the types reason and articles)"
            places.blame(said, *here, "fields")
    for clock, declared in procedure.clocks.items():
        here = ("clocks", clock)
        for name in filter(None, (clock, declared.awaits)):
            _check(places, [(procedure.term(name), known.terms, "term of a jurisdiction", here)])


def check_parts(procedure: Procedure, places: Places, known: Known) -> None:
    """Whatever is named has the fields that play its parts; no two of one command play the same."""
    forms = [name for form in procedure.forms.values() for name in form.fields]
    _check_two(procedure, places, forms)
    asked = _parts(procedure, forms)
    for key, functions in (("begins", known.checks), ("prefill", known.prefills)):
        for name in getattr(procedure, key):
            _check_needs(places, functions, name, asked, (key,))
    for command in procedure.commands.values():
        form, own = procedure.forms.get(command.form), [*command.fields, *command.optional]
        _check_two(procedure, places, [*(form.fields if form else ()), *own])
        there = asked | _parts(procedure, own)
        for key, functions in (("effects", known.effects), ("checks", known.checks)):
            for name in getattr(command, key):
                _check_needs(places, functions, name, there, ("commands", command.name, key))


def _check_two(procedure: Procedure, places: Places, names: Iterable[str]) -> None:
    """That of the fields that are asked together each part is played by one."""
    players: dict[FieldPart, str] = {}
    for item in (procedure.fields[name] for name in names if name in procedure.fields):
        if item.part and players.setdefault(item.part, item.name) != item.name:
            said = f"{players[item.part]} is asked for as {item.part.value} already"
            places.blame(said, "fields", item.name, "part")


def _check_needs(
    places: Places,
    functions: Mapping[str, Callable[..., object]],
    name: str,
    there: Collection[FieldPart],
    place: Place,
) -> None:
    """That what a declaration names by that name finds the parts without which it cannot work."""
    for part in needed_by(functions[name]) if name in functions else ():
        if part not in there:
            places.blame(f"{name} needs a field that is the {part.value}", *place)  # type: ignore[arg-type]


def _parts(procedure: Procedure, names: Iterable[str]) -> set[FieldPart]:
    """The parts that fields of these names play."""
    found = (procedure.fields[name].part for name in names if name in procedure.fields)
    return {part for part in found if part}


def check_ways(procedure: Procedure, places: Places) -> None:
    """Every state can be reached, every state that is not final can be left."""
    ways: dict[str, set[str]] = {name: set() for name in procedure.states}
    for state, command in _steps(procedure):
        if procedure.states[state].final and (command.to or state in command.source):
            places.blame(f"{state} is final, nothing leaves it", "commands", command.name, "from")
        ways[state].add(command.to or state)
    for state in procedure.states.values():
        if state.lapses:
            ways[state.name].add(state.lapses.to)
        if not state.final and not ways[state.name] - {state.name}:
            places.blame(f"no way leads out of state {state.name}", "states", state.name)
    reached = _reached(procedure.initial, ways)
    for state in procedure.states:
        if state not in reached:
            places.blame(f"no way leads to state {state}", "states", state)


def check_handing_in(procedure: Procedure, places: Places) -> None:
    """Applicants hand in one form; what is asked beyond it has a page; several pages are saved."""
    if not procedure.handing_in:
        places.blame("no command that receives leads out of the initial state", "commands")
        return
    command, form = procedure.receiving, procedure.form
    for other in procedure.handing_in:
        if Role.APPLICANT in other.by and other.form != command.form:
            places.blame(f"applicants hand in the form {command.form}", "commands", other.name)
    if not procedure.applied_for:
        return
    here: Place = ("commands", command.name)
    if form is None:
        places.blame("what is applied for needs a form", *here)
        return
    own = [name for name in (*command.fields, *command.optional) if name not in form.fields]
    if own and form.last is None:
        places.blame(f"no page asks for {', '.join(own)}: the form needs a last one", *here)
    if procedure.saving is None:
        places.blame("no command saves the draft (partial)", "commands")
    if procedure.identity and not any(step.identity for step in form.steps):
        places.blame("no step of the form asks who the applicant is", "forms", command.form)


def _check_letters(procedure: Procedure, places: Places) -> None:
    """The fields that letters repeat and address; what has a place of its own in each is not said
    twice."""
    for event, letter in procedure.words.letters.items():
        _check(places, [(letter.to, procedure.fields, "field", ("letters", event, "to"))])
        here: Place = ("letters", event, "lines")
        _check(places, ((name, procedure.fields, "field", here) for name in letter.lines))
        for item in (procedure.fields[one] for one in letter.lines if one in procedure.fields):
            if item.part in IN_LETTERS:
                places.blame(f"every letter says {item.name} in its own place", *here)


def _check(places: Places, references: Iterable[Reference]) -> None:
    for name, names, what, place in references:
        if name and name not in names:
            places.blame(f"{name} is not a {what}", *place)  # type: ignore[arg-type]


def _state_references(procedure: Procedure, state: State) -> Iterator[Reference]:
    here: Place = ("states", state.name)
    listed = {key: getattr(state, key) for key in ("clocks", "pauses", "stands_if_own")}
    for key, clocks in listed.items():
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
    owed = [one.name for one in procedure.clocks.values() if one.until]
    kinds: list[tuple[str, tuple[str, ...], Collection[str], str]] = [
        ("to", (command.to,), procedure.states, "state"),
        ("form", (command.form,), procedure.forms, "form"),
        ("fields", command.fields, procedure.fields, "field"),
        ("optional", command.optional, procedure.fields, "field"),
        ("extends", (command.extends,), procedure.clocks, "clock"),
        ("within", (command.within,), procedure.clocks, "clock"),
        ("restarts", command.restarts, procedure.clocks, "clock"),
        ("owes", command.owes, owed, "clock until something"),
        ("assigns", (command.assigns,), ("actor", *command.fields), "field of the command"),
    ]
    for key, names, known, what in kinds:
        for name in names:
            yield name, known, what, ("commands", command.name, key)


def _form_references(procedure: Procedure, name: str, form: Form) -> Iterator[Reference]:
    for index, step in enumerate(form.steps):
        for one in step.fields:
            yield one, procedure.fields, "field", ("forms", name, "steps", index, "fields")


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
