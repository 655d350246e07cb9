"""What an import found and did: the answer of ``govdata_catalogue_import``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

from ...cases.answers import CountAnswer
from ...domain.body_rows import NoEntry
from ..entry.entry_rows import Stored
from . import field_words
from .dependents import Dependent
from .left_fields import LeftField
from .sentences import say_kept, say_passed

MOST = 2000
"""Refused cells that an answer lists; what is beyond is counted."""
MOST_ROWS = 50
"""Rows that are named for one kind of gap."""


@dataclass(frozen=True)
class RefusedRow:
    """One cell (or, without a column, one row) that cannot be imported. Rows count from 1."""

    row: int
    column: str
    value: str
    code: str
    message: str
    index: int | None = None
    """The column's place in the sheet, from 0."""

    def as_dict(self) -> RefusedCell:
        """For the action's answer."""
        return {
            "row": self.row,
            "column": self.column,
            "column_index": self.index,
            "value": self.value,
            "code": self.code,
            "message": self.message,
        }


class PassedRow(TypedDict):
    """A row that is no entry: a total, a note, a signature, the head once more."""

    row: int
    kind: str
    text: str
    what: str


class Gap(NamedTuple):
    """A statement that the regulations ask for and a row does not make."""

    column: str
    field: str
    message: str


class RefusedCell(TypedDict):
    """A refused cell in the answer."""

    row: int
    column: str
    column_index: int | None
    value: str
    code: str
    message: str


class Retitled(TypedDict):
    """A row that gives an entry of the portal another title."""

    row: int
    before: str
    title: str


class GapCount(TypedDict):
    """Rows in which one statement is missing."""

    field: str
    column: str
    message: str
    count: int
    rows: list[int]


class LeftCount(TypedDict):
    """Rows that leave one field of their entries as it is, and why."""

    field: str
    label: str
    why: str
    message: str
    count: int
    rows: list[int]


class RowConsequences(CountAnswer):
    """A row by which grants end or cases cannot go on, and how many."""

    row: int
    name: str
    title: str


class RowCounts(TypedDict):
    """What became of the rows of a sheet, or of all sheets, in numbers."""

    rows: int
    created: int
    updated: int
    unchanged: int
    repeated: int
    rejected_rows: int
    rejected_cells: int


class OutcomeAnswer(RowCounts):
    """What an import found and did in numbers, and the cells and rows that are told of."""

    rejected: list[RefusedCell]
    retitled: list[Retitled]
    passed_rows: list[PassedRow]
    consequences: list[RowConsequences]
    incomplete: list[GapCount]
    left: list[LeftCount]


@dataclass
class ImportOutcome:
    """Counts and lists, in memory that does not grow with the file."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    repeated: int = 0
    """Rows that repeat another row of the same file word for word; counted as unchanged too."""
    rows: int = 0
    refused: list[RefusedRow] = field(default_factory=list[RefusedRow])
    refused_cells: int = 0
    refused_rows: set[int] = field(default_factory=set[int])
    retitled: list[Retitled] = field(default_factory=list[Retitled])
    passed_rows: list[NoEntry] = field(default_factory=list[NoEntry])
    """Rows that are no entries; they are named."""
    dependents: list[Dependent] = field(default_factory=list[Dependent])
    """Rows by which grants end or cases cannot go on."""
    gaps: dict[Gap, GapCount] = field(default_factory=dict[Gap, GapCount])
    left: dict[LeftField, LeftCount] = field(default_factory=dict[LeftField, LeftCount])
    """Fields that rows leave as the portal has them."""

    def refuse(self, entry_row: int, *refused: RefusedRow) -> None:
        """Note cells; the entry that begins in ``entry_row`` is not written."""
        self.refused_rows.add(entry_row)
        self.refused_cells += len(refused)
        self.refused += refused[: max(0, MOST - len(self.refused))]

    def pass_over(self, row: NoEntry) -> None:
        """Note a row that is no entry."""
        if len(self.passed_rows) < MOST:
            self.passed_rows.append(row)

    def retitle(self, row: int, existing: Stored | None, entry: Mapping[str, object]) -> None:
        """Note a row, known by its mark, whose entry is called otherwise until now."""
        before = existing.columns["title"] if existing else ""
        title = str(entry.get("title") or "")
        if before and title and before != title and len(self.retitled) < MOST_ROWS:
            self.retitled.append({"row": row, "before": before, "title": title})

    def note_gap(self, row: int, gap: Gap) -> None:
        """Note a statement that the row does not make."""
        found = self.gaps.setdefault(
            gap._replace(column=""),
            {
                "field": gap.field,
                "column": gap.column,
                "message": gap.message,
                "count": 0,
                "rows": [],
            },
        )
        found["count"] += 1
        if len(found["rows"]) < MOST_ROWS:
            found["rows"].append(row)

    def note_left(self, row: int, left: LeftField) -> None:
        """Note a field that the row leaves as the portal has it."""
        label = field_words.of_entry(left.field)
        found = self.left.setdefault(
            left,
            {
                "field": left.field,
                "label": label,
                "why": left.why,
                "message": say_kept(left.why, label),
                "count": 0,
                "rows": [],
            },
        )
        found["count"] += 1
        if len(found["rows"]) < MOST_ROWS:
            found["rows"].append(row)

    def take_counts(self, written: ImportOutcome) -> None:
        """What was written in the place of what was planned; what was found stays."""
        self.created, self.updated = written.created, written.updated
        self.unchanged, self.repeated = written.unchanged, written.repeated

    def as_answer(self) -> OutcomeAnswer:
        """For the action's answer."""
        cells = sorted(self.refused, key=lambda cell: (cell.row, cell.index or 0))
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "repeated": self.repeated,
            "rejected_rows": len(self.refused_rows),
            "rejected_cells": self.refused_cells,
            "rejected": [cell.as_dict() for cell in cells],
            "retitled": self.retitled,
            "passed_rows": [
                {"row": one.row, "kind": one.kind, "text": one.text, "what": say_passed(one.kind)}
                for one in self.passed_rows
            ],
            "consequences": [
                {"row": one.row, "name": one.name, "title": one.title, **one.count.as_answer()}
                for one in self.dependents
            ],
            "incomplete": list(self.gaps.values()),
            "left": list(self.left.values()),
        }
