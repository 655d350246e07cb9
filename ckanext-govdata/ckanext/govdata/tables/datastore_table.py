"""A table of the DataStore, built beside the one that readers have and put in its place at once.

All is one transaction of the DataStore's database: whoever reads gets the whole old table or the
whole new one, and a process that dies leaves the old one and nothing else. Rows go by COPY into a
temporary table of texts; their types are known when the last was seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast

import sqlalchemy as sa

from ..access.rows import quoted
from ..bulk_sql import copy_text
from ..domain.column_type import YES, ColumnType
from . import column_indexes, replaced_tables, word_search
from .findings import Unloadable
from .word_search import INDEXED, MARK

WAITED = 10
"""Seconds that the change waits for whoever reads the old table; others wait behind it."""
_BUSY, _STOPPED, _DEADLOCK = "55P03", "57014", "40P01"
_FULL = {
    "54000": "too_wide_rows",  # what PostgreSQL cannot keep outside of a row's page is too much
    "53100": "database_full", "53200": "database_memory", "53400": "database_limit",
}  # fmt: skip
"""What the file takes and the database has not: it would be the same at each next try."""
_TO_INDEX = "256MB"
"""Memory for the index of words, which is sorted there."""
FOREIGN = "foreign"
"""Stands for a digest where a program made the table, and goes on writing it."""


@dataclass(frozen=True)
class NewColumn:
    """A column as it is written: ``label`` is the whole heading, ``notes`` what the item says."""

    id: str
    type: ColumnType
    label: str
    notes: str = ""


@contextmanager
def _in_words() -> Iterator[None]:
    """Say what went wrong in the DataStore, and there alone, as :class:`.Unloadable`."""
    try:
        yield
    except Exception as error:
        said = getattr(error, "orig", None) or error
        code: str | None = getattr(said, "pgcode", "")
        if code in (_BUSY, _DEADLOCK):
            raise Unloadable("table_busy") from error
        if code == _STOPPED:
            raise Unloadable("too_slow") from error
        if full := _FULL.get(code or ""):
            raise Unloadable(full) from error
        if (code or "").startswith("22"):
            raise Unloadable("bad_value") from error
        gone = code is None and type(said).__name__ in ("OperationalError", "InterfaceError")
        if gone or (code or "").startswith(("08", "53", "57P")):
            raise Unloadable("datastore_away") from error
        raise


@contextmanager
def _connected() -> Iterator[sa.Connection]:
    with _in_words():
        connection = _engine().connect()
    with closing(connection):
        yield connection


class NewTable:
    """A table that is being built in the DataStore's open transaction."""

    def __init__(self, connection: sa.Connection, resource_id: str, job: str) -> None:
        self._connection, self._id, self._job = connection, resource_id, job
        self._built = f"_govdata_{job}"
        self._staged: list[str] = []

    def begin(self, width: int, seconds: int) -> None:
        """Take rows of so many cells; no statement takes longer than ``seconds``."""
        for option, value in (
            ("statement_timeout", f"{seconds}s"), ("datestyle", "ISO, YMD"),
            ("synchronize_seqscans", "off"), ("client_encoding", "UTF8"),
        ):  # fmt: skip
            self._do(f"SET LOCAL {option} = '{value}'")
        self._staged = [f"c{n}" for n in range(width)]
        listed = ", ".join(f"{name} text" for name in self._staged)
        self._do(f"CREATE TEMPORARY TABLE govdata_staged ({listed}) ON COMMIT DROP")

    @_in_words()
    def append(self, rows: Sequence[Sequence[str]]) -> None:
        """Some more rows of texts; an empty one is no value."""
        statement = "COPY govdata_staged FROM STDIN WITH (NULL '')"
        raw: Any = self._connection.connection
        with closing(raw.cursor()) as cursor:
            cursor.copy_expert(statement, BytesIO(copy_text(rows).encode()), 1 << 16)

    @_in_words()
    def build(self, columns: Sequence[NewColumn]) -> None:
        """Write the rows with their types, under a name that no reader knows; their words come when
        readers have them (:func:`index_words`)."""
        from ckanext.datastore.backend import postgres

        context = {"connection": self._connection}
        fields = [{"id": one.id, "type": one.type.value, "info": _info(one)} for one in columns]
        postgres.create_table(
            cast("Any", context), {"resource_id": self._built, "fields": fields}, {})
        into = ", ".join(quoted(one.id) for one in columns)
        values = ", ".join(
            _value(name, one.type) for name, one in zip(self._staged, columns, strict=True))
        self._do(f"INSERT INTO {quoted(self._built)} ({into}) "  # noqa: S608
                 f"SELECT {values} FROM govdata_staged")
        self._do(f"CREATE TRIGGER zfulltext BEFORE INSERT OR UPDATE ON {quoted(self._built)} "
                 "FOR EACH ROW EXECUTE PROCEDURE govdata_full_text()")

    @_in_words()
    def take_place(self, digest: str) -> None:
        """Put it in the place of the old one, whose other names it gets; seen with the commit, and
        marked as ours, made of the file of that digest."""
        from ckanext.datastore.backend import postgres

        self._do(f"SET LOCAL lock_timeout = '{WAITED}s'")
        context = cast("Any", {"connection": self._connection})
        aliases = postgres._get_aliases(  # pyright: ignore[reportPrivateUsage]
            context, {"resource_id": self._id})
        for alias in aliases:
            self._do(f"DROP VIEW {quoted(alias)}")
        replaced_tables.put(self._connection, self._id, self._job)
        _forget_count(self._connection, self._id)
        self._do(f"COMMENT ON TABLE {quoted(self._built)} IS '{MARK}{digest}'")
        self._do(f"ALTER TABLE {quoted(self._built)} RENAME TO {quoted(self._id)}")
        for kind, of in (("SEQUENCE", "__id_seq"), ("INDEX", "_pkey")):
            self._do(f"ALTER {kind} {quoted(self._built + of)} "
                     f"RENAME TO {quoted(self._id + of)}")
        if aliases:
            postgres.create_alias(context, {"resource_id": self._id, "aliases": aliases})

    @_in_words()
    def keep(self) -> None:
        """Commit; afterwards nothing can be said of this table any more."""
        self._connection.commit()

    @_in_words()
    def _do(self, statement: str) -> None:
        self._connection.exec_driver_sql(statement.replace("%", "%%"))


