"""What a procedure says, in three languages: words of events and pages, notices, letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from .locales import Label


class Adverse(str, Enum):
    """When a letter decides against its addressee: always, where it sets conditions, or never."""

    ALWAYS = "always"
    WITH_CONDITIONS = "with_conditions"
    NEVER = "never"


@dataclass(frozen=True)
class Letter:
    """What a reply letter says: its title, what was decided, which answers it repeats, and what
    whoever does not agree may do where no command of the procedure is left to him. ``adverse``
    says when it decides against whoever gets it, so that it has to name the law's remedies."""

    title: Label
    decision: Label
    lines: tuple[str, ...] = ()
    remedy: Label = field(default_factory=dict[str, str])
    adverse: Adverse = Adverse.NEVER


@dataclass(frozen=True)
class ProcedureWords:
    """All that a procedure says, in three languages each.

    ``notices`` are by event and role (``all``: whoever is told), ``letters`` and ``events`` by
    event, ``outcomes`` by outcome, ``pages`` by the place on the pages, ``counted`` by indicator.
    """

    outcomes: Mapping[str, Label] = field(default_factory=dict[str, Label])
    events: Mapping[str, Label] = field(default_factory=dict[str, Label])
    notices: Mapping[str, Mapping[str, Label]] = field(
        default_factory=dict[str, Mapping[str, Label]]
    )
    letters: Mapping[str, Letter] = field(default_factory=dict[str, Letter])
    pages: Mapping[str, Label] = field(default_factory=dict[str, Label])
    counted: Mapping[str, Label] = field(default_factory=dict[str, Label])

    def notice(self, event: str, role: str) -> Label | None:
        """What somebody in this role is told of an event; of nobody's role the first words."""
        by_role = self.notices.get(event, {})
        return by_role.get(role) or by_role.get(ALL) or next(iter(by_role.values()), None)


ALL = "all"
"""In the place of a role: whoever is told."""
