"""Read an old xls workbook: what it hides, what it shows of its numbers, what may not be used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import xlrd
from xlrd.book import Book
from xlrd.formatting import std_format_strings
from xlrd.sheet import Sheet

from . import number_formats, xls_guard
from .letter_colours import BLACK, WHITE, Letters, are_unseen
from .noted_numbers import RoundedNumbers
from .refused_files import BookCount, CellFault, cell_too_long
from .tables import Hidden, Row, Table
from .text_tables import unquoted
from .workbooks import epoch_of, parsed, too_many_sheets
from .xlsx_book import code_of

_OWN_FORMATS = 164
"""From this number on a format is the workbook's own; below it is built in."""
_TWENTIETHS = 20
"""Of a point, by which heights of letters and rows are counted."""
_AUTOMATIC, _SYSTEM_FRONT = 0x7FFF, 64
_LOW, _NARROW = 60, 256
"""Twentieths of a point of height and 256ths of a sign of width: in less nobody can read one."""


def xls_tables(path: Path) -> Iterator[Table]:
    """The sheets of an old xls workbook, in order; raises :class:`Unreadable`."""
    unvalued = xls_guard.inspect(path)
    book = parsed(
        lambda: xlrd.open_workbook(
            str(path),
            logfile=xls_guard.Silent(),
            on_demand=True,
            formatting_info=True,
            ragged_rows=True,
        )
    )
    too_many_sheets(book.nsheets)
    counted = BookCount()
    for index in range(book.nsheets):
        sheet = parsed(lambda index=index: book.sheet_by_index(index))
        merges = tuple(
            (top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells
        )
        rows = _XlsRows(book, sheet)
        missing = unvalued[index] if index < len(unvalued) else ()
        faults = [CellFault(r + 1, c + 1, "formula_without_value") for r, c in missing]
        rows.limit(counted)
        faults += rows.faults()
        for _ in (*merges, *faults):
            counted.add_fault()
        epoch = epoch_of(bool(book.datemode))
        yield Table(sheet.name, rows, tuple(faults), merges, _hidden(sheet), epoch,
                    rounded=rows.rounded)


def _hidden(sheet: Sheet) -> Hidden:
    """Its hidden rows and columns, and whether it is hidden itself."""
    rows = {
        n + 1 for n, row in sheet.rowinfo_map.items()
        if row.hidden or (row.height is not None and row.height < _LOW)
    }  # fmt: skip
    columns = [
        (n + 1, n + 1) for n, column in sheet.colinfo_map.items()
        if column.hidden or column.width < _NARROW
    ]  # fmt: skip
    every = bool(getattr(sheet, "default_row_hidden", 0))
    return Hidden(sheet.visibility != 0, frozenset(rows), tuple(columns), every)


class _XlsRows:
    """Rows of one sheet; may be gone through more than once."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self._book, self._sheet = book, sheet
        self._codes: dict[int, str] = {}
        self._unseen: dict[int, bool] = {}
        self.rounded = RoundedNumbers()

    def __iter__(self) -> Iterator[Row]:
        for row in range(self._sheet.nrows):
            cells = self._sheet.row(row)
            yield row + 1, [self._text(cell, row + 1, n) for n, cell in enumerate(cells, 1)]

    def limit(self, counted: BookCount) -> None:
        """Count its text: many cells may refer to one; raises :class:`Unreadable`."""
        for row in range(self._sheet.nrows):
            texts = [cell.value if isinstance(cell.value, str) else ""
                     for cell in self._sheet.row(row)]  # fmt: skip
            cell_too_long(row + 1, texts)
            counted.add_text(sum(map(len, texts)))

    def faults(self) -> Iterator[CellFault]:
        """Errors, and numbers of which it is not sure how they are shown."""
        for row in range(self._sheet.nrows):
            for column, cell in enumerate(self._sheet.row(row), 1):
                if cell.ctype == xlrd.XL_CELL_ERROR:
                    shown = xlrd.error_text_from_code.get(int(cell.value), "#?")
                    yield CellFault(row + 1, column, "cell_error", shown)
                elif self._is_struck(cell) or self._has_struck_piece(cell, row, column - 1):
                    yield CellFault(row + 1, column, "struck_out")
                elif self._is_unseen(cell) or self._has_unseen_piece(cell, row, column - 1):
                    yield CellFault(row + 1, column, "unseen")
                elif _is_number(cell) and self._shown(cell) is None:
                    plain = number_formats.plain(float(cell.value))
                    yield CellFault(row + 1, column, "shown_otherwise", plain)
                elif cell.ctype == xlrd.XL_CELL_TEXT and not self._shows_texts(cell):
                    yield CellFault(row + 1, column, "shown_otherwise", str(cell.value)[:60])

    def _text(self, cell: xlrd.sheet.Cell, row: int, column: int) -> str:
        if _is_number(cell):
            value = float(cell.value)
            shown, plain = self._shown(cell), number_formats.plain(value)
            code = self._code(cell.xf_index)
            if shown not in (None, plain) and number_formats.is_rounded(value, code, shown):
                self.rounded.note(row, column, plain, shown)
            return plain if shown is None else shown
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        return unquoted(cell.value) if isinstance(cell.value, str) else ""

    def _shown(self, cell: xlrd.sheet.Cell) -> str | None:
        code = self._code(cell.xf_index)
        return number_formats.shown(float(cell.value), code, bool(self._book.datemode))

    def _shows_texts(self, cell: xlrd.sheet.Cell) -> bool:
        return number_formats.shows_texts(self._code(cell.xf_index))

    def _is_struck(self, cell: xlrd.sheet.Cell) -> bool:
        if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) or cell.xf_index is None:
            return False
        return bool(self._book.font_list[self._book.xf_list[cell.xf_index].font_index].struck_out)

    def _has_struck_piece(self, cell: xlrd.sheet.Cell, row: int, column: int) -> bool:
        """Whether a piece of the text has another font than the cell, with a line through it."""
        runs = self._sheet.rich_text_runlist_map.get((row, column), ())
        return any(
            self._book.font_list[font].struck_out
            for start, font in runs
            if start < len(str(cell.value)) and font < len(self._book.font_list)
        )

    def _is_unseen(self, cell: xlrd.sheet.Cell) -> bool:
        """Whether its letters have the colour of their ground, or are too small."""
        if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) or cell.xf_index is None:
            return False
        if cell.xf_index not in self._unseen:
            font = self._book.xf_list[cell.xf_index].font_index
            self._unseen[cell.xf_index] = self._sets_unseen(font, cell.xf_index)
        return self._unseen[cell.xf_index]

    def _has_unseen_piece(self, cell: xlrd.sheet.Cell, row: int, column: int) -> bool:
        runs = self._sheet.rich_text_runlist_map.get((row, column), ())
        return any(
            self._sets_unseen(font, cell.xf_index or 0)
            for start, font in runs if start < len(str(cell.value))
        )  # fmt: skip

    def _sets_unseen(self, font: int, style: int) -> bool:
        if font >= len(self._book.font_list):
            return False
        ground = self._book.xf_list[style].background
        filled = {0: WHITE}
        if ground is not None:
            filled[1] = self._colour(ground.pattern_colour_index)
        fill = filled.get(ground.fill_pattern if ground is not None else 0, "")
        letters = self._book.font_list[font]
        size = letters.height / _TWENTIETHS
        return are_unseen(Letters(self._colour(letters.colour_index), size), fill)

    def _colour(self, index: int) -> str:
        if index in (_AUTOMATIC, _SYSTEM_FRONT):
            return BLACK
        found = self._book.colour_map.get(index)
        return "".join(f"{part:02X}" for part in found) if found else ""

    def _code(self, style: int | None) -> str:
        """The format of a cell style."""
        if style is None:
            return "General"
        if style not in self._codes:
            number = self._book.xf_list[style].format_key
            found = self._book.format_map.get(number)
            own = found.format_str if found else ""
            if number < _OWN_FORMATS and own == std_format_strings.get(number):
                own = ""  # not the workbook's, but as it is built in where English is spoken
            self._codes[style] = code_of(number, {number: str(own)} if own else {})
        return self._codes[style]


def _is_number(cell: xlrd.sheet.Cell) -> bool:
    return cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE)
