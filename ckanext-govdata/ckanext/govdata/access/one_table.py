"""A table that is read in pieces stays the table with which the reading began.

Another one may take its place meanwhile; the old one is there for a while under a name of its own,
so it is found by the number that the database gave it. A reading that outlasts it breaks off: rows
of two tables never come together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import Context, DataDict

T = TypeVar("T")
Pieces = Iterator[object]
Search = Callable[[object, Context, DataDict], DataDict]
_ID = sa.text("SELECT CAST(to_regclass('public.' || quote_ident(:name)) AS oid)")
_NAME = sa.text("SELECT relname FROM pg_class WHERE oid = :oid")


class OneTable:
    """The table of a file, as it is when it is read first; or as it was when somebody noted its
    number (``oid``)."""

    def __init__(self, resource_id: str, oid: int | None = None) -> None:
        self.resource_id = resource_id
        self._oid = oid

    def read(self, reader: Callable[[str], T]) -> T:
        """What ``reader`` gives for the table's name of this moment; asked once more where the name
        went over to another table meanwhile. Raises ``ObjectNotFound`` where it is no more."""
        while True:
            before = self._now()
            found = reader(before[1])
            if self._now() == before:
                self._oid = before[0]
                return found

    def _now(self) -> tuple[int | None, str]:
        from ckanext.datastore.backend.postgres import get_read_engine

        with get_read_engine().connect() as connection:
            if self._oid is None:
                return connection.scalar(_ID, {"name": self.resource_id}), self.resource_id
            name = connection.scalar(_NAME, {"oid": self._oid})
        if name is None:
            raise tk.ObjectNotFound(tk._("The table was replaced meanwhile. Please begin again."))
        return self._oid, str(name)


_dumped: ContextVar[OneTable | None] = ContextVar("govdata_dumped_table", default=None)


def watch() -> None:
    """Once a process: have CKAN's dumps, which ask for a table piece by piece, be of one table."""
    if not p.plugin_loaded("datastore"):
        return
    from ckanext.datastore import blueprint
    from ckanext.datastore.backend.postgres import DatastorePostgresqlBackend

    forms: Any = blueprint
    forms.DUMP_FORMATS = [*forms.DUMP_FORMATS]  # of a tuple CKAN's refusal of others was a 500
    if not hasattr(blueprint.dump_to, "govdata"):
        blueprint.dump_to = _of_one_table(blueprint.dump_to)
        backend: Any = DatastorePostgresqlBackend
        backend.search = _named(backend.search)


def _named(original: Search) -> Search:
    """Read the table under the name that it has now, where it is being dumped."""

    @wraps(original)
    def search(backend: object, context: Context, asked: DataDict) -> DataDict:
        table = _dumped.get()
        if table is None or table.resource_id != asked["resource_id"]:
            return original(backend, context, asked)
        return table.read(
            lambda name: original(backend, context, {**asked, "resource_id": name}))

    return search


def _of_one_table(original: Callable[..., Pieces]) -> Callable[..., Pieces]:
    @wraps(original)
    def dump_to(resource_id: str, *given: object, **named: object) -> Pieces:
        table = OneTable(resource_id)
        with _dumping(table):
            pieces = original(resource_id, *given, **named)
        return _each(table, pieces)

    setattr(dump_to, "govdata", True)  # noqa: B010 - a mark on a function
    return dump_to


def _each(table: OneTable, pieces: Pieces) -> Pieces:
    while True:
        with _dumping(table):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


@contextmanager
def _dumping(table: OneTable) -> Iterator[None]:
    token = _dumped.set(table)
    try:
        yield
    finally:
        _dumped.reset(token)
