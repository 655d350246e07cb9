"""Personal data in a catalogue sheet: not kept in the columns that nobody knows, told of in the
others, where the officer takes it out (Anhui 36)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypedDict

import ckan.plugins.toolkit as tk

from ...domain import personal_columns
from ...domain.personal_columns import EMAIL, HEADING
from ...domain.row_groups import Record
from ...sheets.personal_headings import personal_words
from ..imports import readers

MOST_ROWS = 20
"""Rows that are named for one column."""


class PersonalFound(TypedDict):
    """A column with personal data: whether it is kept, in how many rows, some of them, and the
    kinds."""

    column: str
    kept: bool
    count: int
    rows: list[int]
    kinds: list[str]


class PersonalColumn(PersonalFound):
    """The same with the kinds in words."""

    what: str


class Personal:
    """What was found, by column."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, bool], PersonalFound] = {}

    def clear(self) -> None:
        """Forget everything, before the sheet is read again."""
        self._found.clear()

    def sift_record(
        self, record: Record, entry: dict[str, Any], heading: Callable[[str], str]
    ) -> None:
        """Personal data stays out of what is kept, and is told of where it is part of the entry."""
        if entry.get("imported_columns"):
            entry["imported_columns"] = self.sift(record.row, entry["imported_columns"])
        kept = {rule.name for rule in readers.heading_rules().fields if rule.kept}
        for name, text in record.values.items():
            if name != "imported_columns" and name not in kept:
                self.look(record.row, heading(name), text)
        for item, row in zip(record.items, record.item_rows, strict=True):
            for name, text in item.items():
                self.look(row, heading(name), text)

    def sift(self, row: int, columns: Mapping[str, str]) -> dict[str, str]:
        """The cells that may be kept; the others are told of."""
        kept: dict[str, str] = {}
        for heading, text in columns.items():
            over = personal_words().over(heading)
            kinds = {HEADING} if over else personal_columns.kinds(f"{heading}\n{text}")
            if kinds:
                self._note(heading, row, kinds, kept=False)
            else:
                kept[heading] = text
        return kept

    def look(self, row: int, heading: str, text: str) -> None:
        """Tell of what stands in a cell that becomes part of the entry."""
        kinds = personal_columns.kinds(text)
        if kinds:
            self._note(heading, row, kinds, kept=True)

    def _note(self, heading: str, row: int, kinds: Iterable[str], kept: bool) -> None:
        found = self._found.setdefault(
            (heading, kept), {"column": heading, "kept": kept, "count": 0, "rows": [], "kinds": []}
        )
        found["count"] += 1
        found["kinds"] = sorted({*found["kinds"], *kinds})
        if len(found["rows"]) < MOST_ROWS:
            found["rows"].append(row)

    def rows(self) -> list[PersonalColumn]:
        """For the answer."""
        return [
            {**found, "what": "、".join(label(kind) for kind in found["kinds"])}
            for found in sorted(self._found.values(), key=lambda one: not one["kept"])
        ]


def label(kind: str) -> str:
    """What a kind of personal data is called."""
    return {
        HEADING: tk._("by its heading"),
        EMAIL: tk._("e-mail address"),
        "id_number": tk._("identity number"),
        "old_id_number": tk._("identity number of 15 digits"),
        "card_number": tk._("bank card number"),
        "mobile_number": tk._("mobile number"),
        "document_number": tk._("number of a passport or another identity document"),
    }[kind]
