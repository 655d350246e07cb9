"""May this be done to an event, and what follows: the one decision of emergency publication."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ..procedure import Role
from ..refusal import Refused
from . import acts
from .dataset import Published
from .emergency_event import Emergency, EmergencyRules


@dataclass(frozen=True)
class Bulletin:
    """Plain words for everybody."""

    title: str
    text: str


@dataclass(frozen=True)
class Act:
    """What is done to an event: by its name, in a role, with the event as it stands after it.

    The ledger and the timeline have it by this name. ``facts`` are its particulars.
    """

    event: Emergency
    text: str = ""
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    published: tuple[Published, ...] = ()
    bulletin: Bulletin | None = None
    name: str = ""
    role: str = ""


class Given(ABC):
    """What somebody gives with an act: it knows what follows from itself."""

    def named(self, act: str, state: Emergency | None) -> str:
        """The act that it amounts to."""
        return act

    @abstractmethod
    def follow(
        self,
        state: Emergency | None,
        roles: Collection[Role],
        rules: EmergencyRules,
        now: datetime,
    ) -> Act | Refused:
        """The act that follows, its name and role left open, or every reason why not."""


def decide(
    state: Emergency | None,
    act: str,
    given: Given,
    roles: Collection[Role],
    rules: EmergencyRules,
    now: datetime,
) -> Act | Refused:
    """What follows when an act is done to an event, or every reason why it may not be.

    Permission is checked before anything that was typed is looked at. ``state`` is missing where
    an event is declared.
    """
    name = given.named(act, state)
    if refusals := acts.objections(state, name, roles):
        return Refused(tuple(refusals))
    made = given.follow(state, roles, rules, now)
    if isinstance(made, Refused):
        return made
    role = acts.role_for(name, roles)
    return replace(made, name=name, role=role.value if role else "")
