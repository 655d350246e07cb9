"""What a reader has of an entry to point at, and how the datum of a mark reads now.

Rows are looked up only by columns that the one who asks reads: ``domain/mark.point`` has refused
the others before, in the words for a column that never was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..access import columns, gate, rows
from ..domain.catalogue import is_true
from ..domain.items import folded
from ..domain.mark import Grain, Mark, Readable, SeenDatum, key_of
from ..domain.refusal import Refusal
from ..security import vault

VERSION_LENGTH = 16


class ReadTable(NamedTuple):
    """A table as a reader has it: the columns that he reads, and those of them that name a row."""

    columns: tuple[str, ...]
    key: tuple[str, ...]


def readable(context: Mapping[str, Any], entry: Mapping[str, Any], file: str = "") -> Readable:
    """What the reader has of an entry, given as ``package_show`` gave it, and of one file."""
    items = [item for item in entry.get("information_items") or () if isinstance(item, Mapping)]
    named = [[str(item[key]) for key in ("name", "name_en") if item.get(key)] for item in items]
    names = {name for one in named for name in one}
    called = {folded(other): one[0] for one in reversed(named) for other in one[1:]}
    files = frozenset(str(one["id"]) for one in entry.get("resources") or ())
    known = Readable(str(entry["id"]), frozenset(names), files, called=called)
    if file not in files:
        return known
    table = _table(context, file, items)
    if table is None:
        return replace(known, version=version_of(file))
    return replace(known, columns=table.columns, key=table.key, version=version_of(file))


def _table(
    context: Mapping[str, object], file: str, items: Sequence[Mapping[str, Any]]
) -> ReadTable | None:
    """The table that a file is to the reader; none where he gets but so many rows of it, since a
    row beyond them is hidden from him."""
    allowed = gate.allows(context, file)
    if isinstance(allowed, Refusal) or allowed.row_limit is not None or not rows.in_datastore(file):
        return None
    given, every = columns.given(file, allowed), columns.of(file)
    keys = {folded(str(item[name])) for item in items if is_true(item.get("key"))
            for name in ("name", "name_en") if item.get(name)}
    declared = [name for name in every if folded(name) in keys]
    return ReadTable(tuple(given), key_of(given, declared))


def version_of(file: str) -> str:
    """Which file it is, as a short digest: another one where the department has replaced it.

    It is shown, and the address of data that is not open is part of it: without the portal's key
    nobody can try addresses out.
    """
    return vault.digest(_version(file))[:VERSION_LENGTH]


def unkeyed_version_of(file: str) -> str:
    """The same as marks of before migration 031 have it, for comparison only."""
    return hashlib.sha256(_version(file).encode()).hexdigest()[:VERSION_LENGTH]


def _version(file: str) -> str:
    known = gate.facts(file)
    return f"{file} {known.version if known else ''}"


def numbered(file: str, number: int, wanted: Sequence[str]) -> dict[str, str] | None:
    """These columns of the row that has this number in the table as it is now."""
    found = _rows(file, {"_id": number}, wanted)
    return found[0] if found else None


def row_of(mark: Mark, wanted: Sequence[str]) -> dict[str, str] | None:
    """These columns of the row that a mark names, or ``None`` if there is none any more."""
    given = {name: value for name, value in mark.row.items() if value}
    empty = [name for name in mark.row if name not in given]
    if not empty:
        found = _rows(mark.file, given, wanted)
        return found[0] if found else None
    every = list(dict.fromkeys([*wanted, *empty]))
    for first in ("desc", "asc"):  # what is not there comes first downwards, empty texts upwards
        for row in _rows(mark.file, given, every, [f"{name} {first}" for name in empty]):
            if not any(row[name] for name in empty):
                return {name: row[name] for name in wanted}
    return None


MOST = 100
"""Rows that are looked through for one in which columns are empty, for which no filter asks."""


def _rows(
    file: str, filters: Mapping[str, object], wanted: Sequence[str], order: Sequence[str] = ()
) -> list[dict[str, str]]:
    """The first row with these values, or the first ones in an order; a value that the column
    cannot hold is in no row."""
    asked: dict[str, object] = {"resource_id": file, "filters": dict(filters)}
    asked |= {"fields": list(wanted), "limit": MOST if order else 1}
    if order:
        asked["sort"] = list(order)
    try:
        found = tk.get_action("datastore_search")(
            Context(ignore_auth=True), {**asked, "include_total": False}
        )
    except (tk.ValidationError, tk.ObjectNotFound):
        return []
    return [{name: text_of(row[name]) for name in wanted} for row in found["records"]]


def named(mark: Mark, *, whole: bool) -> str:
    """What is marked, as a reader finds it again: the file, what names the row, the column.

    Unless he may read the ``whole`` of it, nothing that stands in the data.
    """
    file = model.Resource.get(mark.file) if mark.file else None
    parts = [(file.name or file.id) if file else ""]
    if whole:
        parts += [f"{name}: {value}" for name, value in mark.row.items() if value]
    return " · ".join(part for part in (*parts, mark.column) if part)


def text_of(value: object) -> str:
    """A value of a table as it names a row."""
    return "" if value is None else str(value)


def seen(mark: Mark, table: Sequence[str] = ()) -> SeenDatum:
    """How the datum of a mark reads now; of a row ``table`` are the columns that are compared."""
    grain = mark.grain
    if grain in (Grain.ENTRY, Grain.ITEM):
        entry = model.Package.get(mark.entry)
        return SeenDatum(entry.metadata_modified.isoformat() if entry else "")
    known = gate.facts(mark.file)
    version = version_of(mark.file)
    if grain in (Grain.FILE, Grain.COLUMN):
        return SeenDatum(version, kept=known is None or not known.link)
    compared = [mark.column] if mark.column else list(table)
    found = row_of(mark, compared) if known else None
    text = json.dumps(found, ensure_ascii=False, sort_keys=True) if found is not None else None
    return SeenDatum(version, text)
