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

FORM = "catalogue_import_headings"


@dataclass(frozen=True)
class ColumnField:
    """A column of a sheet with its field of the form."""

    sheet: str
    column: SheetColumn
    field: Field


class HeadingForm:
    """The form of one import that was looked through."""

    def __init__(self, row: ImportRow) -> None:
        self.row = row
        self.declared = form_reader.declared(FORM)
        self.sheets = column_choices.sheets_of(row)
        self.columns = [
            ColumnField(name, column, self._field(place, index, column))
            for place, (name, sheet) in enumerate(self.sheets.items())
            for index, column in enumerate(sheet["columns"])
        ]

    def _field(self, sheet: int, index: int, column: SheetColumn) -> Field:
        heading = f"{column['letter']} {in_script(column['heading'])}"
        samples = [in_script(one) for one in column["samples"]]
        said = tk._("For example: {samples}").format(samples="；".join(samples)) if samples else ""
        return replace(
            self.declared["column"],
            name=f"column-{sheet}-{index}",
            label=dict.fromkeys(LOCALES, heading),
            help=dict.fromkeys(LOCALES, said) if said else {},
        )

    @property
    def fields(self) -> dict[str, Field]:
        """All fields by name; of sheets only where there is a choice."""
        found = {one.field.name: one.field for one in self.columns}
        others = {name: one for name, one in self.declared.items() if name != "column"}
        return {**others, **found}

    def by_sheet(self) -> list[tuple[SheetAnswer, list[ColumnField]]]:
        """The sheets with the fields of their columns."""
        return [
            (sheet, [one for one in self.columns if one.sheet == name])
            for name, sheet in self.sheets.items()
        ]

    def values(self) -> dict[str, Any]:
        """What stands in the form before anybody wrote."""
        chosen = {one.field.name: one.column["field"] for one in self.columns}
        return {**chosen, "sheets": list(self.sheets)}

    def asked(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the action is asked, of the values that were sent. A sheet of which nothing was
        changed is not named, so that it is told on whose settings it rests."""
        keep_for = str(values.get("keep_for") or "")
        headings: dict[str, dict[str, str]] = {}
        changed: set[str] = set()
        for one in self.columns:
            choice = str(values.get(one.field.name, one.column["field"]))
            headings.setdefault(one.sheet, {})[one.column["key"]] = choice
            if choice != one.column["field"]:
                changed.add(one.sheet)
        sheets = [str(name) for name in values.get("sheets") or ()]
        said = {name: each for name, each in headings.items()
                if name in sheets and (keep_for or name in changed)}  # fmt: skip
        return {"headings": said, "sheets": sheets, "keep_for": keep_for}

    def wrong(self, asked: Mapping[str, Any]) -> dict[str, list[str]]:
        """What is wrong, by field."""
        if not asked["sheets"]:
            return {"sheets": [tk._("Choose at least one sheet")]}
        found: dict[str, list[str]] = {}
        for sheet, choices in asked["headings"].items():
            fields = {one.column["key"]: one.field.name
                      for one in self.columns if one.sheet == sheet}  # fmt: skip
            for fault in column_choices.faults(self.sheets[sheet], choices):
                name = fields.get(fault.key, next(iter(fields.values())))
                found.setdefault(name, []).append(sentences.say_choice(sheet, fault))
        return found
