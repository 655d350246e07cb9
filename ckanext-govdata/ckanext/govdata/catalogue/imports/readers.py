"""The headings by which a catalogue's sheet is known, and the tables of a file that has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

import opencc

from ... import config_reader, vocabularies
from ...domain import headings, mapping
from ...sheets import sheet_files
from ...sheets.refused_files import Unreadable
from ...sheets.tables import Table

HEAD_ROWS = 60
"""Rows in which headings are looked for, and from whose values doubtful ones are decided."""


@lru_cache(maxsize=1)
def fold() -> headings.Fold:
    """Traditional to Simplified."""
    return opencc.OpenCC("t2s").convert


@lru_cache(maxsize=1)
def heading_rules() -> headings.HeadingRules:
    """``config/imports/headings.yaml``; raises ``BrokenFile``."""
    names = vocabularies.names()
    source = config_reader.file("imports/headings.yaml")
    return config_reader.checked(source, lambda top: headings.rules_from(top, fold(), names))


@lru_cache(maxsize=1)
def value_rules() -> mapping.ValueRules:
    """``config/imports/values.yaml`` with the vocabularies; raises ``BrokenFile``."""
    words = config_reader.elsewhere(vocabularies.every) or {}
    source = config_reader.file("imports/values.yaml")
    return config_reader.checked(source, lambda top: mapping.rules_from(top, words, fold()))


def short_forms() -> Mapping[str, str]:
    """Short forms of departments' names, from ``config/imports/values.yaml``."""
    return value_rules().departments


def tables(path: Path) -> Iterator[Table]:
    """The tables of a file of any form; raises :class:`Unreadable` with the reason."""
    return sheet_files.tables(path, recognised)


def recognised(rows: list[list[str]]) -> int:
    """How many headings the first rows show."""
    head = headings.find_head(rows, heading_rules())
    return len(head.by_field) if head else 0


def with_head(found: Iterator[Table]) -> tuple[Table, headings.Head]:
    """The table whose headings are recognised best; raises :class:`Unreadable`."""
    best: tuple[Table, headings.Head] | None = None
    names: list[str] = []
    for table in found:
        if any(any(cells) for _number, cells in table.rows):
            names.append(table.name)
        if table.hidden.sheet:
            continue
        first = [row for _, row in islice(table.rows, HEAD_ROWS)]
        head = headings.find_head(first, heading_rules(), value_rules().knows)
        if head and (best is None or head.score > best[1].score):
            best = table, head
    if best is None:
        raise Unreadable("no_headings")
    table, head = best
    return replace(table, left_out=tuple(name for name in names if name != table.name)), head


def headings_of(head: headings.Head) -> dict[str, str]:
    """Which heading was taken for what."""
    return {column.heading: column.field for column in head.columns if column.field}


def unknown_of(head: headings.Head) -> list[str]:
    """Headings that nobody knows; their cells stay with the entries."""
    return [column.heading for column in head.unknown]
