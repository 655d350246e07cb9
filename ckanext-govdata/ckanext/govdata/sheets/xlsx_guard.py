"""Look through an xlsx file before anybody parses it.

A workbook is an archive of XML that a stranger made. Every member is unpacked once, in pieces and
without being kept: what is too big, nested, encrypted, broken or has a DOCTYPE is refused, and the
cells are counted. What a values-only reader would not see is noted on the way: formulas without a
stored value, error values, merged cells.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from .refused_files import (
    MAX_CELL_FAULTS,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_TEXT,
    MAX_UNPACKED,
    RATIO_FLOOR,
    CellFault,
    Unreadable,
    too_many_cells,
    too_wide,
)

PIECE = 2**16
MAX_STYLED = 200_000
"""Numbers whose style is noted; an emergency's table has fewer, a catalogue hardly any."""
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How a workbook's members are packed; its standard (ISO/IEC 29500-2) knows no other way."""
ENCRYPTED, PATCH = 1 << 0 | 1 << 6, 1 << 5
"""Flags of a member: encrypted, in the old way or the strong one; a patch of another file."""
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_NESTED = (".zip", ".xlsx", ".xlsm", ".gz", ".7z", ".rar", ".docx", ".jar")

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
    styled: dict[tuple[int, int], tuple[int, str]] = field(default_factory=dict)
    """Style and stored text of numbers that have a style, by row and column."""


def inspect(path: Path) -> dict[str, SheetFacts]:
    """Facts of each sheet by its member name; raises :class:`Unreadable`."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _inspect(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise Unreadable("damaged") from error
    except NotImplementedError as error:  # from opening it: a version of zip that there is not
        raise Unreadable("damaged") from error


def _inspect(archive: zipfile.ZipFile) -> dict[str, SheetFacts]:
    members = archive.infolist()
    _check_directory(members)
    budget = _Budget()
    lengths = array("L")
    for member in members:
        if member.filename.lower() == "xl/sharedstrings.xml":
            lengths = _SharedStrings(budget.pieces(archive, member)).lengths
    facts: dict[str, SheetFacts] = {}
    for member in members:
        name = member.filename
        pieces = budget.pieces(archive, member)
        if _SHEET.fullmatch(name):
            _count_cells(_Budget().pieces(archive, member))
            facts[name] = _Sheet(pieces, lengths).facts
        elif name.lower() == "xl/sharedstrings.xml":
            continue
        elif name.endswith((".xml", ".rels")):
            _Parser(pieces)
        else:
            for _ in pieces:
                pass
    if not facts:
        raise Unreadable("not_a_workbook")
    return facts


def _check_directory(members: list[zipfile.ZipInfo]) -> None:
    """What the archive's own table of contents gives away."""
    if len(members) > MAX_MEMBERS:
        raise Unreadable("zip_bomb")
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or unpacked > max(RATIO_FLOOR, MAX_RATIO * packed):
        raise Unreadable("zip_bomb")
    names = {member.filename for member in members}
    if len(names) < len(members):
        raise Unreadable("damaged")
    if "xl/workbook.xml" not in names:
        raise Unreadable("not_a_workbook")
    if any(member.filename.lower().endswith(_NESTED) for member in members):
        raise Unreadable("nested_archive")
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise Unreadable("password")
    if any(member.compress_type not in PACKED or member.flag_bits & PATCH for member in members):
        raise Unreadable("damaged")


def _count_cells(pieces: Iterator[bytes]) -> None:
    """Refuse far too many cells at once, before the parser takes its time over them."""
    cells = 0
    for piece in pieces:
        cells += piece.count(b"<c ") + piece.count(b"<c>")
        too_many_cells(cells)


