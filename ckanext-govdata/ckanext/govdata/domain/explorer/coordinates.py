"""Where the rows of a table lie: which two columns say so, and what of them is a place.

Nothing is guessed. Columns are known by their names, a pair of one beginning (起点经度, 起点纬度);
of two pairs nobody knows which is meant. Values that are no degrees, or of a system that is shifted
against that of the world (BD-09, GCJ-02, plane coordinates), are no places.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from .column import Column

_NAMES = {
    "longitude": re.compile(r"(.*?)(?:经度|經度|东经|東經|longitude|lon|lng)(?:值|坐标)?"),
    "latitude": re.compile(r"(.*?)(?:纬度|緯度|北纬|北緯|latitude|lat)(?:值|坐标)?"),
}
_NOTE = re.compile(r"[(\[【].*?[)\]】]")
_OTHER_SYSTEM = re.compile(
    r"百度|高德|腾讯|火星|国测局|bd-?_?09|gcj-?_?02|北京-?(?:19)?54|西安-?(?:19)?80|高斯|投影|墨卡托")
_DEGREES = re.compile(r"-?\d{1,3}(?:\.\d{1,20})?", re.ASCII)
_MOST_LONGITUDE, _MOST_LATITUDE = 180.0, 90.0


@dataclass(frozen=True)
class Coordinates:
    """The columns, by their names, that hold degrees of longitude and latitude."""

    longitude: str
    latitude: str


def coordinates(columns: Sequence[Column]) -> Coordinates | None:
    """The one pair of columns that says where a row lies; None where there is none, where there
    are several, or where they say that they are of another system."""
    found: dict[str, dict[str, set[str]]] = {kind: {} for kind in _NAMES}
    for column in columns:
        for kind, begin in _said(column):
            found[kind].setdefault(begin, set()).add(column.name)
    pairs = [(found["longitude"][begin], found["latitude"][begin])
             for begin in found["longitude"].keys() & found["latitude"].keys()]
    sure = {(*east, *north) for east, north in pairs if len(east) == len(north) == 1}
    if len(pairs) == 0 or len(sure) != 1 or any(len(e) + len(n) != 2 for e, n in pairs):
        return None
    longitude, latitude = sure.pop()
    named = [one for one in columns if one.name in (longitude, latitude)]
    other = any(_OTHER_SYSTEM.search(_folded(f"{c.title} {c.code} {c.notes}")) for c in named)
    return None if other else Coordinates(longitude, latitude)


def place(longitude: str | None, latitude: str | None) -> tuple[str, str] | None:
    """The two as numbers of JSON; None for what is no place on Earth, or the point without either,
    where nothing of ours lies."""
    east, north = _degrees(longitude, _MOST_LONGITUDE), _degrees(latitude, _MOST_LATITUDE)
    if east is None or north is None or not (float(east) or float(north)):
        return None
    return east, north


def _degrees(value: str | None, most: float) -> str | None:
    text = (value or "").strip()
    if not _DEGREES.fullmatch(text) or abs(float(text)) > most:
        return None
    whole, point, part = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{whole.lstrip('-').lstrip('0') or '0'}{point}{part}"


def _said(column: Column) -> set[tuple[str, str]]:
    """What a column is by each of its names: of which kind, and how the name begins."""
    found: set[tuple[str, str]] = set()
    for name in (column.title, column.name, column.code):
        plain = _NOTE.sub("", _folded(name)).strip(" _-")
        for kind, pattern in _NAMES.items():
            if match := pattern.fullmatch(plain):
                found.add((kind, match[1].strip(" _-")))
    return found


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
