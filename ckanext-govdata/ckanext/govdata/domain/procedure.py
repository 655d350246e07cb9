"""What a procedure is: states, commands, clocks and forms, as declared in ``schemas/procedures``.

A procedure holds no numbers: those are terms of the jurisdiction, named
``<kind>.<clock>``, each with its article.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from .locales import Label


class Role(str, Enum):
    """In which capacity somebody acts on one case."""

    APPLICANT = "applicant"
    OFFICER = "officer"
    HEAD = "head"
    OPENNESS_OFFICE = "openness_office"
    AUTHORITY = "authority"
    GOVERNMENT = "government"
    OBJECTION_BODY = "objection_body"
    AUDITOR = "auditor"


class Duty(str, Enum):
    """What somebody has had a hand in by a command; no person has two of them in one case."""

    PROPOSE = "propose"
    DECIDE = "decide"
    JUDGE = "judge"


class Outcome(str, Enum):
    """What a decided case came to."""

    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Clock:
    """A time limit. Its length is the jurisdiction's term ``<kind>.<name>``.

    ``main`` marks the limit that a regulation puts on the answer: the one that a
    person means by "when is it due".
    """

    name: str
    label: Label
    main: bool = False


@dataclass(frozen=True)
class Lapse:
    """Where a case goes by itself when a clock has run out.

    ``silence`` limits it to jurisdictions where silence means that, such as ``consent``
    (Yaohai 14); elsewhere the case is overdue and stays.
    """

    clock: str
    to: str
    silence: str = ""


@dataclass(frozen=True)
class State:
    """A place in which a case can stand, and who has to act there.

    A clock listed in ``clocks`` runs here, one in ``pauses`` stands still, any
    other is stopped. ``outcome`` says that a decision stands; ``final`` that
    nothing can follow.
    """

    name: str
    label: Label
    holder: Role | None = None
    clocks: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    lapses: Lapse | None = None
    outcome: Outcome | None = None
    final: bool = False

    @property
    def open(self) -> bool:
        """Somebody still has to answer."""
        return not self.final and self.outcome is None


@dataclass(frozen=True)
class Field:
    """One question of a form; ``type`` is one of :data:`form.TYPES`."""

    name: str
    label: Label
    type: str
    help: Label = field(default_factory=dict[str, str])
    required: bool = True
    min: int = 0
    max: int = 0
    after: str = ""
    options: Mapping[str, Label] = field(default_factory=dict[str, Label])
    private: bool = False
    public: bool = False
    identity: bool = False


@dataclass(frozen=True)
class Step:
    """One page of a form."""

    label: Label
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Command:
    """Something that a person may do to a case.

    ``to`` is empty where the case stays in its state. ``also_from`` names states in
    which the command is open only where the jurisdiction has that option.
    ``partial`` saves a draft: nothing is required and nothing is received yet.
    ``justifies`` marks a decision that needs reason and basis (Yaohai 14, 17). Commands of
    different ``duty`` are for different persons.
    """

    name: str
    label: Label
    event: str
    source: tuple[str, ...]
    by: tuple[Role, ...]
    to: str = ""
    also_from: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]]
    )
    form: str = ""
    fields: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    partial: bool = False
    once: bool = False
    receives: bool = False
    accepts: bool = False
    justifies: bool = False
    internal: bool = False
    assigns: str = ""
    extends: str = ""
    needs: str = ""
    within: str = ""
    restarts: tuple[str, ...] = ()
    duty: Duty | None = None


@dataclass(frozen=True)
class Procedure:
    """A whole declaration, checked: see :func:`declaration.parse`."""

    kind: str
    code: str
    label: Label
    subject: str
    initial: str
    clocks: Mapping[str, Clock]
    states: Mapping[str, State]
    commands: Mapping[str, Command]
    forms: Mapping[str, tuple[Step, ...]]
    fields: Mapping[str, Field]

    def term(self, clock: str) -> str:
        """The name of the clock's term in the jurisdictions."""
        return f"{self.kind}.{clock}"

    def asked(self, command: Command) -> Iterator[Field]:
        """The fields of a command in the order of its pages; optional ones are not required."""
        names: list[str] = []
        for step in self.forms.get(command.form, ()):
            names += step.fields
        for name in [*names, *command.fields, *command.optional]:
            yield self.fields[name]

    def commands_from(self, state: str, options: frozenset[str] = frozenset()) -> Iterator[Command]:
        """The commands that are open in a state, under the jurisdiction's options."""
        for command in self.commands.values():
            extra = (command.also_from.get(option, ()) for option in options)
            if state in command.source or any(state in names for names in extra):
                yield command

    def decisions(self) -> Iterator[Command]:
        """The commands that end in a decision."""
        for command in self.commands.values():
            if command.to and self.states[command.to].outcome:
                yield command
