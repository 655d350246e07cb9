"""Cells of a sheet's body that may not be used: errors, formulas without value, merged cells."""

from __future__ import annotations

from dataclasses import replace

from ...domain.headings import Head
from ...sheets.tables import Table
from . import readers

HIDDEN_ROW = "hidden_row"
"""The last fault of a row that a spreadsheet does not show."""
Fault = tuple[int, str, str]
"""The column's place from 0, the fault, the value."""


def by_row(table: Table, head: Head) -> dict[int, list[Fault]]:
    """The faults of each row, merged cells of the body among them."""
    faults: dict[int, list[Fault]] = {}
    for fault in table.faults:
        faults.setdefault(fault.row, []).append((fault.column - 1, fault.code, fault.value))
    body = head.row + head.depth
    if not (table.hidden.rows or table.hidden.every_row):
        table = replace(table, rows=())
    for top, left, bottom, right in table.merges:
        if bottom <= body or _is_entry_over_items(head, left, right):
            continue
        faults.setdefault(max(top, body + 1), []).append((left - 1, "merged_cells", ""))
    for number, cells in table.rows:
        if number > body and table.hidden.row(number) and any(cells):
            first = next(index for index, cell in enumerate(cells) if cell)
            faults.setdefault(number, []).append((first, HIDDEN_ROW, cells[first][:60]))
    return faults


def _is_entry_over_items(head: Head, left: int, right: int) -> bool:
    """In the layout with one row for each item the entry's own cells span its rows."""
    if left != right or "item_name" not in head.by_field:
        return False
    items = {rule.name for rule in readers.heading_rules().fields if rule.item}
    at = {column.index: column.field for column in head.columns}
    return at.get(left - 1) not in items
