"""Rows that answer a question: a page of them for people, all of them in pieces for files.

Who reads in pieces keeps the table with which he began (:mod:`..access.one_table`), and holds no
lock between two of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from ..access.one_table import OneTable
from ..access.rows import quoted
from ..domain.explorer.question import Question
from .readable_table import ReadableTable
from .statements import Select, Statements

SIZE = 5_000
"""Rows of a piece."""
SECONDS = 8
"""All statements of a page together take no longer: meanwhile no other table takes the place of
this one, and who wants that waits ten seconds."""
LONG = 120
"""A statement of a file takes no longer."""
WAITED = 3
"""Seconds that a page waits for a table whose place another one is taking."""
_STOPPED, _BUSY = "57014", "55P03"
_UNFIT = "22"
"""PostgreSQL's class of what is wrong with values."""
_GONE = ("42P01", "42703")
"""The table, or a column that a program has just taken away."""
_HELD = (
    "SET LOCAL lock_timeout = '{waited}s'; LOCK TABLE {table} IN ACCESS SHARE MODE; "
    "SELECT CAST(to_regclass('{named}') AS oid)"
)
_NAME = sa.text("SELECT relname FROM pg_class WHERE oid = :oid")
Row = tuple[object, ...]
"""The row's own number in the table, then its values, in the order of the shown columns."""


class UnansweredError(Exception):
    """The database did not answer."""


class TooSlowError(UnansweredError):
    """It did not answer in time."""


class LongAnswerError(UnansweredError):
    """Its answer has more bytes than are handed out at once."""


class UnfitError(UnansweredError):
    """Values of the table are such that it cannot: too large to be added up, or the like."""


def batches(
    table: ReadableTable, question: Question, size: int = SIZE, texts: bool = False
) -> Iterator[list[Row]]:
    """All rows that answer, in their order, by pieces: of one table, however long it takes.

    Each row begins with its own number; with ``texts`` the values are as the database writes them,
    else numbers, days and moments are Python's. Memory stays flat: of an answer that is narrowed or
    sorted the rows' numbers are kept (eight bytes each), of the whole table nothing. The caller
    asks the gate again while he goes on, and has noted the reading. Raises ``ObjectNotFound`` where
    the table was replaced too long ago, :class:`TooSlowError`.
    """
    one = OneTable(table.resource_id, table.oid)
    if question.plain:
        yield from _in_turn(one, table, question, size, texts)
        return
    numbers = row_numbers(table, question, one)
    for begin in range(0, len(numbers), size):
        part = numbers[begin : begin + size].tolist()
        found = one.read(lambda name, part=part: _fetched(
            Statements(table, question, name, texts).numbered(part)))
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
    one: OneTable, table: ReadableTable, question: Question, size: int, texts: bool
) -> Iterator[list[Row]]:
    """The whole table, or its first rows."""
    last, left = -1, table.row_limit
    while left is None or left > 0:
        most = size if left is None else min(size, left)
        rows = one.read(lambda name, last=last, most=most: _fetched(
            Statements(table, question, name, texts).after(last, most)))
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


def within(seconds: float | None = None) -> float:
    """The time by which a page's statements end that begin now."""
    return monotonic() + (SECONDS if seconds is None else seconds)


@contextmanager
def connected(seconds: float) -> Iterator[sa.Connection]:
    """A reader's connection to the DataStore, whose statements all together take no longer than
    that; raises :class:`UnansweredError`, ``ObjectNotFound``."""
    from ckanext.datastore.backend.postgres import get_read_engine

    end = within(seconds)
    with get_read_engine().connect() as connection:

        def shorten(_connection: sa.Connection, cursor: Any, *_rest: object) -> None:
            with cursor.connection.cursor() as other:  # a named one takes nothing but its query
                other.execute(f"SET LOCAL statement_timeout = {_left(end)}")

        event.listen(connection, "before_cursor_execute", shorten)
        try:
            yield connection
        except DBAPIError as error:
            code = getattr(error.orig, "pgcode", "")
            if code in (_STOPPED, _BUSY):
                raise TooSlowError from error
            if str(code).startswith(_UNFIT):
                raise UnfitError from error
            if code in _GONE:
                raise tk.ObjectNotFound(tk._("There is no such table.")) from error
            raise


def _left(end: float) -> int:
    """Milliseconds until then, at least one: none would be no limit to the database."""
    left = int(1_000 * (end - monotonic()))
    if left < 1:
        raise TooSlowError
    return left


@contextmanager
def held(
    table: ReadableTable, question: Question, end: float | None = None
) -> Iterator[tuple[sa.Connection, Statements]]:
    """Some statements for a page, all of them asked of the table whose columns are known, under the
    name that it has: none takes its place meanwhile. Values come as texts.

    ``end`` is the page's (:func:`within`), which has begun already. Raises ``ObjectNotFound`` where
    it is gone, :class:`UnansweredError`.
    """
    end = within() if end is None else end
    name: str | None = table.resource_id
    while name is not None:
        with connected(end - monotonic()) as connection:
            if _hold(connection, name) == table.oid:
                yield connection, Statements(table, question, name, texts=True)
                return
        with connected(end - monotonic()) as connection:
            name = connection.scalar(_NAME, {"oid": table.oid})
    raise tk.ObjectNotFound(tk._("The table was replaced meanwhile. Please begin again."))


def _hold(connection: sa.Connection, name: str) -> int | None:
    """Keep the table of that name for this transaction; the number that the database gave it."""
    table = f"public.{quoted(name)}"
    statement = _HELD.format(waited=WAITED, table=table, named=table.replace("'", "''"))
    return connection.exec_driver_sql(statement.replace("%", "%%")).scalar()
