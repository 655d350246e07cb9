"""Columns of a table that a reader does not get: to him they do not exist.

The DataStore asks in one place which columns a table has, for every parameter of a search and
for its answer. There the columns that are kept from the reader are left out, so what he names is
refused in the words for a column that never was, whatever the parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from sqlalchemy.engine import Connection

from ..domain.access import Permitted
from ..domain.items import folded

NUMBER = "_id"
"""The DataStore's own number of a row, which says nothing of it."""
_Scope = tuple[str, tuple[str, ...] | None]
_scope: ContextVar[_Scope | None] = ContextVar("govdata_columns", default=None)
_Columns = Callable[..., dict[str, str]]


def cut() -> None:
    """Once a process: have the DataStore leave out what :func:`only` leaves out."""
    if not p.plugin_loaded("datastore"):
        return
    from ckanext.datastore.backend import postgres

    known = postgres._get_fields_types  # pyright: ignore[reportPrivateUsage]
    if not hasattr(known, "govdata"):
        setattr(postgres, "_get_fields_types", _cut(known))  # noqa: B010 - its type is private


def _cut(original: _Columns) -> _Columns:
    @wraps(original)
    def types(connection: Connection, resource_id: str) -> dict[str, str]:
        found, (_table, columns) = original(connection, resource_id), _scope.get() or ("", None)
        if columns is not None:
            for name in [name for name in found if name != NUMBER and folded(name) not in columns]:
                del found[name]
        return found

    setattr(types, "govdata", True)  # noqa: B010 - a mark on a function
    return types


@contextmanager
def only(resource_id: str, columns: tuple[str, ...] | None) -> Iterator[None]:
    """Meanwhile the table has these columns (by their folded names) and no others; None: all."""
    token = _scope.set((resource_id, columns))
    try:
        yield
    finally:
        _scope.reset(token)


def is_other(resource_id: str) -> bool:
    """Whether a search is under way that was cut for another table than this one."""
    scope = _scope.get()
    return scope is not None and scope[0] != resource_id


def of(resource_id: str) -> list[str]:
    """All columns of a table, in its order, without the DataStore's own."""
    found = tk.get_action("datastore_info")({"ignore_auth": True}, {"id": resource_id})
    return [field["id"] for field in found["fields"] if not field["id"].startswith("_")]


def given(resource_id: str, allowed: Permitted) -> list[str]:
    """The table's columns that may be read, in the table's order."""
    known = of(resource_id)
    if allowed.columns is None:
        return known
    return [name for name in known if folded(name) in allowed.columns]


def kept_back(resource_id: str, allowed: Permitted) -> list[str]:
    """The table's columns that may not be read."""
    given_ = set(given(resource_id, allowed))
    return [name for name in of(resource_id) if name not in given_]
