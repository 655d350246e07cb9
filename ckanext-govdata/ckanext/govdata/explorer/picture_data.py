"""What a picture shows of the rows that answer a question: groups, stretches or dots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ..domain.chart import scale
from ..domain.explorer.picture import Look, Measure, TablePicture
from ..domain.explorer.question import Question
from .readable_table import ReadableTable
from .statements import Clause, Expression, Statements
from .table_rows import held

MOST_BARS = 20
LONGEST = 80
"""Characters of a value that a bar is called by."""
DRAWN = 10**290
"""Numbers beyond it, NaN and infinity are not drawn, and their sum overflows nothing."""
MOST_TIMES = 750
"""Times of a line; a longer course is put together by months or years."""
MOST_DOTS = 2_000
STRETCHES = 12
BY_DAY, BY_MONTH = timedelta(days=366), timedelta(days=366 * 12)
"""Up to such a span times are days, then months, then years."""
_FIGURES = {Measure.SUM: sa.func.sum, Measure.MEAN: sa.func.avg, Measure.LEAST: sa.func.min,
            Measure.MOST: sa.func.max}


@dataclass(frozen=True)
class PictureData:
    """What a picture shows.

    ``groups`` are labels (None: rows without a value) with their figures, of times the instant;
    ``stretches`` ends and counts; ``dots`` pairs. ``left_out`` says how many groups or rows are not
    in it, ``unplaced`` how many rows cannot be, ``step`` of times is day, month or year.
    """

    groups: Sequence[tuple[str | datetime | None, float | None]] = ()
    stretches: Sequence[tuple[float, float, int]] = ()
    dots: Sequence[tuple[float, float]] = ()
    left_out: int = 0
    unplaced: int = 0
    step: str = ""


def shown_in(
    table: ReadableTable, question: Question, picture: TablePicture, end: float | None = None
) -> PictureData:
    """What the picture shows; both were checked, and the reading noted.

    Raises ``ObjectNotFound``, :class:`.TooSlowError`.
    """
    with held(table, question, end) as (connection, asked):
        return _OF[picture.look](connection, asked, picture)


def _bars(connection: sa.Connection, asked: Statements, picture: TablePicture) -> PictureData:
    key = asked.text(picture.by)
    figure = _figure(asked, picture)
    groups = sa.select(_label(key).label("of"), figure.label("figure")).select_from(
        asked.source).where(*asked.conditions()).group_by(key).subquery()
    listed = sa.select(groups.c["of"], groups.c.figure, sa.func.count().over()).order_by(
        groups.c.figure.desc().nulls_last(), groups.c["of"]).limit(MOST_BARS)
    rows = connection.execute(listed).all()
    known = [(None if row[0] is None else str(row[0]), _number(row[1])) for row in rows]
    return PictureData(groups=known, left_out=max(0, int(rows[0][2]) - len(rows)) if rows else 0)


def _label(key: Expression) -> Expression:
    """As much of a value as can be shown; all of it says which rows stand together."""
    return sa.case((sa.func.length(key) > LONGEST, sa.func.left(key, LONGEST).op("||")("…")),
                   else_=key)


def _times(connection: sa.Connection, asked: Statements, picture: TablePicture) -> PictureData:
    at, figure = asked.column(picture.by), _figure(asked, picture)
    bounded = [*asked.conditions(), *_of_this_age(at)]
    ends = sa.select(sa.func.min(at), sa.func.max(at)).select_from(asked.source).where(*bounded)
    first, last = connection.execute(ends).one()
    if first is None:
        return PictureData(unplaced=_count(connection, asked, asked.conditions()))
    step = _step(_instant(last) - _instant(first))
    moment = sa.func.date_trunc(step, sa.cast(at, sa.DateTime))
    listed = sa.select(moment, figure).select_from(asked.source).where(*bounded).group_by(
        moment).order_by(moment.desc()).limit(MOST_TIMES)
    rows = connection.execute(listed).all()
    outside = sa.or_(at.is_(None), sa.not_(sa.and_(*_of_this_age(at))))
    known = {_instant(row[0]): _number(row[1]) for row in reversed(rows)}
    nothing = 0.0 if picture.measure is Measure.COUNT else None
    times = list(_each(min(known), max(known), step))
    if times[-1] != max(known):  # so far apart that not every time has room: those with rows alone
        times = list(known)
    return PictureData(
        groups=[(at, known.get(at, nothing)) for at in times],
        unplaced=_count(connection, asked, [*asked.conditions(), outside]), step=step)


def _each(first: datetime, last: datetime, step: str) -> Iterator[datetime]:
    """Every time from the first to the last, also those without rows: none is drawn as if its
    neighbours' figures were its own."""
    at, count = first, 0
    while at <= last and count < MOST_TIMES:
        yield at
        count += 1
        if step == "day":
            at += timedelta(days=1)
        else:
            later = at.month if step == "month" else 12
            at = at.replace(year=at.year + later // 12, month=later % 12 + 1)


def _of_this_age(at: Expression) -> list[Clause]:
    """Days that Python and a reader know; 9999-12-31 stands for an end that nobody knows."""
    return [at >= sa.literal(date(1000, 1, 1)), at < sa.literal(date(9000, 1, 1))]


def _step(span: timedelta) -> str:
    if span <= BY_DAY:
        return "day"
    return "month" if span <= BY_MONTH else "year"


def _histogram(connection: sa.Connection, asked: Statements, picture: TablePicture) -> PictureData:
    value = _sound(asked, picture.by)
    sound = [*asked.conditions(), value.is_not(None)]
    ends = sa.select(sa.func.min(value), sa.func.max(value), sa.func.count()).select_from(
        asked.source).where(*sound)
    low, high, count = connection.execute(ends).one()
    unplaced = _count(connection, asked, asked.conditions()) - int(count)
    if low is None:
        return PictureData(unplaced=unplaced)
    edges = _edges(low, high, asked.table.types[picture.by] in ("smallint", "integer", "bigint"))
    bucket = sa.func.width_bucket(value, sa.cast(sa.literal(edges, sa.ARRAY(sa.Double)),
                                                 sa.ARRAY(sa.Double)))
    listed = sa.select(bucket, sa.func.count()).select_from(asked.source).where(
        *sound).group_by(bucket)
    counts: dict[int, int] = {}
    for place, number in connection.execute(listed):
        within = min(int(place), len(edges) - 1)  # the greatest may lie on the last edge
        counts[within] = counts.get(within, 0) + int(number)
    stretches = [(edges[n], edges[n + 1], counts.get(n + 1, 0)) for n in range(len(edges) - 1)]
    return PictureData(stretches=stretches, unplaced=unplaced)


def _edges(low: float, high: float, whole: bool) -> list[float]:
    """Round numbers from the least to the greatest value."""
    found = [float(mark) for mark in scale.ticks(low, high, STRETCHES, whole)]
    return found if len(found) > 1 else [found[0], found[0] + 1]


def _dots(connection: sa.Connection, asked: Statements, picture: TablePicture) -> PictureData:
    return _pairs(connection, asked, picture, [])


def _map(connection: sa.Connection, asked: Statements, picture: TablePicture) -> PictureData:
    east, north = _sound(asked, picture.by), _sound(asked, picture.of)
    return _pairs(connection, asked, picture, [
        east.between(-180, 180), north.between(-90, 90), sa.or_(east != 0, north != 0)])


def _pairs(
    connection: sa.Connection, asked: Statements, picture: TablePicture, within: Sequence[Clause]
) -> PictureData:
    """Both figures of each row; of many rows of every so-manieth."""
    x, y = _sound(asked, picture.by), _sound(asked, picture.of)
    placed_in = [x.is_not(None), y.is_not(None), *within]
    sound = [*asked.conditions(), *placed_in]
    counts = sa.select(sa.func.count(), sa.func.count().filter(*placed_in)).select_from(
        asked.source).where(*asked.conditions())
    every, placed = (int(one) for one in connection.execute(counts).one())
    step = -(-placed // MOST_DOTS) or 1
    numbered = sa.select(x.label("x"), y.label("y"), sa.func.row_number().over(
        order_by=asked.number).label("place")).select_from(asked.source).where(*sound).subquery()
    listed = sa.select(numbered.c.x, numbered.c.y)
    if step > 1:
        listed = listed.where(numbered.c.place % step == 0)
    dots = [(float(row[0]), float(row[1])) for row in connection.execute(listed)]
    return PictureData(dots=dots, left_out=placed - len(dots), unplaced=every - placed)


def _sound(asked: Statements, name: str) -> Expression:
    """A column's number where it can be drawn, else nothing; looked at before it is made a double,
    which has no room for every numeric."""
    column = asked.column(name)
    fits = column.between(sa.literal(-DRAWN, sa.Numeric), sa.literal(DRAWN, sa.Numeric))
    return sa.case((fits, sa.cast(column, sa.Double)))


def _figure(asked: Statements, picture: TablePicture) -> Expression:
    if picture.measure is Measure.COUNT:
        return sa.func.count()
    return _FIGURES[picture.measure](_sound(asked, picture.of))


def _count(
    connection: sa.Connection, asked: Statements, conditions: Sequence[Clause]
) -> int:
    statement = sa.select(sa.func.count()).select_from(asked.source).where(*conditions)
    return int(connection.execute(statement).scalar_one())


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - columns have no zone


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


_OF = {Look.BARS: _bars, Look.TIMES: _times, Look.HISTOGRAM: _histogram, Look.DOTS: _dots,
       Look.MAP: _map}
