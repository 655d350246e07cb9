"""Look through one sheet of an xlsx workbook: what may not be used, is hidden, is a number."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from openpyxl.utils import column_index_from_string

from . import number_formats
from .letter_colours import (
    NONE_UNSEEN,
    SMALLEST,
    WHITE,
    UnseenStyles,
    are_alike,
    colour_of,
    size_of,
)
from .noted_numbers import NotedNumbers
from .refused_files import MAX_CELL, BookCount, CellFault, Unreadable, too_many_cells
from .xml_parser import XmlParser, is_on

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LOW, _NARROW = 3.0, 1.0
"""Points of height and characters of width below which nobody can read a row or column."""
MAX_COLUMNS = 16_384
"""Columns of a sheet."""
_MOST_DIGITS = 9
"""Digits of the numbers by which a sheet counts rows, columns, strings and styles."""
_SHOWN_AS_IT_IS = ("General", "@", "G/通用格式")

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 1."""


@dataclass
class SheetFacts:
    """What the look through one sheet found."""

    faults: list[CellFault] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    every_row_hidden: bool = False
    numbers: NotedNumbers = field(default_factory=NotedNumbers)


@dataclass(frozen=True)
class CellStyles:
    """The number format of each cell style, from when the workbook counts days, and whether what
    is stored of its formulas counts for nothing."""

    formats: Sequence[str] = ()
    since_1904: bool = False
    unsettled: str = ""
    struck: frozenset[int] = frozenset()
    """Styles whose letters are struck out."""
    unseen: UnseenStyles = NONE_UNSEEN

    def code(self, style: int) -> str:
        """The format of a style; General where the workbook does not say."""
        return self.formats[style] if style < len(self.formats) else "General"


@dataclass
class StringFacts:
    """Of the strings that cells refer to by number their lengths, and which have letters that are
    struck out, too small to be read, or white."""

    lengths: array[int] = field(default_factory=lambda: array("L"))
    struck: set[int] = field(default_factory=set[int])
    tiny: set[int] = field(default_factory=set[int])
    white: set[int] = field(default_factory=set[int])


class SharedStrings(XmlParser):
    """Looks through the strings that cells refer to by number."""

    def prepare(self, parser: expat.XMLParserType) -> None:
        """Listen to items and their texts."""
        self.facts = StringFacts()
        self._length = -1
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("si"):
            self._length = 0
        elif is_struck(tag, attributes):
            self.facts.struck.add(len(self.facts.lengths))
        elif is_tiny(tag, attributes):
            self.facts.tiny.add(len(self.facts.lengths))
        elif is_white(tag, attributes):
            self.facts.white.add(len(self.facts.lengths))

    def _text(self, text: str) -> None:
        if self._length >= 0:
            self._length += len(text)

    def _end(self, tag: str) -> None:
        if tag.endswith("si"):
            self.facts.lengths.append(self._length)
            self._length = -1
            too_many_cells(len(self.facts.lengths))


