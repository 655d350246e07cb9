"""Rows that answer a question: a page of them for people, all of them in pieces for files.

Who reads in pieces keeps the table with which he began (:mod:`..access.one_table`), and holds no
lock between two of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ..access.one_table import OneTable
from ..domain.explorer.question import Question
from .readable_table import ReadableTable
from .statements import Select, Statements

SIZE = 5_000
"""Rows of a piece."""
SECONDS = 8
"""A page's statements take no longer, each;"""
LONG = 120
"""and those of a file."""
_STOPPED = "57014"
Row = tuple[object, ...]
"""The row's own number in the table, then its values, in the order of the shown columns."""


class TooSlowError(Exception):
    """The database did not answer in time."""


def batches(table: ReadableTable, question: Question, size: int = SIZE) -> Iterator[list[Row]]:
    """All rows that answer, in their order, by pieces: of one table, however long it takes.

    Each row begins with its own number. Memory stays flat: of an answer that is narrowed or sorted
    the numbers are kept (eight bytes each), of the whole table nothing. The caller asks the gate
    again while he goes on, and has noted the reading. Raises ``ObjectNotFound`` where the table was
    replaced too long ago, :class:`TooSlowError`.
    """
    one = OneTable(table.resource_id, table.oid)
    if question.plain:
        yield from _in_turn(one, table, question, size)
        return
    numbers = row_numbers(table, question, one)
    for begin in range(0, len(numbers), size):
        part = numbers[begin : begin + size].tolist()
        found = one.read(lambda name, part=part: _fetched(
            Statements(table, question, name).numbered(part)))
        by_number = {row[0]: row for row in found}
        yield [by_number[number] for number in part if number in by_number]


def row_numbers(
    table: ReadableTable, question: Question, one: OneTable | None = None
) -> array[int]:
    """The numbers of all rows that answer, in their order."""
    one = one or OneTable(table.resource_id, table.oid)

    def read(name: str) -> array[int]:
        statement = Statements(table, question, name).numbers()
        with connected(LONG) as connection:
            streamed = connection.execution_options(stream_results=True, max_row_buffer=20_000)
            return array("q", (row[0] for row in streamed.execute(statement)))

    return one.read(read)


def _in_turn(
    one: OneTable, table: ReadableTable, question: Question, size: int
) -> Iterator[list[Row]]:
    """The whole table, or its first rows."""
    last, left = -1, table.row_limit
    while left is None or left > 0:
        most = size if left is None else min(size, left)
        rows = one.read(lambda name, last=last, most=most: _fetched(
            Statements(table, question, name).after(last, most)))
        if rows:
            yield rows
        if len(rows) < most:
            return
        last, left = int(str(rows[-1][0])), None if left is None else left - most


def _fetched(statement: Select) -> list[Row]:
    with connected(LONG) as connection:
        return fetched(connection, statement)


def fetched(connection: sa.Connection, statement: Select) -> list[Row]:
    """The rows of a statement."""
    found: Sequence[sa.Row[tuple[object, ...]]] = connection.execute(statement).all()
    return [tuple(row) for row in found]


@contextmanager
def connected(seconds: int) -> Iterator[sa.Connection]:
    """A reader's connection to the DataStore, whose statements take no longer than that; raises
    :class:`TooSlowError`."""
    from ckanext.datastore.backend.postgres import get_read_engine

    with get_read_engine().connect() as connection:
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{int(seconds)}s'")
        try:
            yield connection
        except DBAPIError as error:
            if getattr(error.orig, "pgcode", "") == _STOPPED:
                raise TooSlowError from error
            raise
