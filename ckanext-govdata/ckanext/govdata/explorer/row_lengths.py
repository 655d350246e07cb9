"""How long the rows of a table are: for forms whose writer keeps a group of rows in memory."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

import sqlalchemy as sa

from ..access.one_table import OneTable
from ..domain.explorer.question import Question
from .readable_table import ReadableTable
from .statements import Statements, shown
from .table_rows import LONG, connected

FIXED = 16
"""Bytes of a number, a day, a moment, a flag."""
FINE = 4
"""Classes of rows until they are twice as long."""
_FIXED = frozenset({
    "smallint", "integer", "bigint", "numeric", "real", "double precision", "date", "boolean",
    "timestamp without time zone"})
Lengths = list[tuple[int, int]]


def row_lengths(table: ReadableTable, question: Question, exact: Container[str]) -> Lengths:
    """Of what the reader gets of a table, in the columns that are shown: how long its longest rows
    are and how many of these there are, then shorter ones. Decimal columns that are not ``exact``
    are written as texts. Texts are not read for it: the database knows their length."""

    def read(name: str) -> Lengths:
        asked = Statements(table, question, name)
        length = length_of((asked.column(one.name), _kind(table, one.name, exact))
                           for one in shown(table, question))
        rows = sa.select(length.label("length")).select_from(asked.source).subquery("lengths")
        part = sa.func.ceil(sa.func.ln(rows.c["length"]) * FINE).label("part")
        grouped = sa.select(sa.func.max(rows.c["length"]), sa.func.count()).group_by(
            part).order_by(part.desc())
        with connected(LONG) as connection:
            return [(int(most), int(count)) for most, count in connection.execute(grouped)]

    return OneTable(table.resource_id, table.oid).read(read)


def length_of(columns: Iterable[tuple[sa.ColumnElement[Any], str]]) -> sa.ColumnElement[int]:
    """Bytes of a row of these columns, each with its type, at least one."""
    length: sa.ColumnElement[int] = sa.literal(1)
    for column, kind in columns:
        text = column if kind == "text" else sa.cast(column, sa.Text)
        length = length + (sa.literal(FIXED) if kind in _FIXED else sa.func.coalesce(
            sa.func.octet_length(text), 0))
    return length


def _kind(table: ReadableTable, name: str, exact: Container[str]) -> str:
    kind = table.types[name]
    return "number as text" if kind == "numeric" and name not in exact else kind


def rows_within(lengths: Iterable[tuple[int, int]], room: int, most: int) -> int:
    """How many rows fit into so many bytes, whichever of them come together; at least one."""
    fit = 0
    for length, count in lengths:
        more = min(count, max(0, room) // length)
        fit, room = fit + more, room - more * length
        if more < count:
            return max(1, min(most, fit))
    return most
