"""A table out of a file: named, with numbered rows of text that may be read more than once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .unreadable import CellFault

Row = tuple[int, list[str]]
"""The row's number as the file shows it, from 1, and its cells as text."""


@dataclass(frozen=True)
class Table:
    """One sheet. ``merges`` are (first row, first column, last row, last column), from 1."""

    name: str
    rows: Iterable[Row]
    faults: tuple[CellFault, ...] = ()
    merges: tuple[tuple[int, int, int, int], ...] = ()
