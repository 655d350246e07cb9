"""The forms in which a table is taken, and the bytes of each, made while they are sent."""

from __future__ import annotations

import csv
import io
from abc import ABC, abstractmethod
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TypeVar

import ckan.plugins.toolkit as tk

from ..domain.explorer.column import Column
from ..domain.explorer.coordinates import coordinates
from ..domain.explorer.question import Question
from ..domain.file_name import of as file_name
from .copied_rows import Texts, csv_rows, decimal_places, stored_bytes, text_rows
from .download_words import DownloadWords
from .formats import json_rows
from .formats.column_titles import headings
from .formats.parquet import GROUP, GROUP_BYTES, parquet_file
from .formats.pieces import Archive
from .formats.workbook import MOST_ROWS, SheetWords, workbook_file
from .readable_table import ReadableTable
from .row_lengths import row_lengths, rows_within
from .statements import shown

Piece = TypeVar("Piece", bytes, Texts)
LARGE = 2**28
"""Bytes of a table in the database from which its CSV may have more than two gibibytes."""


@dataclass(frozen=True)
class Download:
    """What is taken: which rows and columns of which table, and what is said of them. ``mark``:
    a CSV file begins with a byte-order mark, without which spreadsheets take Chinese for another
    encoding. Rows are read when the first is asked for."""

    table: ReadableTable
    question: Question
    words: DownloadWords
    mark: bool = True

    @property
    def columns(self) -> list[Column]:
        """Those that the file has."""
        return shown(self.table, self.question)


@dataclass(frozen=True)
class TableForm(ABC):
    """A form: its ending, as which it is sent, and what people call it."""

    ending: str
    content_type: str
    label: Callable[[], str]

    @abstractmethod
    def start(self, asked: Download) -> Iterator[bytes]:
        """The file, whose first rows have been read when this returns: what stands against it is
        raised here, while it can be said in words."""

    @abstractmethod
    def of_rows(self, asked: Download, rows: Texts) -> Iterator[bytes]:
        """The file with these rows in place of those of the table."""


@dataclass(frozen=True)
class _OfLines(TableForm):
    """A form around the lines of CSV that the database writes."""

    body: Callable[[Download, Iterator[bytes], bool], Iterator[bytes]]

    def start(self, asked: Download) -> Iterator[bytes]:
        # of a table that he gets in part the reader learns no size
        large = not asked.table.whole or stored_bytes(asked.table) > LARGE
        return self.body(asked, _begun(csv_rows(asked.table, asked.question)), large)

    def of_rows(self, asked: Download, rows: Texts) -> Iterator[bytes]:
        return self.body(asked, iter([_line(row) for row in rows]), False)


@dataclass(frozen=True)
class _Known:
    """Of a table: ``places`` of its decimal columns behind the point, and how many rows are packed
    as one ``group``."""

    places: Mapping[str, int] = field(default_factory=dict[str, int])
    group: int = GROUP


def _known(table: ReadableTable, question: Question) -> _Known:
    places = decimal_places(table, question)
    lengths = row_lengths(table, question, places)
    return _Known(places, rows_within(lengths, GROUP_BYTES, GROUP))


@dataclass(frozen=True)
class _OfTexts(TableForm):
    """A form that is made of texts here."""

    body: Callable[[Download, Iterator[Texts], _Known], Iterator[bytes]]
    measured: bool = False
    """Whether it has to be known how long decimal numbers and rows are."""

    def start(self, asked: Download) -> Iterator[bytes]:
        known = _known(asked.table, asked.question) if self.measured else _Known()
        return self.body(asked, _begun(text_rows(asked.table, asked.question)), known)

    def of_rows(self, asked: Download, rows: Texts) -> Iterator[bytes]:
        return self.body(asked, iter([rows]), _Known())


def obstacle(form: TableForm, columns: Sequence[Column]) -> str:
    """Why a table of these columns cannot be had in that form; empty where it can."""
    if form.ending == "parquet" and find_spec("arro3") is None:
        return tk._("There is no Parquet here: this portal runs on Python 3.10, for which its "
                    "writer is not made.")
    if form.ending == "geojson" and coordinates(columns) is None:
        return tk._("This table has no GeoJSON: it has no single pair of columns for longitude and "
                    "latitude, or they are not of the world's system (WGS 84, CGCS2000).")
    return ""


def sheets(rows: int) -> int:
    """How many sheets of a workbook so many rows take."""
    return max(1, -(-rows // (MOST_ROWS - 1)))


def _begun(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The same; the first was made already."""
    return _joined(next(pieces, None), pieces)


def _joined(first: Piece | None, rest: Iterator[Piece]) -> Iterator[Piece]:
    if first is not None:
        yield first
        yield from rest


def _line(cells: Sequence[str | None]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode("utf-8", "replace")


def _csv(asked: Download, lines: Iterator[bytes], _large: bool) -> Iterator[bytes]:
    yield (BOM_UTF8 if asked.mark else b"") + _line(headings(asked.columns))
    yield from lines


def _package(asked: Download, lines: Iterator[bytes], large: bool) -> Iterator[bytes]:
    """The table as CSV, and a text that says what it is."""
    words = asked.words
    archive = Archive(words.at, large)
    readme = words.readme.replace("\n", "\r\n").encode("utf-8", "replace")
    yield from archive.member(f"{words.readme_name}.txt", [BOM_UTF8 + readme])
    name = file_name(words.title, ".csv")
    yield from archive.member(name, _csv(asked, lines, large))
    yield archive.end()


def _workbook(
    asked: Download, rows: Iterator[Texts], _known: _Known
) -> Iterator[bytes]:
    words = asked.words
    said = SheetWords(
        words.title, words.notes_title, words.lines,
        lambda count: (words.cut[0], words.cut[1].format(count=count)))
    return workbook_file(asked.columns, rows, said, words.at)


def _json(asked: Download, rows: Iterator[Texts], _known: _Known) -> Iterator[bytes]:
    return json_rows.json_file(asked.columns, rows)


def _geojson(
    asked: Download, rows: Iterator[Texts], _known: _Known
) -> Iterator[bytes]:
    where = coordinates(asked.columns)
    return json_rows.geojson_file(asked.columns, rows, where) if where else iter(())


def _parquet(asked: Download, rows: Iterator[Texts], known: _Known) -> Iterator[bytes]:
    return parquet_file(asked.columns, rows, asked.table.types, known.places, known.group)


FORMS: Mapping[str, TableForm] = {form.ending: form for form in (
    _OfLines("csv", "text/csv; charset=utf-8", lambda: "CSV", _csv),
    _OfTexts("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
             lambda: "XLSX", _workbook),
    _OfTexts("json", "application/json; charset=utf-8", lambda: "JSON", _json),
    _OfTexts("geojson", "application/geo+json; charset=utf-8", lambda: "GeoJSON", _geojson),
    _OfTexts("parquet", "application/vnd.apache.parquet", lambda: "Parquet", _parquet, True),
    _OfLines("zip", "application/zip", lambda: tk._("CSV with a description (ZIP)"), _package),
)}  # fmt: skip
"""By their endings, in the order in which they are offered."""
