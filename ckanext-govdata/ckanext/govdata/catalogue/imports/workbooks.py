"""Read xlsx and xls: sheets, rows as text, and the cells that may not be used."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeVar
from xml.etree import ElementTree
from zipfile import ZipFile

import python_calamine
import xlrd

from ...domain.cell_date import EPOCH, EPOCH_OF_1904
from . import number_formats, xls_guard, xls_visibility, xlsx_guard
from .refused_files import MAX_CELL_FAULTS, CellFault, Unreadable
from .tables import Hidden, Row, Table
from .text_tables import unquoted
from .xlsx_guard import SheetFacts

T = TypeVar("T")

MAX_SHEETS = 50
_WORKSHEET = python_calamine.SheetTypeEnum.WorkSheet
_VISIBLE = python_calamine.SheetVisibleEnum.Visible
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def xlsx_tables(path: Path) -> Iterator[Table]:
    """The sheets of an xlsx workbook, in order; raises :class:`Unreadable`."""
    facts = xlsx_guard.inspect(path)
    members, formats, epoch = _members(path)
    workbook = _parsed(lambda: python_calamine.CalamineWorkbook.from_path(str(path)))
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ is _WORKSHEET]
    for about in sheets[:MAX_SHEETS]:
        name = about.name
        sheet = _parsed(lambda name=name: workbook.get_sheet_by_name(name))
        found = facts.get(members.get(name, ""), SheetFacts())
        hidden = Hidden(
            about.visible is not _VISIBLE,
            frozenset(found.hidden_rows),
            tuple(found.hidden_columns),
            found.every_row_hidden,
        )
        shown = number_formats.of_cells(found.styled, formats)
        yield Table(
            name, _XlsxRows(sheet), tuple(found.faults), tuple(found.merges), hidden, shown, epoch
        )


def _parsed(parse: Callable[[], T]) -> T:
    """What the parser gives; it meets damage with many exceptions, and with a panic."""
    try:
        return parse()
    except BaseException as error:
        panic = type(error).__name__ == "PanicException"
        if not panic and not isinstance(error, Exception):
            raise
        raise Unreadable("damaged") from error


def _members(path: Path) -> tuple[dict[str, str], list[str], datetime.date]:
    """Which member of the archive holds the sheet of that name; the formats of its numbers, and
    from which day it counts."""
    try:
        with ZipFile(path) as archive:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - guarded
            links = ElementTree.fromstring(  # noqa: S314 - the guard refuses a DOCTYPE
                archive.read("xl/_rels/workbook.xml.rels")
            )
            formats = number_formats.of_styles(archive)
    except (KeyError, ElementTree.ParseError) as error:
        raise Unreadable("damaged") from error
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    members = {
        sheet.get("name", ""): "xl/" + targets.get(sheet.get(_RELATION), "").removeprefix("/xl/")
        for sheet in book.iter()
        if sheet.tag.endswith("}sheet")
    }
    return members, formats, _epoch(book)


def _epoch(book: ElementTree.Element) -> datetime.date:
    for node in book.iter():
        if node.tag.endswith("}workbookPr") and node.get("date1904", "0") in ("1", "true", "on"):
            return EPOCH_OF_1904
    return EPOCH


class _XlsxRows:
    """Rows of one sheet; may be gone through more than once."""

    def __init__(self, sheet: python_calamine.CalamineSheet) -> None:
        self._sheet = sheet

    def __iter__(self) -> Iterator[Row]:
        left = [""] * self._sheet.start[1] if self._sheet.start else []
        for number, cells in enumerate(self._sheet.iter_rows(), 1):
            yield number, left + [as_text(cell) for cell in cells]


def as_text(cell: object) -> str:
    """A cell as a person would read it: whole numbers without ``.0``, days in ISO form."""
    if isinstance(cell, str):
        return unquoted(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{Decimal(f'{cell:.15g}'):f}" if math.isfinite(cell) else str(cell)
    return "" if cell is None else str(cell)


def xls_tables(path: Path) -> Iterator[Table]:
    """The sheets of an old xls workbook, in order; raises :class:`Unreadable`."""
    xls_guard.inspect(path)
    book = _parsed(
        lambda: xlrd.open_workbook(
            str(path),
            logfile=xls_guard.Silent(),
            on_demand=True,
            formatting_info=True,
            ragged_rows=True,
        )
    )
    for index in range(min(book.nsheets, MAX_SHEETS)):
        sheet = _parsed(lambda index=index: book.sheet_by_index(index))
        merges = [
            (top + 1, left + 1, bottom, right)
            for top, bottom, left, right in sheet.merged_cells[:MAX_CELL_FAULTS]
        ]
        rows = _XlsRows(sheet, book.datemode)
        faults = tuple(_xls_faults(sheet))
        hidden, shown = xls_visibility.hidden(sheet), xls_visibility.shown(book, sheet)
        epoch = EPOCH_OF_1904 if book.datemode else EPOCH
        yield Table(sheet.name, rows, faults, tuple(merges), hidden, shown, epoch)


def _xls_faults(sheet: xlrd.sheet.Sheet) -> Iterator[CellFault]:
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind == xlrd.XL_CELL_ERROR:
                code = sheet.cell_value(row, column)
                shown = xlrd.error_text_from_code.get(int(code), "#?")
                yield CellFault(row + 1, column + 1, "cell_error", shown)


class _XlsRows:
    """Rows of one sheet; may be gone through more than once."""

    def __init__(self, sheet: xlrd.sheet.Sheet, datemode: Literal[0, 1]) -> None:
        self._sheet = sheet
        self._datemode: Literal[0, 1] = datemode

    def __iter__(self) -> Iterator[Row]:
        for index in range(self._sheet.nrows):
            yield index + 1, [self._text(cell) for cell in self._sheet.row(index)]

    def _text(self, cell: xlrd.sheet.Cell) -> str:
        if cell.ctype == xlrd.XL_CELL_DATE:
            try:
                return as_text(xlrd.xldate_as_datetime(float(cell.value), self._datemode))
            except (ValueError, OverflowError):
                return as_text(cell.value)
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return as_text(bool(cell.value))
        return "" if cell.ctype == xlrd.XL_CELL_ERROR else as_text(cell.value)
