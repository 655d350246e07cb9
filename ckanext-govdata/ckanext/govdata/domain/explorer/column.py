"""A column as its readers meet it: what it is called, and what may be asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(str, Enum):
    """What the values of a column are, as far as filters, pictures and files care."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    FLAG = "flag"


@dataclass(frozen=True)
class Column:
    """A column that the reader may read.

    ``name`` is the DataStore's, ``title`` the whole heading, ``code`` the English name that the
    information item declares, ``notes`` what the item says of it.
    """

    name: str
    kind: Kind
    title: str
    code: str = ""
    notes: str = ""