class _Budget:
    """Counts what is really unpacked; the table of contents may lie."""

    def __init__(self) -> None:
        self.left = MAX_UNPACKED

    def pieces(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
        with archive.open(member) as stream:
            yield from self._pieces(stream)

    def _pieces(self, stream: IO[bytes]) -> Iterator[bytes]:
        while piece := stream.read(PIECE):
            self.left -= len(piece)
            if self.left < 0:
                raise Unreadable("zip_bomb")
            yield piece


class _Parser:
    """Well-formed XML without a DOCTYPE, read piece by piece."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.EntityDeclHandler = self._refuse_doctype
        self.prepare(parser)
        try:
            for piece in pieces:
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Unreadable("damaged") from error

    def prepare(self, parser: object) -> None:
        """Set the handlers that are needed."""

    @staticmethod
    def _refuse_doctype(*_: object) -> None:
        raise Unreadable("doctype")


class _SharedStrings(_Parser):
    """Lengths of the strings that cells refer to by number."""

    def prepare(self, parser: expat.XMLParserType) -> None:
        self.lengths = array("L")
        self._length = -1
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def _start(self, tag: str, _: object) -> None:
        if tag.endswith("si"):
            self._length = 0

    def _text(self, text: str) -> None:
        if self._length >= 0:
            self._length += len(text)

    def _end(self, tag: str) -> None:
        if tag.endswith("si"):
            self.lengths.append(self._length)
            self._length = -1
            too_many_cells(len(self.lengths))


class _Sheet(_Parser):
    """Counts cells, their rectangle and their text; notes formulas, errors and merges."""

    def __init__(self, pieces: Iterator[bytes], lengths: array[int]) -> None:
        self.facts = SheetFacts()
        self._lengths = lengths
        self._cells = self._text_size = 0
        self._row = self._column = self._last_row = self._last_column = 0
        self._kind = ""
        self._style = 0
        self._has_formula = self._has_value = False
        self._reading = ""
        self._value: list[str] = []
        super().__init__(pieces)

    def prepare(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "row":
            self._row = _whole(attributes.get("r"), self._row + 1)
            self._column = 0
            if _is_on(attributes.get("hidden")) or _is_nothing(attributes.get("ht")):
                self.facts.hidden_rows.add(self._row)
        elif tag == "col":
            self._start_column(attributes)
        elif tag == "sheetFormatPr":
            nothing = _is_nothing(attributes.get("defaultRowHeight"))
            self.facts.every_row_hidden = nothing or _is_on(attributes.get("zeroHeight"))
        elif tag == "f":
            self._has_formula = True
        elif tag in ("v", "t"):
            self._reading = tag
        elif tag == "mergeCell":
            self._add_merge(attributes.get("ref", ""))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._cells += 1
        too_many_cells(self._cells)
        match = _CELL.fullmatch(attributes.get("r", ""))
        self._column = _column_number(match[1]) if match else self._column + 1
        if match:
            self._row = int(match[2])
        self._kind = attributes.get("t", "n")
        self._style = _whole(attributes.get("s"), 0)
        self._has_formula = self._has_value = False
        self._value = []

    def _start_column(self, attributes: dict[str, str]) -> None:
        if _is_on(attributes.get("hidden")) or _is_nothing(attributes.get("width")):
            first = _whole(attributes.get("min"), 0)
            self.facts.hidden_columns.append((first, _whole(attributes.get("max"), first)))

    def _text(self, text: str) -> None:
        if self._reading:
            self._value.append(text)
            self._has_value = True
            self._text_size += len(text)

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in ("v", "t"):
            self._reading = ""
        elif tag == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        value = "".join(self._value)
        if self._has_formula and not self._has_value and self._kind != "str":
            self._fault("formula_without_value")
        elif self._kind == "e":
            self._fault("cell_error", value)
        if not self._has_value:
            return
        if self._kind == "s":
            index = _whole(value, -1)
            if not 0 <= index < len(self._lengths):
                raise Unreadable("damaged")
            self._text_size += self._lengths[index]
        if self._kind == "n" and len(self.facts.styled) < MAX_STYLED:
            self.facts.styled[self._row, self._column] = (self._style, value[:40])
        if self._text_size > MAX_TEXT:
            raise Unreadable("too_much_text", limit=MAX_TEXT // 2**20)
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)
        too_wide(self._last_row, self._last_column)

    def _fault(self, code: str, value: str = "") -> None:
        if len(self.facts.faults) < MAX_CELL_FAULTS:
            self.facts.faults.append(CellFault(self._row, self._column, code, value[:60]))

    def _add_merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        corners = [_CELL.fullmatch(first), _CELL.fullmatch(last or first)]
        if corners[0] and corners[1] and len(self.facts.merges) < MAX_CELL_FAULTS:
            numbers = [(int(c[2]), _column_number(c[1])) for c in corners if c]
            self.facts.merges.append((*numbers[0], *numbers[1]))


def _is_on(text: str | None) -> bool:
    return (text or "").strip().lower() in ("1", "true", "on")


def _is_nothing(text: str | None) -> bool:
    """Whether a height or width is written and is nothing."""
    try:
        return text is not None and float(text) <= 0
    except ValueError:
        return False


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else otherwise


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
