"""Insert many rows at once: one statement, one array a column, and PostgreSQL lays them side by
side. Several times faster than a statement of so many values; for notices, ledger and sweep.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

DIALECT = postgresql.dialect()


def insert_many(
    session: Any,
    table: sa.Table,
    rows: Sequence[Mapping[str, Any]],
    returning: Sequence[str] = (),
) -> list[Any]:
    """Append the rows, which all have the same columns.

    With ``returning`` rows that are there already are left as they are, and these columns of
    the new ones are given back.
    """
    if not rows:
        return []
    listed = ", ".join(rows[0])
    source = side_by_side(table, rows[0])
    statement = f"INSERT INTO {table.name} ({listed}) SELECT * FROM {source}"  # noqa: S608
    if returning:
        statement += f" ON CONFLICT DO NOTHING RETURNING {', '.join(returning)}"
    done = session.execute(sa.text(statement), arrays(rows))
    return list(done) if returning else []


def side_by_side(table: sa.Table, names: Iterable[str]) -> str:
    """``unnest(…)`` of one array for each of the columns, as :func:`arrays` fills them."""
    typed = (
        f"CAST(:{name} AS {table.c[name].type.compile(dialect=DIALECT)}[])" for name in names
    )
    return f"unnest({', '.join(typed)})"


def arrays(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The rows by column."""
    return {name: [row[name] for row in rows] for name in rows[0]}
