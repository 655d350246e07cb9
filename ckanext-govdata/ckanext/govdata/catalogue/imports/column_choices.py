"""What an officer said that the columns of his sheets are, read against what was found in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import ckan.plugins.toolkit as tk

from ...domain import column_choice
from ...domain.column_choice import ChoiceFault
from ...domain.heading_notes import plain
from ...domain.headings import Column, Head
from ..answers import SheetAnswer
from ..model import ImportRow
from . import readers
from .found_sheets import WrongChoices


@dataclass(frozen=True)
class SaidOfColumns:
    """``headings`` and ``sheets`` as ``govdata_catalogue_import`` takes them; ``said`` is what was
    said just now, of whole sheets."""

    headings: Mapping[str, Mapping[str, str]]
    sheets: Sequence[str]
    said: Mapping[str, Mapping[str, str]]


def sheets_of(row: ImportRow) -> dict[str, SheetAnswer]:
    """The sheets of an import that was looked through, by name."""
    answer: Any = row.answer or {}
    return {one["name"]: one for one in answer.get("sheets", ())}


def pickable(row: ImportRow) -> list[str]:
    """The names of the sheets that can be read, in the file's order as far as that is known."""
    answer: Any = row.answer or {}
    passed = [one["name"] for one in answer.get("sheets_passed_over", ()) if one["pickable"]]
    return [*sheets_of(row), *passed]


def faults(sheet: SheetAnswer, choices: Mapping[str, str]) -> list[ChoiceFault]:
    """What stands against these choices for the columns of a sheet that was looked through."""
    columns = [
        Column(place, one["heading"], None if one["recognised"] == column_choice.OTHER
               else one["recognised"])
        for place, one in enumerate(sheet["columns"])
    ]  # fmt: skip
    return column_choice.faults(choices, Head(0, 1, tuple(columns), 0), readers.heading_rules())


def asked_of(data: Mapping[str, Any]) -> tuple[list[str], dict[str, dict[str, str]]]:
    """The parameters ``sheets`` and ``headings``; raises ``ValidationError``."""
    sheets: Any = data.get("sheets") or []
    headings: Any = data.get("headings") or {}
    if not isinstance(sheets, list) or not all(isinstance(one, str) for one in sheets):
        raise tk.ValidationError({"sheets": [tk._("A list of names of sheets is wanted here.")]})
    if not _is_table_of_texts(headings):
        said = tk._("By the name of a sheet an object of headings and fields is wanted here.")
        raise tk.ValidationError({"headings": [said]})
    return cast("list[str]", sheets), cast("dict[str, dict[str, str]]", headings)


def _is_table_of_texts(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(one, dict) and all(isinstance(text, str) for text in one.values())
        for one in value.values()
    )


def read(row: ImportRow, asked: Mapping[str, Any]) -> SaidOfColumns:
    """Raises ``ValidationError`` and :class:`WrongChoices`."""
    if row.state != "looked":
        late = tk._("Headings are corrected after the sheet was looked through and before it is "
                    "imported")
        raise tk.ValidationError({"id": [late]})
    sheets, headings = asked_of(asked)
    found = sheets_of(row)
    wrong = {
        name: [ChoiceFault("no_such_sheet")]
        for name in [*headings, *sheets]
        if name not in pickable(row)
    }
    said: dict[str, dict[str, str]] = {}
    for name, choices in headings.items():
        if name not in found:
            continue
        now_is = {one["key"]: one["field"] for one in found[name]["columns"]}
        said[name] = {**now_is, **_by_key(choices)}
        if against := faults(found[name], said[name]):
            wrong[name] = against
    if wrong:
        raise WrongChoices(wrong)
    before: Any = row.options.get("headings") or {}
    kept = {name: choices for name, choices in before.items() if not sheets or name in sheets}
    merged = {**kept, **said}
    if sheets:
        merged = {name: choices for name, choices in merged.items() if name in sheets}
    named: Any = sheets or row.options.get("sheets") or []
    return SaidOfColumns(merged, named, said)


def _by_key(choices: Mapping[str, str]) -> dict[str, str]:
    fold = readers.heading_rules().fold
    return {plain(heading, fold): choice for heading, choice in choices.items()}
