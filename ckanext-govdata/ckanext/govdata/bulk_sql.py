"""Many rows at once: appended by COPY, or given to a statement as arrays that PostgreSQL lays side
by side. Several times faster than a statement of so many values; for notices, ledger and sweep.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from io import BytesIO
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from .database import Session

DIALECT = postgresql.dialect()
MANY = 100
"""Rows from which on COPY is worth its preparation; it also fills new pages rather than old."""
_SPECIAL = re.compile(r"[\\\t\n\r]")


def append_many(
    session: Session, table: sa.Table, names: tuple[str, ...], rows: Sequence[Sequence[object]]
) -> None:
    """Append rows, each with the values of these columns, in the session's transaction.

    What the database refuses of many rows is raised as psycopg2 raises it.
    """
    if len(rows) < MANY:
        columns = zip(*rows, strict=True)
        values = {f"c{n}": array(column) for n, column in enumerate(columns)}
        if values:
            session.execute(_side_by_side(table, names), values)
        return
    text = copy_text(rows)
    statement = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
    with closing(session.connection().connection.cursor()) as cursor:
        cursor.copy_expert(statement, BytesIO(text.encode()), 1 << 16)


def copy_text(rows: Sequence[Sequence[object]]) -> str:
    """The rows as COPY reads them in its text format."""
    return _plain(rows) or "".join(["\t".join(map(_field, row)) + "\n" for row in rows])


@lru_cache(maxsize=8)
def _side_by_side(table: sa.Table, names: tuple[str, ...]) -> sa.TextClause:
    """The statement that takes a few rows, an array for each column."""
    types = [table.c[name].type.compile(dialect=DIALECT) for name in names]
    listed = ", ".join(f"CAST(:c{n} AS {of}[])" for n, of in enumerate(types))
    return sa.text(
        f"INSERT INTO {table.name} ({', '.join(names)}) SELECT * FROM unnest({listed})"  # noqa: S608
    )


def arrays(rows: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """The rows by column, each as the text of an array, to be cast to its type."""
    return {name: array([row[name] for row in rows]) for name in rows[0]}


def array(values: Iterable[object]) -> str:
    """The text of an array, which is read much faster than ``ARRAY[…]`` of so many constants."""
    values = list(values)
    try:
        text = '","'.join(cast("list[str]", values))
    except TypeError:
        text = "\\"
    if values and "\\" not in text and text.count('"') == 2 * (len(values) - 1):
        return '{"' + text + '"}'
    return "{" + ",".join(map(_element, values)) + "}"


def _plain(rows: Sequence[Sequence[object]]) -> str:
    """The rows as COPY reads them, where all are texts in which nothing must be escaped.

    That is seen at once, of all rows together; otherwise nothing.
    """
    try:
        text = "\n".join(["\t".join(row) for row in cast("Sequence[Sequence[str]]", rows)]) + "\n"
    except TypeError:
        return ""
    columns = text.count("\t") == len(rows) * (len(rows[0]) - 1)
    signs = "\\" in text or "\r" in text or text.count("\n") != len(rows)
    return text if columns and not signs else ""


def _field(value: object) -> str:
    """A value as COPY reads it."""
    if value is None:
        return r"\N"
    text = value if isinstance(value, str) else str(value)
    if not _SPECIAL.search(text):
        return text
    text = text.replace("\\", r"\\").replace("\t", r"\t")
    return text.replace("\n", r"\n").replace("\r", r"\r")


def _element(value: object) -> str:
    """A value as a text of an array has it."""
    if value is None:
        return "NULL"
    text = value if isinstance(value, str) else str(value)
    return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'
