"""What was asked for and what is granted: never more than was asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from .field_part import FieldPart


@dataclass(frozen=True)
class Scope:
    """Files and tables, the items that are given of each (none named: none), rows, the period.

    A file of an entry that declares no items is given as it is, by its name; a table is not. Both
    days of the period count whole.
    """

    resources: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    valid_from: date
    valid_until: date
    row_limit: int | None = None


@dataclass(frozen=True)
class Extent:
    """How far one form says that it goes: what an application asks for, or a decision gives.

    None, and no items, is what it is silent about.
    """

    files: tuple[str, ...] | None = None
    items: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    begins: date | None = None
    ends: date | None = None
    rows: int | None = None


def extent(said: Mapping[FieldPart, Any]) -> Extent:
    """The extent in a form that was filled in, and found to be right."""
    files, begins, ends = map(said.get, (FieldPart.FILES, FieldPart.BEGINS, FieldPart.ENDS))
    return Extent(
        files=None if files is None else tuple(files),
        items={name: tuple(listed) for name, listed in said.get(FieldPart.ITEMS, {}).items()},
        begins=date.fromisoformat(begins) if begins else None,
        ends=date.fromisoformat(ends) if ends else None,
        rows=said.get(FieldPart.ROWS),
    )


def granted(asked: Extent, decided: Extent, day: date) -> Scope:
    """The scope of the grant that a decision of ``day`` opens.

    Where the decision is silent about files the application holds; of each file those columns
    are given that were named, and none that were not. A grant never begins before it was decided;
    for which nobody named a last day, it ends on its first.
    """
    named = asked if decided.files is None else decided
    files = named.files or ()
    items = {name: named.items[name] for name in files if named.items.get(name)}
    begins = max(decided.begins or asked.begins or day, day)
    ends = max(decided.ends or asked.ends or day, day)
    return Scope(files, items, begins, ends, decided.rows)


def still_open(scope: Scope, open_today: Mapping[str, Collection[str]]) -> Scope:
    """The scope without columns that were closed since they were asked for."""
    columns = {
        name: tuple(one for one in listed if one in open_today.get(name, ()))
        for name, listed in scope.columns.items()
    }
    left = tuple(name for name in scope.resources if columns.get(name, True))
    return replace(scope, resources=left, columns={n: c for n, c in columns.items() if c})
