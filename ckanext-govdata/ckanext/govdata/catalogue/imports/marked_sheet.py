"""The sheet that was imported, with its bad cells coloured and explained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

import openpyxl
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from ...domain.column_letters import letters
from ...sheets.refused_files import MAX_CELL
from ...sheets.tables import Hidden, Table
from . import readers

_BAD = PatternFill("solid", fgColor="FFC7CE")
AUTHOR = "govdata"
Notes = dict[int, dict[int, list[str]]]
"""What is wrong, by row and by the column's place from 0."""


def write(path: Path, refused: Iterable[Mapping[str, Any]], file: IO[bytes]) -> None:
    """Write the sheets again as xlsx: same rows, same columns, bad cells red with a comment.

    A row that was refused as a whole is marked in its first cell. Of a workbook those sheets are
    written that show themselves. Raises :class:`Unreadable`.
    """
    notes: dict[str, Notes] = defaultdict(_no_notes)
    for cell in refused:
        notes[cell["sheet"]][cell["row"]][cell["column_index"] or 0].append(cell["message"])
    book = openpyxl.Workbook(write_only=True)
    for table in readers.tables(path):
        if not table.hidden.sheet:
            _write_sheet(book.create_sheet(_title(table.name)), table, notes[table.name])
    book.save(file)


def _no_notes() -> Notes:
    return defaultdict(lambda: defaultdict(list))


def _write_sheet(sheet: WriteOnlyWorksheet, table: Table, notes: Notes) -> None:
    """What the sheet does not show is not shown by its copy either."""
    _hide_columns(sheet, table.hidden)
    for written, (number, cells) in enumerate(table.rows, 1):
        marks = notes.get(number, {})
        width = max(len(cells), max(marks, default=-1) + 1)
        padded = [*cells, *[""] * (width - len(cells))]
        if table.hidden.row(number):
            sheet.row_dimensions[written].hidden = True  # type: ignore[attr-defined]
        sheet.append([_cell(sheet, text, marks.get(i)) for i, text in enumerate(padded)])


def _hide_columns(sheet: WriteOnlyWorksheet, hidden: Hidden) -> None:
    for column in sorted(hidden.column_numbers):
        letter = letters(column)
        sheet.column_dimensions[letter].hidden = True  # type: ignore[attr-defined]


def _cell(sheet: WriteOnlyWorksheet, text: str, notes: list[str] | None) -> Cell:
    cell = WriteOnlyCell(sheet, value="")
    cell._value = "".join(c for c in text if c in "\t\n" or c >= " ")[:MAX_CELL] or None
    cell.data_type = "s" if cell._value else "n"
    if notes:
        cell.fill = _BAD
        cell.comment = Comment("\n".join(notes)[:2000], AUTHOR, height=120, width=320)
    return cell


def _title(name: str) -> str:
    return "".join(c for c in name if c not in "[]:*?/\\'")[:31] or "目录"
