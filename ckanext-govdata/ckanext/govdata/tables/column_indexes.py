"""Indexes of the columns of a long table, by which a page of it is filtered and sorted at once.

Made after the switch, one by one: readers have the table meanwhile. A short table is gone through
faster than an index is worth; of a wide one the first columns have one; long texts have none.
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from ..access.rows import quoted

FROM_ROWS = 20_000
"""Rows from which on a table has them."""
MOST = 30
"""Columns that have one; each takes some 30 bytes a row."""
LONGEST = 500
"""Bytes of the longest value; PostgreSQL takes 2,700."""
_MEMORY = "128MB"
_COLUMNS = sa.text("""
SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
WHERE attrelid = to_regclass(:name) AND attnum > 0 AND NOT attisdropped
AND NOT starts_with(attname, '_') ORDER BY attnum
""")
_PLAIN = frozenset({
    "bigint", "integer", "numeric", "double precision", "date", "timestamp without time zone",
    "boolean",
})


def make(engine: sa.Engine, resource_id: str) -> None:
    """Have them; what is there stays."""
    table = quoted(resource_id)
    with engine.connect() as connection:
        if not _is_long(connection, table):
            return
        columns = connection.execute(_COLUMNS, {"name": table}).all()
        texts = [one.name for one in columns if one.type == "text"]
        fitting = _fitting(connection, table, texts)
    named = [one.name for one in columns if one.type in _PLAIN or one.name in fitting]
    for column in named[:MOST]:
        with engine.begin() as connection:
            _do(connection, f"SET LOCAL maintenance_work_mem = '{_MEMORY}'")
            _do(connection, f"CREATE INDEX IF NOT EXISTS {quoted(_name(resource_id, column))} "
                f"ON {table} ({quoted(column)}, _id)")


def _is_long(connection: sa.Connection, table: str) -> bool:
    last = f"SELECT _id FROM {table} OFFSET {FROM_ROWS} LIMIT 1"  # noqa: S608 - quoted
    return _do(connection, last).first() is not None


def _fitting(connection: sa.Connection, table: str, texts: list[str]) -> frozenset[str]:
    """The columns whose values are all short, by one look at the table."""
    if not texts:
        return frozenset()
    said = ", ".join(f"max(octet_length({quoted(name)}))" for name in texts)
    longest = _do(connection, f"SELECT {said} FROM {table}").one()  # noqa: S608 - quoted
    return frozenset(name for name, most in zip(texts, longest, strict=True)
                     if (most or 0) <= LONGEST)


def _name(resource_id: str, column: str) -> str:
    """A name that no other index of any table has."""
    return f"c{hashlib.sha256(f'{resource_id} {column}'.encode()).hexdigest()[:40]}"


def _do(connection: sa.Connection, statement: str) -> sa.CursorResult[tuple[object, ...]]:
    return connection.exec_driver_sql(statement.replace("%", "%%"))
