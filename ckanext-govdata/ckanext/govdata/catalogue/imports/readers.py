"""The headings by which a catalogue's sheet is known, and the tables of a file that has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path

from ... import config_reader, vocabularies
from ...domain import heading_rules as declared
from ...domain import headings, mapping
from ...domain.cell_value import Fold
from ...domain.heading_rules import HeadingRules
from ...sheets import sheet_files
from ...sheets.tables import Table
from ...speech import script

HEAD_ROWS = 60
"""Rows in which headings are looked for, and from whose values doubtful ones are decided."""


def fold() -> Fold:
    """Traditional to Simplified."""
    return script.converter("t2s").convert


@lru_cache(maxsize=1)
def heading_rules() -> HeadingRules:
    """``config/imports/headings.yaml``; raises ``BrokenFile``."""
    names = vocabularies.names()
    source = config_reader.file("imports/headings.yaml")
    return config_reader.checked(source, lambda top: declared.rules_from(top, fold(), names))


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


def head_of(table: Table) -> headings.Head | None:
    """The sheet's rows of headings; ``None`` where it hides itself, or no row reads as one."""
    if table.hidden.sheet:
        return None
    return headings.find_head(first_rows(table), heading_rules(), value_rules().knows)


def first_rows(table: Table) -> list[list[str]]:
    """The rows in which headings are looked for."""
    return [row for _, row in islice(table.rows, HEAD_ROWS)]


def headings_of(head: headings.Head) -> dict[str, str]:
    """Which heading was taken for what."""
    return {column.heading: column.field for column in head.columns if column.field}


def unknown_of(head: headings.Head) -> list[str]:
    """Headings that nobody knows; their cells stay with the entries."""
    return [column.heading for column in head.unknown]
