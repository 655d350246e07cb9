"""From the rows of a recognised sheet to records: what the sheet says of one entry.

A row is an entry, or, in the layout of the national guide, one information item of an entry whose
other cells stand only in its first row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from . import body_rows, sheet_row
from .body_rows import BodyRows, NoEntry
from .headings import Head, HeadingRules
from .sheet_row import SheetRow
from .text import visible_cell

NumberedRow = tuple[int, Sequence[str]]
"""The row's number as the sheet shows it (from 1), and its cells."""

NO_READING = frozenset({"other_columns", "row_too_long", "note_or_entry"})
"""Codes of rows that are not read: nothing more is to be said of them."""
IDENTITY = ("id", "catalogue_code", "title", "publisher", "url")


@dataclass(frozen=True)
class Unread:
    """A cell that could not be read. ``field`` is the column's field in ``headings.yaml``;
    ``value`` and ``detail`` are what the words of ``code`` need."""

    row: int
    field: str
    value: str
    code: str
    detail: str = ""


@dataclass(frozen=True)
class Record:
    """What the sheet says of one entry. ``others`` are cells that no field of ours takes;
    ``unread`` cells of later rows that contradict the first, and rows that are not to be read."""

    row: int
    values: Mapping[str, str]
    others: Mapping[str, str]
    items: tuple[Mapping[str, str], ...] = ()
    item_rows: tuple[int, ...] = ()
    unread: tuple[Unread, ...] = ()


class _BodyRow(NamedTuple):
    """A row that may be an entry: its cells without what nobody sees, the row of another head
    above it (or 0), and whether it may be a note just as well."""

    number: int
    cells: Sequence[str]
    below: int
    doubtful: bool


def _pass_by(_row: NoEntry) -> None:
    """Nobody is told."""


def records(
    rows: Iterable[NumberedRow],
    head: Head,
    rules: HeadingRules,
    passed: Callable[[NoEntry], None] = _pass_by,
    width: int = 0,
) -> Iterator[Record]:
    """Group the rows into records; empty rows are passed over.

    ``passed`` is told of rows that are no entries: totals, notes, signatures. Refused are rows
    below another head, and those of more than ``width`` cells, which are shifted (0: none is).
    """
    labels = sheet_row.labels(head)
    group: list[SheetRow] = []
    for found in _entry_rows(rows, BodyRows(head, rules), passed):
        row = sheet_row.sorted_row(found.number, found.cells, head, labels)
        if not row.values and not row.others:
            continue
        refused = _unreadable(found, width)
        if group and (refused or not _continues(row, group[0], head)):
            yield _record(group, rules)
            group = []
        if refused:
            yield refused
        else:
            group.append(row)
    if group:
        yield _record(group, rules)


def _entry_rows(
    rows: Iterable[NumberedRow], body: BodyRows, passed: Callable[[NoEntry], None]
) -> Iterator[_BodyRow]:
    """Rows that may be entries, without what nobody sees of their cells."""
    below = 0
    for number, written in rows:
        cells = [visible_cell(cell) for cell in written]
        kind = body.kind(cells)
        if kind == body_rows.OTHER_HEAD:
            below = number
        elif kind and kind != body_rows.DOUBTFUL:
            below = 0 if kind == body_rows.REPEATED_HEAD else below
            passed(NoEntry(number, kind, body_rows.shown(next(filter(None, cells)))))
            continue
        if any(cells):
            yield _BodyRow(number, cells, below, kind == body_rows.DOUBTFUL)


def _continues(row: SheetRow, first: SheetRow, head: Head) -> bool:
    """Whether it is one more item of the entry that begins in ``first``."""
    if "item_name" not in head.by_field:
        return False
    own = [row.values.get(name, "") for name in IDENTITY]
    return not any(own) or own == [first.values.get(name, "") for name in IDENTITY]


def _unreadable(row: _BodyRow, width: int) -> Record | None:
    """The row as one that is not to be read: below another head, with too many cells, or perhaps
    no entry at all."""
    code, detail = "other_columns", str(row.below)
    if not row.below:
        too_many = 0 < width < len(row.cells)
        if not too_many and not row.doubtful:
            return None
        code = "row_too_long" if too_many else "note_or_entry"
        detail = str(len(row.cells) - width) if too_many else ""
    text = next(filter(None, row.cells))
    fault = Unread(row.number, "title", text, code, detail)
    return Record(row.number, {"title": text}, {}, unread=(fault,))


def _record(group: Sequence[SheetRow], rules: HeadingRules) -> Record:
    """The entry of these rows; what a later row says otherwise than the first is a fault."""
    items = {rule.name for rule in rules.fields if rule.item}
    kept = {rule.name for rule in rules.fields if rule.kept}
    first = group[0]
    values: dict[str, str] = {}
    faults: list[Unread] = []
    for row in group:
        for name in [*row.values]:
            if name in items:
                continue
            text = row.values[name]
            if values.setdefault(name, text) == text:
                continue
            if name in kept:
                values[name] += f"\n{text}"
            else:
                faults.append(Unread(row.number, name, text, "not_as_above", str(first.number)))
    with_items = [(row.number, {name: text for name, text in row.values.items() if name in items})
                  for row in group]  # fmt: skip
    found = [(number, item) for number, item in with_items if item]
    return Record(
        first.number, values, sheet_row.other_columns(group), tuple(item for _, item in found),
        tuple(number for number, _ in found), tuple(faults),
    )  # fmt: skip
