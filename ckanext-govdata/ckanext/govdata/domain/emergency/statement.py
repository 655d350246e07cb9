"""What is said of an event as a whole: that it began, what changed, that it is over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ..procedure import Role
from ..prohibition import in_words
from ..refusal import Refusal, Refused
from . import acts
from .emergency_event import (
    Emergency,
    EmergencyRules,
    changes,
    check_basis,
    check_end,
    check_event,
    check_occasion,
)
from .verdict import Act, Given

SAID = ("level", "basis", "threshold", "duty")
"""What the act of a declaration says of the event."""


@dataclass(frozen=True)
class EventDeclaration(Given):
    """An event as somebody declares it; ``running`` are title and kind of what the same body has
    declared already, ``taken`` whether its name is another's."""

    event: Emergency
    name: str = ""
    text: str = ""
    words: Mapping[str, str] = field(default_factory=dict[str, str])
    wrong: tuple[Refusal, ...] = ()
    running: frozenset[tuple[str, str]] = frozenset()
    taken: bool = False

    def follow(
        self,
        state: Emergency | None,
        roles: Collection[Role],
        rules: EmergencyRules,
        now: datetime,
    ) -> Act | Refused:
        """The event declared; no body declares twice what runs."""
        wrong = [*self.wrong, *check_event(self.event, rules, now)]
        wrong += [*check_occasion(self.event, rules), *in_words(rules.bans, self.words)]
        if (self.event.title, self.event.kind) in self.running:
            wrong.append(Refusal("running_already", "title", self.event.title))
        if self.taken:
            wrong.append(Refusal("name_taken", "name", self.name))
        facts = {name: getattr(self.event, name) for name in SAID}
        return Refused(tuple(wrong)) if wrong else Act(self.event, self.text, facts)


@dataclass(frozen=True)
class Revision(Given):
    """What is said of an event from now on; a change of level among it is a decision."""

    event: Emergency
    text: str = ""
    words: Mapping[str, str] = field(default_factory=dict[str, str])
    wrong: tuple[Refusal, ...] = ()

    def named(self, act: str, state: Emergency | None) -> str:
        """Changing the level is an act of its own."""
        return acts.LEVEL if state and state.level != self.event.level else act

    def follow(
        self,
        state: Emergency | None,
        roles: Collection[Role],
        rules: EmergencyRules,
        now: datetime,
    ) -> Act | Refused:
        """The event changed, with what it was and is."""
        wrong = [*self.wrong, *check_event(self.event, rules, now)]
        wrong += in_words(rules.bans, self.words)
        if state and state.basis != self.event.basis:
            wrong += check_basis(self.event, rules)
        if self.event == state and not self.text:
            wrong.append(Refusal("unchanged", "text"))
        if wrong:
            return Refused(tuple(wrong))
        return Act(self.event, self.text, changes(state or self.event, self.event))


@dataclass(frozen=True)
class Closure(Given):
    """The end of an event, with its last words."""

    at: datetime
    text: str = ""
    words: Mapping[str, str] = field(default_factory=dict[str, str])
    wrong: tuple[Refusal, ...] = ()

    def follow(
        self,
        state: Emergency | None,
        roles: Collection[Role],
        rules: EmergencyRules,
        now: datetime,
    ) -> Act | Refused:
        """The event ended."""
        event = acts.known(state)
        wrong = [*self.wrong, *check_end(event, self.at, now)]
        wrong += in_words(rules.bans, self.words)
        facts = {"ended": self.at.isoformat()}
        ended = replace(event, ended=self.at)
        return Refused(tuple(wrong)) if wrong else Act(ended, self.text, facts)
