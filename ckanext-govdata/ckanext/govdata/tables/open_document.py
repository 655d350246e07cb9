"""The sheets of an OpenDocument spreadsheet (ODS, ISO/IEC 26300-3), each cell as it is shown.

The file has what is shown of a cell beside its value, so nothing is worked out here; days are taken
as they are stored. What may not be used and what is hidden is noted as of other workbooks.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from ..sheets.file_kinds import BROKEN, check_directory, kind_of
from ..sheets.noted_numbers import RoundedNumbers
from ..sheets.refused_files import (
    MAX_CELL,
    MAX_FILE_BYTES,
    BookCount,
    CellFault,
    Unreadable,
)
from ..sheets.tables import Hidden, Row, Table
from ..sheets.xml_parser import Budget, XmlParser

MOST_SHEETS = 50
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_CELLS = ("table:table-cell", "table:covered-table-cell")
_NOTES = ("office:annotation", "office:annotation-end", "table:shapes")
_SIGNS = {"text:tab": "\t", "text:line-break": "\n"}
Names = Mapping[str, str]


def is_one(path: Path) -> bool:
    """Whether a file is such a spreadsheet, by its content."""
    if not path.stat().st_size:
        return False
    with path.open("rb") as file:
        return kind_of(file) == "ODS"


def sheets(path: Path) -> Iterator[Table]:
    """The sheets in order; raises :class:`Unreadable`."""
    check_size(path)
    try:
        with path.open("rb") as file:
            check_directory(file)
        with zipfile.ZipFile(path) as archive:
            budget, members = Budget(), {one.filename: one for one in archive.infolist()}
            if _MANIFEST in members and b"encryption-data" in b"".join(
                    budget.pieces(archive, members[_MANIFEST])):
                raise Unreadable("password")
            if _CONTENT not in members:
                raise Unreadable("damaged")
            found = _Content(budget.pieces(archive, members[_CONTENT])).sheets
    except (*BROKEN, RuntimeError) as error:
        raise Unreadable("damaged") from error
    for one in found:
        yield one.table()


def check_size(path: Path) -> None:
    """Raises :class:`Unreadable` for what is too large, however it is packed."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise Unreadable("too_large", limit=MAX_FILE_BYTES // 2**20)


@dataclass
class _Sheet:
    """A sheet while it is read; rows and columns count from 1."""

    name: str
    hidden: bool
    rows: list[Row] = field(default_factory=list[Row])
    at: int = 0
    faults: list[CellFault] = field(default_factory=list[CellFault])
    merges: list[tuple[int, int, int, int]] = field(
        default_factory=list[tuple[int, int, int, int]])
    hidden_rows: list[int] = field(default_factory=list[int])
    hidden_columns: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    columns: int = 0
    rounded: RoundedNumbers = field(default_factory=RoundedNumbers)

    def table(self) -> Table:
        """As all sheets are given."""
        hidden = Hidden(self.hidden, frozenset(self.hidden_rows), tuple(self.hidden_columns))
        return Table(self.name, self.rows, tuple(self.faults), tuple(self.merges), hidden,
                     rounded=self.rounded)


