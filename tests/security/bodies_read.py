"""Which parameters actions read of a body: found by letting them, not by reading their source."""
from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pytest
from ckan import logic
from ckan.lib.navl import dictization_functions as validation

Path = tuple[str, ...]
"""A parameter, or one of the objects in the list that a parameter is."""
PATHS: set[Path] = set()
_depth: ContextVar[int] = ContextVar("depth", default=0)
"""How many actions are under way inside each other: what the inner ones read is not the asker's."""


class Recording(dict[str, Any]):
    """A body that notes what is looked for; take out of ``PATHS`` what one request read."""

    def get(self, key: str, *more: Any) -> Any:
        PATHS.add((key,))
        return super().get(key, *more)

    def pop(self, key: str, *more: Any) -> Any:
        PATHS.add((key,))
        return super().pop(key, *more)

    def setdefault(self, key: str, *more: Any) -> Any:
        PATHS.add((key,))
        return super().setdefault(key, *more)

    def __getitem__(self, key: str) -> Any:
        PATHS.add((key,))
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        PATHS.add((str(key),))
        return super().__contains__(key)


def taken() -> set[Path]:
    """What was read since the last time."""
    found = {path for path in PATHS if all(
        isinstance(name, str) and not name.startswith("__") for name in path)}
    PATHS.clear()
    return found


@contextmanager
def recording() -> Iterator[list[str]]:
    """Meanwhile every action notes what it reads itself or has checked by a schema; their names."""
    logic.get_action("package_show")
    names = sorted(logic._actions)
    full = validation.make_full_schema

    def noted(data: Any, schema: Any) -> Any:
        for key, checks in schema.items() if _depth.get() == 1 else ():
            PATHS.add((key,))
            if isinstance(checks, dict):
                PATHS.update((key, inner) for inner in checks)
        return full(data, schema)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validation, "make_full_schema", noted)
        for name in names:
            patch.setitem(logic._actions, name, _noting(logic._actions[name]))
        yield names
    PATHS.clear()


def _noting(action: Any) -> Any:
    @functools.wraps(action)
    def asked(context: Any, data: Any) -> Any:
        outermost = not _depth.get()
        token = _depth.set(_depth.get() + 1)
        try:
            return action(context, Recording(data) if outermost and type(data) is dict else data)
        finally:
            _depth.reset(token)

    return asked
