"""The database session that our functions take, and rows of our tables under their own names.

A table that is read in more than one place has a ``NamedTuple`` beside it in its slice's
``model``, with the table's columns in their order: SQLAlchemy's rows are such tuples.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, TypeVar, cast

import sqlalchemy as sa
from ckan.types import AlchemySession
from sqlalchemy import orm

Session: TypeAlias = "AlchemySession | orm.Session"
"""CKAN's of the request or job, or one that somebody opened by himself."""
Executor: TypeAlias = "Session | sa.Connection"
"""Such a session, or a connection beside it, with a transaction of its own."""
Row = TypeVar("Row", bound=tuple[object, ...])


def rows(
    session: Executor,
    query: sa.sql.expression.Executable,
    kind: type[Row],
    values: Mapping[str, object] | None = None,
) -> list[Row]:
    """All rows of a query of a whole table, as that table's rows."""
    return cast("list[Row]", session.execute(query, values).all())


def first(
    session: Executor,
    query: sa.sql.expression.Executable,
    kind: type[Row],
    values: Mapping[str, object] | None = None,
) -> Row | None:
    """The first row of such a query, or None."""
    return cast("Row | None", session.execute(query, values).first())


def touched(session: Executor, statement: sa.sql.expression.Executable) -> int:
    """Carry out a statement that writes; how many rows it wrote."""
    return cast("sa.CursorResult[tuple[object, ...]]", session.execute(statement)).rowcount
