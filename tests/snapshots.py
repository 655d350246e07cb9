"""What many tests begin with: built once a session by the portal's actions, then put back.

Rows, documents of the search index and tables that CKAN's DataStore made are kept: what also stands
in Valkey, in a file or in a table that was made otherwise is to be made by each test.
"""

from __future__ import annotations

import io
import itertools
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from unittest import mock

from tests.unguarded import LOOK_AWAY

Value = TypeVar("Value")
STORE = "ckanext.datastore.backend.postgres.DatastorePostgresqlBackend"


@dataclass
class Snapshot:
    """What was built; rows as ``COPY`` gives them, by their table; what Solr and the DataStore
    were given."""

    value: Any
    rows: dict[str, str]
    documents: list[dict[str, Any]]
    tables: list[dict[str, Any]]


_kept: dict[str, Snapshot] = {}


def restored(name: str, build: Callable[[], Value]) -> Value:
    """What ``build`` gives and wrote; the second time without building."""
    if name in _kept:
        snapshot = _kept[name]
        _write(snapshot.rows)
        _send(snapshot.documents)
        _make(snapshot.tables)
        return deepcopy(snapshot.value)
    before = _read()
    with _real_time(), _noted("pysolr.Solr.add", 0) as sent, _noted(f"{STORE}.create", 1) as made:
        value = build()
    rows = {table: text for table, text in _read().items() if text != before.get(table)}
    _kept[name] = Snapshot(deepcopy(value), rows, list(itertools.chain(*sent)), made)
    return value


@contextmanager
def _noted(name: str, number: int) -> Iterator[list[Any]]:
    """What a method is given meanwhile as the argument of this number, as it was before."""
    noted: list[Any] = []
    real = pkgutil.resolve_name(name)

    def noting(self: Any, *given: Any, **more: Any) -> Any:
        noted.append(deepcopy(given[number]))
        return real(self, *given, **more)

    with mock.patch(name, noting):
        yield noted


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


def _make(tables: list[dict[str, Any]]) -> None:
    from ckanext.datastore.backend import DatastoreBackend

    for table in deepcopy(tables):
        DatastoreBackend.get_active_backend().create({}, table, {})


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
        cursor.execute(LOOK_AWAY)
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
