"""Rows of CSV, with the marks of a quotation that nobody closes and of lines that it swallowed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from .refused_files import Unreadable, cell_too_long

MAX_LINE = 2**20
"""Characters of the longest line or cell; a summary has a few thousand at most."""
_TEXT_FORMULA = re.compile(r'^="([^"]*)"$')
"""How people keep a spreadsheet from taking 00307 for a number: ="00307"."""
_LAST = "\x1e"
"""What a table is read with as its last line."""


class _NotedLines:
    """Lines that are remembered until the row that they make is read, and a last one behind."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self.of_row: list[str] = []
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.of_row.append(line)
            yield line
        self.ended = True
        yield _LAST


def read_rows(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """The rows as written; raises :class:`Unreadable`, with the line.

    A quotation mark that is not closed, or only by the next stray one, takes the rows between for
    one cell: they are not given as such.
    """
    csv.field_size_limit(MAX_LINE)
    noted = _NotedLines(lines)
    reader = csv.reader(noted, delimiter=delimiter)
    width, begin = 0, 1
    try:
        for row in reader:
            if noted.ended and row == [_LAST]:
                return
            if noted.ended and row and _LAST in row[-1]:
                raise Unreadable("quote_open", line=begin)
            if reader.line_num > begin and (
                _is_stray(noted.of_row, delimiter) or _swallows(row, delimiter, width or len(row))
            ):
                raise Unreadable("quote_open", line=begin)
            if any("\0" in cell for cell in row):
                raise Unreadable("broken_line", line=begin)
            width = max(width, len(row))
            cell_too_long(begin, row)
            begin = reader.line_num + 1
            noted.of_row.clear()
            yield [_TEXT_FORMULA.sub(r"\1", cell) for cell in row]
    except csv.Error as error:
        raise Unreadable("broken_line", line=reader.line_num) from error


def _is_stray(lines: Sequence[str], delimiter: str) -> bool:
    """Whether a quotation ends in the middle of a cell: the mark that ends it begins another."""
    try:
        for _row in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error:
        return True
    return False


def _swallows(row: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether a cell of several lines holds what looks like rows of this table."""
    for place, cell in enumerate(row):
        lines = cell.split("\n")
        if len(lines) == 1 or width < 2:
            continue
        counts = [line.count(delimiter) for line in lines]
        if width == 2:
            if counts[0] == 1 - place and all(count == 1 for count in counts[1:]):
                return True
            continue
        left, right = width - 1 - place, width - len(row) + place
        if any(count >= width - 1 for count in counts[1:-1]):
            return True
        if counts[0] == left and counts[-1] == right:
            return True
    return False


def bounded_lines(file: TextIO) -> Iterator[str]:
    """The lines, none of them longer than anybody writes; raises :class:`Unreadable`."""
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise Unreadable("line_too_long", line=number, limit=MAX_LINE)
        yield line
