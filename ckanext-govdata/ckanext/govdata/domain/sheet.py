"""A small published table: its columns, rows, and the totals that readers watch."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_CODE = re.compile(r"0\d+")


@dataclass(frozen=True)
class Sheet:
    """Cells as texts; every row is as long as ``columns``."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def number(cell: str) -> float | None:
    """The cell as a number, or ``None``; a code with a leading nought is no number."""
    text = cell.strip()
    if not _NUMBER.fullmatch(text) or _CODE.fullmatch(text):
        return None
    return float(text.replace(",", ""))


def latest_rows(sheet: Sheet, time_column: str) -> tuple[tuple[str, ...], ...]:
    """The rows of the newest time; all rows where no column tells the time.

    Times are compared as texts, so they are written as ISO 8601 writes them.
    """
    if time_column not in sheet.columns:
        return sheet.rows
    index = sheet.columns.index(time_column)
    newest = max((row[index].strip() for row in sheet.rows), default="")
    return tuple(row for row in sheet.rows if row[index].strip() == newest)


def totals(sheet: Sheet, time_column: str, figures: Sequence[str]) -> Mapping[str, float]:
    """The sum of each figure over the newest rows; a column without any number has none."""
    rows = latest_rows(sheet, time_column)
    found: dict[str, float] = {}
    for name in figures:
        if name in sheet.columns:
            index = sheet.columns.index(name)
            cells = [number(row[index]) for row in rows]
            if any(cell is not None for cell in cells):
                found[name] = sum(cell for cell in cells if cell is not None)
    return found
