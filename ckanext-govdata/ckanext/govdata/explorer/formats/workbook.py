"""A table as a workbook (OOXML), sent while it is made.

The libraries that make workbooks (openpyxl, XlsxWriter) write all of it to a file before the first
byte can be sent, and a fifth of the rows in the same time. Texts are texts whatever they say, so no
cell is a formula and codes keep their zeros; numbers that a spreadsheet would round, and days of
before its calendar, are texts too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import count

from ...domain.column_letters import letters
from ...domain.explorer.column import Column, Kind
from . import workbook_parts
from .column_titles import headings
from .pieces import Archive

Rows = Sequence[Sequence[str | None]]
Cells = Callable[[str, int, Sequence[str | None]], list[str]]
MOST_ROWS = 1_048_576
"""Rows of a sheet, with its headings."""
MOST_BYTES = 1_500_000_000
"""Bytes of a sheet before it is packed: archives that every program opens have no member of more
than two gibibytes."""
MOST_CHARACTERS = 32_767
"""Characters of a cell."""
_DIGITS = 15
_EPOCH = date(1899, 12, 30)
_FIRST = date(1900, 3, 1)
"""Before it spreadsheets count a day that never was."""
_ODD = re.compile("[&<>\0-\x08\x0b\x0c\x0e-\x1f\r\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_")
_OUTER_SPACE = re.compile(r"\A\s|\s\Z|\n")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass
class SheetWords:
    """What the workbook says beside the rows: the name of its sheet, and the sheet of notes, each
    line a label and what it says. ``cut`` says how many cells were too long for a spreadsheet."""

    title: str
    notes_title: str
    notes: Sequence[tuple[str, str]]
    cut: Callable[[int], tuple[str, str]]


def workbook_file(
    columns: Sequence[Column], batches: Iterable[Rows], words: SheetWords, at: datetime
) -> Iterator[bytes]:
    """The rows on as many sheets as they need, and a sheet of notes behind them."""
    return _Workbook(columns, words, at).pieces(iter(batches))


class _Workbook:
    def __init__(self, columns: Sequence[Column], words: SheetWords, at: datetime) -> None:
        self._columns, self._words = columns, words
        self._archive = Archive(at)
        self._at = at
        self._letters = [letters(n) for n in range(1, len(columns) + 1)]
        self._cut = 0
        self._left: Rows = ()
        """Rows that were read and are for the next sheet."""

    def pieces(self, batches: Iterator[Rows]) -> Iterator[bytes]:
        for name, content in workbook_parts.first():
            yield from self._archive.member(name, [content])
        sheets = 0
        for sheets in count(1):
            yield from self._archive.member(workbook_parts.place(sheets), self._sheet(batches))
            if not self._left:
                break
        names = workbook_parts.names(self._words.title, sheets, self._words.notes_title)
        notes = [*self._words.notes, *([self._words.cut(self._cut)] if self._cut else [])]
        lines = [_line(n, pair) for n, pair in enumerate(notes, 1)]
        content = workbook_parts.sheet_head([18, 80], frozen=False) + "".join(lines)
        yield from self._archive.member(
            workbook_parts.place(sheets + 1), [(content + workbook_parts.SHEET_END).encode()])
        for name, part in workbook_parts.last(names, self._words.title, self._at):
            yield from self._archive.member(name, [part])
        yield self._archive.end()

    def _sheet(self, batches: Iterator[Rows]) -> Iterator[bytes]:
        called = headings(self._columns)
        widths = [min(60, max(10, 2 * len(one) + 2)) for one in called]
        head = "".join(_cell(f"{self._letters[n]}1", one, workbook_parts.HEAD)
                       for n, one in enumerate(called))
        begin = f'{workbook_parts.sheet_head(widths)}<row r="1">{head}</row>'.encode()
        yield begin
        done, size, rows = 1, len(begin), self._left
        while True:
            taken = rows[: MOST_ROWS - done]
            if taken:
                piece = self._rows(taken, done + 1)
                size, done = size + len(piece), done + len(taken)
                yield piece
            self._left = rows[len(taken):]
            if self._left or (rows := next(batches, ())) == ():
                break
            if size > MOST_BYTES:
                self._left = rows
                break
        yield workbook_parts.SHEET_END.encode()

    def _rows(self, rows: Rows, first: int) -> bytes:
        cells = [
            self._cells(column.kind)(letter, first, values)
            for column, letter, values in zip(
                self._columns, self._letters, zip(*rows, strict=True), strict=True)
        ]
        numbers = range(first, first + len(rows))
        lines = [f'<row r="{n}">{"".join(row)}</row>'
                 for n, row in zip(numbers, zip(*cells, strict=True), strict=True)]
        return "".join(lines).encode()

    def _cells(self, kind: Kind) -> Cells:
        return {Kind.NUMBER: self._numbers, Kind.FLAG: self._flags, Kind.DAY: self._days,
                Kind.MOMENT: self._moments, Kind.TEXT: self._texts}[kind]

    def _texts(self, letter: str, first: int, values: Sequence[str | None]) -> list[str]:
        if not _is_plain([value for value in values if value]):
            return [self._text(f"{letter}{n}", value)
                    for n, value in enumerate(values, first)]
        return [f'<c r="{letter}{n}" t="inlineStr"><is><t>{value}</t></is></c>' if value else ""
                for n, value in enumerate(values, first)]

    def _text(self, place: str, value: str | None) -> str:
        if not value:
            return ""
        kept = _kept(value)
        self._cut += kept != value
        return _cell(place, kept)

    def _numbers(self, letter: str, first: int, values: Sequence[str | None]) -> list[str]:
        if _are_safe([value for value in values if value]):
            return [f'<c r="{letter}{n}"><v>{value}</v></c>' if value else ""
                    for n, value in enumerate(values, first)]
        return [f'<c r="{letter}{n}"><v>{value}</v></c>' if value and _is_safe(value)
                else self._text(f"{letter}{n}", value)
                for n, value in enumerate(values, first)]

    def _flags(self, letter: str, first: int, values: Sequence[str | None]) -> list[str]:
        return ["" if value is None else f'<c r="{letter}{n}" t="b"><v>{int(value == "t")}</v></c>'
                for n, value in enumerate(values, first)]

    def _days(self, letter: str, first: int, values: Sequence[str | None]) -> list[str]:
        return self._counted(letter, first, values, workbook_parts.DAY, _day)

    def _moments(self, letter: str, first: int, values: Sequence[str | None]) -> list[str]:
        return self._counted(letter, first, values, workbook_parts.MOMENT, _moment)

    def _counted(
        self, letter: str, first: int, values: Sequence[str | None], style: int,
        number: Callable[[str], str],
    ) -> list[str]:
        """Days as spreadsheets count them, those that they cannot count as texts."""
        told = map(number, (value or "" for value in values))
        return [f'<c r="{letter}{n}" s="{style}"><v>{serial}</v></c>' if serial
                else self._text(f"{letter}{n}", value)
                for n, value, serial in zip(
                    count(first), values, told, strict=False)]


def _is_plain(values: Sequence[str]) -> bool:
    """Whether all of them may stand in the sheet as they are."""
    if not values:
        return True
    said = " ".join(values)
    odd = any(sign in said for sign in ("&", "<", ">", "_x", "  "))
    spaced = said[:1] == " " or said[-1:] == " "
    return (not odd and not spaced and said.isprintable()
            and max(map(len, values)) <= MOST_CHARACTERS // 2)


def _kept(value: str) -> str:
    """As much of a text as a cell takes; characters outside of Unicode's first plane count
    twice there."""
    if len(value) <= MOST_CHARACTERS // 2:
        return value
    return value.encode("utf-16-le", "replace")[: 2 * MOST_CHARACTERS].decode("utf-16-le", "ignore")


def _are_safe(values: Sequence[str]) -> bool:
    """Whether all of them are short numbers, which most are."""
    return (max(map(len, values), default=0) <= _DIGITS
            and not "".join(values).strip("0123456789.-"))


def _is_safe(value: str) -> bool:
    """Whether it is a number, and in a spreadsheet, which keeps fifteen digits, the same one."""
    digits = value.lstrip("-").replace(".", "").strip("0")
    return bool(_NUMBER.fullmatch(value)) and len(digits) <= _DIGITS


@lru_cache(maxsize=65536)
def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return str((day - _EPOCH).days) if day >= _FIRST else ""


def _moment(text: str) -> str:
    day = _day(text[:10])
    clock = text[11:]
    if not day or not re.fullmatch(r"\d\d:\d\d:\d\d(?:\.\d{1,3})?", clock, re.ASCII):
        return ""
    at = datetime.fromisoformat(f"2000-01-01T{clock[:8]}")
    part = (at.hour * 3600 + at.minute * 60 + float(f"{at.second}{clock[8:]}")) / 86400
    return day + f"{part:.12f}"[1:]


def _line(number: int, pair: tuple[str, str]) -> str:
    cells = [_cell(f"{letter}{number}", _kept(said))
             for letter, said in zip("AB", pair, strict=True)]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(place: str, value: str, style: int = 0) -> str:
    said = _ODD.sub(_escaped, value)
    kept = ' xml:space="preserve"' if _OUTER_SPACE.search(value) else ""
    styled = f' s="{style}"' if style else ""
    return f'<c r="{place}"{styled} t="inlineStr"><is><t{kept}>{said}</t></is></c>'


def _escaped(match: re.Match[str]) -> str:
    """A sign that XML has no way for is written as Office does (_x0007_), and so is what looks like
    that already."""
    sign = match[0]
    if sign in _XML:
        return _XML[sign]
    return f"_x005F{sign}" if len(sign) > 1 else f"_x{ord(sign):04X}_"
