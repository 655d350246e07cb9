"""What a procedure says, in three languages: words of events and pages, notices, letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .letter import Letter
from .locales import Label


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
