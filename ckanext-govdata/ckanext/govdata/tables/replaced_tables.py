"""Tables that others took the place of: kept for a while under names of their own, for whoever was
reading them (:mod:`ckanext.govdata.access.one_table`).

Each has in its comment since when it is kept and of which file it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from .. import now
from ..access.rows import quoted

KEPT = timedelta(hours=1)
"""So long whoever began to read a table may go on."""
MOST = 3
"""So many of one file are kept; each takes as much room as the table."""
PREFIX = "_govdata_old_"
_ALL = sa.text("""
SELECT relname, obj_description(oid, 'pg_class') FROM pg_class
WHERE relkind = 'r' AND starts_with(relname, :prefix) AND pg_table_is_visible(oid)
""")
_INDEXES = sa.text("""
SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
WHERE x.indrelid = to_regclass(:table)
""")
_SEQUENCES = sa.text("""
SELECT s.relname FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
WHERE d.refobjid = to_regclass(:table)
""")
_THERE = sa.text("SELECT to_regclass(:table)")


def put(connection: sa.Connection, resource_id: str, job: str) -> None:
    """Give the file's table, if there is one, and its indexes another name, in the caller's
    transaction; ``job`` takes its place."""
    named, kept = {"table": quoted(resource_id)}, PREFIX + job
    if connection.scalar(_THERE, named) is None:
        return
    for number, index in enumerate(list(connection.scalars(_INDEXES, named))):
        _rename(connection, "INDEX", index, f"{kept}_{number}")
    for number, sequence in enumerate(list(connection.scalars(_SEQUENCES, named))):
        _rename(connection, "SEQUENCE", sequence, f"{kept}_s{number}")
    _rename(connection, "TABLE", resource_id, kept)
    said = f"{int(now.real().timestamp())} {resource_id}".replace("'", "''").replace("%", "%%")
    connection.exec_driver_sql(f"COMMENT ON TABLE {quoted(kept)} IS '{said}'")


def of_file(connection: sa.Connection, resource_id: str) -> list[str]:
    """The names of those that were of a file, the newest first."""
    return [name for _since, name, of in _kept(connection) if of == resource_id]


def over(connection: sa.Connection) -> list[str]:
    """The names of those that are not kept any longer."""
    counted: Counter[str] = Counter()
    until = (now.real() - KEPT).timestamp()
    found: list[str] = []
    for since, name, of in _kept(connection):
        counted[of] += 1
        if since <= until or counted[of] > MOST:
            found.append(name)
    return found


def _kept(connection: sa.Connection) -> Iterator[tuple[int, str, str]]:
    """Since when each is kept, its name and its file, the newest first."""
    rows = [(*said.split(" ", 1), name) for name, said in connection.execute(
        _ALL, {"prefix": PREFIX})]
    yield from sorted(((int(since), name, of) for since, of, name in rows), reverse=True)


def _rename(connection: sa.Connection, kind: str, old: str, new: str) -> None:
    statement = f"ALTER {kind} {quoted(old)} RENAME TO {quoted(new)}"
    connection.exec_driver_sql(statement.replace("%", "%%"))
