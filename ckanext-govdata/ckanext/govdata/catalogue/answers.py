"""What the actions on the catalogue as a sheet answer."""

from __future__ import annotations

from typing import TypedDict

from ..domain.mapping import MappingCount
from .entry.personal_data import PersonalColumn
from .imports.outcome import (
    GapCount,
    LeftCount,
    PassedRow,
    RefusedCell,
    Retitled,
    RowConsequences,
    RowCounts,
)


class OfSheet(TypedDict, total=False):
    """Stands in one sheet of the file, which is named where several were read."""

    sheet: str


class SheetCell(RefusedCell):
    """A refused cell, and on which sheet."""

    sheet: str


class SheetRetitled(Retitled, OfSheet):
    """A row that gives an entry another title, and on which sheet."""


class SheetPassedRow(PassedRow, OfSheet):
    """A row that is no entry, and on which sheet."""


class SheetConsequences(RowConsequences, OfSheet):
    """A row on which grants or cases depend, and on which sheet."""


class SheetGap(GapCount, OfSheet):
    """A statement that rows of a sheet do not make."""


class SheetLeft(LeftCount, OfSheet):
    """A field that rows of a sheet leave as the portal has it."""


class SheetPersonal(PersonalColumn, OfSheet):
    """A column with personal data, and on which sheet."""


class SheetColumn(TypedDict):
    """A column of a sheet: its ``key`` among the sheet's headings, its letter, what it is taken for
    (a field, ``other`` or ``left_out``), what it was recognised as, and some of its values."""

    key: str
    letter: str
    heading: str
    field: str
    recognised: str
    samples: list[str]


class KeptSettings(TypedDict):
    """Settings of headings that a department keeps: ``applied``, or what keeps them from fitting:
    headings that are ``missing`` in the sheet or ``unknown`` to them, or ``several`` departments
    that mean different things, or rows of ``others`` than the one that keeps them."""

    id: str
    applied: bool
    by: str
    saved: str
    missing: list[str]
    unknown: list[str]
    several: bool
    others: bool


class SheetAnswer(RowCounts):
    """A sheet that was read. ``head_row`` is its last row of headings, from 1; hidden rows are
    refused, hidden columns and those without a heading are not read."""

    name: str
    head_row: int
    columns: list[SheetColumn]
    hidden_rows: list[int]
    hidden_columns: list[str]
    without_heading: list[str]
    kept: KeptSettings | None


class SheetPassedOver(TypedDict):
    """A sheet that was not read: ``why`` is ``hidden``, ``empty``, ``not_recognised``,
    ``few_headings`` or ``not_chosen``; one that is ``pickable`` can be read all the same."""

    name: str
    why: str
    rows: int
    pickable: bool


class DepartmentCount(TypedDict):
    """What becomes of the rows of one department."""

    id: str
    title: str
    created: int
    updated: int
    unchanged: int


class EntryChange(TypedDict):
    """A row that makes (``created``) or changes (``updated``) an entry, and what it changes."""

    sheet: str
    row: int
    act: str
    name: str
    title: str
    fields: list[str]


class ImportAnswer(RowCounts):
    """What an import found and did, over all sheets and by sheet.

    ``headings`` tells which heading was taken for which field. ``indexed`` is false while the
    search server is away: it learns of the entries afterwards. ``changes`` are the first of the
    entries that are made or changed.
    """

    rejected: list[SheetCell]
    retitled: list[SheetRetitled]
    passed_rows: list[SheetPassedRow]
    consequences: list[SheetConsequences]
    incomplete: list[SheetGap]
    left: list[SheetLeft]
    sheets: list[SheetAnswer]
    sheets_passed_over: list[SheetPassedOver]
    departments: list[DepartmentCount]
    changes: list[EntryChange]
    dry_run: bool
    written: bool
    indexed: bool
    headings: dict[str, str]
    unknown_columns: list[str]
    mappings: list[MappingCount]
    personal: list[SheetPersonal]
    departments_created: list[str]
    departments_missing: list[str]
    place: str
    sheet: str
    sheets_left_out: list[str]


class LeftRow(TypedDict):
    """An entry that an undo left as it is, and why: ``gone``, ``changed_since``, ``used_since``,
    ``not_yours`` or ``code_taken``."""

    sheet: str
    row: int
    title: str
    name: str
    why: str
    message: str


class UndoAnswer(TypedDict):
    """What an undo came to: entries that are as they were, new ones that are withdrawn, and those
    that were left, of which the first are named."""

    restored: int
    withdrawn: int
    left: int
    rows: list[LeftRow]


class ImportState(TypedDict):
    """How far an import is that was begun on the web: ``state`` is ``waiting``, ``reading``,
    ``writing``, ``looked``, ``indexing`` (written, and not found by search yet), ``done``,
    ``failed`` (the sheet or its sender is refused), ``broken_off`` (its job died; it can go on),
    ``undoing`` or ``undone``; ``error`` says why in words.

    ``writes``: it is to write, not only to look; ``undoes``: to take back what was written;
    ``done`` counts the sheet's entries so far. ``undo_until`` is the instant until which it can be
    undone, empty where it cannot be any more; ``undone`` what that came to.
    """

    id: str
    filename: str
    state: str
    running: bool
    writes: bool
    undoes: bool
    done: int
    error: str
    answer: ImportAnswer | None
    written: str
    undo_until: str
    undone: UndoAnswer | None


class ExportPage(TypedDict):
    """One page of entries in the national layout, each by the fields that an import takes."""

    count: int
    rows: list[dict[str, object]]
