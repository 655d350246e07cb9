"""The table of a GeoJSON file (RFC 7946): the properties of its features, one row each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ..sheets import text_tables
from ..sheets.tables import Table
from .findings import TableFinding, Unloadable

MOST = 2**24
"""Bytes of the longest line."""
START = 2048
"""Bytes in which such a file says what it is."""
_BEFORE = b" \t\r\n\x1e"
"""What may stand before a feature: RFC 8142 begins each with a record separator."""
_KIND = re.compile(rb'"type"\s*:\s*"(FeatureCollection|Feature|Topology)"')
Feature = Mapping[str, object]


@dataclass(frozen=True)
class GeoFeatures:
    """The table, and of which rows the shapes are not in it."""

    table: Table
    shapes: TableFinding


def of_file(path: Path) -> GeoFeatures | None:
    """The features of the file; None where it is no GeoJSON.

    A list of features, a single one, or one to a line (RFC 8142, with or without its mark). Raises
    ``Unreadable`` and :class:`.Unloadable`.
    """
    with path.open("rb") as file:
        start = file.read(START).removeprefix(b"\xef\xbb\xbf").lstrip(_BEFORE)
    kind = _KIND.search(start) if start.startswith(b"{") else None
    if kind is None:
        return None
    if kind[1] == b"Topology":
        raise Unloadable("topojson")
    shapes = TableFinding("geometry_left_out")
    listed: list[Feature] = []
    for number, one in enumerate(_features(path), 1):
        properties = one.get("properties") if isinstance(one, Mapping) else one
        if not isinstance(one, Mapping) or not isinstance(properties, Mapping | None):
            raise Unloadable("geojson")
        listed.append(properties or {})
        if one.get("geometry"):
            shapes.at(number)
    return GeoFeatures(text_tables.objects_table(path.stem, lambda: listed), shapes)


def _begins_with_feature(path: Path) -> bool:
    """Whether the first line is a whole feature: then there is one to a line, however long the
    file is, and what is wrong with one is said of its own line."""
    with path.open("rb") as file:
        line = file.readline(MOST).removeprefix(b"\xef\xbb\xbf").lstrip(_BEFORE)
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, Mapping) and cast("Feature", found).get("type") == "Feature"


def _features(path: Path) -> Iterable[object]:
    if _begins_with_feature(path):
        return text_tables.lines_of_json(path)
    found = text_tables.whole_json(path)
    if not isinstance(found, Mapping):
        raise Unloadable("geojson")
    said = cast("Mapping[str, object]", found)
    if said.get("type") == "Feature":
        return [said]
    listed = said.get("features")
    if not isinstance(listed, list):
        raise Unloadable("geojson")
    return cast("list[object]", listed)