@contextmanager
def building(resource_id: str, job: str, width: int, seconds: int) -> Iterator[NewTable]:
    """A new table of so many columns, built by that job; without :meth:`NewTable.keep` nothing of
    it stays. No statement takes longer than ``seconds``. Raises :class:`.Unloadable`."""
    with _connected() as connection:  # what was not kept is taken back
        with _in_words():
            word_search.prepare(connection)
            connection.commit()
        table = NewTable(connection, resource_id, job)
        table.begin(width, seconds)
        yield table


@dataclass(frozen=True)
class OldTable:
    """A table that is taken away in the DataStore's open transaction, if it is ``ours``; a
    ``foreign`` one, which a program made, stays."""

    connection: sa.Connection
    ours: bool
    foreign: bool

    @_in_words()
    def keep(self) -> None:
        """Commit."""
        self.connection.commit()


@contextmanager
def dropping(resource_id: str) -> Iterator[OldTable]:
    """Take the table away, with its other names, if it is ours, and in any case those that are kept
    though it took their place; without :meth:`OldTable.keep` it
    stays. Waits for who reads it. Raises :class:`.Unloadable`."""
    with _connected() as connection:
        with _in_words():
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAITED}s'")
            mark = _mark(connection, resource_id)
            ours = mark is not None and mark.startswith(MARK)
            names = [resource_id] if ours else []  # somebody else may have dropped it already
            for name in [*names, *replaced_tables.of_file(connection, resource_id)]:
                connection.exec_driver_sql(f"DROP TABLE {quoted(name)} CASCADE")
            if ours:
                _forget_count(connection, resource_id)
        yield OldTable(connection, ours, mark is not None and not ours)


def made_of(resource_id: str) -> str | None:
    """The digest of the file that the table is made of, :data:`FOREIGN` where a program made it,
    None where there is none."""
    with _connected() as connection, _in_words():
        mark = _mark(connection, resource_id)
    if mark is None:
        return None
    ours = mark.startswith(MARK)
    return mark.removeprefix(MARK).removesuffix(INDEXED) if ours else FOREIGN


