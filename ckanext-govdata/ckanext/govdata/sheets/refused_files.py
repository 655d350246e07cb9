"""Why a file cannot be imported at all, before any of its rows is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MAX_FILE_BYTES = 50 * 2**20
MAX_MEMBERS = 2000
MAX_RATIO = 100
RATIO_FLOOR = 2**20
"""A member this small is no bomb, however well it is packed."""
MAX_UNPACKED = 200 * 2**20
MAX_CELLS = 2_000_000
MAX_AREA = 4_000_000
"""Cells of the rectangle around all values; the reader keeps the whole rectangle in memory."""
MAX_COLUMNS = 16_384
"""Columns of a sheet, as many as Excel has; what is wider is no sheet that anybody marks."""
MAX_TEXT = 200 * 2**20
MAX_FAULTS = 100_000
"""Cells that may not be used, and merged areas, of one file."""
MAX_CELL = 32_767
"""Characters of one cell, as many as Excel takes."""


class Unreadable(Exception):
    """The file as a whole cannot be read. ``code`` names the reason, ``detail`` fills the words."""

    def __init__(self, code: str, **detail: object) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class CellFault:
    """A cell that a reader can see and that may not be used. Row and column count from 1.

    ``code`` is ``formula_without_value``, ``cell_error``, ``shown_otherwise``,
    ``struck_out``, ``unseen`` (letters in the colour of their ground, or too small) or
    ``merged_cells``.
    """

    row: int
    column: int
    code: str
    value: str = ""


@dataclass(frozen=True)
class TextLimits:
    """What a file of text may hold: ``size`` in bytes, ``cells`` of all its rows."""

    size: int = MAX_FILE_BYTES
    cells: int = MAX_CELLS


USUAL = TextLimits()


def too_many_cells(count: int, most: int = MAX_CELLS) -> None:
    """Raise when the sheet has more cells than a reader may keep."""
    if count > most:
        raise Unreadable("too_many_cells", limit=most)


def too_wide(rows: int, columns: int, most: int = MAX_AREA) -> None:
    """Raise when a stray cell far away makes the sheet's rectangle huge."""
    if rows * columns > most:
        raise Unreadable("too_wide", rows=rows, columns=columns)


def cell_too_long(row: int, cells: Sequence[str]) -> None:
    """Raise when one of the row's cells has more text than a cell takes; JSON, as our own export
    writes lists of items, may have more."""
    for column, text in enumerate(cells, 1):
        if len(text) > MAX_CELL and not text.startswith(("[{", "{")):
            raise Unreadable("cell_too_long", row=row, column=column, limit=MAX_CELL)


def too_much_text(size: int, most: int | None = None) -> None:
    """Raise when there is more text than a reader may keep."""
    limit = MAX_TEXT if most is None else most
    if size > limit:
        raise Unreadable("too_much_text", limit=limit // 2**20)


def too_many_faults(count: int) -> None:
    """Raise when so many cells may not be used that nobody would go through them."""
    if count > MAX_FAULTS:
        raise Unreadable("too_many_faults", limit=MAX_FAULTS)


class BookCount:
    """What all sheets of a workbook have together: they are kept at once, so no limit is one of
    each sheet alone. Each method raises :class:`Unreadable` where it is too much."""

    def __init__(self) -> None:
        self._cells = self._text = self._faults = self._area = 0
        self._rows = self._columns = 0

    def begin_sheet(self) -> None:
        """Another sheet begins, with a rectangle of its own."""
        self._area += self._rows * self._columns
        self._rows = self._columns = 0

    def add_cells(self, count: int = 1) -> None:
        """So many cells more."""
        self._cells += count
        too_many_cells(self._cells)

    def add_text(self, size: int) -> None:
        """So many characters more."""
        self._text += size
        too_much_text(self._text)

    def add_fault(self) -> None:
        """Another cell that may not be used, or merged area."""
        self._faults += 1
        too_many_faults(self._faults)

    def reach(self, row: int, column: int) -> None:
        """The sheet's rectangle reaches so far, from 1."""
        self._rows, self._columns = max(self._rows, row), max(self._columns, column)
        too_wide(self._rows, self._columns)
        if self._area + self._rows * self._columns > MAX_AREA:
            raise Unreadable("book_too_wide", limit=MAX_AREA)
