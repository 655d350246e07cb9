"""Why a file cannot be imported at all, before any of its rows is looked at."""

from __future__ import annotations

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
MAX_TEXT = 200 * 2**20
MAX_FAULTS = 100_000
"""Cells that may not be used, and merged areas, of one sheet."""


class Unreadable(Exception):
    """The file as a whole cannot be read. ``code`` names the reason, ``detail`` fills the words."""

    def __init__(self, code: str, **detail: object) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class CellFault:
    """A cell that a reader can see and that may not be used. Row and column count from 1.

    ``code`` is ``formula_without_value``, ``cell_error``, ``shown_otherwise`` or ``merged_cells``.
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


def too_wide(rows: int, columns: int) -> None:
    """Raise when a stray cell far away makes the sheet's rectangle huge."""
    if rows * columns > MAX_AREA:
        raise Unreadable("too_wide", rows=rows, columns=columns)


def too_many_faults(count: int) -> None:
    """Raise when so many cells may not be used that nobody would go through them."""
    if count > MAX_FAULTS:
        raise Unreadable("too_many_faults", limit=MAX_FAULTS)
