"""Administrative divisions: province 2 digits, city 4, county 6, township 9 (GB/T 2260, 10114)."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LEVELS: Mapping[str, int] = {"province": 2, "city": 4, "county": 6, "township": 9}
"""Length of the code at each level, top first."""


@dataclass(frozen=True)
class Division:
    """One place: its code, name, level and the code of the place around it."""

    code: str
    name: str
    level: str
    parent: str

    def fault(self) -> str | None:
        """What is wrong with the row, or ``None``."""
        if self.level not in LEVELS:
            return f"unknown level {self.level!r}"
        if not (self.code.isascii() and self.code.isdigit()):
            return f"code {self.code!r} is not digits"
        if len(self.code) != LEVELS[self.level]:
            return f"code {self.code!r} of a {self.level} must have {LEVELS[self.level]} digits"
        if not self.name:
            return f"{self.code} has no name"
        if self.parent and not self.code.startswith(self.parent):
            return f"{self.code} does not begin with its parent {self.parent}"
        return None


@dataclass(frozen=True)
class Divisions:
    """The table of places that this portal knows."""

    by_code: Mapping[str, Division]

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def get(self, code: str) -> Division | None:
        """The place with that code."""
        return self.by_code.get(code)

    def ancestors(self, code: str) -> list[Division]:
        """The place and those around it, the widest first; empty when it is unknown."""
        found: list[Division] = []
        place = self.by_code.get(code)
        while place is not None:
            found.append(place)
            place = self.by_code.get(place.parent) if place.parent else None
        return found[::-1]

    def children(self, code: str) -> Iterator[Division]:
        """The places directly within, by code; of ``""`` the provinces."""
        return (place for place in self.by_code.values() if place.parent == code)

    def full_name(self, code: str) -> str:
        """``安徽省安庆市怀宁县``; the code itself when it is unknown."""
        return "".join(place.name for place in self.ancestors(code)) or code


NOWHERE = Divisions({})
"""No place is known."""
