"""Read a procedure's folder into a :class:`Procedure`; everything wrong is noted with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from . import needed_words, soundness
from .field_declaration import read_field
from .ground import ReplyKind
from .letter import Adverse, Letter
from .locales import Label
from .node import Node, Parts
from .procedure import (
    Applicant,
    Clock,
    Command,
    Duty,
    Form,
    Lapse,
    LastStep,
    Outcome,
    Procedure,
    ProcedureWords,
    ProgressStage,
    Role,
    State,
    Step,
    Until,
)
from .soundness import Known as Known
from .topic import Topic

HEAD = ("kind", "code", "name", "about", "applicants", "initial", "states", "commands")
"""What every procedure has."""
MORE = ("identity", "between_two", "starts_from", "begins", "prefill", "same_if", "progress",
        "clocks", "forms", "fields")  # fmt: skip
WORDS = ("outcomes", "events", "notices", "letters", "pages", "counted")




def parse(tops: Iterable[Node], known: Known, kind: str = "") -> Procedure | None:
    """The procedure that these files of one folder declare, or ``None`` where it is unsound.

    What is wrong is in the nodes' flaws, all of it. ``kind`` is the folder's name.
    """
    nodes = list(tops)
    if not nodes:
        return None
    before = len(nodes[0].flaws)
    parts = _together(nodes)
    procedure = _read(parts, known)
    if kind and procedure.kind and procedure.kind != kind:
        parts["kind"].blame(f"'{procedure.kind}' is not the name of the folder, {kind}")
    places = soundness.Places(parts, nodes[0])
    soundness.check_names(procedure, places)
    soundness.check_known(procedure, places, known)
    soundness.check_parts(procedure, places, known)
    if len(nodes[0].flaws) == before:
        soundness.check_ways(procedure, places)
    if len(nodes[0].flaws) == before:
        soundness.check_handing_in(procedure, places)
        needed_words.check(procedure, places, known)
    return None if len(nodes[0].flaws) > before else procedure


def _together(nodes: list[Node]) -> Parts:
    """The values of all files by key; a key stands in one of them only."""
    parts, known = Parts(), (*HEAD, *MORE, *WORDS)
    for node in nodes:
        for key, value in node.entries(known=known).items():
            if key in parts:
                value.blame(f"key '{key}' stands in {parts[key].document.file}, too")
            else:
                parts[key] = value
    for key in HEAD:
        if key not in parts:
            nodes[0].blame(f"'{key}' is missing")
    return parts


def _read(parts: Parts, known: Known) -> Procedure:
    begins = parts.read("begins", Node.codes, ())
    commands = parts.read("commands", lambda node: node.each(_command), {})
    named = {*begins, *(name for one in commands.values() for name in one.checks)}
    return Procedure(
        kind=parts.read("kind", Node.code, ""),
        code=parts.read("code", Node.text, ""),
        label=parts.read("name", Node.label, {}),
        initial=parts.read("initial", Node.text, ""),
        clocks=parts.read("clocks", lambda node: node.each(_clock), {}),
        states=parts.read("states", lambda node: node.each(_state), {}),
        commands=commands,
        forms=parts.read("forms", lambda node: node.each(_form), {}),
        fields=parts.read("fields", lambda node: node.each(read_field), {}),
        words=_words(parts),
        about=tuple(Topic(name) for name in parts.read("about", _topics(known), ()) if name),
        applicants=parts.read("applicants", _applicants, ()),
        identity=parts.read("identity", Node.yes_no, False),
        between_two=parts.read("between_two", Node.yes_no, False),
        starts_from=parts.read("starts_from", Node.codes, ()),
        begins=begins,
        prefill=parts.read("prefill", Node.codes, ()),
        same_if=parts.read("same_if", Node.texts, ()),
        progress=parts.read("progress", lambda node: tuple(map(_progress, node.items())), ()),
        checks={name: known.checks[name] for name in named if name in known.checks},
    )


def _topics(known: Known) -> Callable[[Node], tuple[str, ...]]:
    return lambda node: node.codes(tuple(known.topics))


def _applicants(node: Node) -> tuple[Applicant, ...]:
    found = tuple(Applicant(one) for one in node.codes([one.value for one in Applicant]) if one)
    if Applicant.PORTAL in found and len(found) > 1:
        node.blame("what the portal begins nobody else applies for")
    return found


def _clock(name: str, node: Node) -> Clock:
    known = ("main", "term", "until", "continues", "awaits", "repeats", "returns", "holder")
    parts = node.entries(known=known, needed=("name",))
    return Clock(
        name=name,
        label=parts.read("name", Node.label, {}),
        main=parts.read("main", Node.yes_no, False),
        term=parts.read("term", Node.text, ""),
        until=parts.read("until", lambda one: one.member(Until), None),
        continues=parts.read("continues", Node.code, ""),
        awaits=parts.read("awaits", Node.code, ""),
        repeats=parts.read("repeats", Node.yes_no, False),
        returns=parts.read("returns", Node.yes_no, False),
        holder=parts.read("holder", lambda one: one.member(Role), None),
    )


def _state(name: str, node: Node) -> State:
    flags = ("ended", "final")
    keys = ("holder", "clocks", "pauses", "stands_if_own", "lapses", "outcome", *flags)
    parts = node.entries(known=keys, needed=("name",))
    return State(
        name=name,
        label=parts.read("name", Node.label, {}),
        holder=parts.read("holder", lambda one: one.member(Role), None),
        clocks=parts.read("clocks", Node.texts, ()),
        pauses=parts.read("pauses", Node.texts, ()),
        stands_if_own=parts.read("stands_if_own", Node.texts, ()),
        lapses=parts.read("lapses", _lapse, None),
        outcome=parts.read("outcome", lambda one: one.member(Outcome), None),
        ended=parts.read("ended", Node.yes_no, False),
        final=parts.read("final", Node.yes_no, False),
    )


def _lapse(node: Node) -> Lapse:
    parts = node.entries(known=("silence", "event", "accepts"), needed=("clock", "to"))
    said = {key: parts.read(key, Node.text, "") for key in ("clock", "to", "silence", "event")}
    return Lapse(**said, accepts=parts.read("accepts", Node.yes_no, False))


_FLAGS = ("partial", "once", "receives", "accepts", "justifies", "internal", "heads_alone", "gives")
_LISTS = ("fields", "optional", "effects", "restarts", "owes", "checks")
_WORDS = ("to", "form", "assigns", "extends", "needs", "within", "unless")


def _command(name: str, node: Node) -> Command:
    known = ("duty", "also_from", "tells", *_FLAGS, *_LISTS, *_WORDS)
    parts = node.entries(known=known, needed=("name", "event", "from", "by"))
    by = parts.read("by", _roles, ())
    if not by:
        node.blame(f"command {name} has no role that may give it")
    flags: dict[str, Any] = {key: parts.read(key, Node.yes_no, False) for key in _FLAGS}
    lists: dict[str, Any] = {key: parts.read(key, Node.texts, ()) for key in _LISTS}
    words: dict[str, Any] = {key: parts.read(key, Node.text, "") for key in _WORDS}
    return Command(
        name=name,
        label=parts.read("name", Node.label, {}),
        event=parts.read("event", Node.text, ""),
        source=parts.read("from", Node.texts, ()),
        by=by,
        tells=parts.read("tells", _roles, ()),
        duty=parts.read("duty", lambda one: one.member(Duty), None),
        also_from=parts.read("also_from", lambda one: one.each(lambda _name, it: it.texts()), {}),
        **flags,
        **lists,
        **words,
    )


def _roles(node: Node) -> tuple[Role, ...]:
    return tuple(role for one in node.items() if (role := one.member(Role)))


def _form(name: str, node: Node) -> Form:
    parts = node.entries(known=("last",), needed=("steps",))
    steps = parts.read("steps", lambda one: tuple(map(_step, one.items())), ())
    if not steps:
        node.blame(f"form {name} has no steps")
    ids = [step.id for step in steps]
    if len(set(ids)) < len(ids):
        node.blame("two steps have the same id", "steps")
    return Form(steps, parts.read("last", _last_step, None))


def _step(node: Node) -> Step:
    parts = node.entries(known=("identity", "materials"), needed=("id", "name", "fields"))
    return Step(
        parts.read("id", Node.code, ""),
        parts.read("name", Node.label, {}),
        parts.read("fields", Node.texts, ()),
        parts.read("identity", Node.yes_no, False),
        parts.read("materials", Node.yes_no, False),
    )


def _progress(node: Node) -> ProgressStage:
    parts = node.entries(needed=("name", "states"))
    return ProgressStage(parts.read("name", Node.label, {}), parts.read("states", Node.texts, ()))


def _last_step(node: Node) -> LastStep:
    parts = node.entries(needed=("id", "name", "heading"))
    label, heading = (parts.read(key, Node.label, {}) for key in ("name", "heading"))
    return LastStep(parts.read("id", Node.code, ""), label, heading)


def _words(parts: Parts) -> ProcedureWords:
    roles = (*(role.value for role in Role), "all")
    return ProcedureWords(
        outcomes=parts.read("outcomes", Node.labels, {}),
        events=parts.read("events", Node.labels, {}),
        notices=parts.read(
            "notices",
            lambda node: node.each(
                lambda _event, one: {
                    role: words.label() for role, words in one.entries(known=roles).items()
                }
            ),
            {},
        ),
        letters=parts.read("letters", lambda node: node.each(_letter), {}),
        pages=parts.read("pages", Node.labels, {}),
        counted=parts.read("counted", Node.labels, {}),
    )


LETTER = ("short", "caused", "opening", "replies", "then", "lines", "remedy", "adverse", "to")


def _letter(_event: str, node: Node) -> Letter:
    parts = node.entries(known=LETTER, needed=("title", "decision"))
    own = ("title", "decision", "caused", "short", "remedy")
    words = {key: parts.read(key, Node.label, {}) for key in own}
    return Letter(
        opening=parts.read("opening", _sentences, ()),
        replies=parts.read("replies", _replies, {}),
        then=parts.read("then", _sentences, ()),
        lines=parts.read("lines", Node.texts, ()),
        adverse=parts.read("adverse", lambda one: one.member(Adverse), None) or Adverse.NEVER,
        to=parts.read("to", Node.code, ""),
        **words,
    )


def _sentences(node: Node) -> tuple[Label, ...]:
    return tuple(one.label() for one in node.items())


def _replies(node: Node) -> dict[str, Label]:
    known = [kind.value for kind in ReplyKind]
    return {name: words.label() for name, words in node.entries(known=known).items()}
