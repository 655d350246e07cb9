"""A row of a recognised sheet, its cells by the fields and labels of their columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .headings import Head


class SheetRow(NamedTuple):
    """A row of the sheet: its number, its cells by field, its cells by the label of a column that
    is none of ours."""

    number: int
    values: dict[str, str]
    others: dict[str, str]


def labels(head: Head) -> dict[int, str]:
    """What each column is called among the others; of two with one heading the second by its
    number."""
    seen: Counter[str] = Counter()
    found: dict[int, str] = {}
    for column in head.columns:
        seen[column.heading] += 1
        again = f"#{seen[column.heading]}" if seen[column.heading] > 1 else ""
        found[column.index] = column.heading + again
    return found


def sorted_row(
    number: int, cells: Sequence[str], head: Head, labels: Mapping[int, str]
) -> SheetRow:
    """The row's cells by field and by ``labels``; those that are empty are left out."""
    row = SheetRow(number, {}, {})
    for column in head.columns:
        text = cells[column.index].strip() if column.index < len(cells) else ""
        if text and column.field:
            row.values[column.field] = text
        elif text:
            row.others[labels[column.index]] = text
    return row
