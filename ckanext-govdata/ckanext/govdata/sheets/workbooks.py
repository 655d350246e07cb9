"""Read xlsx and xls: sheets, rows of text as a spreadsheet shows it, cells that may not be used."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TypeVar

import python_calamine

from ..domain.cell_date import EPOCH, EPOCH_OF_1904
from . import number_formats, xlsx_guard
from .noted_numbers import RoundedNumbers
from .refused_files import Unreadable
from .tables import Hidden, Row, Table
from .text_tables import unquoted
from .xlsx_sheet import CellStyles, SheetFacts

T = TypeVar("T")

MAX_SHEETS = 50
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA")
_WORKSHEET = python_calamine.SheetTypeEnum.WorkSheet
_VISIBLE = python_calamine.SheetVisibleEnum.Visible


def xlsx_tables(path: Path) -> Iterator[Table]:
    """The sheets of an xlsx workbook, in order; raises :class:`Unreadable`."""
    facts = xlsx_guard.inspect(path)
    workbook = parsed(lambda: python_calamine.CalamineWorkbook.from_path(str(path)))
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ is _WORKSHEET]
    too_many_sheets(len(sheets))
    names = [sheet.name for sheet in sheets]
    if names != [name for name in facts.sheets if name in names]:  # told apart by name alone
        raise Unreadable("damaged")
    for about in sheets:
        name = about.name
        found = facts.sheets[name]
        hidden = Hidden(
            about.visible is not _VISIBLE,
            frozenset(found.hidden_rows),
            tuple(found.hidden_columns),
            found.every_row_hidden,
        )
        try:
            sheet = parsed(lambda name=name: workbook.get_sheet_by_name(name))
        except Unreadable:
            raise _unknown_error(name, found) from None
        rows = _XlsxRows(sheet, found, facts.styles)
        yield Table(
            name, rows, tuple(found.faults), tuple(found.merges), hidden,
            epoch_of(facts.styles.since_1904), rounded=rows.rounded,
        )  # fmt: skip


def _unknown_error(name: str, found: SheetFacts) -> Unreadable:
    """Why the parser stops: it knows no errors of later years, such as #SPILL!."""
    errors = [one for one in found.faults if one.code == "cell_error"]
    strange = next((one for one in errors if one.value not in _ERRORS), None)
    if strange is None:
        return Unreadable("damaged")
    return Unreadable("unknown_error", sheet=name, row=strange.row, value=strange.value)


def epoch_of(since_1904: bool) -> date:
    """The day 0 of a workbook's count of days."""
    return EPOCH_OF_1904 if since_1904 else EPOCH


def too_many_sheets(count: int) -> None:
    """Raise when a workbook has more sheets than anybody looks through."""
    if count > MAX_SHEETS:
        raise Unreadable("too_many_sheets", limit=MAX_SHEETS, count=count)


def parsed(parse: Callable[[], T]) -> T:
    """What the parser gives; it meets damage with many exceptions, and with a panic."""
    try:
        return parse()
    except BaseException as error:
        panic = type(error).__name__ == "PanicException"
        if not panic and not isinstance(error, Exception):
            raise
        raise Unreadable("damaged") from error


class _XlsxRows:
    """Rows of one sheet; may be gone through more than once."""

    def __init__(
        self, sheet: python_calamine.CalamineSheet, facts: SheetFacts, styles: CellStyles
    ) -> None:
        self._sheet = sheet
        self._numbers = facts.numbers
        self._errors = {(one.row, one.column) for one in facts.faults if one.code == "cell_error"}
        self._styles = styles
        self.rounded = RoundedNumbers()

    def __iter__(self) -> Iterator[Row]:
        left = [""] * self._sheet.start[1] if self._sheet.start else []
        for number, values in enumerate(self._sheet.iter_rows(), 1):
            cells = left + [as_text(value) for value in values]
            for column, style, value in self._numbers.of_row(number):
                if column <= len(cells):
                    cells[column - 1] = self._shown(number, column, style, value)
            if self._errors:
                cells = ["" if (number, column) in self._errors else text
                         for column, text in enumerate(cells, 1)]  # fmt: skip
            yield number, cells

    def _shown(self, row: int, column: int, style: int, value: float) -> str:
        """As it is shown; where that is not sure the plain number, beside a fault of the cell."""
        code, plain = self._styles.code(style), number_formats.plain(value)
        text = number_formats.shown(value, code, self._styles.since_1904)
        if text is None:
            return plain
        if text != plain and number_formats.is_rounded(value, code, text):
            self.rounded.note(row, column, plain, text)
        return text


def as_text(cell: object) -> str:
    """A cell without a number format as a spreadsheet shows it."""
    if isinstance(cell, str):
        return unquoted(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return number_formats.plain(cell) if math.isfinite(cell) else str(cell)
    if isinstance(cell, datetime):  # a day that is stored as one, not as a number
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    return "" if cell is None else str(cell)
