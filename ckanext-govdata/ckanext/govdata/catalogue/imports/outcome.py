"""What an import found and did: the answer of ``govdata_catalogue_import``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ..entry.entry_rows import Stored
from .dependents import Dependent

MOST = 2000
"""Refused cells that an answer lists; what is beyond is counted."""
MOST_ROWS = 50
"""Rows that are named for one kind of gap."""


@dataclass(frozen=True)
class Refused:
    """One cell (or, without a column, one row) that cannot be imported. Rows count from 1."""

    row: int
    column: str
    value: str
    code: str
    message: str
    index: int | None = None
    """The column's place in the sheet, from 0."""


@dataclass
class Outcome:
    """Counts and lists, in memory that does not grow with the file."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    repeated: int = 0
    """Rows that repeat another row of the same file word for word; counted as unchanged too."""
    rows: int = 0
    refused: list[Refused] = field(default_factory=list[Refused])
    refused_cells: int = 0
    refused_rows: set[int] = field(default_factory=set[int])
    retitled: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """Rows that give an entry of the portal another title."""
    dependents: list[Dependent] = field(default_factory=list[Dependent])
    """Rows by which grants end or cases cannot go on."""
    gaps: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict[Any, Any])

    def refuse(self, refused: Refused, entry_row: int) -> None:
        """Note a cell; the entry that begins in ``entry_row`` is not written."""
        self.refused_rows.add(entry_row)
        self.refused_cells += 1
        if len(self.refused) < MOST:
            self.refused.append(refused)

    def retitle(self, row: int, existing: Stored | None, entry: Mapping[str, Any]) -> None:
        """Note a row, known by its mark, whose entry is called otherwise until now."""
        before = existing.columns["title"] if existing else ""
        title = str(entry.get("title") or "")
        if before and title and before != title and len(self.retitled) < MOST_ROWS:
            self.retitled.append({"row": row, "before": before, "title": title})

    def gap(self, row: int, column: str, name: str, message: str) -> None:
        """Note a statement that the regulations ask for and the sheet does not make."""
        key = (name, message)
        found = self.gaps.setdefault(
            key, {"field": name, "column": column, "message": message, "count": 0, "rows": []}
        )
        found["count"] += 1
        if len(found["rows"]) < MOST_ROWS:
            found["rows"].append(row)

    def as_dict(self) -> dict[str, Any]:
        """For the action's answer."""
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "repeated": self.repeated,
            "rejected_rows": len(self.refused_rows),
            "rejected_cells": self.refused_cells,
            "rejected": [
                {
                    "row": r.row,
                    "column": r.column,
                    "column_index": r.index,
                    "value": r.value,
                    "code": r.code,
                    "message": r.message,
                }
                for r in sorted(self.refused, key=lambda r: (r.row, r.index or 0))
            ],
            "retitled": self.retitled,
            "consequences": [
                {"row": one.row, "name": one.name, "title": one.title, **asdict(one.count)}
                for one in self.dependents
            ],
            "incomplete": list(self.gaps.values()),
        }
