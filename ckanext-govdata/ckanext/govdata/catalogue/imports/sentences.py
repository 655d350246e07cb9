"""Why a cell of an import was refused, in the user's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ckan.plugins.toolkit as tk

from ...domain.catalogue import shortened
from ...domain.column_choice import ChoiceFault
from ...sheets.sentences import CELLS
from ..model import ImportRow
from . import field_words

_CELLS: Mapping[str, Callable[[], str]] = {
    "unknown_value": lambda: tk._(
        "“{value}” is not one of the values of this column. What it takes: {detail}"
    ),
    "date_unreadable": lambda: tk._("“{value}” cannot be read as a date"),
    "date_short_year": lambda: tk._(
        "“{value}” names the year by its last digits, which may be of two counts of years; write "
        "all four digits"
    ),
    "date_month_unclear": lambda: tk._(
        "“{value}” may be January or October (a spreadsheet drops the last nought); write it like "
        "2023-10"
    ),
    "codes_of_two_lists": lambda: tk._(
        "“{value}” may mean two things: the column has 0 as well as 2 or 3, so its codes are of "
        "two lists; write the words, such as 无条件开放"
    ),
    "conditions_unsaid": lambda: tk._(
        "It says “{value}”, but the conditions beside it are left open: write which they are, or "
        "无 where there are none"
    ),
    "other_columns": lambda: tk._(
        "In row {detail} begins a table with other headings; put it on a sheet of its own"
    ),
    "row_too_long": lambda: tk._(
        "The row has {detail} cells more than there are headings, so its values may stand in wrong "
        "columns: put a value that holds a comma between quotation marks"
    ),
    "not_as_above": lambda: tk._(
        "The row is one more information item of the entry in row {detail}, and says “{value}” "
        "here, which is not what stands there"
    ),
    "lone_title": lambda: tk._(
        "Nothing but “{value}” stands in the row: if it is a caption, delete it; if it is an "
        "entry, fill in the row"
    ),
    "note_or_entry": lambda: tk._(
        "The row with “{value}” may be a note or a signature below the table, or an entry with "
        "little in it: delete the row, or fill in more of its columns"
    ),
    "date_impossible": lambda: tk._("There is no such day as “{value}”"),
    "duplicate": lambda: tk._("The same entry stands in row {detail} with other values"),
    "number_twice": lambda: tk._(
        "{detail} has the same number “{value}” and another title. A number is one entry's: "
        "correct it, or empty the column where it is a class"
    ),
    "duplicate_elsewhere": lambda: tk._("The same entry stands in {detail}, with other values"),
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
    "number_moved": lambda: tk._(
        "Number or page and title belong to different entries: {detail}. Write the code "
        "(信息资源代码) of the one that is meant"
    ),
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


_CHOICES: Mapping[str, Callable[[], str]] = {
    "no_such_sheet": lambda: tk._("The file has no sheet “{sheet}”"),
    "sheet_unreadable": lambda: tk._(
        "The sheet “{sheet}” is hidden, empty, or has no row of headings: it cannot be read"
    ),
    "no_such_column": lambda: tk._("The sheet “{sheet}” has no column “{column}”"),
    "no_such_field": lambda: tk._("Column “{column}”: “{value}” is no field of an entry"),
    "field_twice": lambda: tk._(
        "“{field}” is the column “{other}” already: one field takes one column"
    ),
    "title_unmapped": lambda: tk._(
        "No column of the sheet “{sheet}” is “{field}”: one must be, entries are called by it"
    ),
    "item_name_unmapped": lambda: tk._(
        "What is said of items needs the column “{field}” beside it, and no column is that"
    ),
}
_LEFT: Mapping[str, Callable[[], str]] = {
    "gone": lambda: tk._("The entry was deleted for good since"),
    "changed_since": lambda: tk._("The entry was changed after the import"),
    "used_since": lambda: tk._(
        "The entry is used: it has files, applications, grants or followers, or stands in an event"
    ),
    "not_yours": lambda: tk._("You may no longer write for the entry's department"),
    "code_taken": lambda: tk._("Another entry has the code that it had before"),
}


def say_choice(sheet: str, fault: ChoiceFault) -> str:
    """What is wrong with what a column was said to be."""
    return _CHOICES[fault.code]().format(
        sheet=sheet,
        column=fault.key,
        value=shortened(fault.value),
        field=field_words.label(fault.value) if fault.value else "",
        other=fault.other,
    )


def say_left(why: str) -> str:
    """Why an undo left an entry as it is."""
    return _LEFT[why]()


def say_kept(why: str, label: str) -> str:
    """Why a row leaves a field of its entry as it is."""
    if why == "remark":
        words = tk._(
            "“{label}” stays as the entry has it: the sheet has a remark only, which is kept "
            "beside the entry"
        )
    else:
        words = tk._(
            "“{label}” is empty in the sheet and stays as the entry has it; who means it to be "
            "empty empties it on the entry's own page"
        )
    return words.format(label=label)


_PASSED: Mapping[str, Callable[[], str]] = {
    "repeated_head": lambda: tk._("the headings once more"),
    "head_line": lambda: tk._("numbers or notes of the columns"),
    "total": lambda: tk._("a total"),
    "note": lambda: tk._("a note"),
    "signature": lambda: tk._("a signature or who filled it in"),
    "caption": lambda: tk._("a caption"),
    "example": lambda: tk._("an example of how to fill in"),
}


def say_passed(kind: str) -> str:
    """What a row is that is no entry."""
    return _PASSED[kind]()


def say_broken_off(row: ImportRow) -> str:
    """What became of an import whose job died."""
    if row.undoes:
        said = tk._(
            "The undo broke off before its end. Nothing was taken back: that is done with all "
            "entries together or not at all."
        )
    elif row.writes:
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
