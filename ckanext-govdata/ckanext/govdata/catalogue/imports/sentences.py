"""Why a file or a cell was refused, in the user's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ckan.plugins.toolkit as tk

from ...domain.catalogue import shortened
from ..model import ImportRow

_FILES: Mapping[str, Callable[[], str]] = {
    "empty_file": lambda: tk._("The file is empty"),
    "too_large": lambda: tk._("The file is too large: at most {limit} MiB"),
    "not_a_workbook": lambda: tk._("This is not a workbook, a CSV file or JSON Lines"),
    "web_page": lambda: tk._(
        "This is a web page, whatever its name says; open it in a spreadsheet and save as xlsx"
    ),
    "password": lambda: tk._("The workbook is protected by a password; remove it and try again"),
    "damaged": lambda: tk._("The workbook is damaged and cannot be opened"),
    "zip_bomb": lambda: tk._("The workbook unpacks to far more than its size; it is not opened"),
    "nested_archive": lambda: tk._("The workbook has another archive inside; it is not opened"),
    "doctype": lambda: tk._("The workbook has a DOCTYPE inside; it is not opened"),
    "too_many_cells": lambda: tk._("The sheet has too many cells: at most {limit}"),
    "too_wide": lambda: tk._(
        "A cell stands far outside the table (the sheet is {rows} rows by {columns} columns); "
        "delete the empty rows and columns"
    ),
    "too_much_text": lambda: tk._("The file has too much text: at most {limit} MiB"),
    "encoding": lambda: tk._(
        "The text is neither UTF-8 nor GB18030 nor Big5; save the file as UTF-8"
    ),
    "no_headings": lambda: tk._(
        "No row with headings was found; the title (资源名称) and one more column are needed"
    ),
    "broken_line": lambda: tk._("Line {line} cannot be read as CSV"),
    "line_too_long": lambda: tk._("Line {line} is longer than {limit} characters"),
    "not_json": lambda: tk._("Line {line} is not JSON"),
    "half_character": lambda: tk._("Line {line} spells half of a character (a lone surrogate)"),
    "not_an_object": lambda: tk._("Line {line} is not a JSON object"),
    "too_many_keys": lambda: tk._("The objects have too many different keys: at most {limit}"),
}
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
    "other_columns": lambda: tk._(
        "In row {detail} begins a table with other headings; put it on a sheet of its own"
    ),
    "not_as_above": lambda: tk._(
        "The row is one more information item of the entry in row {detail}, and says “{value}” "
        "here, which is not what stands there"
    ),
    "lone_title": lambda: tk._(
        "Nothing but “{value}” stands in the row: if it is a caption, delete it; if it is an "
        "entry, fill in the row"
    ),
    "date_impossible": lambda: tk._("There is no such day as “{value}”"),
    "formula_without_value": lambda: tk._(
        "The cell has a formula without a stored value; replace it by its value"
    ),
    "cell_error": lambda: tk._("The cell has the error {value}"),
    "merged_cells": lambda: tk._("The cell is merged with others; every row needs its own value"),
    "hidden_row": lambda: tk._(
        "The row is hidden in the sheet; show it if it is meant, or delete it"
    ),
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
    **{f"sheet.{code}": words for code, words in _FILES.items()},
    **{f"cell.{code}": words for code, words in _CELLS.items()},
}
"""For the table of refusals: of a file as a whole, and of one cell."""


_PASSED: Mapping[str, Callable[[], str]] = {
    "repeated_head": lambda: tk._("the headings once more"),
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


def say_file(code: str, detail: Mapping[str, object]) -> str:
    """Why the file as a whole was refused."""
    return _FILES[code]().format(**detail)


def say_cell(code: str, value: str = "", detail: str = "") -> str:
    """Why one cell was refused."""
    return _CELLS[code]().format(value=shortened(value), detail=detail)
