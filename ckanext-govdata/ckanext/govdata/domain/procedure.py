"""What a procedure is: states, commands, clocks, forms and words, as its folder declares them.

A procedure holds no numbers: those are terms of the jurisdiction, named
``<kind>.<clock>``, each with its article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from .field_part import FieldPart
from .letter import Letter as Letter
from .locales import Label
from .procedure_form import Form as Form
from .procedure_form import LastStep as LastStep
from .procedure_form import ProgressStage as ProgressStage
from .procedure_form import Step as Step
from .procedure_words import ALL as ALL
from .procedure_words import ProcedureWords as ProcedureWords
from .topic import Topic


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


class Applicant(str, Enum):
    """Who may begin a case; by ``PORTAL`` nobody does but the portal itself."""

    PERSON = "person"
    ORGANISATION = "organisation"
    DEPARTMENT = "department"
    PORTAL = "portal"


Check = Callable[[Any], Any]
"""A named check: from a :class:`decision.Examined` to what is wrong with it, as refusals."""


class Until(str, Enum):
    """What ends a clock that is no matter of states: that what was granted can be fetched, or that
    each third party was told what is given against his will."""

    FETCHABLE = "fetchable"
    TOLD = "told"


@dataclass(frozen=True)
class Clock:
    """A time limit. Its length is the jurisdiction's term ``<kind>.<name>``, or ``<kind>.<term>``
    where the clock counts something else than what texts call by its name; a ``term`` with a point
    in it is named in full, since what texts regulate as one may be two procedures here.

    ``main`` marks the limit that a regulation puts on the answer: the one that a
    person means by "when is it due". A clock ``until`` something is no matter of states: a command
    ``owes`` it, and it runs, with its ``holder``, until that has come about. Where the text counts
    it from receipt, as the limit on the answer that it ``continues``, it goes on with that one's
    pauses and extension. One that ``awaits`` counts from the day on which a letter reached whom it
    is for; until that is noted, from the last day of the term of that name. One that ``repeats``
    counts from something that may happen more than once, such as a receipt: each time by its text.
    One that ``returns`` stopped when something was handed in; where that comes back it has the days
    that it had, which have gone on meanwhile.
    """

    name: str
    label: Label
    main: bool = False
    term: str = ""
    until: Until | None = None
    continues: str = ""
    awaits: str = ""
    repeats: bool = False
    returns: bool = False
    holder: Role | None = None


@dataclass(frozen=True)
class Lapse:
    """Where a case goes by itself when a clock has run out.

    ``silence`` limits it to jurisdictions where silence means that, such as ``consent``
    (Yaohai 14); elsewhere the case is overdue and stays. ``event`` is what it is called, where it
    has a name of its own; by one that ``accepts`` the case is accepted, on the clock's last day.
    """

    clock: str
    to: str
    silence: str = ""
    event: str = ""
    accepts: bool = False


@dataclass(frozen=True)
class State:
    """A place in which a case can stand, and who has to act there.

    A clock listed in ``clocks`` runs here, one in ``pauses`` stands still, any
    other is stopped. One in ``stands_if_own`` stands still where it is the portal's own rule, and
    runs on where a text sets it. ``outcome`` says that a decision stands; ``ended`` that nobody
    has to act, though the applicant still may; ``final`` that nothing leads on.
    """

    name: str
    label: Label
    holder: Role | None = None
    clocks: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    stands_if_own: tuple[str, ...] = ()
    lapses: Lapse | None = None
    outcome: Outcome | None = None
    ended: bool = False
    final: bool = False

    @property
    def open(self) -> bool:
        """Somebody still has to answer."""
        return not (self.final or self.ended) and self.outcome is None


@dataclass(frozen=True)
class Field:
    """One question of a form; ``type`` is one of :data:`field_type.TYPES`.

    Of files and columns only those may be chosen that the application's field ``among`` named; a
    form is shown filled in with the application's answer to ``as_in``. ``proposes`` marks the
    choice of a command that somebody else is to give. What is ``sealed`` (:data:`seal.KINDS`) is
    kept encrypted with the case, as identities are. ``choices`` are what the page offers under that
    name; ``input`` is what its input is called where that is not its own name; ``empty`` is what
    choosing nothing means, where that is said. A citation of ``grounds`` is of what data may be
    refused on, one of ``powers`` of what lets a body have something put right; ``records`` may be
    cited that are no text of law. The ``part`` that it plays is what
    code knows it by.
    """

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
    proposes: bool = False
    grounds: bool = False
    powers: bool = False
    records: bool = False
    among: str = ""
    as_in: str = ""
    sealed: str = ""
    choices: str = ""
    input: str = ""
    empty: Label = field(default_factory=dict[str, str])
    part: FieldPart | None = None

    @property
    def sent_as(self) -> str:
        """The name of its input."""
        return self.input or self.name




@dataclass(frozen=True)
class Command:
    """Something that a person may do to a case.

    ``to`` is empty where the case stays in its state. ``also_from`` names states in which the
    command is open only where the jurisdiction has that option; under ``unless`` it never is.
    ``partial`` saves a draft: nothing is required and nothing is received yet.
    ``justifies`` marks a decision that needs reason and basis (Yaohai 14, 17). Commands of
    different ``duty`` are for different persons. ``checks`` are asked by name once the fields are
    clean; ``gives`` says that it leads to somebody getting data, and ``owes`` which clocks run
    until they do; ``tells`` are told by it as well. One that is ``heads_alone`` only the head of
    the body gives by which one has the role, such as of the department that applies.
    """

    name: str
    label: Label
    event: str
    source: tuple[str, ...]
    by: tuple[Role, ...]
    to: str = ""
    also_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
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
    heads_alone: bool = False
    gives: bool = False
    assigns: str = ""
    extends: str = ""
    needs: str = ""
    within: str = ""
    unless: str = ""
    restarts: tuple[str, ...] = ()
    owes: tuple[str, ...] = ()
    tells: tuple[Role, ...] = ()
    checks: tuple[str, ...] = ()
    duty: Duty | None = None


@dataclass(frozen=True)
class Procedure:
    """A whole declaration, checked: see :func:`declaration.parse`.

    ``about`` is what cases are about, ``applicants`` who may begin one, ``starts_from`` the pages
    that offer it, ``begins`` the checks that are asked before, ``prefill`` what fills in the form
    from the start. An open case about the same thing
    of the same applicant with the same answers to ``same_if`` is the same case. One ``between_two``
    departments is of the lowest place above both. ``progress`` is the
    usual way of a case; a state in none of its stages is off it. ``checks`` are those that are
    named anywhere.
    """

    kind: str
    code: str
    label: Label
    initial: str
    clocks: Mapping[str, Clock]
    states: Mapping[str, State]
    commands: Mapping[str, Command]
    forms: Mapping[str, Form]
    fields: Mapping[str, Field]
    words: ProcedureWords = field(default_factory=ProcedureWords)
    about: tuple[Topic, ...] = ()
    applicants: tuple[Applicant, ...] = ()
    identity: bool = False
    between_two: bool = False
    starts_from: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    prefill: tuple[str, ...] = ()
    same_if: tuple[str, ...] = ()
    progress: tuple[ProgressStage, ...] = ()
    checks: Mapping[str, Check] = field(default_factory=dict[str, Check], compare=False)

    def term(self, clock: str) -> str:
        """The name of the clock's term in the jurisdictions; also of a term that is no clock's."""
        own = (self.clocks[clock].term if clock in self.clocks else "") or clock
        return own if "." in own else f"{self.kind}.{own}"

    def asked(self, command: Command) -> Iterator[Field]:
        """The fields of a command in the order of its pages; optional ones are not required."""
        form = self.forms.get(command.form)
        for name in [*(form.fields if form else ()), *command.fields, *command.optional]:
            yield self.fields[name]

    def names_by_part(self, command: Command) -> dict[FieldPart, str]:
        """What the fields are called that play a part in a command."""
        return {item.part: item.name for item in self.asked(command) if item.part}

    def by_part(self, values: Mapping[str, Any]) -> dict[FieldPart, Any]:
        """What was filled in, as far as it plays a part."""
        played = ((self.fields[name].part, name) for name in values if name in self.fields)
        return {part: values[name] for part, name in played if part}

    def commands_from(self, state: str, options: frozenset[str] = frozenset()) -> Iterator[Command]:
        """The commands that are open in a state, under the jurisdiction's options."""
        for command in self.commands.values():
            extra = (command.also_from.get(option, ()) for option in options)
            here = state in command.source or any(state in names for names in extra)
            if here and command.unless not in options:
                yield command

    def asked_of_others(self, command: Command) -> Iterator[Command]:
        """What a command asks others to give: the extension of a term."""
        if command.needs and not command.extends:
            yield from (other for other in self.commands.values()
                        if other.extends and other.needs == command.needs)

    def decisions(self) -> Iterator[Command]:
        """The commands that end in a decision."""
        for command in self.commands.values():
            if command.to and self.states[command.to].outcome:
                yield command

    def stage(self, state: str) -> int | None:
        """Which stage of its way a case in that state has come to, from 0."""
        stages = enumerate(self.progress)
        return next((number for number, one in stages if state in one.states), None)

    @property
    def applied_for(self) -> bool:
        """Whether somebody applies; otherwise the portal itself begins the cases."""
        return self.applicants != (Applicant.PORTAL,)

    @property
    def gives_data(self) -> bool:
        """Whether cases end in somebody getting data, so that they depend on it as it is."""
        return any(command.gives for command in self.commands.values())

    def files_asked(self, answers: Mapping[str, Any]) -> list[str]:
        """The files that an application asks for, of its form's fields that choose files."""
        names = self.form.fields if self.form else ()
        chosen = [name for name in names if self.fields[name].type == "resources"]
        return [one for name in chosen for one in answers.get(name, ())]

    @property
    def handing_in(self) -> tuple[Command, ...]:
        """The commands by which a case is handed in: by whom, and to whom, may differ."""
        return tuple(one for one in self.commands_from(self.initial) if one.receives)

    @property
    def handing_in_himself(self) -> tuple[Command, ...]:
        """Those by which an applicant hands it in himself."""
        return tuple(one for one in self.handing_in if Role.APPLICANT in one.by)

    @property
    def recording(self) -> tuple[Command, ...]:
        """Those by which somebody at a counter hands it in for a person without an account."""
        return tuple(one for one in self.handing_in if Role.APPLICANT not in one.by)

    @property
    def receiving(self) -> Command:
        """The command by which an applicant hands a case in, the first if there are several."""
        return (*self.handing_in_himself, *self.handing_in)[0]

    @property
    def saving(self) -> Command | None:
        """The command that keeps a draft, where there is one."""
        return next((one for one in self.commands_from(self.initial) if one.partial), None)

    @property
    def main_clock(self) -> str:
        """The first limit on the answer: by it a decision is in time."""
        return next((name for name, clock in self.clocks.items() if clock.main), "")

    @property
    def form(self) -> Form | None:
        """The form that is filled in to hand a case in."""
        return self.forms.get(self.receiving.form)
