"""What each column of a sheet is taken for where an officer says so: a field of ours, another
column that is kept for the department, or nothing.

A column is known by its heading, as headings are compared, so a choice holds for the next sheet in
which the columns stand in another order. Of columns with one heading the second is ``heading#2``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .cell_value import Fold
from .heading_notes import numbered, plain
from .headings import Column, Head, HeadingRules

OTHER = "other"
"""Kept among the entry's other columns, not public."""
LEFT_OUT = "left_out"
"""Not read at all."""
TITLE, ITEM_NAME = "title", "item_name"
Choices = Mapping[str, str]
"""By the key of a column: the name of a field, :data:`OTHER` or :data:`LEFT_OUT`."""


@dataclass(frozen=True)
class ChoiceFault:
    """What is wrong with choices: ``code`` is ``no_such_column``, ``no_such_field``,
    ``field_twice``, ``title_unmapped`` or ``item_name_unmapped``; ``key`` is of the column, empty
    where it is the sheet; ``value`` the heading or field that is meant, ``other`` the column that
    has the field."""

    code: str
    key: str = ""
    value: str = ""
    other: str = ""


def keyed(columns: Iterable[Column], fold: Fold) -> dict[str, Column]:
    """The columns by their keys, in their order."""
    every = list(columns)
    keys = numbered([plain(column.heading, fold) for column in every])
    return dict(zip(keys, every, strict=True))


def heading_set(keys: Iterable[str]) -> str:
    """The digest of a sheet's headings, whatever their order."""
    return hashlib.sha256("\n".join(sorted(keys)).encode("utf-8", "replace")).hexdigest()[:32]


def recognised(head: Head, fold: Fold) -> dict[str, str]:
    """What each column was taken for without anybody's choice."""
    return {key: column.field or OTHER for key, column in keyed(head.columns, fold).items()}


def faults(choices: Choices, head: Head, rules: HeadingRules) -> list[ChoiceFault]:
    """What stands against these choices; columns that they do not name are as recognised."""
    columns = keyed(head.columns, rules.fold)
    known = {rule.name for rule in rules.fields} | {OTHER, LEFT_OUT}
    found = [
        ChoiceFault("no_such_column", key, key) for key in choices if key not in columns
    ] + [
        ChoiceFault("no_such_field", key, choice)
        for key, choice in choices.items()
        if choice not in known
    ]
    taken: dict[str, str] = {}
    for key, choice in {**recognised(head, rules.fold), **choices}.items():
        if key not in columns or choice in (OTHER, LEFT_OUT) or choice not in known:
            continue
        if choice in taken:
            other = columns[taken[choice]].heading
            found.append(ChoiceFault("field_twice", key, choice, other))
        taken.setdefault(choice, key)
    return found + _without_anchor(taken, rules)


def _without_anchor(taken: Mapping[str, str], rules: HeadingRules) -> list[ChoiceFault]:
    """The title is needed always, the name of an item beside whatever is said of items."""
    found = [] if TITLE in taken else [ChoiceFault("title_unmapped", value=TITLE)]
    items = {rule.name for rule in rules.fields if rule.item}
    first = next((name for name in taken if name in items), "")
    if first and ITEM_NAME not in taken:
        found.append(ChoiceFault("item_name_unmapped", taken[first], ITEM_NAME))
    return found


def applied(choices: Choices, head: Head, fold: Fold) -> Head:
    """The head as the choices want it; columns that they do not name are as recognised."""
    columns: list[Column] = []
    for key, column in keyed(head.columns, fold).items():
        choice = choices.get(key, column.field or OTHER)
        if choice != LEFT_OUT:
            columns.append(replace(column, field=None if choice == OTHER else choice))
    return replace(head, columns=tuple(columns))
