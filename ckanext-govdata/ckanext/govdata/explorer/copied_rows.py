"""All rows that answer a question, as PostgreSQL writes them out: for files, as fast as it can.

As :func:`.table_rows.batches`, in pieces of one table with no lock between two of them, but by
COPY: a file needs no values of Python's, and a piece is measured in bytes, so that memory stays
flat however wide the rows are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import REGCLASS

from ..access.one_table import OneTable
from ..domain.explorer.column import Column, Kind
from ..domain.explorer.question import Question
from .readable_table import ReadableTable
from .row_lengths import length_of
from .statements import NUMBER, Statements, label, shown
from .table_rows import LONG, connected, row_numbers

PIECE = 512 * 1024
"""Bytes of a piece that are aimed at,"""
ROOM = 4 * PIECE
"""and over which one has fewer rows: short rows may be followed by long ones."""
FIRST, MOST = 50, 5_000
"""Rows of the first piece, by which the next is measured, and of any."""
SAMPLE_ROWS, SAMPLE_BYTES, SAMPLE_SECONDS = 200, 256 * 1024, 2
"""What is looked at of a table to tell how large its files will be, and for how long."""
CELL = 4
"""Bytes that a cell takes beside its value, empty ones too."""
DIGITS = 38
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SIGNS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
Texts = list[list[str | None]]


def sample(table: ReadableTable) -> Texts:
    """The first rows that the reader gets, in his columns: few, and of no more bytes than a page
    can afford, so of wide rows none. What is left out is never read, only how long it is.

    Raises ``ObjectNotFound`` where the table is gone, :class:`.table_rows.TooSlowError`.
    """
    ask = _Asking(table, Question(), "text")
    most = SAMPLE_ROWS if table.row_limit is None else min(SAMPLE_ROWS, table.row_limit)

    def read(name: str) -> bytes:
        part = ask.statements(name).after(-1, most).subquery("part")
        columns = [part.c[label(place)] for place in range(len(ask.columns))]
        length = sum((_length(column, table.types[one.name])
                      for column, one in zip(columns, ask.columns, strict=True)), sa.literal(0))
        until = sa.func.sum(length).over(order_by=part.c[NUMBER]).label("_until")
        held = sa.select(part, until).subquery("held")
        shown_ = [held.c[label(place)] for place in range(len(ask.columns))]
        statement = sa.select(*ask.written(shown_)).where(
            held.c["_until"] <= SAMPLE_BYTES).order_by(held.c[NUMBER])
        with connected(SAMPLE_SECONDS) as connection:
            return _copied(connection, ask, statement)

    return _texts(OneTable(table.resource_id, table.oid).read(read))


def _length(column: sa.ColumnElement[object], kind: str) -> sa.ColumnElement[int]:
    """Bytes of a value in a file; of texts the database knows that without reading them."""
    text = column if kind == "text" else sa.cast(column, sa.Text)
    return sa.func.coalesce(sa.func.octet_length(text), 0) + CELL


def stored_bytes(table: ReadableTable) -> int:
    """The room that the table takes in the database."""
    with connected(LONG) as connection:
        size = sa.select(sa.func.coalesce(sa.func.pg_table_size(sa.cast(table.oid, REGCLASS)), 0))
        return int(connection.execute(size).scalar_one())


def decimal_places(table: ReadableTable, question: Question) -> dict[str, int]:
    """Of each decimal column that is shown how many places behind the point its values need, where
    all of them have at most 38 digits with these, which is what decimal columns of files hold."""
    names = [one.name for one in shown(table, question) if table.types[one.name] == "numeric"]
    if not names:
        return {}

    def read(name: str) -> list[tuple[object, ...]]:
        asked = Statements(table, question, name)
        sought = [expression for one in names for expression in _digits(asked.column(one))]
        with connected(LONG) as connection:
            return [tuple(row) for row in connection.execute(
                sa.select(*sought).select_from(asked.source))]

    found = OneTable(table.resource_id, table.oid).read(read)[0]
    told = zip(names, found[::3], found[1::3], found[2::3], strict=True)
    return {name: int(str(places or 0)) for name, places, whole, plain in told
            if plain is not False and int(str(places or 0)) + int(str(whole or 1)) <= DIGITS}


def _digits(column: sa.ColumnElement[object]) -> tuple[sa.ColumnElement[object], ...]:
    """The most places behind the point, the most digits before it, whether all are numbers."""
    finite = sa.func.scale(column).is_not(None)
    whole = sa.func.length(sa.cast(sa.func.trunc(sa.func.abs(column)), sa.Text))
    return (sa.func.max(sa.func.scale(column)), sa.func.max(whole),
            sa.func.bool_and(sa.or_(column.is_(None), finite)))


@dataclass
class _Copied:
    """A piece: how many rows it has, and the number of the last."""

    data: bytes
    rows: int
    last: int
    ends: bool = False
    """Whether there are no rows behind it."""


def csv_rows(table: ReadableTable, question: Question) -> Iterator[bytes]:
    """The rows as lines of CSV (RFC 4180, but that lines end as they do in Unix)."""
    for piece in _pieces(table, question, "csv"):
        yield piece.data


def text_rows(table: ReadableTable, question: Question) -> Iterator[Texts]:
    """The rows as texts; None where there is no value."""
    for piece in _pieces(table, question, "text"):
        yield _texts(piece.data)


def _pieces(table: ReadableTable, question: Question, form: str) -> Iterator[_Copied]:
    one = OneTable(table.resource_id, table.oid)
    ask = _Asking(table, question, form)
    found = _in_turn(one, ask) if question.plain else _by_number(one, ask)
    yield from found


@dataclass
class _Asking:
    """What is asked of which table, and how many rows are asked for next."""

    table: ReadableTable
    question: Question
    form: str
    size: int = field(default_factory=lambda: FIRST)

    def measure(self, piece: _Copied) -> None:
        """Ask for as many more as make a piece, by the last one."""
        if piece.rows:
            fit = PIECE * piece.rows // max(1, len(piece.data))
            self.size = max(1, min(MOST, 4 * self.size, fit))

    @property
    def columns(self) -> list[Column]:
        """Those that are shown."""
        return shown(self.table, self.question)

    def written(
        self, columns: Sequence[sa.ColumnElement[object]]
    ) -> list[sa.ColumnElement[object]]:
        """As they go out: of yes and no COPY writes t and f, which CSV has in whole words."""
        written: list[sa.ColumnElement[object]] = []
        for one, column in zip(self.columns, columns, strict=True):
            words = one.kind is Kind.FLAG and self.form == "csv"
            written.append(cast("Any", sa.cast(column, sa.Text)) if words else column)
        return written

    def length(self, columns: Sequence[sa.ColumnElement[object]]) -> sa.ColumnElement[int]:
        """Bytes of a row of the columns that are shown."""
        kinds = [self.table.types[one.name] for one in self.columns]
        return length_of(zip(columns, kinds, strict=True))

    def statements(self, name: str) -> Statements:
        """The statements of the table, under the name that it has now."""
        return Statements(self.table, self.question, name)


def _in_turn(one: OneTable, ask: _Asking) -> Iterator[_Copied]:
    """The whole table, or its first rows."""
    last, left = -1, ask.table.row_limit
    while left is None or left > 0:
        most = ask.size if left is None else min(ask.size, left)
        piece = one.read(lambda name, last=last, most=most: _next(ask, name, last, most))
        if piece.rows:
            yield piece
        if piece.ends:
            return
        last, left = piece.last, None if left is None else left - piece.rows
        ask.measure(piece)


def _by_number(one: OneTable, ask: _Asking) -> Iterator[_Copied]:
    """The rows that answer, in their order."""
    numbers, done = row_numbers(ask.table, ask.question, one), 0
    while done < len(numbers):
        part = numbers[done : done + ask.size].tolist()
        piece = one.read(lambda name, part=part: _listed(ask, name, part))
        done += piece.rows
        yield piece
        ask.measure(piece)


def _next(ask: _Asking, name: str, last: int, most: int) -> _Copied:
    """So many rows after one. How many there are and what they say is of one moment: of a row that
    is deleted between the two the next piece would have another one twice."""
    with connected(LONG) as connection:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        while True:
            part = ask.statements(name).after(last, most).subquery("part")
            columns = [part.c[label(place)] for place in range(len(ask.columns))]
            bounds = sa.select(sa.func.count(), sa.func.max(part.c[NUMBER]),
                               sa.func.sum(ask.length(columns))).select_from(part)
            rows, end, size = connection.execute(bounds).one()
            if rows <= 1 or size <= ROOM:
                break
            most = max(1, int(rows * PIECE // size))
        statement = sa.select(*ask.written(columns)).order_by(part.c[NUMBER])
        return _Copied(_copied(connection, ask, statement), int(rows),
                       int(end) if rows else last, rows < most)


def _listed(ask: _Asking, name: str, numbers: list[int]) -> _Copied:
    """The rows of these numbers, in this order; those that are gone meanwhile are not among them.
    A table's own columns have no names that begin with an underscore."""
    asked = ask.statements(name)
    columns = [asked.column(one.name) for one in ask.columns]
    with connected(LONG) as connection:
        while True:
            wanted = _wanted(numbers)
            table = sa.table(sa.quoted_name(name, quote=True))
            joined = wanted.join(table, asked.number == wanted.c["_number"])
            length = sa.select(sa.func.sum(ask.length(columns))).select_from(joined)
            size = int(connection.scalar(length) or 0)
            if len(numbers) == 1 or size <= ROOM:
                break
            numbers = numbers[: max(1, len(numbers) * PIECE // size)]
        statement = sa.select(*ask.written(columns)).select_from(joined).order_by(
            wanted.c["_place"])
        return _Copied(_copied(connection, ask, statement), len(numbers), numbers[-1])


def _wanted(numbers: list[int]) -> sa.FromClause:
    text = sa.literal("{" + ",".join(map(str, numbers)) + "}")
    return sa.func.unnest(sa.cast(text, sa.ARRAY(sa.BigInteger))).table_valued(
        "_number", with_ordinality="_place", name="wanted").render_derived()


def _copied(
    connection: sa.Connection, ask: _Asking, statement: sa.Select[tuple[object, ...]]
) -> bytes:
    out = BytesIO()
    raw: Any = connection.connection
    with raw.cursor() as cursor:
        cursor.copy_expert(
            f"COPY ({_written(connection, statement)}) TO STDOUT WITH (FORMAT {ask.form})", out)
    return out.getvalue()


def _written(connection: sa.Connection, statement: sa.Select[tuple[object, ...]]) -> str:
    """The statement with its values, as the driver itself writes them: COPY takes no others."""
    compiled = statement.compile(dialect=connection.dialect)
    raw: Any = connection.connection
    with raw.cursor() as cursor:
        said: bytes = cursor.mogrify(str(compiled), compiled.construct_params())
    return said.decode()


def _texts(data: bytes) -> Texts:
    """The rows of COPY's own form: tabs between values, what would be mistaken behind a ``\\``."""
    lines = data.decode().split("\n")
    lines.pop()
    return [_cells(line) if "\\" in line else [*line.split("\t")] for line in lines]


def _cells(line: str) -> list[str | None]:
    return [None if cell == "\\N" else cell if "\\" not in cell else _ESCAPED.sub(_sign, cell)
            for cell in line.split("\t")]


def _sign(match: re.Match[str]) -> str:
    return _SIGNS.get(match[1], match[1])
