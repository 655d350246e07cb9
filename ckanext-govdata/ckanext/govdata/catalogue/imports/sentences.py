"""Why a cell of an import was refused, in the user's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ckan.plugins.toolkit as tk

from ...domain.catalogue import shortened
from ...sheets.sentences import CELLS
from ..model import ImportRow

_CELLS: Mapping[str, Callable[[], str]] = {
    "unknown_value": lambda: tk._("“{value}” is not one of the values of this field"),
    "date_unreadable": lambda: tk._("“{value}” cannot be read as a date"),
    "date_impossible": lambda: tk._("There is no such day as “{value}”"),
    "duplicate": lambda: tk._("The same entry stands in row {detail} with other values"),
    "department_missing": lambda: tk._("The row names no department"),
    "department_unknown": lambda: tk._("There is no department “{value}”"),
    "department_ambiguous": lambda: tk._("“{value}” may be any of these: {detail}"),
    "department_not_yours": lambda: tk._("You may not import for the department “{value}”"),
    "not_yours": lambda: tk._("The entry belongs to a department for which you may not import"),
    "other_provider": lambda: tk._(
        "{detail}. A sheet does not move an entry from one department to another: write its "
        "provider, or change the provider on the entry's own page"
    ),
    "code_of_other": lambda: tk._("The code belongs to another entry: {detail}"),
    "title_twice": lambda: tk._(
        "The department has several entries with this title: {detail}. Write the code "
        "(信息资源代码) of the one that is meant"
    ),
    "name_taken": lambda: tk._("The address “{value}” belongs to something else"),
}


REFUSALS: Mapping[str, Callable[[], str]] = {
    f"cell.{code}": words for code, words in _CELLS.items()
}
"""For the table of refusals: of one cell."""


def say_broken_off(row: ImportRow) -> str:
    """What became of an import whose job died."""
    if row.writes:
        said = tk._(
            "The import broke off before its end. Nothing of the sheet was written: its entries "
            "are written all together or not at all."
        )
    else:
        said = tk._(
            "The import broke off before the whole sheet was looked through. Nothing was written."
        )
    return f"{said} {row.error}".strip()


def called_by_summary() -> str:
    """What is told of a row whose title is missing."""
    return tk._("The title is missing; the entry would be called by its summary. Write its title")


def say_cell(code: str, value: str = "", detail: str = "") -> str:
    """Why one cell was refused."""
    words = _CELLS.get(code) or CELLS[code]
    return words().format(value=shortened(value), detail=detail)
