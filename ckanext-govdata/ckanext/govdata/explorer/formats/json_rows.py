"""A table as JSON: a list of objects, numbers as they are in the table, to their last digit."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from json.encoder import encode_basestring as as_text

from ...domain.explorer.column import Column, Kind
from ...domain.explorer.coordinates import Coordinates, place
from .column_titles import headings

Rows = Sequence[Sequence[str | None]]
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_FLAGS = {"t": "true", "f": "false", None: "null"}


def json_file(columns: Sequence[Column], batches: Iterable[Rows]) -> Iterator[bytes]:
    """The list of all rows."""
    between = b"[\n"
    for rows in batches:
        if rows:
            yield between + ",\n".join(objects(columns, rows)).encode("utf-8", "replace")
            between = b",\n"
    yield b"\n]\n" if between == b",\n" else b"[]\n"


def geojson_file(
    columns: Sequence[Column], batches: Iterable[Rows], where: Coordinates
) -> Iterator[bytes]:
    """The rows as features (RFC 7946), each a point; those whose coordinates are none have no
    geometry, and how many these are stands at the end as ``unplaced``."""
    names = [one.name for one in columns]
    east, north = names.index(where.longitude), names.index(where.latitude)
    unplaced, between = 0, ""
    yield b'{"type": "FeatureCollection", "features": [\n'
    for rows in batches:
        told: list[str] = []
        for row, properties in zip(rows, objects(columns, rows), strict=True):
            point = place(row[east], row[north])
            unplaced += point is None
            shape = (f'{{"type": "Point", "coordinates": [{point[0]}, {point[1]}]}}'
                     if point else "null")
            told.append(f'{{"type": "Feature", "geometry": {shape}, "properties": {properties}}}')
        if told:
            yield (between + ",\n".join(told)).encode("utf-8", "replace")
            between = ",\n"
    yield f'\n], "unplaced": {unplaced}}}\n'.encode()


def objects(columns: Sequence[Column], rows: Rows) -> list[str]:
    """Each row as an object."""
    if not rows:
        return []
    named = [as_text(name).replace("%", "%%") + ": %s" for name in headings(columns)]
    form = "{" + ", ".join(named) + "}"
    told = [[_TOLD[column.kind](value) for value in values]
            for column, values in zip(columns, zip(*rows, strict=True), strict=True)]
    return [form % row for row in zip(*told, strict=True)]


def _text(value: str | None) -> str:
    return "null" if value is None else as_text(value)


def _number(value: str | None) -> str:
    """As it is; what JSON has no number for (NaN, Infinity) is a text."""
    if value is None:
        return "null"
    return value if _NUMBER.fullmatch(value) else json.dumps(value)


def _flag(value: str | None) -> str:
    return _FLAGS[value]


_TOLD: dict[Kind, Callable[[str | None], str]] = {
    Kind.TEXT: _text, Kind.DAY: _text, Kind.MOMENT: _text, Kind.NUMBER: _number, Kind.FLAG: _flag,
}  # fmt: skip
