"""A case 办件: what its events say.

Nothing about a case is stored that its events do not tell; :func:`fold` gives the
case back from them. Each event carries the clocks as they stood after it, with the
number of days, the article and the due day, so a case keeps the rules under which it
was received.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from .clock import Pause, Unit, is_overdue
from .field_part import FieldPart
from .party_letter import GIVES, PartyLetter, noted
from .procedure import Command, Duty, Outcome, Procedure, Role, Until

MOVED = "moved"
"""The event that brings a case to the department that provides its entry now."""
VACATED = "vacated"
"""The event that frees a case whose officer has left the department, or has no account any more."""
LET_THROUGH = "let_through"
"""The event that names who published a case's data against a warning, before there was a case:
with that they have proposed already that it be open."""

PARTY_TOLD = "party_told"
"""The event by which a third party is told what is published against his will, and why."""
PROVIDED = "provided"
"""The event by which what was granted can be fetched: what was owed until then is done."""
NO_LONGER_OWED = "no_longer_owed"
"""The event by which nothing is owed any more, because the grant has ended before."""
GRANT_REVOKED = "grant_revoked"
GRANT_SUSPENDED = "grant_suspended"
GRANT_LIFTED = "grant_lifted"
GRANT_ENDS = frozenset({GRANT_REVOKED, GRANT_SUSPENDED})
"""The events by which what a case has given is taken back, by the head of the department or with
its entry; a suspension is lifted by the third."""
GRANT_TURNS = GRANT_ENDS | {GRANT_LIFTED}
"""All that becomes of what a case has given."""
BESIDE_REPLY = GRANT_TURNS | {PARTY_TOLD}
"""The acts that are none of the reply's: their letters name what may be done against them, and
nothing that may be done against the reply."""
CAUSE = "cause"
"""In the fields of such an event: what became of the entry, as a code, where that was the cause."""
ACCEPTED = "accepted"
"""In the fields of an event of time: the day on which the case counts as accepted."""


@dataclass(frozen=True)
class LatestDay:
    """A higher text's limit on the same answer, which counts from its own day: no pause moves it,
    and an extension only as far as ``extension``."""

    start: date
    amount: int
    unit: Unit
    extension: int
    article: str
    document: str


@dataclass(frozen=True)
class Running:
    """One clock of one case.

    ``due`` counts finished pauses and extensions; while ``paused_since`` is set the
    clock stands from the day after. ``stopped`` is the day on which it was answered, or, where it
    was ``dropped``, on which nobody waited for an answer any more. Where a limit of ``latest`` ends
    before the clock's own days do, it is ``limit`` and sets ``due``; it runs ``alone`` until the
    case is accepted where the clock counts from there. It is ``judged`` where it runs anew because
    whoever judged an objection wanted so.
    """

    start: date
    amount: int
    unit: Unit
    due: date
    article: str = ""
    document: str = ""
    own_rule: bool = False
    silence: str = ""
    extension: int = 0
    pauses: tuple[Pause, ...] = ()
    paused_since: date | None = None
    stopped: date | None = None
    provisional: bool = False
    overdue_said: bool = False
    latest: tuple[LatestDay, ...] = ()
    limit: LatestDay | None = None
    alone: bool = False
    dropped: bool = False
    judged: bool = False

    @property
    def runs(self) -> bool:
        """Time is being counted."""
        return self.stopped is None and self.paused_since is None

    def late(self, today: date) -> bool:
        """The last day has passed without an answer, or the answer came after it."""
        until = self.stopped or self.paused_since or today
        return is_overdue(self.due, until)


@dataclass(frozen=True)
class Actor:
    """Who acts, and in which roles on this case. Roles come from membership alone.

    ``places`` names, for a role that is not his own, the absent colleague in whose place he
    has it; ``stands_for`` all for whom he stands in today, also by way of others. ``close``
    says that he, or one of those, is of the applicant's side: the same person or firm.
    ``leads`` are those of his roles that he has as the head of the body that gives them.
    """

    id: str
    roles: frozenset[Role] = frozenset()
    places: Mapping[Role, str] = field(default_factory=dict[Role, str], hash=False)
    stands_for: frozenset[str] = frozenset()
    close: bool = False
    leads: frozenset[Role] = frozenset()

    def persons(self, role: Role) -> frozenset[str]:
        """Whoever acts when he acts in this role: himself, and him in whose place he does."""
        return frozenset({self.id, self.places.get(role, self.id)})


@dataclass(frozen=True)
class CaseEvent:
    """Something that happened to a case, named in the past tense.

    ``role`` and ``actor`` are empty where time itself was the cause. ``state`` and
    ``clocks`` are those after the event. ``in_place_of`` is the absent colleague for whom the
    actor stood in, if he acted in a role that was lent to him.
    """

    name: str
    day: date
    state: str
    actor: str = ""
    role: str = ""
    command: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    clocks: Mapping[str, Running] = field(default_factory=dict[str, Running])
    in_place_of: str = ""


@dataclass(frozen=True)
class Decision:
    """What was decided, by whom, when, with which words."""

    outcome: Outcome
    day: date
    actor: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """A case as it stands. ``answers`` are the forms' latest; ``given`` the commands so far.

    Where a ``department`` applies, everybody who works there acts as the applicant.

    ``duties`` are the persons who have had a hand in it, by what they did. ``party_letters`` are
    the letters to third parties, each with what was noted of it.
    """

    procedure: Procedure
    applicant: str
    state: str
    opened: date
    last: date
    assigned: str = ""
    received: date | None = None
    accepted: date | None = None
    clocks: Mapping[str, Running] = field(default_factory=dict[str, Running])
    answers: Mapping[str, Any] = field(default_factory=dict[str, Any])
    given: frozenset[str] = frozenset()
    decisions: tuple[Decision, ...] = ()
    events: int = 0
    duties: Mapping[Duty, frozenset[str]] = field(default_factory=dict[Duty, frozenset[str]])
    department: str = ""
    party_letters: tuple[PartyLetter, ...] = ()

    @property
    def asked_parties(self) -> tuple[PartyLetter, ...]:
        """The letters that ask third parties and stand, one for each: none that was replaced."""
        return tuple(one for one in self.party_letters if not one.replaced and not one.tells)

    @property
    def objecting_parties(self) -> tuple[PartyLetter, ...]:
        """Those whose party does not agree."""
        return tuple(one for one in self.asked_parties if one.objects)

    @property
    def open(self) -> bool:
        """Somebody still has to answer, or to do what was decided."""
        return self.procedure.states[self.state].open or bool(self.owed())

    @property
    def overridden_parties(self) -> tuple[PartyLetter, ...]:
        """Those against whose will data is given, wholly or in part."""
        return tuple(one for one in self.objecting_parties if one.finding in GIVES)

    @property
    def awaits_parties(self) -> bool:
        """Whether an answer may still come of somebody who was asked."""
        return any(one.awaited for one in self.asked_parties)

    @property
    def data_given(self) -> bool:
        """Whether data was given, and no decision is to be made anew."""
        reply = self.clocks.get(self.procedure.main_clock)
        decided = bool(self.decisions) and self.decisions[-1].outcome is not Outcome.REFUSED
        return decided and reply is not None and reply.stopped is not None

    @property
    def unheard_parties(self) -> tuple[PartyLetter, ...]:
        """Those whom no letter has reached, and who have not answered either."""
        return tuple(one for one in self.asked_parties if one.undelivered)

    def owed(self, until: Until = Until.FETCHABLE) -> Mapping[str, Running]:
        """The clocks that run until that comes about, and it has not: what was granted cannot be
        fetched, or a third party was not told yet."""
        declared = self.procedure.clocks
        return {
            name: clock
            for name, clock in self.clocks.items()
            if clock.stopped is None and name in declared and declared[name].until is until
        }

    def main_clock(self) -> tuple[str, Running] | None:
        """The limit that is running or standing, of two the one that ends first; or else the one
        that was the last to stop."""
        mains = self.main_clocks().items()
        waiting = [item for item in mains if item[1].stopped is None]
        if waiting:
            return min(waiting, key=lambda item: item[1].due)
        return max(mains, key=lambda item: (item[1].stopped, item[1].start), default=None)

    def main_clocks(self) -> Mapping[str, Running]:
        """The limits on the answer; a clock that the procedure no longer has is none of them."""
        declared = self.procedure.clocks.items()
        mains = [name for name, clock in declared if clock.main and name in self.clocks]
        return {name: self.clocks[name] for name in mains}

    def overdue(self, today: date) -> bool:
        """A limit on the answer has passed and nobody has answered."""
        found = self.main_clock()
        return found is not None and found[1].stopped is None and found[1].late(today)


def open_case(procedure: Procedure, applicant: str, today: date, department: str = "") -> Case:
    """A new case, before anything was filled in; ``department`` is in whose name one applies."""
    return Case(procedure, applicant, procedure.initial, today, today, department=department)


def apply(case: Case, event: CaseEvent) -> Case:
    """The case after one more event."""
    command = case.procedure.commands.get(event.command)
    changes: dict[str, Any] = {
        "state": event.state,
        "last": event.day,
        "clocks": event.clocks,
        "events": case.events + 1,
    }
    if event.name in (MOVED, VACATED):  # whoever had it does not work here
        changes["assigned"] = ""
    if ACCEPTED in event.fields:  # by time itself
        changes["accepted"] = date.fromisoformat(event.fields[ACCEPTED])
    if event.name == PARTY_TOLD:
        changes["party_letters"] = _told(case, event)
    changes["duties"] = _duties(case, command, event)
    if command:
        changes |= _done(case, command, event)
    return replace(case, **changes)


def _done(case: Case, command: Command, event: CaseEvent) -> dict[str, Any]:
    """What somebody's command changes."""
    changes: dict[str, Any] = {"given": case.given | {command.name}}
    changes["party_letters"] = letters_after(case, event.fields, event.day, event.role)
    if command.receives:
        changes["received"] = event.day
    if command.accepts:
        changes["accepted"] = accepted_on(case, event.day)
    if command.form:
        asked = {item.name for item in case.procedure.asked(command)}
        kept = {name: value for name, value in case.answers.items() if name not in asked}
        changes["answers"] = {**kept, **event.fields}
    if command.assigns:
        chosen = event.actor if command.assigns == "actor" else event.fields[command.assigns]
        changes["assigned"] = chosen
    outcome = _outcome(case.procedure, command, event.state)
    if outcome:
        decision = Decision(outcome, event.day, event.actor, event.fields)
        changes["decisions"] = (*case.decisions, decision)
    return changes


