"""The action: rows of a table, asked as the address of its page asks."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import parse_qsl

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ..domain.explorer.address import query_of, read
from ..domain.explorer.column import Column, Kind
from ..domain.explorer.question import Question
from ..domain.explorer.question_check import wrong_in
from ..domain.refusal import Refusal
from ..pager import Pager, read_page
from ..parameters import flag, number
from . import sentences
from .answers import Cell, ColumnAnswer, RowsAnswer
from .readable_table import ReadableTable, note_reading, readable_table
from .table_page import TablePage, last_page, page_of
from .table_rows import UnansweredError

SIZE, MOST = 100, 1_000
DIGITS, GREATEST = 30, 2**53
"""Characters of a number that may be one of JSON, and the greatest whole one."""
LONGEST = 20_000
"""Characters of a question."""


@tk.side_effect_free
def govdata_table_rows(context: Context, data_dict: DataDict) -> RowsAnswer:
    """Rows of a table: filtered, sorted, searched, by pages; what the page of the table shows.

    Who reads under a grant gets its columns and rows, and each reading is in the ledger.

    :param resource_id: of a file that is a table
    :param query: what is asked, as the address of the table's page says it after the question
        mark: ``_q`` words, ``区=瑶海区`` (repeated: one of them), ``客流量__from=10``,
        ``客流量__until=20``, ``备注__contains=公交``, ``备注__empty=1``, ``备注__filled=1``,
        ``_sort=客流量.desc``, ``_column=客流量`` (repeated: several)
    :param page: from 1; pages reach as far as the first 100,000 rows of an answer
    :param page_size: rows of a page, 100 unless told, at most 1,000
    :param facets: with the columns that have few values, and how many rows have each
    """
    resource_id = str(tk.get_or_bust(data_dict, "resource_id"))
    tk.check_access("govdata_table_rows", context, {"resource_id": resource_id})
    table = readable_table(context, resource_id)
    if table is None:
        raise tk.ObjectNotFound(tk._("There is no such table."))
    if isinstance(table, Refusal):
        raise tk.ValidationError(dict(sentences.by_field([table])))
    question, pager = _question(table, data_dict.get("query")), _pager(data_dict)
    choices = flag(data_dict, "facets")
    note_reading(context, table, offset=str(pager.offset), query=query_of(question))
    try:
        return _answer(page_of(table, question, pager, choices=choices))
    except UnansweredError as error:
        raise tk.ValidationError({"query": [sentences.unanswered(error)]}) from error


def _question(table: ReadableTable, query: object) -> Question:
    if query in (None, ""):
        return Question()
    if not isinstance(query, str):
        raise tk.ValidationError({"query": [tk._("Text is wanted here.")]})
    if len(query) > LONGEST:
        raise tk.ValidationError({"query": [tk._("At most {most} characters.").format(
            most=LONGEST)]})
    try:
        pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True, max_num_fields=1_000)
    except ValueError as error:
        raise tk.ValidationError({"query": [tk._("There are too many parameters.")]}) from error
    asked = read(pairs)
    if refused := wrong_in(asked, table.columns):
        raise tk.ValidationError(dict(sentences.by_field(refused)))
    return asked.question


def _pager(data_dict: DataDict) -> Pager:
    size = number(data_dict, "page_size", SIZE, MOST) or SIZE
    return read_page(data_dict, size, last_page(size))


def _answer(found: TablePage) -> RowsAnswer:
    kinds = [one.kind for one in found.columns]
    return {
        "resource_id": found.table.resource_id,
        "columns": [_column(one) for one in found.columns],
        "count": {"number": found.count.number, "exact": found.count.exact,
                  "about": found.count.about},
        "page": found.pager.page,
        "page_size": found.pager.size,
        "rows": [[int(str(row[0])), *_cells(kinds, row[1:])] for row in found.rows],
        "facets": [{
            "column": one.column.name, "exact": one.exact,
            "values": [{"value": each.value, "count": each.count} for each in one.values],
        } for one in found.facets],
    }


def _column(one: Column) -> ColumnAnswer:
    return {"name": one.name, "title": one.title, "code": one.code, "kind": one.kind.value,
            "notes": one.notes}


def _cells(kinds: Sequence[Kind], values: Sequence[object]) -> list[Cell]:
    return [_cell(kind, value) for kind, value in zip(kinds, values, strict=True)]


def _cell(kind: Kind, value: object) -> Cell:
    """A value of JSON: numbers and yes or no as such, all else as text; so is a number of which a
    program that reads JSON would lose digits."""
    if value is None:
        return None
    text = str(value)
    if kind is Kind.FLAG:
        return text == "true"
    if kind is not Kind.NUMBER or len(text) > DIGITS or not text.lstrip("-")[:1].isdigit():
        return text  # NaN and infinity are no numbers of JSON
    if text.lstrip("-").isdigit():
        return int(text) if abs(int(text)) <= GREATEST else text
    near = float(text)
    return near if Decimal(text) == Decimal(repr(near)) else text
