"""One page of the rows that answer a question, with how many there are and what to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from ..domain.explorer.column import Column
from ..domain.explorer.question import Condition, Question
from ..pager import Pager
from . import facets
from .facets import Facet, RowCount
from .readable_table import ReadableTable
from .statements import Select, Statements, shown
from .table_rows import LongAnswerError, Row, fetched, held

FARTHEST = 100_000
"""Rows through which one may turn by pages; beyond it a condition or a download is better."""
LARGEST = 10_000_000
"""Bytes of the rows of a page."""
LEFT_OUT = 6
"""Conditions of a question without an answer of which it is asked what there were without them."""
TOLD = 1_000
"""Rows that are counted for that."""


@dataclass(frozen=True)
class Relief:
    """How many rows there would be without a condition (None: the words); ``most`` are counted."""

    condition: Condition | None
    count: int


@dataclass(frozen=True)
class TablePage:
    """A page of a table; values are texts as the database writes them, None where there is none."""

    table: ReadableTable
    question: Question
    columns: Sequence[Column]
    rows: Sequence[Row]
    count: RowCount
    pager: Pager
    facets: Sequence[Facet] = ()
    reliefs: Sequence[Relief] = ()

    @property
    def numbers(self) -> list[int]:
        """The rows' own numbers."""
        return [int(str(row[0])) for row in self.rows]


def last_page(size: int) -> int:
    """The last page to which one may turn."""
    return max(1, FARTHEST // size)


def page_of(
    table: ReadableTable, question: Question, pager: Pager, *, choices: bool = True,
    end: float | None = None, cut: int = 0,
) -> TablePage:
    """A page of the answer; without ``choices`` no columns are offered to choose from.

    ``end`` is when its statements end at the latest (:func:`.table_rows.within`),
    ``cut`` how many characters of a cell are wanted; without it a page of more than
    :data:`LARGEST` bytes is none.
    The question has been checked (:mod:`..domain.explorer.question_check`), and the reading noted.
    Raises ``ObjectNotFound``, :class:`.UnansweredError`.
    """
    with held(table, question, end) as (connection, asked):
        offered = facets.offered_columns(connection, asked) if choices else []
        most = max(facets.COUNTED, pager.offset + 3 * pager.size)
        count, found = facets.counted(connection, asked, most, offered)
        few = question.narrows and count.exact
        rows = _rows(connection, replace(asked, gathered=few, cut=cut), pager.size, pager.offset)
        nothing = choices and count.exact and not count.number and question.narrows
        reliefs = _reliefs(connection, asked) if nothing else []
    return TablePage(table, question, shown(table, question), rows, count, pager, found, reliefs)


def _rows(
    connection: sa.Connection, asked: Statements, limit: int, offset: int
) -> list[Row]:
    """The rows of a page, those without a value in the sorted column last."""
    first, *rest = asked.parts()
    rows = _some(connection, asked, first.limit(limit).offset(offset))
    for part in rest:
        if len(rows) < limit:
            begun = bool(rows) or not offset
            before = 0 if begun else _length(connection, first)
            rows += _some(connection, asked, part.limit(limit - len(rows)).offset(
                0 if begun else offset - before))
    return rows


def _some(connection: sa.Connection, asked: Statements, statement: Select) -> list[Row]:
    if not asked.cut:
        sizes = connection.execute(asked.bytes_of(statement)).one()
        if sum(map(int, sizes)) > LARGEST:
            raise LongAnswerError
    return fetched(connection, statement)


def _length(connection: sa.Connection, part: sa.Select[tuple[object, ...]]) -> int:
    rows = part.order_by(None).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(rows)).scalar_one())


def _reliefs(connection: sa.Connection, asked: Statements) -> list[Relief]:
    """What there were without each condition, where none answers all of them."""
    question, found = asked.question, list[Relief]()
    listed: list[Condition | None] = [*question.conditions[:LEFT_OUT]]
    if question.words and question.conditions:
        listed.append(None)
    for one in listed:
        other = question.without(one) if one else Question(conditions=question.conditions)
        statement = Statements(asked.table, other, asked.name).count(TOLD)
        count = int(connection.execute(statement).scalar_one())
        if count:
            found.append(Relief(one, count))
    return found
