"""What of an entry somebody marks as wrong 纠错 (Anhui 26, Huaining 18, Yaohai 10, Xin 18).

A mark points at an entry, one of its information items, a file, a column, a row or a cell. A row
is named by what stands in its key, never by its place, so a mark stays with its row however the
file is sorted or replaced. Who marks can name only what he may read: what is hidden from him is
refused in the words for what never was, and before anything is looked up in the data.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, cast

from .items import folded
from .refusal import Refusal
from .text import Fault, text_fault

NAME_LENGTH = 200
VALUE_LENGTH = 2_000
WIDEST = 30
"""Columns that name a row at most, where the entry declares no key."""
PARTS = ("resource_id", "version", "row", "column")
"""The parts of a mark as a form or the API gives them."""

Row = Mapping[str, str]
"""What names a row: its key columns, each with its value as text."""


class Grain(str, Enum):
    """How much of an entry a mark points at."""

    ENTRY = "entry"
    ITEM = "item"
    FILE = "file"
    COLUMN = "column"
    ROW = "row"
    CELL = "cell"


@dataclass(frozen=True)
class Mark:
    """Where something is wrong. ``version`` is the file as it was then; empty parts name more."""

    entry: str
    file: str = ""
    version: str = ""
    row: Row = field(default_factory=dict[str, str], hash=False)
    column: str = ""

    @property
    def grain(self) -> Grain:
        """How much is marked."""
        if self.row:
            return Grain.CELL if self.column else Grain.ROW
        if self.file:
            return Grain.COLUMN if self.column else Grain.FILE
        return Grain.ITEM if self.column else Grain.ENTRY

    @property
    def address(self) -> str:
        """Equal for marks of the same datum, whichever version of the file each was made in."""
        row = sorted((folded(name), value) for name, value in self.row.items())
        text = json.dumps([self.entry, self.file, row, folded(self.column)], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Readable:
    """What a reader has of an entry: ``items`` by all their names, ``files`` by their ids.

    Of the one file that is asked about ``columns`` are those that he reads (``None``: it is no
    table to him), ``key`` those of them that name a row, ``version`` which file it is now.
    ``called`` gives for another name of an item, folded, the one that marks of it bear.
    """

    entry: str
    items: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    columns: tuple[str, ...] | None = None
    key: tuple[str, ...] = ()
    version: str = ""
    called: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    def spelled(self, name: str, *, in_file: bool) -> str | None:
        """A column or an item as marks of it call it, however somebody writes it; ``None`` if
        there is none such to him."""
        known = {folded(one): one for one in ((self.columns or ()) if in_file else self.items)}
        one = known.get(folded(name))
        return self.called.get(folded(name), one) if one and not in_file else one


def read(value: object) -> Mapping[str, Any] | Refusal:
    """The parts of a mark as they were given, if they have the right shape; what has another is
    refused by the part's name, and what is not there as ``mark``."""
    if not isinstance(value, Mapping):
        return Refusal("mark_no_object", "mark")
    given = cast("Mapping[str, Any]", value)
    for name in given:
        if name not in PARTS:
            return Refusal("mark_unknown_part", "mark", str(name)[:100])
    for name in ("resource_id", "version", "column"):
        part = given.get(name) or ""
        if not _is_text(part, NAME_LENGTH):
            return Refusal("mark_no_text", name, facts={"part": name})
    row: Any = given.get("row") or {}
    return _bad_row(row) or {name: part for name, part in given.items() if part}


def _bad_row(row: Any) -> Refusal | None:
    """What is wrong with what names a row, if anything."""
    if not isinstance(row, Mapping):
        return Refusal("mark_no_text", "row", facts={"part": "row"})
    named = cast("Mapping[Any, Any]", row)
    right = len(named) <= WIDEST and all(
        _is_text(name, NAME_LENGTH) and _is_text(cell, VALUE_LENGTH)
        for name, cell in named.items()
    )
    return None if right else Refusal("mark_row_shape", "row", facts={"most": str(WIDEST)})


def _is_text(value: object, longest: int) -> bool:
    """Whether something is a text of at most so many characters that a table can hold."""
    if not isinstance(value, str) or len(value) > longest:
        return False
    fault = text_fault(value, longest)
    return fault is None or fault[0] is not Fault.CONTROL_CHARACTERS


def point(given: Mapping[str, Any], readable: Readable) -> Mark | Refusal:
    """The mark that is meant by parts that :func:`read` has passed, or why there is none."""
    file, column = str(given.get("resource_id") or ""), str(given.get("column") or "").strip()
    row: Row = given.get("row") or {}
    if file and file not in readable.files:
        return Refusal("mark_no_file", "mark", file)
    if row and (not file or readable.columns is None):
        return Refusal("mark_no_table", "mark")
    spelled: dict[str, str] = {}
    for name in (*row, *((column,) if column else ())):
        found = readable.spelled(name, in_file=bool(file))
        if found is None:
            return Refusal("mark_no_column", "mark", name)
        spelled[name] = found
    if row and set(map(folded, row)) != set(map(folded, readable.key)):
        return Refusal("mark_row_key", "mark", facts={"key": "、".join(readable.key)})
    version = str(given.get("version") or "")
    if row and version and version != readable.version:
        return Refusal("mark_other_version", "mark")
    row = {spelled[name]: value for name, value in row.items()}
    at, column = readable.version if file else "", spelled.get(column, "")
    return Mark(readable.entry, file, at, row, column)


def key_of(columns: Collection[str], declared: Collection[str]) -> tuple[str, ...]:
    """The columns that name a row to somebody who reads ``columns``.

    Those that the entry declares as its key, if he reads them all; else all that he reads, up to
    a limit: a row without a key is what stands in it.
    """
    wanted = set(map(folded, declared))
    key = tuple(name for name in columns if folded(name) in wanted)
    whole = bool(key) and len({folded(name) for name in key}) == len(wanted)
    return key if whole else tuple(columns)[:WIDEST]


def may_read(mark: Mark, readable: Readable) -> bool:
    """Whether a reader may be told of a mark: only where he reads what it points at."""
    if mark.entry != readable.entry or (mark.file and mark.file not in readable.files):
        return False
    if not (mark.column or mark.row):
        return True
    known = set(map(folded, (readable.columns or ()) if mark.file else readable.items))
    return all(folded(name) in known for name in (*mark.row, *([mark.column] * bool(mark.column))))


@dataclass(frozen=True)
class SeenDatum:
    """A datum at one moment: the row or the cell, or ``None`` where it is not there; the version
    of the file or of the entry; ``kept`` says that the portal keeps it, so that it would know."""

    version: str
    value: str | None = None
    kept: bool = True


def is_mended(grain: Grain, then: SeenDatum, now: SeenDatum) -> bool:
    """Whether a datum reads otherwise than when it was marked.

    A new file in which the marked cell is the same is not mended; a row that is gone is. What
    stands elsewhere nobody here can compare, so it is believed.
    """
    if not now.kept:
        return True
    if grain in (Grain.ROW, Grain.CELL):
        return then.value != now.value
    return then.version != now.version
