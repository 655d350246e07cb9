"""Lists, rows and objects of an entry as they are stored: texts of JSON, read without ever failing.

A damaged text (half of one, another kind of JSON) is read as far as it can be; what cannot is left
out and never guessed, so nothing is declared, shown or given by mistake.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast


class Shape(Enum):
    """What a field holds."""

    ROWS = "rows"
    """A list of objects of single values: ``information_items``, ``application_materials``."""
    TEXTS = "texts"
    """A list of texts: ``data_formats``, ``related_entries``."""
    OBJECT = "object"
    """Names and values: ``imported_columns``."""


SHAPES = {
    "information_items": Shape.ROWS,
    "application_materials": Shape.ROWS,
    "data_formats": Shape.TEXTS,
    "related_entries": Shape.TEXTS,
    "imported_columns": Shape.OBJECT,
}
"""The fields of an entry that are stored as JSON."""
_KINDS = {Shape.ROWS: list, Shape.TEXTS: list, Shape.OBJECT: dict}
_SINGLE = (str, int, float, bool, type(None))


@dataclass(frozen=True)
class Read:
    """``value`` is of the shape, whatever was stored; ``whole``: nothing had to be left out."""

    value: Any
    whole: bool


def read(shape: Shape, stored: object) -> Read:
    """What is stored, as far as it can be read. A value that is no text any more is taken too."""
    if stored is None or stored == "":
        return Read(_KINDS[shape](), whole=True)
    try:
        found = _loaded(stored)
    except (ValueError, RecursionError):
        return _unread(shape, stored)
    if not isinstance(found, _KINDS[shape]):
        return _unread(shape, found)
    if shape is Shape.OBJECT:
        return Read(found, whole=True)
    listed = cast("list[object]", found)
    kept = [one for one in listed if _is(dict if shape is Shape.ROWS else str, one)]
    readable = [_row(one) if shape is Shape.ROWS else one for one in kept]
    return Read(readable, whole=readable == listed)


def rows(stored: object) -> list[dict[str, Any]]:
    """The readable rows."""
    return read(Shape.ROWS, stored).value


def damaged(extras: Any) -> list[str]:
    """The fields of an entry, stored as these texts, of which something cannot be read."""
    return [name for name, shape in SHAPES.items() if not read(shape, extras.get(name)).whole]


def _unread(shape: Shape, stored: object) -> Read:
    """A code that stands alone, as CKAN stored it before there were lists, is a list of one."""
    if shape is Shape.TEXTS and isinstance(stored, str) and stored and stored[0] not in '[{"':
        return Read([stored], whole=True)
    return Read(_KINDS[shape](), whole=False)


def _loaded(stored: object) -> object:
    """The JSON in a text, or in a text in a text, as older imports wrote it."""
    found = json.loads(stored) if isinstance(stored, str) else stored
    return json.loads(found) if isinstance(found, str) and found else found


def _is(kind: type, one: object) -> bool:
    return isinstance(one, kind)


def _row(row: object) -> dict[str, Any]:
    known = cast("dict[str, Any]", row)
    return {name: value for name, value in known.items() if isinstance(value, _SINGLE)}
