"""What is told of tables of files, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ..sheets import sentences as sheet_sentences
from . import word_search
from .answers import TableAnswer, TableFindingAnswer
from .findings import Unloadable
from .model import TableLoad

_FAILURES: Mapping[str, Callable[[], str]] = {
    "too_many_rows": lambda: tk._(
        "The file has more than {limit} rows. Divide it into several files, or ask the operator"),
    "too_many_columns": lambda: tk._(
        "The file has {count} columns; at most {limit} become a table"),
    "too_many_bad_rows": lambda: tk._(
        "More than {limit} rows have more cells than the table has columns, the first is row "
        "{row}. Look whether headings are missing, or quotation marks around cells with commas"),
    "too_many_nul_rows": lambda: tk._(
        "More than {limit} rows hold a character that no database keeps (NUL), the first is row "
        "{row}. Save the file anew as text, or take those characters out"),
    "too_wide_rows": lambda: tk._(
        "The file has so many filled columns that a row of it is wider than the database takes. "
        "Divide the columns among several files"),
    "too_slow": lambda: tk._(
        "The loading took too long and was ended. Try again later, or divide the file"),
    "no_headings": lambda: tk._(
        "No row with headings was found. The first row must name the columns"),
    "geojson": lambda: tk._(
        "The GeoJSON file is damaged: it has no list of features with properties"),
    "topojson": lambda: tk._("No table is read from TopoJSON. Save it as GeoJSON"),
    "table_busy": lambda: tk._(
        "The old table was in use and could not be replaced yet; it is tried again by itself "
        "within ten minutes"),
    "datastore_away": lambda: tk._(
        "The database of tables does not answer at the moment; it is tried again by itself within "
        "ten minutes"),
    "database_full": lambda: tk._(
        "The database of tables has no room left for this table. Tell the operator, and try again "
        "when there is room"),
    "database_memory": lambda: tk._(
        "The database of tables has too little memory for this table. Tell the operator, or divide "
        "the file"),
    "database_limit": lambda: tk._(
        "This table takes more temporary room than the database of tables allows. Tell the "
        "operator, or divide the file"),
    "database_busy": lambda: tk._(
        "The portal's database was busy or away, and the loading was taken back; it is tried again "
        "by itself within ten minutes"),
    "bad_value": lambda: tk._(
        "A value is too large or too small for its column. Look at numbers and dates of the file"),
    "file_gone": lambda: tk._("The stored file is not there. Please upload it again"),
    "cut_off": lambda: tk._(
        "The loading was cut off before its end; it begins again by itself within ten minutes"),
    "link_elsewhere": lambda: tk._(
        "The link leads, or leads on, to a host from which nothing may be fetched. Upload the "
        "file, or ask the operator to allow the host"),
    "link_status": lambda: tk._(
        "The server of the link answers {status} and gives no file. Look whether the address is "
        "still right"),
    "link_slow": lambda: tk._(
        "The server of the link takes too long. Try again later, or upload the file"),
    "link_dead": lambda: tk._(
        "The server of the link does not answer, or broke off before the end of the file. Try "
        "again later, or upload the file"),
    "own_disk": lambda: tk._(
        "The portal cannot store the linked file: its own disk takes no more. Tell the operator, "
        "and try again when there is room"),
    "died": lambda: tk._(
        "The loading was cut off twice before its end. If it breaks off again, ask the operator"),
    "unexpected": lambda: tk._(
        "The table could not be made. The operator finds the reason in the log"),
    "sheet.no_headings": lambda: tk._(
        "No row with headings was found. The first row must name the columns"),
}
_OBSTACLES: Mapping[str, Callable[[], str]] = {
    "off": lambda: tk._("This portal makes no tables of files by itself"),
    "link": lambda: tk._("It is a link, and a table is made of an uploaded file. Upload the file"),
    "other_host": lambda: tk._(
        "It is a link to a host whose files do not become tables here. Upload the file, or ask the "
        "operator to allow the host"),
    "link_scheme": lambda: tk._(
        "Only links that begin with http or https are fetched. Upload the file"),
    "not_open": lambda: tk._(
        "Its entry is neither open nor open on conditions, so no table is made of it"),
    "other_name": lambda: tk._(
        "By its name and format it is no CSV file, workbook or JSON file, which become tables"),
}
"""Why a table is not even begun; some are said in the words of failures."""
_FINDINGS: Mapping[str, Callable[[], str]] = {
    "no_rows": lambda: tk._("The file has headings and no rows; the table is empty"),
    "missing_item": lambda: tk._("The entry declares “{column}”, and the file has no such column"),
    "undeclared_column": lambda: tk._(
        "No information item declares the column “{column}”, so readers do not get it"),
    "retyped": lambda: tk._(
        "“{column}” is declared as {kind}, but row {row} has “{value}”; the column was kept as "
        "text"),
    "changed_type": lambda: tk._(
        "“{column}” looks like {kind} up to row {row}, which has “{value}”; the column was kept "
        "as text"),
    "repeated_heading": lambda: tk._(
        "The heading “{value}” stands more than once; the later column is called “{column}”, and "
        "readers get it only if an item declares that name"),
    "empty_heading": lambda: tk._("A column has no heading; it is called “{column}”"),
    "shortened_heading": lambda: tk._("The heading “{value}” was shortened to “{column}”"),
    "long_rows": lambda: tk._(
        "{count} rows have more cells than there are columns and are not in the table"),
    "nul_rows": lambda: tk._(
        "{count} rows hold a character that no database keeps (NUL) and are not in the table"),
    "geometry_left_out": lambda: tk._(
        "The table has the properties of the features; the shapes of {count} of them are not in "
        "it"),
    "no_room_for_words": lambda: tk._(
        "Its words could not be prepared for searching, for the database has no room or memory "
        "left. Tell the operator; it is tried again once a day, or when the table is made anew"),
    "rounded": lambda: tk._(
        "“{column}”: {count} numbers have more digits than the sheet shows ({detail} is shown as "
        "{value}). The table has what is shown; give the column the format General if the whole "
        "number is meant"),
    "short_rows": lambda: tk._("{count} rows have fewer cells than there are columns"),
    "above_head": lambda: tk._("{count} rows above the headings are not in the table"),
    "sheets_left_out": lambda: tk._(
        "The table is the sheet “{value}”. Not loaded: {detail}. Upload each as a file of its "
        "own"),
    "merged_cells": lambda: tk._(
        "{count} areas of merged cells: their value stands in the first cell only"),
    "hidden_column": lambda: tk._(
        "“{column}” is hidden in the sheet and is in the table; delete it if it is not meant"),
    "hidden_rows": lambda: tk._(
        "{count} rows are hidden in the sheet and are in the table; delete them if they are not "
        "meant"),
}
_KINDS: Mapping[str, Callable[[], str]] = {
    "INTEGER": lambda: tk._("a whole number"),
    "NUMBER": lambda: tk._("a number"),
    "DATE": lambda: tk._("a date"),
    "TIMESTAMP": lambda: tk._("a date with time"),
    "BOOLEAN": lambda: tk._("yes or no"),
}


def say_failure(error: Mapping[str, Any] | None) -> str:
    """Why there is no (new) table, and what to do."""
    code, detail = (error or {}).get("code", "unexpected"), (error or {}).get("detail") or {}
    if code in _FAILURES:
        return _FAILURES[code]().format(**detail)
    return sheet_sentences.say_file(code.removeprefix("sheet."), detail)


def say_obstacle(obstacle: Unloadable) -> str:
    """Why no table can be made of a file."""
    if words := _OBSTACLES.get(obstacle.code):
        return words()
    return say_failure({"code": obstacle.code, "detail": obstacle.detail})


def say_finding(found: Mapping[str, Any]) -> str:
    """One thing to know of a table."""
    code, kind = found["code"], _KINDS.get(found["detail"])
    if code in sheet_sentences.CELLS:
        words = sheet_sentences.CELLS[code]().format(value=found["value"])
        return f"{found['column']}: {words}" if found["column"] else words
    rows = found["rows"]
    return _FINDINGS[code]().format(
        column=found["column"], value=found["value"], detail=found["detail"],
        kind=kind() if kind else "", count=found["count"], row=rows[0] if rows else "")


def answer(resource_id: str, row: TableLoad | None) -> TableAnswer:
    """How the table of a file is."""
    if row is None:
        return {"resource_id": resource_id, "state": "none", "filename": "", "digest": "",
                "done": 0, "code": "", "message": "", "table": None, "findings": []}
    failed = row.error is not None
    findings: list[TableFindingAnswer] = [
        {"code": one["code"], "column": one["column"], "message": say_finding(one),
         "rows": one["rows"], "count": one["count"]}
        for one in row.findings
    ]
    return {
        "resource_id": resource_id,
        "state": row.state,
        "filename": row.filename,
        "digest": row.digest,
        "done": row.done,
        "code": str((row.error or {}).get("code", "")) if failed else "",
        "message": say_failure(row.error) if failed else "",
        "table": {
            "filename": row.loaded_filename,
            "digest": row.loaded_digest,
            "at": row.loaded.isoformat(),
            "rows": row.row_count,
            "columns": row.column_count,
            "sheet": row.sheet,
            "words": word_search.are_there(resource_id),
        } if row.loaded else None,
        "findings": findings,
    }  # fmt: skip
