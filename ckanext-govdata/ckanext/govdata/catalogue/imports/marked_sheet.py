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

from ..exports.national_workbook import MAX_CELL
from . import readers

_BAD = PatternFill("solid", fgColor="FFC7CE")
AUTHOR = "govdata"


def write(path: Path, refused: Iterable[Mapping[str, Any]], file: IO[bytes]) -> None:
    """Write the sheet again as xlsx: same rows, same columns, bad cells red with a comment.

    A row that was refused as a whole is marked in its first cell. Raises :class:`Unreadable`.
    """
    table, _ = readers.with_head(readers.tables(path))
    notes: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for cell in refused:
        notes[cell["row"]][cell["column_index"] or 0].append(cell["message"])
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_title(table.name))
    for number, cells in table.rows:
        marks = notes.get(number, {})
        width = max(len(cells), max(marks, default=-1) + 1)
        padded = [*cells, *[""] * (width - len(cells))]
        sheet.append([_cell(sheet, text, marks.get(i)) for i, text in enumerate(padded)])
    book.save(file)


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
