"""The form in which an officer says what the columns of his sheets are: a field for each column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import ckan.plugins.toolkit as tk

from ...domain.locales import LOCALES
from ...domain.procedure import Field
from ...forms import form_reader
from ...speech.phrases import in_script
from ..answers import SheetAnswer, SheetColumn
from ..model import ImportRow
from . import column_choices, sentences


@dataclass(frozen=True)
class ColumnField:
    """A column with its field of the form."""

    column: SheetColumn
    field: Field


@dataclass(frozen=True)
class AlikeSheets:
    """Sheets whose columns stand alike and are taken for the same: they are asked about once."""

    names: list[str]
    columns: list[ColumnField]


class HeadingForm:
    """The form of one import that was looked through."""

    def __init__(self, row: ImportRow) -> None:
        self.row = row
        self.declared = form_reader.declared("catalogue_import_headings")
        self.sheets = column_choices.sheets_of(row)
        alike: dict[tuple[tuple[str, ...], ...], list[SheetAnswer]] = {}
        for sheet in self.sheets.values():
            shape = tuple((one["letter"], one["key"], one["field"]) for one in sheet["columns"])
            alike.setdefault(shape, []).append(sheet)
        self.groups = [
            AlikeSheets([one["name"] for one in group], self._fields(place, group[0]))
            for place, group in enumerate(alike.values())
        ]

    def _fields(self, place: int, sheet: SheetAnswer) -> list[ColumnField]:
        return [
            ColumnField(column, self._field(f"column-{place}-{index}", column))
            for index, column in enumerate(sheet["columns"])
        ]

    def _field(self, name: str, column: SheetColumn) -> Field:
        heading = f"{column['letter']} {in_script(column['heading'])}"
        samples = [in_script(one) for one in column["samples"]]
        said = tk._("For example: {samples}").format(samples="；".join(samples)) if samples else ""
        return replace(
            self.declared["column"],
            name=name,
            label=dict.fromkeys(LOCALES, heading),
            help=dict.fromkeys(LOCALES, said) if said else {},
        )

    @property
    def fields(self) -> dict[str, Field]:
        """All fields by name."""
        others = {name: one for name, one in self.declared.items() if name != "column"}
        return others | {one.field.name: one.field for group in self.groups
                         for one in group.columns}  # fmt: skip

    def values(self) -> dict[str, Any]:
        """What stands in the form before anybody wrote."""
        chosen = {one.field.name: one.column["field"] for group in self.groups
                  for one in group.columns}  # fmt: skip
        return {**chosen, "sheets": list(self.sheets)}

    def asked(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the action is asked, of the values that were sent. A sheet of which nothing was
        changed is not named, so that it is told on whose settings it rests."""
        keep_for = str(values.get("keep_for") or "")
        sheets = [str(name) for name in values.get("sheets") or ()]
        said: dict[str, dict[str, str]] = {}
        for group in self.groups:
            before = {one.column["key"]: one.column["field"] for one in group.columns}
            choices = {one.column["key"]: str(values.get(one.field.name, one.column["field"]))
                       for one in group.columns}  # fmt: skip
            if keep_for or choices != before:
                said |= {name: choices for name in group.names if name in sheets}
        return {"headings": said, "sheets": sheets, "keep_for": keep_for}

    def wrong(self, asked: Mapping[str, Any]) -> dict[str, list[str]]:
        """What is wrong, by field."""
        if not asked["sheets"]:
            return {"sheets": [tk._("Choose at least one sheet")]}
        found: dict[str, list[str]] = {}
        for group in self.groups:
            sheet = next((name for name in group.names if name in asked["headings"]), "")
            if not sheet:
                continue
            fields = {one.column["key"]: one.field.name for one in group.columns}
            for fault in column_choices.faults(self.sheets[sheet], asked["headings"][sheet]):
                name = fields.get(fault.key, next(iter(fields.values())))
                found.setdefault(name, []).append(sentences.say_choice(sheet, fault))
        return found
