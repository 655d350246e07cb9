"""Why a file cannot be read, or a cell not be used, in the user's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ckan.plugins.toolkit as tk

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
CELLS: Mapping[str, Callable[[], str]] = {
    "formula_without_value": lambda: tk._(
        "The cell has a formula without a stored value; replace it by its value"
    ),
    "cell_error": lambda: tk._("The cell has the error {value}"),
    "merged_cells": lambda: tk._("The cell is merged with others; every row needs its own value"),
    "hidden_row": lambda: tk._(
        "The row is hidden in the sheet; show it if it is meant, or delete it"
    ),
}
"""Faults of cells that a reader sees, by the codes of :class:`.refused_files.CellFault`."""
REFUSALS: Mapping[str, Callable[[], str]] = {
    **{f"sheet.{code}": words for code, words in _FILES.items()},
    **{f"cell.{code}": words for code, words in CELLS.items()},
}
"""For the table of refusals: of a file as a whole, and of one cell."""


def say_file(code: str, detail: Mapping[str, object]) -> str:
    """Why the file as a whole was refused."""
    return _FILES[code]().format(**detail)
