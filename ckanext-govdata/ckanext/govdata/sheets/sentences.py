"""Why a file cannot be read, or a cell not be used, in the user's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ckan.plugins.toolkit as tk

_FILES: Mapping[str, Callable[[], str]] = {
    "empty_file": lambda: tk._("The file is empty"),
    "too_large": lambda: tk._("The file is too large: at most {limit} MiB"),
    "not_a_workbook": lambda: tk._("This is not a workbook, a CSV file or JSON Lines"),
    "other_kind": lambda: tk._("By its content this file is {what}, and no table is read from it"),
    "save_as_xlsx": lambda: tk._(
        "By its content this file is {what}, whatever its name says. Open it in WPS, Excel or "
        "LibreOffice and save it as xlsx"
    ),
    "unpack": lambda: tk._("This is an archive ({what}). Unpack it and send its sheets one by one"),
    "password": lambda: tk._("The workbook is protected by a password; remove it and try again"),
    "damaged": lambda: tk._("The workbook is damaged and cannot be opened"),
    "zip_bomb": lambda: tk._("The workbook unpacks to far more than its size; it is not opened"),
    "nested_archive": lambda: tk._("The workbook has another archive inside; it is not opened"),
    "doctype": lambda: tk._("The workbook has a DOCTYPE inside; it is not opened"),
    "too_many_cells": lambda: tk._("The sheet has too many cells: at most {limit}"),
    "unknown_error": lambda: tk._(
        "Row {row} of sheet “{sheet}” has the error {value}; mend it and try again"
    ),
    "too_many_sheets": lambda: tk._(
        "The workbook has {count} sheets; at most {limit} are read. Split it"
    ),
    "too_many_faults": lambda: tk._(
        "More than {limit} cells of the file have errors, formulas without a value or are merged"
    ),
    "too_wide": lambda: tk._(
        "A cell stands far outside the table (the sheet is {rows} rows by {columns} columns); "
        "delete the empty rows and columns"
    ),
    "book_too_wide": lambda: tk._(
        "The sheets of the workbook together span more than {limit} cells; delete the empty rows "
        "and columns, or split the workbook"
    ),
    "cell_too_long": lambda: tk._(
        "The cell in row {row}, column {column} has more than {limit} characters; shorten it"
    ),
    "key_too_long": lambda: tk._("Line {line} has a key of more than {limit} characters"),
    "too_much_text": lambda: tk._("The file has too much text: at most {limit} MiB"),
    "encoding": lambda: tk._(
        "The text is neither UTF-8 nor GB18030 nor Big5 (see line {line}); save the file as UTF-8"
    ),
    "two_encodings": lambda: tk._(
        "From line {line} on the text is in another encoding than before; save the whole file as "
        "UTF-8"
    ),
    "no_headings": lambda: tk._(
        "No row with headings was found; the title (资源名称) and one more column are needed"
    ),
    "broken_line": lambda: tk._("Line {line} cannot be read as CSV"),
    "quote_open": lambda: tk._(
        "A quotation mark that opens in line {line} is not closed, or only rows later; look for "
        "one too many"
    ),
    "line_too_long": lambda: tk._("Line {line} is longer than {limit} characters"),
    "key_twice": lambda: tk._(
        "An object has the key “{key}” twice, and only one of its values could be read: give each "
        "a key of its own"
    ),
    "not_json": lambda: tk._("Line {line} is not JSON"),
    "too_deep": lambda: tk._(
        "Line {line}: lists and objects stand in each other more than {limit} deep"
    ),
    "too_many_columns": lambda: tk._(
        "Row {line} has more than {limit} cells, which no spreadsheet can show"
    ),
    "half_character": lambda: tk._("Line {line} spells half of a character (a lone surrogate)"),
    "not_an_object": lambda: tk._("Line {line} is not a JSON object"),
    "empty_list": lambda: tk._("The list in the file is empty: there is no row in it"),
    "list_within": lambda: tk._(
        "The list stands within “{key}”, as interfaces answer, perhaps one page of many. Send the "
        "whole list alone, from [ to ]"
    ),
    "items_only": lambda: tk._(
        "Sheet “{sheet}” describes columns of a table ({headings}) and no entries of a catalogue: "
        "each row needs the title (资源名称) of its entry"
    ),
    "two_tables": lambda: tk._(
        "In sheet “{sheet}” a second table stands beside the first, from column {column} on. Put "
        "it on a sheet of its own, or delete it"
    ),
    "too_many_keys": lambda: tk._("The objects have too many different keys: at most {limit}"),
}
_SHEETS: Mapping[str, Callable[[], str]] = {
    "ODS": lambda: tk._("an OpenDocument spreadsheet (ODS)"),
    "FODS": lambda: tk._("an OpenDocument spreadsheet in one XML file (FODS)"),
    "XLSB": lambda: tk._("a binary Excel workbook (XLSB)"),
    "XML2003": lambda: tk._("an XML spreadsheet of 2003"),
    "HTML": lambda: tk._("a web page (HTML)"),
    "MHT": lambda: tk._("a web page in one file (MHT)"),
    "SYLK": lambda: tk._("a sheet of the old kind SYLK"),
    "DIF": lambda: tk._("a sheet of the old kind DIF"),
    "BIFF": lambda: tk._("an Excel sheet from before 1997"),
    "WK": lambda: tk._("a Lotus sheet"),
    "NUMBERS": lambda: tk._("an Apple Numbers sheet"),
}
"""Spreadsheets that are not read: others save them as xlsx."""
_ARCHIVES = frozenset({"ZIP", "RAR", "7z", "GZIP", "BZIP2", "XZ"})
_KINDS: Mapping[str, Callable[[], str]] = {
    "DOC": lambda: tk._("a Word or WPS document"),
    "DOCX": lambda: tk._("a Word or WPS document"),
    "RTF": lambda: tk._("a Word or WPS document"),
    "OPENDOCUMENT": lambda: tk._("an OpenDocument text or presentation"),
    "PPT": lambda: tk._("a presentation"),
    "PPTX": lambda: tk._("a presentation"),
    "MSG": lambda: tk._("an e-mail"),
    "PNG": lambda: tk._("a picture"),
    "JPEG": lambda: tk._("a picture"),
    "GIF": lambda: tk._("a picture"),
    "BMP": lambda: tk._("a picture"),
    "TIFF": lambda: tk._("a picture"),
    "SVG": lambda: tk._("a picture"),
    "RIFF": lambda: tk._("a picture, sound or film"),
    "XML": lambda: tk._("an XML file"),
    "SQLite": lambda: tk._("a database"),
    "EPUB": lambda: tk._("an electronic book"),
    "BINARY": lambda: tk._("a file of no kind that is known here"),
}
CELLS: Mapping[str, Callable[[], str]] = {
    "formula_without_value": lambda: tk._(
        "The cell has a formula without a stored value; replace it by its value"
    ),
    "cell_error": lambda: tk._("The cell has the error {value}"),
    "shown_otherwise": lambda: tk._(
        "The spreadsheet shows “{value}” in another way, hides it, or lost its last digits; write "
        "it as text"
    ),
    "struck_out": lambda: tk._(
        "The cell is struck out; delete it, or take the line away if it is meant"
    ),
    "unseen": lambda: tk._(
        "Nobody sees what stands in the cell: its letters have the colour of its ground, or are "
        "too small. Show it if it is meant, or delete it"
    ),
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
    if code != "other_kind":
        return _FILES[code]().format(**detail)
    what = str(detail["what"])
    advice = "save_as_xlsx" if what in _SHEETS else "unpack" if what in _ARCHIVES else code
    return _FILES[advice]().format(what=say_kind(what))


def say_kind(kind: str) -> str:
    """What a file is, by the name of its kind (:mod:`.file_kinds`)."""
    words = _SHEETS.get(kind) or _KINDS.get(kind)
    return words() if words else kind