class SheetParser(XmlParser):
    """Counts cells, their rectangle and their text; notes formulas, errors and merges."""

    def __init__(
        self,
        pieces: Iterator[bytes],
        texts: StringFacts,
        styles: CellStyles,
        counted: BookCount,
    ) -> None:
        self.facts = SheetFacts()
        self._texts = texts
        self._styles = styles
        self._counted = counted
        counted.begin_sheet()
        self._row = self._column = 0
        self._kind = ""
        self._style = 0
        self._has_formula = self._has_value = self._is_struck = False
        self._is_unseen = self._is_on_white = False
        self._narrow = False
        self._wide: list[tuple[int, int]] = []
        self._reading = ""
        self._value: list[str] = []
        super().__init__(pieces)

    def prepare(self, parser: expat.XMLParserType) -> None:
        """Listen to cells, rows, columns and merges."""
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "col":
            self._start_column(attributes)
        elif tag == "sheetFormatPr":
            nothing = _is_nothing(attributes.get("defaultRowHeight"), _LOW)
            self.facts.every_row_hidden = nothing or is_on(attributes.get("zeroHeight"))
            self._narrow = _is_nothing(attributes.get("defaultColWidth"), _NARROW)
        elif tag == "sheetData" and self._narrow:
            self.facts.hidden_columns += _between(self._wide)
        elif tag == "f":
            self._has_formula = True
        elif tag in ("v", "t"):
            self._reading = tag
            self._has_value = self._has_value or (self._kind == "str" and tag == "v")
        elif tag == "mergeCell":
            self._add_merge(attributes.get("ref", ""))
        else:
            self._start_font(tag, attributes)

    def _start_font(self, tag: str, attributes: dict[str, str]) -> None:
        """A part of how a piece of the cell's own text is set."""
        if is_struck(tag, attributes):
            self._is_struck = True
        elif is_tiny(tag, attributes) or (self._is_on_white and is_white(tag, attributes)):
            self._is_unseen = True

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = _whole(attributes.get("r"), self._row + 1)
        self._column = 0
        if is_on(attributes.get("hidden")) or _is_nothing(attributes.get("ht"), _LOW):
            self.facts.hidden_rows.add(self._row)
            self._counted.add_cells()

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._counted.add_cells()
        match = _CELL.fullmatch(attributes.get("r", ""))
        self._column = column_index_from_string(match[1]) if match else self._column + 1
        if match:
            self._row = int(match[2])
        self._kind = attributes.get("t", "n")
        self._style = _whole(attributes.get("s"), 0)
        self._has_formula = self._has_value = False
        self._is_struck = self._style in self._styles.struck
        self._is_unseen = self._style in self._styles.unseen.styles
        self._is_on_white = self._style in self._styles.unseen.on_white
        self._value = []

    def _start_column(self, attributes: dict[str, str]) -> None:
        first = max(_whole(attributes.get("min"), 0), 1)
        last = min(_whole(attributes.get("max"), first), MAX_COLUMNS)
        hidden = is_on(attributes.get("hidden"))
        if hidden or _is_nothing(attributes.get("width"), _NARROW):
            self.facts.hidden_columns.append((first, last))
        else:
            self._wide.append((first, last))
        if len(self.facts.hidden_columns) + len(self._wide) > MAX_COLUMNS:
            raise Unreadable("damaged")

    def _text(self, text: str) -> None:
        if self._reading:
            self._value.append(text)
            self._has_value = True
            self._counted.add_text(len(text))

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in ("v", "t"):
            self._reading = ""
        elif tag == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        value = "".join(self._value)
        if self._has_formula and not self._is_worked_out(value):
            self._fault("formula_without_value")
        elif self._kind == "e":
            self._fault("cell_error", value)
        if not self._has_value:
            return
        if self._kind == "s":
            index = _whole(value.strip(), -1)
            if not 0 <= index < len(self._texts.lengths):
                raise Unreadable("damaged")
            self._counted.add_text(self._texts.lengths[index])
            self._limit_cell(self._texts.lengths[index])
            self._is_struck = self._is_struck or index in self._texts.struck
            self._is_unseen = self._is_unseen or index in self._texts.tiny or (
                self._is_on_white and index in self._texts.white)
        self._limit_cell(len(value))
        if self._is_struck:
            self._fault("struck_out", "" if self._kind == "s" else value)
        elif self._is_unseen:
            self._fault("unseen", "" if self._kind == "s" else value)
        if self._kind == "n":
            self._note_number(value)
        elif self._kind in ("s", "str", "inlineStr"):
            self._look_at_text(value)
        self._counted.reach(self._row, self._column)

    def _limit_cell(self, size: int) -> None:
        if size > MAX_CELL:
            raise Unreadable("cell_too_long", row=self._row, column=self._column, limit=MAX_CELL)

    def _is_worked_out(self, value: str) -> bool:
        """Whether what is stored of the formula is what it gives."""
        if not self._has_value or self._styles.unsettled == "all":
            return False
        nought = self._kind == "n" and value.strip() in ("0", "0.0")
        return not (nought and self._styles.unsettled)

    def _look_at_text(self, value: str) -> None:
        """A text that its format hides or changes, and a picture in a cell (WPS)."""
        shown = number_formats.shows_texts(self._styles.code(self._style))
        if not shown or (self._kind == "str" and value.startswith("=DISPIMG(")):
            self._fault("shown_otherwise", "" if self._kind == "s" else value)

    def _note_number(self, written: str) -> None:
        """A number with a format of its own, or too long to be shown whole."""
        code = self._styles.code(self._style)
        if code in _SHOWN_AS_IT_IS and len(written) <= number_formats.MOST_DIGITS:
            return
        try:
            value = float(written)
        except ValueError as error:
            raise Unreadable("damaged") from error
        if not math.isfinite(value):
            raise Unreadable("damaged")
        self.facts.numbers.note(self._row, self._column, self._style, value)
        if number_formats.shown(value, code, self._styles.since_1904) is None:
            self._fault("shown_otherwise", number_formats.plain(value))

    def _fault(self, code: str, value: str = "") -> None:
        self.facts.faults.append(CellFault(self._row, self._column, code, value[:60]))
        self._counted.add_fault()

    def _add_merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        corners = [_CELL.fullmatch(first), _CELL.fullmatch(last or first)]
        if corners[0] and corners[1]:
            numbers = [(int(c[2]), column_index_from_string(c[1])) for c in corners if c]
            self.facts.merges.append((*numbers[0], *numbers[1]))
            self._counted.add_fault()


def is_struck(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether the part of a font draws a line through what it sets: a cell or a piece of it."""
    return tag.rpartition(":")[2] == "strike" and is_on(attributes.get("val", "1"))


def is_tiny(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether the part of a font sets letters too small to be read."""
    return tag.rpartition(":")[2] == "sz" and size_of(attributes.get("val", "")) <= SMALLEST


def is_white(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether the part of a font sets white letters."""
    return tag.rpartition(":")[2] == "color" and are_alike(colour_of(attributes), WHITE)


def _is_nothing(text: str | None, least: float) -> bool:
    """Whether a height or width is written and shows nothing that anybody could read."""
    try:
        return text is not None and float(text) < least
    except ValueError:
        return False


def _between(stretches: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The columns that no stretch names."""
    at = 1
    for first, last in sorted(stretches):
        if first > at:
            yield at, first - 1
        at = max(at, last + 1)
    if at <= MAX_COLUMNS:
        yield at, MAX_COLUMNS


def _whole(text: str | None, otherwise: int) -> int:
    if not text or not text.isascii() or not text.isdigit():
        return otherwise
    if len(text) > _MOST_DIGITS:
        raise Unreadable("damaged")
    return int(text)
