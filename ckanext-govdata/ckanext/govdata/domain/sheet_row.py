"""A row of a sheet by the fields of its columns, and what several rows of one entry say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .heading_notes import numbered
from .headings import Head


class SheetRow(NamedTuple):
    """A row of the sheet: its number, its cells by field, its cells by the label of a column that
    is none of ours."""

    number: int
    values: dict[str, str]
    others: dict[str, str]


def labels(head: Head) -> dict[int, str]:
    """What each column is called among the others, by its place."""
    names = numbered([column.heading for column in head.columns])
    return {column.index: name for column, name in zip(head.columns, names, strict=True)}


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


def other_columns(group: Sequence[SheetRow]) -> dict[str, str]:
    """The cells of other columns: what the rows say each for itself stays with their items."""
    cells: dict[str, list[tuple[SheetRow, str]]] = defaultdict(list)
    for row in group:
        for label, text in row.others.items():
            cells[label].append((row, text))
    return {label: _of_items(found, group) for label, found in cells.items()}


def _of_items(cells: Sequence[tuple[SheetRow, str]], group: Sequence[SheetRow]) -> str:
    texts = {text for _, text in cells}
    if len(texts) == 1 and (len(cells) == len(group) or cells[0][0] is group[0]):
        return cells[0][1]
    return "\n".join(
        f"{name}：{text}" if (name := row.values.get("item_name")) else text for row, text in cells
    )