class _Content(XmlParser):
    """Goes through what the file says of all its sheets."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.sheets: list[_Sheet] = []
        self._counted = BookCount()
        self._unseen: set[str] = set()
        self._style = ""
        self._row: Names | None = None
        self._cells: list[str] = []
        self._cell: Names | None = None
        self._covered = False
        self._text: list[str] | None = None
        self._lines: list[str] = []
        self._within = 0
        super().__init__(pieces)

    def prepare(self, parser: expat.XMLParserType) -> None:
        """Set the handlers."""
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said

    def _begin(self, name: str, said: dict[str, str]) -> None:
        if name in _NOTES or self._within:
            self._within += 1
        elif name == "style:style":
            self._style = said.get("style:name", "")
        elif name == "style:table-properties" and said.get("table:display") == "false":
            self._unseen.add(self._style)
        elif name == "table:table":
            self._begin_sheet(said)
        elif name == "table:table-column" and self.sheets:
            self._column(said)
        elif name == "table:table-row" and self.sheets:
            self._row, self._cells = said, []
        elif name in _CELLS and self._row is not None:
            self._cell, self._lines, self._covered = said, [], name != _CELLS[0]
        elif name == "text:p" and self._cell is not None:
            self._text = []
        elif self._text is not None:
            self._text.append(" " * _number(said, "text:c", 1, 1000) if name == "text:s"
                              else _SIGNS.get(name, ""))

    def _said(self, text: str) -> None:
        if self._text is not None and not self._within:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if self._within:
            self._within -= 1
        elif name == "text:p" and self._text is not None:
            self._lines.append("".join(self._text))
            self._text = None
        elif name in _CELLS and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif name == "table:table-row" and self._row is not None:
            self._end_row(self._row)
            self._row = None

    def _begin_sheet(self, said: Names) -> None:
        if len(self.sheets) == MOST_SHEETS:
            raise Unreadable("too_many_sheets", limit=MOST_SHEETS, count=MOST_SHEETS + 1)
        hidden = said.get("table:style-name", "") in self._unseen
        self.sheets.append(_Sheet(said.get("table:name", ""), hidden))
        self._counted.begin_sheet()

    def _column(self, said: Names) -> None:
        sheet, first = self.sheets[-1], self.sheets[-1].columns + 1
        sheet.columns += _number(said, "table:number-columns-repeated", 1, MOST_COLUMNS)
        if said.get("table:visibility", "visible") != "visible":
            sheet.hidden_columns.append((first, sheet.columns))

    def _end_cell(self, said: Names) -> None:
        sheet, row, column = self.sheets[-1], self.sheets[-1].at + 1, len(self._cells) + 1
        times = _number(said, "table:number-columns-repeated", 1, MOST_COLUMNS)
        if column + times > MOST_COLUMNS + 1:
            raise Unreadable("damaged")
        text = "" if self._covered else _shown(said, "\n".join(self._lines))
        if len(text) > MAX_CELL:
            raise Unreadable("cell_too_long", row=row, column=column, limit=MAX_CELL)
        self._counted.add_text(len(text) * times)
        self._cells += [text] * times
        if fault := _fault(said):
            self._counted.add_fault()
            sheet.faults.append(CellFault(row, column, fault, text))
        value = said.get("office:value", "")
        if text and value and _is_rounded(value, text):
            sheet.rounded.note(row, column, value, text)
        wide = _number(said, "table:number-columns-spanned", 1, MOST_COLUMNS)
        high = _number(said, "table:number-rows-spanned", 1, MOST_ROWS)
        if wide * high > 1:
            self._counted.add_fault()
            sheet.merges.append((row, column, row + high - 1, column + wide - 1))

    def _end_row(self, said: Names) -> None:
        sheet = self.sheets[-1]
        times = _number(said, "table:number-rows-repeated", 1, MOST_ROWS)
        while self._cells and not self._cells[-1]:
            self._cells.pop()
        if self._cells:
            if sheet.at + times > MOST_ROWS:
                raise Unreadable("damaged")
            self._counted.add_cells(len(self._cells) * times)
            sheet.rows += [(sheet.at + n, self._cells) for n in range(1, times + 1)]
            if said.get("table:visibility", "visible") != "visible":
                sheet.hidden_rows += range(sheet.at + 1, sheet.at + times + 1)
        sheet.at += times


def _number(said: Names, name: str, otherwise: int, most: int) -> int:
    """How often or how far; raises :class:`Unreadable` for what no program writes."""
    text = said.get(name)
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
        raise Unreadable("damaged")
    return int(text)


def _shown(said: Names, text: str) -> str:
    """The cell's text; a day is written as everywhere (ISO 8601), however the sheet shows it."""
    if said.get("office:value-type") == "date" and said.get("office:date-value"):
        return said["office:date-value"].replace("T", " ").removesuffix(" 00:00:00")
    return text


def _fault(said: Names) -> str:
    """What stands against using the cell."""
    if said.get("calcext:value-type") == "error":
        return "cell_error"
    return "formula_without_value" if (
        "table:formula" in said and "office:value-type" not in said) else ""


def _is_rounded(value: str, text: str) -> bool:
    """Whether a plain number is shown with fewer places than it has."""
    try:
        return float(text) != float(value)
    except ValueError:
        return False  # a date, a share, a sum of money: it is shown as what it is
