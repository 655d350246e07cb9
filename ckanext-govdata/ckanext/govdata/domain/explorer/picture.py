"""Pictures of a table: which fit its columns, and one as the parameters of an address.

A picture counts rows unless somebody asks for a figure: how many there are is true of every table,
while a sum of rates or of codes would be said of none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from ..refusal import Refusal
from .column import Column, Kind


class Look(str, Enum):
    """What a picture is drawn as."""

    BARS = "bars"
    TIMES = "times"
    HISTOGRAM = "histogram"
    DOTS = "dots"
    MAP = "map"


class Measure(str, Enum):
    """What is said of the rows that stand together in a bar or at a time."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    LEAST = "least"
    MOST = "most"


@dataclass(frozen=True)
class TablePicture:
    """A picture of a table.

    ``by`` is the column along which it is drawn (of a map the longitude), ``of`` the one whose
    figures it shows (of a map the latitude; empty where rows are counted).
    """

    look: Look
    by: str
    of: str = ""
    measure: Measure = Measure.COUNT


LOOK, BY, OF, MEASURE = "_chart", "_by", "_figure", "_measure"
PARAMETERS = frozenset({LOOK, BY, OF, MEASURE})
"""What an address says of a picture, beside its question."""
ALONG: Mapping[Look, frozenset[Kind]] = {
    Look.BARS: frozenset(Kind),
    Look.TIMES: frozenset({Kind.DAY, Kind.MOMENT}),
    Look.HISTOGRAM: frozenset({Kind.NUMBER}),
    Look.DOTS: frozenset({Kind.NUMBER}),
    Look.MAP: frozenset({Kind.NUMBER}),
}
"""The kinds of column along which each can be drawn."""
GROUPED = (Look.BARS, Look.TIMES)
"""Those that put rows together and so may count them."""
FEW = 30
"""Different values that make bars."""
_CODE = re.compile(r"代码|编码|编号|序号|号码|邮编|电话|传真|(?<![a-z])(?:id|code|no|tel|zip)$|号$",
                   re.IGNORECASE)
_EAST = re.compile(r"经度|經度|(?:^|[_ ])(?:lng|lon|long|longitude)$", re.IGNORECASE)
_NORTH = re.compile(r"纬度|緯度|(?:^|[_ ])(?:lat|latitude)$", re.IGNORECASE)


def coordinates(columns: Sequence[Column]) -> tuple[Column, Column] | None:
    """The columns of longitude and latitude, by what they are called."""
    numbers = [one for one in columns if one.kind is Kind.NUMBER]
    east = next((one for one in numbers if _called(one, _EAST)), None)
    north = next((one for one in numbers if _called(one, _NORTH)), None)
    return (east, north) if east and north else None


def figures(columns: Sequence[Column]) -> list[Column]:
    """The columns of numbers that measure or count something, and are no codes or places."""
    places = coordinates(columns) or ()
    return [one for one in columns if one.kind is Kind.NUMBER and one not in places
            and not _CODE.search(one.title.strip()) and not _CODE.search(one.code.strip())]


def fitting(columns: Sequence[Column], values: Mapping[str, int]) -> list[TablePicture]:
    """The pictures that say most of these columns, the best first.

    :param values: about how many different values a column has, where that is known
    """
    found = [*_maps(columns), *_courses(columns), *_groups(columns, values)]
    return [*found, *(TablePicture(Look.HISTOGRAM, one.name) for one in figures(columns))]


def _maps(columns: Sequence[Column]) -> Iterator[TablePicture]:
    if places := coordinates(columns):
        yield TablePicture(Look.MAP, places[0].name, places[1].name)


def _courses(columns: Sequence[Column]) -> Iterator[TablePicture]:
    yield from (TablePicture(Look.TIMES, one.name) for one in columns
                if one.kind in ALONG[Look.TIMES])


def _groups(columns: Sequence[Column], values: Mapping[str, int]) -> Iterator[TablePicture]:
    for one in columns:
        if one.kind in (Kind.TEXT, Kind.FLAG) and 1 < values.get(one.name, 0) <= FEW:
            yield TablePicture(Look.BARS, one.name)


def read(
    asked: Mapping[str, str], columns: Sequence[Column]
) -> TablePicture | list[Refusal] | None:
    """The picture that an address asks for; None where it asks for none; else what is wrong."""
    given = {key: value.strip() for key, value in asked.items() if key in PARAMETERS}
    if not given.get(LOOK):
        return None
    wrong = list(_unknown_words(given))
    if wrong:
        return wrong
    look = Look(given[LOOK])
    measure = Measure(given.get(MEASURE) or Measure.COUNT)
    picture = TablePicture(look, given.get(BY, ""), given.get(OF, ""), measure)
    if look not in GROUPED or (measure is Measure.COUNT):
        keeps = picture.of if look in (Look.DOTS, Look.MAP) else ""
        picture = TablePicture(look, picture.by, keeps)
    return wrong_in(picture, columns) or picture


def _unknown_words(given: Mapping[str, str]) -> Iterator[Refusal]:
    known: Iterable[tuple[str, type[Enum]]] = ((LOOK, Look), (MEASURE, Measure))
    for key, words in known:
        allowed = [str(one.value) for one in words]
        if given.get(key) and given[key] not in allowed:
            yield Refusal("unknown_choice", key, given[key])


def wrong_in(picture: TablePicture, columns: Sequence[Column]) -> list[Refusal]:
    """What stands against drawing this of these columns; one that is not among them never was."""
    by_name = {one.name: one for one in columns}
    found = [_column(BY, picture.by, by_name, ALONG[picture.look])]
    wants = picture.look in (Look.DOTS, Look.MAP) or picture.measure is not Measure.COUNT
    if wants:
        found.append(_column(OF, picture.of, by_name, frozenset({Kind.NUMBER})))
    return [one for one in found if one]


def _column(
    key: str, name: str, known: Mapping[str, Column], kinds: frozenset[Kind]
) -> Refusal | None:
    if not name:
        return Refusal("no_column_named", key)
    if name not in known:
        return Refusal("unknown_column", name, name)
    return None if known[name].kind in kinds else Refusal("wrong_kind", key, known[name].title)


def written(picture: TablePicture) -> list[tuple[str, str]]:
    """The parameters that ask for this picture."""
    pairs = [(LOOK, picture.look.value), (BY, picture.by)]
    if picture.of:
        pairs.append((OF, picture.of))
    if picture.measure is not Measure.COUNT:
        pairs.append((MEASURE, picture.measure.value))
    return pairs


def _called(column: Column, words: re.Pattern[str]) -> bool:
    return any(words.search(said.strip()) for said in (column.title, column.code, column.name))
