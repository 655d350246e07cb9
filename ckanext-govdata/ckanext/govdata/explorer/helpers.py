"""What templates ask of tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ckan.model as model
import ckan.plugins.toolkit as tk

from ..access import gate
from ..domain.explorer.column import Column
from ..domain.explorer.question import Question
from ..domain.refusal import Refusal
from ..pager import Pager
from . import file_preview, sentences, table_view
from .download_offers import Downloads, downloads_of
from .facets import RowCount
from .file_preview import FilePreview
from .readable_table import ReadableTable, readable_table
from .table_page import TablePage, page_of
from .table_rows import UnansweredError, within
from .table_view import TableView, by_default

FIRST = 15
"""Rows at the top of an entry."""
FIRST_COLUMNS = 12
SECONDS = 2
"""The page of an entry waits no longer for them, and does without."""


@dataclass(frozen=True)
class MarkedRows:
    """The rows of a page as marks name them: with all columns that the reader gets."""

    resource_id: str
    names: list[str]
    values: list[list[object]]


def govdata_first_table(
    pkg: Mapping[str, object], resource: Mapping[str, object]
) -> TableView | None:
    """The first rows of a file's table, for the page of its entry; None where there is none to
    show: no table, or one that is not open to everybody."""
    if not gate.entry_open(pkg) or not resource.get("datastore_active"):
        return None
    resource_id = str(resource["id"])
    try:
        table = readable_table({}, resource_id)
        if table is None or isinstance(table, Refusal):
            return None
        question = by_default(table.columns, Question(), FIRST_COLUMNS)
        page = page_of(table, question, Pager(1, FIRST), choices=False,
                       end=within(SECONDS), cut=table_view.CELL + 1)
    except (UnansweredError, tk.ObjectNotFound):
        return None
    base = tk.url_for("govdata_explorer.table", id=pkg["name"], resource_id=resource_id)
    return TableView(base, Question(), table.columns, page)


def govdata_table_address(pkg: Mapping[str, object], resource: Mapping[str, object]) -> str:
    """The page of a file's table."""
    return tk.url_for("govdata_explorer.table", id=pkg["name"], resource_id=resource["id"])


def govdata_file_preview(resource: Mapping[str, object]) -> FilePreview | None:
    """How a file that is no table begins, for who may read all of it; None: nothing to show."""
    return file_preview.preview_of(resource)


def govdata_is_table(resource_id: str) -> bool:
    """Whether a file is a table."""
    found = model.Resource.get(resource_id)
    return bool(found and found.extras.get("datastore_active"))


def govdata_table_cell(column: Column, value: object) -> str:
    """One cell as a reader sees it."""
    return table_view.cell(column.kind, value)


def govdata_column_kind(column: Column) -> str:
    """What the values of a column are, in words."""
    return sentences.kind(column.kind)


def govdata_row_count(count: RowCount) -> str:
    """How many rows, in words."""
    if count.exact:
        return tk.ungettext("{n} row", "{n} rows", count.number).format(n=f"{count.number:,}")
    if count.about:
        return tk._("about {n} rows").format(n=f"{count.about:,}")
    return tk._("more than {n} rows").format(n=f"{count.number:,}")


def govdata_marked_rows(page: TablePage, marks: Sequence[object]) -> MarkedRows:
    """The rows of a page as marks name them; asked for only where something is under review."""
    resource_id, numbers = page.table.resource_id, page.numbers
    none = MarkedRows(resource_id, [], [[] for _ in numbers])
    if not (marks and numbers) or page.table.grant:
        return none
    asked = {"resource_id": resource_id, "filters": {"_id": numbers}, "limit": len(numbers),
             "include_total": False, "records_format": "lists"}
    try:
        found = tk.get_action("datastore_search")({}, asked)
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return none
    names = [str(field["id"]) for field in found["fields"]]
    place = names.index("_id")
    rows = {int(row[place]): [*row] for row in found["records"]}
    values = [rows.get(number, [None] * len(names)) for number in numbers]
    return MarkedRows(resource_id, names, values)


def govdata_downloads(
    pkg: Mapping[str, object], resource: Mapping[str, object],
    table: ReadableTable | None = None, question: Question | None = None, rows: int | None = None,
    *, measures: bool = True,
) -> Downloads | None:
    """The files in which a table can be had, by whoever reads the page; None where there is no
    table for him. ``rows``: how many answer, where the page has counted them. Without ``table`` it
    is one of many on a page, and nothing is measured for it, nor without ``measures``."""
    found = table or readable_table({}, str(resource["id"]))
    if found is None or isinstance(found, Refusal):
        return None
    return downloads_of(pkg, resource, found, question or Question(), rows,
                        measures=measures and table is not None)
