"""What a case is about: an entry, a file of it, a column, a row, or something else, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Topic(str, Enum):
    """The kinds of things that a case can be about."""

    ENTRY = "entry"
    RESOURCE = "resource"
    COLUMN = "column"
    ROW = "row"
    EVENT = "event"
    DEPARTMENT = "department"
    FIGURE = "figure"
    NOTHING = "nothing"


@dataclass(frozen=True)
class CaseSubject:
    """One such thing, found: its title, who answers for it, and where exactly it is.

    ``package_id`` is the entry that it belongs to, empty where it belongs to none. ``place`` names
    what is finer than an entry, or no entry: ``resource``, ``column``, ``row``, ``event``, …
    """

    topic: Topic
    title: str
    organization_id: str
    package_id: str = ""
    place: Mapping[str, str] = field(default_factory=dict[str, str])
