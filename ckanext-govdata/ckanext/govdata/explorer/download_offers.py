"""What is offered beside a table: the original first, then each form with its rows and size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk

from ..domain.explorer import address
from ..domain.explorer.question import Question
from ..tables import table_facts
from .download_forms import FORMS, Download, TableForm, obstacle, sheets
from .download_sizes import Sizes, kept, measured
from .download_words import NO_WORDS
from .readable_table import ReadableTable


class OfferedForm(TypedDict):
    """A form: ``size`` in bytes is an estimate, 0 where nobody can say; how many ``sheets``."""

    ending: str
    label: str
    url: str
    size: int
    sheets: int


class Downloads(TypedDict):
    """``rows`` that each file has, None where they were not counted; whether they are ``narrowed``
    from all; the address of the ``original`` file, where it is given as it is, and its ``size`` in
    bytes, 0 where nobody knows."""

    rows: int | None
    narrowed: bool
    forms: list[OfferedForm]
    original: str
    size: int


def downloads_of(
    pkg: Mapping[str, object], resource: Mapping[str, object], table: ReadableTable,
    question: Question, rows: int | None = None, *, measures: bool = True,
) -> Downloads:
    """The files of what is asked of a table; ``rows`` are how many answer, where that is known.
    Without ``measures`` sizes are told only where they are known already."""
    sizes = (measured if measures else kept)(table)
    count = rows if rows is not None else _count(table, question)
    download = Download(table, question, NO_WORDS)
    query = urlencode(address.written(question))
    size = str(resource.get("size") or "")
    given = table.whole and bool(resource.get("url"))  # of it nothing is kept from the reader
    return {
        "rows": count,
        "narrowed": question.narrows,
        "forms": [_offered(form, str(pkg["name"]), download, query, count, sizes)
                  for form in FORMS.values() if not obstacle(form, download.columns)],
        "original": tk.h.govdata_file_address(pkg, resource) if given else "",
        "size": int(size) if given and size.isdigit() else 0,
    }


def _offered(
    form: TableForm, entry: str, download: Download, query: str, rows: int | None, sizes: Sizes
) -> OfferedForm:
    table = download.table
    url = tk.url_for("govdata_downloads.table", entry=entry, resource_id=table.resource_id,
                     ending=form.ending)
    return {
        "ending": form.ending,
        "label": form.label(),
        "url": f"{url}?{query}" if query else url,
        "size": sizes.of(form.ending, download, rows) if rows is not None else 0,
        "sheets": sheets(rows) if rows is not None and form.ending == "xlsx" else 1,
    }


def _count(table: ReadableTable, question: Question) -> int | None:
    """How many rows there are of the whole; nothing is counted for it."""
    if question.narrows:
        return None
    known = table_facts.of_file(table.resource_id)
    rows = known.rows if known else table.estimate
    if rows < 0:
        return None
    return rows if table.row_limit is None else min(rows, table.row_limit)