def _duties(case: Case, command: Command | None, event: CaseEvent) -> Mapping[Duty, frozenset[str]]:
    """Who has had a hand in it after this event: the actor, and him in whose place he acted."""
    if event.name == LET_THROUGH:
        duty, persons = Duty.PROPOSE, event.fields["persons"]
    elif command and command.duty:
        duty, persons = command.duty, {event.actor, event.in_place_of} - {""}
    else:
        return case.duties
    return {**case.duties, duty: case.duties.get(duty, frozenset()).union(persons)}


def _told(case: Case, event: CaseEvent) -> tuple[PartyLetter, ...]:
    """The letters to third parties with the one by which this event tells one of them."""
    said = case.procedure.by_part(event.fields)
    party, tells = str(said[FieldPart.PARTY]), int(said[FieldPart.PARTY_LETTER])
    contact = str(said.get(FieldPart.PARTY_CONTACT, ""))
    told = PartyLetter(case.events + 1, party, event.day, tells=tells, contact=contact)
    return (*case.party_letters, told)


def letters_after(
    case: Case, fields: Mapping[str, Any], day: date, role: str = ""
) -> tuple[PartyLetter, ...]:
    """The letters to third parties after what was filled in that day with the next event, by
    somebody in this role."""
    said = case.procedure.by_part(fields)
    return noted(case.party_letters, said, case.events + 1, day, role)


def _outcome(procedure: Procedure, command: Command, reached: str) -> Outcome | None:
    """What a command decided; where its state was renamed since, what it leads to now says so."""
    if not command.to:
        return None
    state = procedure.states.get(reached) or procedure.states[command.to]
    return state.outcome


def accepted_on(case: Case, day: date) -> date:
    """The day on which a case counts as accepted by somebody's act: where it counted as accepted
    already, because its check had run out, the last day of that, whether time said so or not."""
    state = case.procedure.states.get(case.state)
    lapse = state.lapses if state else None
    clock = case.clocks.get(lapse.clock) if lapse and lapse.accepts else None
    return clock.due if clock and clock.runs and is_overdue(clock.due, day) else day


def fold(case: Case, events: Iterable[CaseEvent]) -> Case:
    """The case after all of these events, oldest first."""
    for event in events:
        case = apply(case, event)
    return case
