"""What the actions on departments answer."""

from __future__ import annotations

from typing import TypedDict

from .former_names import ToldName


class Meant(TypedDict):
    """A department that a name means; ``former`` are the former names by which it does."""

    id: str
    name: str
    title: str
    former: list[ToldName]


class AbsenceLine(TypedDict):
    """An absence: whose it is, who stands in, from which day to which."""

    id: str
    mine: bool
    who: str
    deputy: str
    first: str
    last: str


class AbsenceMade(TypedDict):
    """What declaring an absence answers."""

    id: str


class Holdings(TypedDict):
    """What a department has that its successor would take over, in numbers."""

    entries: int
    cases: int
    grants: int
    events: int
    departments: int


class Succeeded(Holdings):
    """Which department ended, who has taken over, and how much of each kind."""

    id: str
    successor: str
    staff: int