def without_index() -> list[str]:
    """Our tables whose index was not made to its end."""
    query = sa.text("""
        SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND obj_description(oid, 'pg_class') LIKE :ours
        AND obj_description(oid, 'pg_class') NOT LIKE :whole
    """.replace("::", "\\:\\:"))
    with _connected() as connection, _in_words():
        values = {"ours": f"{MARK}%", "whole": f"%{INDEXED}"}
        return list(connection.scalars(query, values))


def _mark(connection: sa.Connection, resource_id: str) -> str | None:
    """The comment of the table, empty where it has none; None where there is no table."""
    query = sa.text("SELECT coalesce(obj_description(oid, 'pg_class'), '') FROM pg_class "
                    "WHERE oid = to_regclass(:name)")
    return connection.scalar(query, {"name": quoted(resource_id)})


def _forget_count(connection: sa.Connection, resource_id: str) -> None:
    """What CKAN counted of the table is not so any more."""
    counted = sa.text("DELETE FROM _table_stats WHERE resource_id = :id")
    connection.execute(counted, {"id": resource_id})


def replaced() -> list[str]:
    """The tables that were replaced and are not kept for their readers any longer."""
    with _connected() as connection, _in_words():
        return replaced_tables.over(connection)


def drop_replaced(name: str) -> None:
    """Drop one of these. Waits for who reads it. Raises :class:`.Unloadable`."""
    with _connected() as connection, _in_words():
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAITED}s'")
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {quoted(name)} CASCADE")
        connection.commit()


def is_full(error: Exception) -> bool:
    """Whether the database has no room or memory for what was asked of it."""
    said = getattr(error, "orig", None) or error
    return getattr(said, "pgcode", "") in _FULL


def index_words(resource_id: str) -> None:
    """The table's words, the indexes of its columns and of the words, and the planner's figures;
    whoever reads goes on."""
    from ckanext.datastore.backend import DatastoreBackend, postgres

    with _engine().connect() as connection:
        for statement in word_search.filling(connection, resource_id):
            connection.exec_driver_sql(statement)
            connection.commit()
    column_indexes.make(_engine(), resource_id)
    with _engine().begin() as connection:
        context = cast("Any", {"connection": connection})
        connection.exec_driver_sql(f"ANALYZE {quoted(resource_id)}")
        connection.exec_driver_sql(f"SET LOCAL maintenance_work_mem = '{_TO_INDEX}'")
        words = postgres._generate_index_name(  # pyright: ignore[reportPrivateUsage]
            resource_id, '"_full_text"')
        connection.exec_driver_sql(  # so much faster than the kind that CKAN makes by itself
            f"CREATE INDEX IF NOT EXISTS {quoted(words)} ON {quoted(resource_id)} "
            "USING gin (_full_text)")
        postgres.create_indexes(context, {"resource_id": resource_id})
        mark = (_mark(connection, resource_id) or "").removesuffix(INDEXED)
        if mark.startswith(MARK):
            said = mark.replace("'", "''").replace("%", "%%") + INDEXED
            connection.exec_driver_sql(f"COMMENT ON TABLE {quoted(resource_id)} IS '{said}'")
    backend = cast("Any", DatastoreBackend.get_active_backend())
    backend.calculate_record_count(resource_id)


def _engine() -> sa.Engine:
    from ckanext.datastore.backend import postgres

    engine = postgres.get_write_engine()
    postgres._cache_types(engine)  # pyright: ignore[reportPrivateUsage]
    return engine


def _info(column: NewColumn) -> dict[str, str]:
    """The column's line of the data dictionary, in CKAN's words."""
    said = {"label": column.label, "notes": column.notes}
    return {key: value for key, value in said.items() if value}


def _value(name: str, kind: ColumnType) -> str:
    """A staged text as a value of that type."""
    if kind is ColumnType.DATE:
        return f"CAST(translate({name}, '年月/.日', '----') AS date)"
    if kind is ColumnType.TIMESTAMP:
        return f"CAST(translate({name}, '年月/日T', '---  ') AS timestamp)"
    if kind is ColumnType.BOOLEAN:
        return f"{name} IN ({', '.join(map(repr, YES))})"
    return name if kind is ColumnType.TEXT else f"CAST({name} AS {kind.value})"
