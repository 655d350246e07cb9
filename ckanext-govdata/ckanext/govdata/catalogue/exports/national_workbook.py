"""A workbook in the national layout: two merged rows of headings, then cells that are text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO

import openpyxl
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from ...domain.column_letters import letters
from ...sheets.refused_files import MAX_CELL
from ...sheets.text_tables import quoted

WIDTH, SUMMARY_WIDTH = 18, 40
"""Of columns, in characters."""
SUMMARY = "信息资源摘要"


def write(
    heads: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]], file: IO[bytes]
) -> None:
    """Write the sheet row by row; a head is its upper and its lower text (may be empty)."""
    upper, lower = [head[0] for head in heads], [head[1] for head in heads]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("政务信息资源目录")
    for index, text in enumerate(upper, 1):
        width = SUMMARY_WIDTH if text == SUMMARY else WIDTH
        sheet.column_dimensions[letters(index)].width = width
    sheet.freeze_panes = "C3"
    for first, last in _groups(upper):
        if last > first:
            sheet.merged_cells.add(_range(1, first, 1, last))
    for index, text in enumerate(lower):
        if not text:
            sheet.merged_cells.add(_range(1, index, 2, index))
    shown = [t if i == 0 or t != upper[i - 1] else "" for i, t in enumerate(upper)]
    sheet.append([_head(sheet, text) for text in shown])
    sheet.append([_head(sheet, text) for text in lower])
    for row in rows:
        sheet.append([_text(sheet, cell) for cell in row])
    book.save(file)


def _groups(upper: Sequence[str]) -> Iterator[tuple[int, int]]:
    first = 0
    for index in range(1, len(upper) + 1):
        if index == len(upper) or upper[index] != upper[first]:
            yield first, index - 1
            first = index


def _range(top: int, left: int, bottom: int, right: int) -> str:
    return f"{letters(left + 1)}{top}:{letters(right + 1)}{bottom}"


def _head(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = _text(sheet, text)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="DCE6F1")
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell


def _text(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    """A cell that is text whatever it says: never a formula."""
    cell = WriteOnlyCell(sheet, value="")
    cell._value = quoted(text)[:MAX_CELL] if text else None
    cell.data_type = "s" if text else "n"
    return cell
