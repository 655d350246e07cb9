"""What many tests begin with: built once a session by the portal's actions, then put back.

Rows and documents of the search index are kept: what also stands in Valkey, in a table of the
DataStore or in a file is to be made by each test.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from unittest import mock

Value = TypeVar("Value")


@dataclass
class Snapshot:
    """What was built; tables as ``COPY`` gives them, what was sent to Solr."""

    value: Any
    tables: dict[str, str]
    documents: list[dict[str, Any]]


_kept: dict[str, Snapshot] = {}


def restored(name: str, build: Callable[[], Value]) -> Value:
    """What ``build`` gives and wrote; the second time without building."""
    if name in _kept:
        snapshot = _kept[name]
        _write(snapshot.tables)
        _send(snapshot.documents)
        return deepcopy(snapshot.value)
    before = _read()
    with _documents_sent() as documents, _real_time():
        value = build()
    tables = {table: text for table, text in _read().items() if text != before.get(table)}
    _kept[name] = Snapshot(deepcopy(value), tables, documents)
    return value


@contextmanager
def _documents_sent() -> Iterator[list[dict[str, Any]]]:
    from pysolr import Solr

    sent: list[dict[str, Any]] = []
    add = Solr.add

    def noting(self: Solr, documents: list[dict[str, Any]], **more: Any) -> Any:
        sent.extend(deepcopy(documents))
        return add(self, documents, **more)

    with mock.patch.object(Solr, "add", noting):
        yield sent


@contextmanager
def _real_time() -> Iterator[None]:
    """Whichever test comes first, its own day is in nothing that others are given."""
    from ckanext.govdata import now

    before: timedelta | None = now._shift
    now.shift(None)
    yield
    now.shift(before)


def _send(documents: list[dict[str, Any]]) -> None:
    from ckan.lib.search import common

    if documents:
        common.make_connection().add(documents, commit=False, softCommit=True)


def _read() -> dict[str, str]:
    """The rows of each table that has any, as ``COPY`` gives them."""
    rows: dict[str, str] = {}
    with _cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            if not table.endswith("alembic_version"):
                text = io.StringIO()
                cursor.copy_expert(f'COPY "{table}" TO STDOUT', text)
                if text.tell():
                    rows[table] = text.getvalue()
    return rows


def _write(rows: dict[str, str]) -> None:
    """Put the rows back; they were consistent, so keys and triggers need not look."""
    with _cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(";".join(f'DELETE FROM "{table}"' for table in rows))
        for table, text in rows.items():
            cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO(text))


@contextmanager
def _cursor():
    import ckan.model as model

    model.Session.remove()
    connection = model.meta.engine.raw_connection()
    try:
        with connection.cursor() as cursor:
            yield cursor
        connection.commit()
    finally:
        connection.close()
