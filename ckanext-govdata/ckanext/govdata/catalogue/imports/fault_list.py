"""The faults of an import as its page lists them: of one sheet, of one column, page by page."""

from __future__ import annotations

from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk

from ...forms import form_reader, refusals
from ...forms.asked_values import declared_values
from ...forms.form_reader import Fields
from ...pager import PageAnswer
from ...speech.phrases import in_script
from ...web import page_of_address, sentences_of
from ..answers import ImportAnswer

SIZE = 50
WHOLE_ROW = "-"
"""Stands for the column of a fault that is of a whole row."""


class FaultList(NamedTuple):
    """One page of the faults, with the form that chooses among them and what it offers."""

    found: PageAnswer
    fields: Fields
    values: dict[str, Any]
    offered: dict[str, dict[str, str]]


def read(answer: ImportAnswer) -> FaultList:
    """As the address asks; 400 where it names a sheet, column or page that there is not."""
    cells = answer["rejected"]
    sheets = dict.fromkeys(cell["sheet"] for cell in cells)
    columns = dict.fromkeys(cell["column"] or WHOLE_ROW for cell in cells)
    offered = {
        "sheets": {name: name for name in sheets},
        "columns": {
            name: tk._("Whole row") if name == WHOLE_ROW else in_script(name) for name in columns
        },
    }
    fields = form_reader.declared("catalogue_import_faults")
    asked = form_reader.asked(fields.values())
    values, wrong = declared_values("catalogue_import_faults", asked, **offered)
    if wrong:
        tk.abort(400, sentences_of(refusals.invalid(wrong)))
    chosen = [
        cell
        for cell in cells
        if values.get("sheet") in (None, "", cell["sheet"])
        and values.get("column") in (None, "", cell["column"] or WHOLE_ROW)
    ]
    return FaultList(page_of_address(SIZE).cut(chosen), fields, values, offered)
