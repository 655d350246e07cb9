"""What many tests begin with: built once a session by the portal's actions, then put back.

Only rows are kept, of tables that were empty before: what also stands in Solr, in Valkey or in a
file is to be made by each test.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, TypeVar

Value = TypeVar("Value")
_kept: dict[str, tuple[Any, dict[str, str]]] = {}


def restored(name: str, build: Callable[[], Value]) -> Value:
    """What ``build`` gives and wrote into empty tables; the second time without building."""
    if name in _kept:
        value, rows = _kept[name]
        _write(rows)
        return deepcopy(value)
    before = _read().keys()
    value = build()
    rows = {table: text for table, text in _read().items() if table not in before}
    _kept[name] = (deepcopy(value), rows)
    return value


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
