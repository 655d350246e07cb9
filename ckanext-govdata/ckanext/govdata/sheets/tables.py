"""A table out of a file: named, with numbered rows of text that may be read more than once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ..domain.cell_date import EPOCH
from .noted_numbers import RoundedNumbers
from .refused_files import CellFault

Row = tuple[int, list[str]]
"""The row's number as the file shows it, from 1, and its cells as text."""


@dataclass(frozen=True)
class Hidden:
    """What a spreadsheet does not show of a sheet. Rows and columns count from 1.

    Hidden by hand, by a filter, by a folded group, or by a height or width of nothing.
    """

    sheet: bool = False
    rows: frozenset[int] = frozenset()
    columns: tuple[tuple[int, int], ...] = ()
    """First and last column of each hidden stretch."""
    every_row: bool = False
    """Rows are hidden unless they say otherwise; then all count as hidden."""

    def row(self, number: int) -> bool:
        """Whether that row is hidden."""
        return self.every_row or number in self.rows

    def column(self, number: int) -> bool:
        """Whether that column is hidden."""
        return number in self.column_numbers

    @cached_property
    def column_numbers(self) -> frozenset[int]:
        """The hidden columns one by one; each stretch is gone through once."""
        found: set[int] = set()
        reached = 0
        for first, last in sorted(self.columns):
            found.update(range(max(first, reached + 1), last + 1))
            reached = max(reached, last)
        return frozenset(found)


@dataclass(frozen=True)
class Table:
    """One sheet, its cells as a spreadsheet shows them; of what it shows otherwise a fault tells.

    ``merges`` are (first row, first column, last row, last column), from 1.
    """

    name: str
    rows: Iterable[Row]
    faults: tuple[CellFault, ...] = ()
    merges: tuple[tuple[int, int, int, int], ...] = ()
    hidden: Hidden = Hidden()
    epoch: date = EPOCH
    """The day 0 of its count of days."""
    as_text: bool = False
    """Whether signs part its cells (CSV): a row with one cell more has its values shifted."""
    rounded: RoundedNumbers = field(default_factory=RoundedNumbers)
    """What is shown in fewer places; grows while the rows are gone through."""
