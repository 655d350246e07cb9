"""Whether somebody asks for what he has under way already."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, cast


def same(names: Iterable[str], one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether two forms give the same answers to the fields that make a case another one, in
    whatever order or spacing. What else they say can be changed in the one that is there."""
    return all(_alike(one.get(name)) == _alike(other.get(name)) for name in names)


def _alike(value: object) -> Any:
    """A value as it is compared."""
    if isinstance(value, Mapping):
        table = cast("Mapping[str, Any]", value)
        return {name: _alike(listed) for name, listed in table.items() if listed}
    if isinstance(value, str):
        return "".join(unicodedata.normalize("NFKC", value).casefold().split())
    if isinstance(value, (list, tuple)):
        return frozenset(cast("list[Any]", value))
    return value or frozenset[Any]()
