"""Rows of a sheet by which running grants end or open cases cannot go on: named before it is kept.

The page asks for a tick at their numbers, as the entry's form does; programs read the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ckan import model

from ...cases import consequences
from ...cases.consequences import Count
from ..entry.entry_rows import Stored


@dataclass(frozen=True)
class Dependent:
    """A row that changes an entry on which others depend, and what that does."""

    row: int
    name: str
    title: str
    count: Count


def of(rows: Iterable[tuple[int, Stored | None, Mapping[str, Any]]]) -> list[Dependent]:
    """Of rows with what the portal has and what the sheet says; one statement where none is."""
    changing = {
        existing.id: (row, existing, str(entry["open_attribute"] or ""))
        for row, existing, entry in rows
        if existing is not None and "open_attribute" in entry
        and (existing.extras.get("open_attribute") or "") != str(entry["open_attribute"] or "")
    }
    if not changing:
        return []
    found: list[Dependent] = []
    for package_id in consequences.depended_on(model.Session, list(changing)):
        row, existing, attribute = changing[package_id]
        standing = consequences.of_entry(model.Session, package_id)
        changed = replace(standing.subject, attribute=attribute, there=True)
        count = consequences.of_change(standing, changed)
        if count.grants or count.cases:
            found.append(Dependent(row, existing.name, existing.columns["title"], count))
    return sorted(found, key=lambda one: one.row)


def total(found: Iterable[Dependent]) -> Count:
    """All of them together."""
    return sum((one.count for one in found), Count())
