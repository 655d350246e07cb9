"""The table of an uploaded file: its columns, and its rows in pieces, with what was found.

Rows that cannot be placed are left out and named; nothing else is changed here but that cells
are made as many as there are columns.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from ..domain import table_head
from ..domain.column_ids import ColumnId, column_ids
from ..domain.items import folded
from ..sheets import sheet_files
from ..sheets.refused_files import TextLimits
from ..sheets.tables import Table
from . import geo_features, open_document
from .findings import MOST, TableFinding, Unloadable

PIECE = 5000
"""Rows that are handed on together."""
_TOO_MANY = {"long_rows": "too_many_bad_rows", "nul_rows": "too_many_nul_rows"}
_JSON = re.compile(r"\.(?:json|jsonl|ndjson|geojson)$", re.IGNORECASE)


@dataclass(frozen=True)
class TableLimits:
    """What one table may have; ``bad_rows`` are those that cannot be placed."""

    rows: int
    columns: int
    size: int
    bad_rows: int


@dataclass
class FileTable:
    """A table that was opened. ``findings`` grow while its rows are gone through."""

    table: Table
    columns: list[ColumnId]
    head: int
    """The number of the row of headings."""
    limits: TableLimits
    findings: dict[str, TableFinding] = field(default_factory=dict)

    def pieces(self) -> Iterator[tuple[list[list[str]], list[int]]]:
        """Rows of as many cells as there are columns, and their numbers in the file.

        Raises ``Unreadable`` and :class:`.Unloadable`.
        """
        rows: list[list[str]] = []
        numbers: list[int] = []
        total = 0
        for number, cells in self._placed():
            rows.append(cells)
            numbers.append(number)
            if len(rows) == PIECE:
                total += PIECE
                self._most(total)
                yield from self._without_nothing(rows, numbers)
                rows, numbers = [], []
        self._most(total + len(rows))
        yield from self._without_nothing(rows, numbers)

    def rounded(self) -> Iterator[TableFinding]:
        """The columns of numbers that the sheet shows in fewer places than they have; after the
        rows were gone through."""
        called = {one.place: one.id for one in self.columns}
        for place, found in self.table.rounded.columns.items():
            first = bisect_right(found.rows, self.head)
            rows = list(found.rows[first : first + MOST])
            if rows and place in called:
                count = len(found.rows) - first
                yield TableFinding(
                    "rounded", called[place], found.shown, found.stored, rows, count)

    def _placed(self) -> Iterator[tuple[int, list[str]]]:
        width = len(self.columns)
        for number, cells in self.table.rows:
            if number <= self.head or not any(cells):
                continue
            if len(cells) > width:
                if any(cells[width:]):
                    self._left_out("long_rows", number)
                    continue
                cells = cells[:width]
            elif len(cells) < width:
                self._find("short_rows").at(number)
                cells = cells + [""] * (width - len(cells))
            yield number, cells

    def _without_nothing(
        self, rows: list[list[str]], numbers: list[int]
    ) -> Iterator[tuple[list[list[str]], list[int]]]:
        """The piece, if anything is left without rows that hold what no database keeps (NUL)."""
        kept: list[tuple[list[str], int]] = []
        for row, number in zip(rows, numbers, strict=True):
            if any("\0" in cell for cell in row):
                self._left_out("nul_rows", number)
            else:
                kept.append((row, number))
        if kept:
            yield [row for row, _ in kept], [number for _, number in kept]

    def _left_out(self, code: str, number: int) -> None:
        found = self._find(code)
        found.at(number)
        if found.count > self.limits.bad_rows:
            raise Unloadable(_TOO_MANY[code], limit=self.limits.bad_rows, row=found.rows[0])

    def _most(self, rows: int) -> None:
        if rows > self.limits.rows:
            raise Unloadable("too_many_rows", limit=self.limits.rows)

    def _find(self, code: str, column: str = "") -> TableFinding:
        return self.findings.setdefault(f"{code} {column}", TableFinding(code, column))


def open_table(
    path: Path, names: Collection[str], limits: TableLimits, called: str = ""
) -> FileTable:
    """The first sheet that is shown and has rows; ``names`` are the folded names of the entry's
    items, ``called`` what the file was called. Raises ``Unreadable`` and :class:`.Unloadable`."""
    shapes = TableFinding("geometry_left_out")
    if features := geo_features.of_file(path):
        chosen, others = features.table, []
        shapes = features.shapes
    else:
        chosen, others = _chosen(path, names, limits, _JSON.search(called) is not None)
    first = list(islice(chosen.rows, table_head.LOOKED_AT))
    place = table_head.head_place([cells for _, cells in first], names)
    if place is None:
        raise Unloadable("no_headings")
    number, cells = first[place]
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    columns = column_ids(cells)
    if len(columns) > limits.columns:
        raise Unloadable("too_many_columns", limit=limits.columns, count=len(columns))
    opened = FileTable(chosen, columns, number, limits)
    found = [*_of_sheet(chosen, others, columns, number), *_of_head(columns)]
    above = [row for row, above in first[:place] if any(above)]
    if above:
        found.append(TableFinding("above_head", rows=above, count=len(above)))
    if shapes.count:
        found.append(shapes)
    opened.findings.update({f"{one.code} {one.column}": one for one in found})
    return opened


def _chosen(
    path: Path, names: Collection[str], limits: TableLimits, is_json: bool
) -> tuple[Table, list[str]]:
    """The table, and the names of other sheets that have rows."""
    def width(rows: list[list[str]]) -> int:
        return table_head.fitness(rows, names)

    cells = (limits.rows + table_head.LOOKED_AT) * (limits.columns + 10)
    text = TextLimits(limits.size, cells)
    chosen: Table | None = None
    others: list[str] = []
    tables = (open_document.sheets(path) if open_document.is_one(path)
              else sheet_files.tables(path, width, text, is_json))
    for table in tables:
        if chosen is None and not table.hidden.sheet and any(any(row) for _, row in table.rows):
            chosen = table
        elif chosen is not None or table.hidden.sheet:
            others.append(table.name)
    if chosen is None:
        raise Unloadable("no_headings")
    return chosen, others


def _of_head(columns: Sequence[ColumnId]) -> Iterator[TableFinding]:
    for one in columns:
        if one.empty:
            yield TableFinding("empty_heading", one.id, rows=[one.place], count=1)
        elif one.repeats:
            yield TableFinding("repeated_heading", one.id, one.heading, count=1)
        elif folded(one.id) != folded(one.heading):
            yield TableFinding("shortened_heading", one.id, one.heading, count=1)


def _of_sheet(
    table: Table, others: Sequence[str], columns: Sequence[ColumnId], head: int
) -> Iterator[TableFinding]:
    """What a workbook says of its sheet."""
    if others:
        yield TableFinding("sheets_left_out", value=table.name, detail="、".join(others), count=1)
    called = {one.place: one.id for one in columns}
    faults: dict[tuple[str, int], TableFinding] = {}
    for fault in table.faults:
        if fault.row > head and fault.column in called:
            column = called[fault.column]
            one = faults.setdefault(
                (fault.code, fault.column), TableFinding(fault.code, column, fault.value))
            one.at(fault.row)
    yield from faults.values()
    merged = Counter(row for row, *_ in table.merges if row > head)
    if merged:
        yield TableFinding("merged_cells", rows=sorted(merged)[:MOST], count=merged.total())
    hidden = [one for one in columns if table.hidden.column(one.place)]
    for one in hidden:
        yield TableFinding("hidden_column", one.id, count=1)
    if rows := sorted(row for row in table.hidden.rows if row > head):
        yield TableFinding("hidden_rows", rows=rows[:MOST], count=len(rows))
