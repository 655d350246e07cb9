"""What an old xls workbook hides, and what it shows of its numbers."""

from __future__ import annotations

import xlrd
from xlrd.book import Book
from xlrd.sheet import Sheet

from . import number_formats
from .tables import Hidden


def hidden(sheet: Sheet) -> Hidden:
    """Its hidden rows and columns, and whether it is hidden itself."""
    rows = {n + 1 for n, row in sheet.rowinfo_map.items() if row.hidden or row.height == 0}
    columns = [
        (n + 1, n + 1) for n, column in sheet.colinfo_map.items()
        if column.hidden or column.width == 0
    ]  # fmt: skip
    every = bool(getattr(sheet, "default_row_hidden", 0))
    return Hidden(sheet.visibility != 0, frozenset(rows), tuple(columns), every)


def shown(book: Book, sheet: Sheet) -> dict[tuple[int, int], str | None]:
    """What is shown of each number that is not shown as it is stored, by row and column from 1."""
    found: dict[tuple[int, int], str | None] = {}
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind != xlrd.XL_CELL_NUMBER:
                continue
            style = book.xf_list[sheet.cell_xf_index(row, column)]
            code = str(book.format_map[style.format_key].format_str)
            text = number_formats.shown(repr(sheet.cell_value(row, column)), code)
            if text != "":
                found[row + 1, column + 1] = text
    return found
