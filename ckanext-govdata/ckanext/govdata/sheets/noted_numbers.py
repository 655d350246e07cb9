"""Numbers of a sheet that a spreadsheet does not show as they are stored, kept in little room."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

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
