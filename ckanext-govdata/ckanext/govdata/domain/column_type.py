"""What type a column of a table has, by all of its values and by what its item declares.

A value is never changed into less than it was: leading zeros, more than fifteen digits, a day
without a month, one word among the numbers leave the whole column text. Empty cells say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from itertools import chain


class ColumnType(str, Enum):
    """The types of columns, each with PostgreSQL's name for it."""

    INTEGER = "bigint"
    NUMBER = "numeric"
    DATE = "date"
    TIMESTAMP = "timestamp"
    BOOLEAN = "boolean"
    TEXT = "text"


OF_ITEM: Mapping[str, ColumnType] = {
    "C": ColumnType.TEXT, "M": ColumnType.TEXT, "G": ColumnType.TEXT,
    "N": ColumnType.NUMBER, "Y": ColumnType.NUMBER, "B": ColumnType.NUMBER,
    "F": ColumnType.NUMBER, "I": ColumnType.INTEGER, "D": ColumnType.DATE,
    "T": ColumnType.TIMESTAMP, "L": ColumnType.BOOLEAN,
}  # fmt: skip
"""What the data types of the national catalogue guide (``item_types``) declare."""

_PAIRS = (("是", "否"), ("有", "无"), ("1", "0"))
"""Words for yes and no that are read where declared; a column keeps to one of these pairs."""
YES = ("true", "TRUE", "True", *(yes for yes, _no in _PAIRS))
"""All that says yes in a column of that type."""
_DAY = r"[12]\d{3}(?:-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2}|年\d{1,2}月\d{1,2}日)"
_PLAIN_DAY = r"[12]\d{3}(?:-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|年\d{1,2}月\d{1,2}日)"
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?"
_CELLS: Mapping[ColumnType, str] = {
    ColumnType.INTEGER: r"0|-?[1-9]\d{0,14}",
    ColumnType.NUMBER: r"(?:0|[1-9]\d{0,14})(?:\.\d{1,30})?|-(?=[\d.]*[1-9])(?:0|[1-9]\d{0,14})"
    r"(?:\.\d{1,30})?",
    ColumnType.DATE: _DAY,
    ColumnType.TIMESTAMP: rf"{_PLAIN_DAY}[ T]?(?<=[ T日]){_CLOCK}",
    ColumnType.BOOLEAN: "true|false|TRUE|FALSE|True|False",
}
_COMPACT_DAY = r"[12]\d{3}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_DECLARED: Mapping[ColumnType, str] = {
    ColumnType.DATE: f"{_DAY}|{_COMPACT_DAY}",
    ColumnType.BOOLEAN: "|".join([_CELLS[ColumnType.BOOLEAN], *chain(*_PAIRS)]),
}
"""What more is read where an item declares the type."""
_YEAR_FIRST = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_PAIRED = frozenset(chain(*_PAIRS))
LONG_ENOUGH = 20
"""Values of one type after which another one is worth a word."""


@dataclass(frozen=True)
class Misfit:
    """The first value that is not of a type which the values before it had, or which is declared.

    ``row`` is the file's number of the row.
    """

    wanted: ColumnType
    row: int
    value: str


class ColumnValues:
    """Goes through all values of one column, piece by piece; then tells the column's type."""

    def __init__(self, declared: ColumnType | None = None) -> None:
        self._declared = declared if declared is not ColumnType.TEXT else None
        self._text = declared is ColumnType.TEXT
        self._alive = {kind: _fitting(kind, kind is self._declared) for kind in _CELLS}
        self._words: set[str] = set()
        self._seen = 0
        self.misfit: Misfit | None = None

    def look(self, values: Sequence[str], rows: Sequence[int]) -> None:
        """Some more values, with the file's numbers of their rows."""
        if self._text or not self._alive:
            return
        text = "\n".join(values)
        whole = text.count("\n") == len(values) - 1
        filled = len(values) - values.count("")
        for kind, fits in list(self._alive.items()):
            if not whole or not fits(text) or not self._agree(kind, values):
                self._note(kind, values, rows)
                del self._alive[kind]
        self._seen += filled

    def _agree(self, kind: ColumnType, values: Sequence[str]) -> bool:
        """Whether a column of yes and no says both in the same words."""
        if kind is not ColumnType.BOOLEAN:
            return True
        words = self._words | ({*values} - {""})
        if words & _PAIRED and not any(words <= {*two} for two in _PAIRS):
            return False
        self._words = words
        return True

    def _note(self, kind: ColumnType, values: Sequence[str], rows: Sequence[int]) -> None:
        """The type is gone; worth a word where it was declared, or held for long."""
        if self.misfit or (self._declared and kind is not self._declared):
            return
        if not self._declared and kind is ColumnType.INTEGER and ColumnType.NUMBER in self._alive:
            return  # numbers still, as far as is known
        fits = self._alive[kind]
        place = next((n for n, value in enumerate(values) if "\n" in value or not fits(value)
                      or not self._agree(kind, [value])), 0)
        if self._declared or self._seen + place >= LONG_ENOUGH:
            self.misfit = Misfit(kind, rows[place], values[place])

    @property
    def type(self) -> ColumnType:
        """The narrowest type that holds every value; text where nothing was said."""
        if self._text or not (self._seen or self._declared):
            return ColumnType.TEXT
        if self._declared:
            return self._declared if self._declared in self._alive else ColumnType.TEXT
        return next(iter(self._alive), ColumnType.TEXT)


def is_sure(day: str) -> bool:
    """Whether there is that day in the calendar."""
    match = _COMPACT.fullmatch(day) or _YEAR_FIRST.match(day)
    try:
        return bool(match and date(int(match[1]), int(match[2]), int(match[3])))
    except ValueError:
        return False


@lru_cache(maxsize=16)
def _fitting(kind: ColumnType, declared: bool) -> Callable[[str], bool]:
    """Whether all lines of a text are values of that type, or empty."""
    cell = (_DECLARED.get(kind) if declared else None) or _CELLS[kind]
    # PostgreSQL knows no other digits
    every = re.compile(f"(?:{cell})?(?:\n(?:{cell})?)*", re.ASCII)
    if kind not in (ColumnType.DATE, ColumnType.TIMESTAMP):
        return lambda text: every.fullmatch(text) is not None
    day = re.compile(r"[^ T日\n]+")

    def fits(text: str) -> bool:
        if every.fullmatch(text) is None:
            return False
        days = {match[0] for line in set(text.split("\n")) if (match := day.match(line))}
        return all(map(_is_day, days))

    return fits


@lru_cache(maxsize=4096)
def _is_day(text: str) -> bool:
    return is_sure(text)
