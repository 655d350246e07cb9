"""Numbers of a sheet that a spreadsheet does not show as they are stored, kept in little room."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from .refused_files import Unreadable


class NotedNumbers:
    """Numbers with their styles, by row, in the order of the sheet; rows and columns from 1."""

    def __init__(self) -> None:
        self._starts: dict[int, int] = {}
        self._last = 0
        self._rows = array("I")
        self._columns = array("I")
        self._styles = array("I")
        self._values = array("d")

    def note(self, row: int, column: int, style: int, value: float) -> None:
        """Keep one; raises :class:`Unreadable` for a row that comes in two pieces."""
        if row != self._last:
            if row in self._starts:
                raise Unreadable("damaged")
            self._starts[row], self._last = len(self._rows), row
        self._rows.append(row)
        self._columns.append(column)
        self._styles.append(style)
        self._values.append(value)

    def of_row(self, row: int) -> Iterator[tuple[int, int, float]]:
        """Column, style and number of each that stands in the row."""
        at = self._starts.get(row, len(self._rows))
        while at < len(self._rows) and self._rows[at] == row:
            yield self._columns[at], self._styles[at], self._values[at]
            at += 1


@dataclass
class RoundedColumn:
    """Numbers of a column that are shown in fewer places than they have: in which rows, and the
    first of them as it is stored and as it is shown."""

    stored: str
    shown: str
    rows: array[int] = field(default_factory=lambda: array("I"))


class RoundedNumbers:
    """Those of a sheet, by column from 1; known as far as its rows were gone through, however
    often that is."""

    def __init__(self) -> None:
        self.columns: dict[int, RoundedColumn] = {}

    def note(self, row: int, column: int, stored: str, shown: str) -> None:
        """Another one; the rows come in their order."""
        found = self.columns.setdefault(column, RoundedColumn(stored, shown))
        if not found.rows or row > found.rows[-1]:
            found.rows.append(row)
