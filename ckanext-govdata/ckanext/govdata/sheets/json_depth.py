"""How deep lists and objects of JSON may stand in each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from .refused_files import Unreadable

MAX_DEPTH = 50
"""Lists and objects within each other; what describes data has a handful."""


def not_too_deep(value: object, number: int) -> None:
    """Raise :class:`Unreadable` where lists and objects of a line stand in each other so deep that
    no reader could go down all the way."""
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for one in level for inner in _within(one)]
        if not level:
            return
    raise Unreadable("too_deep", line=number, limit=MAX_DEPTH)


def _within(value: object) -> Iterable[object]:
    """The lists and objects in it."""
    inner: Iterable[object] = ()
    if isinstance(value, Mapping):
        inner = cast("Mapping[object, object]", value).values()
    elif isinstance(value, list):
        inner = cast("list[object]", value)
    return (one for one in inner if isinstance(one, (Mapping, list)))
