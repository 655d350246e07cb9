"""Lines over time: one or several series, with even marks, gaps where nothing is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from xml.etree import ElementTree as Xml

from . import scale
from .drawing import (
    LETTER,
    Caption,
    breadth,
    clean,
    figure,
    look,
    nothing,
    place,
    put,
    serialised,
    shortened,
    sound_number,
    write,
)

WIDE, NARROW = 720, 360
"""Widths to draw for a page and for a phone; letters keep their size, the plot shrinks."""
ROW = 22
"""Height of one row of the legend."""
DOTS = 14
"""Up to so many points are marked one by one."""

Point = tuple[datetime, float | None]


@dataclass(frozen=True)
class Series:
    """A line: its name, and what was counted at each instant (None: not known)."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True)
class _Plot:
    """Where the data's corner values stand on the paper."""

    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float
    first: datetime
    last: datetime

    def x(self, moment: datetime) -> float:
        span = (self.last - self.first).total_seconds()
        part = (moment - self.first).total_seconds() / span if span else 0.5
        return self.left + part * (self.right - self.left)

    def y(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return self.bottom - part * (self.bottom - self.top)


def line_chart(series: Sequence[Series], caption: Caption, width: float = WIDE) -> str:
    """Draw the series over one time axis and one value axis that includes zero."""
    lines = [Series(clean(one.name), _sound(one.points)) for one in series]
    if not any(map(_any, lines)):
        return nothing(caption, width)
    names = _legend(lines, width)
    plot, marks = _plot(lines, ROW * (names[-1].row + 1) if names else 0, caption.locale, width)
    root = figure(caption, width, plot.bottom + 30)
    for name in names:
        put(root, "line", x1=name.x, y1=name.y - 4, x2=name.x + 26, y2=name.y - 4,
            class_=look("line", name.number))  # fmt: skip
        write(root, name.words, name.x + 33, name.y, "gd-chart__name")
    for mark, label in marks:
        _value_mark(root, plot, mark, label)
    _time_marks(root, plot, caption.locale, width)
    for number, one in enumerate(lines):
        _line(root, plot, one, number, alone=len(lines) == 1)
    _ends(root, plot, lines, caption.locale)
    return serialised(root)


def _plot(
    lines: Sequence[Series], legend: float, locale: str, width: float
) -> tuple[_Plot, list[tuple[float, str]]]:
    """The paper's corners, with room for the labels; and the marks of the value axis."""
    values = [value for one in lines for _, value in one.points if value is not None]
    moments = [moment for one in lines for moment, _ in one.points]
    whole = all(value.is_integer() for value in values)
    marks = scale.ticks(min(*values, 0), max(*values, 0), 6, whole)
    labels = [scale.number(mark, locale) for mark in marks]
    ends = [scale.number(_last(one)[1], locale) for one in lines if _any(one)]
    top = 14.0 + legend
    plot = _Plot(
        left=max(map(breadth, labels)) + 12,
        right=width - max(map(breadth, ends)) - 12,
        top=top,
        bottom=top + (236 if width >= 500 else 190),
        low=float(marks[0]),
        high=float(marks[-1]),
        first=min(moments),
        last=max(moments),
    )
    return plot, list(zip(map(float, marks), labels, strict=True))


def spark(points: Sequence[Point], width: float = 120, height: float = 32) -> str:
    """A line without axes beside a figure that says the same; readers' aids skip it."""
    known = [(moment, value) for moment, value in _sound(points) if value is not None]
    if len(known) < 2:
        return ""
    values = [value for _, value in known]
    low, high = min(*values, 0.0), max(*values, 0.0)
    plot = _Plot(
        2, width - 4, 4, height - 3, low, high if high > low else low + 1, known[0][0], known[-1][0]
    )
    root = Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "gd-spark",
            "viewBox": f"0 0 {place(width)} {place(height)}",
            "aria-hidden": "true",
            "focusable": "false",
        },
    )
    spots = thinned([(plot.x(moment), plot.y(value)) for moment, value in known])
    put(root, "polyline", points=_corners(spots), class_="gd-spark__line")
    put(root, "circle", cx=spots[-1][0], cy=spots[-1][1], r=2.5, class_="gd-spark__end")
    return serialised(root)


def _sound(points: Sequence[Point]) -> list[Point]:
    """The points in order of time; what is not a finite number is not known."""
    sound = ((moment, sound_number(value)) for moment, value in points)
    return sorted(sound, key=lambda point: point[0])


def _any(one: Series) -> bool:
    return any(value is not None for _, value in one.points)


def _last(one: Series) -> tuple[datetime, float]:
    """The last point that is known."""
    return next((m, value) for m, value in reversed(one.points) if value is not None)


@dataclass(frozen=True)
class _Name:
    """An entry of the legend: words, row and place, number of its series."""

    words: str
    row: int
    x: float
    number: int

    @property
    def y(self) -> float:
        return 14.0 + ROW * self.row


def _legend(lines: Sequence[Series], width: float) -> list[_Name]:
    """The names of the lines in rows; one line alone needs none."""
    if len(lines) < 2:
        return []
    names: list[_Name] = []
    row, x = 0, 0.0
    for number, one in enumerate(lines):
        words = shortened(one.name, width - 40)
        room = 34 + breadth(words) + 16
        if x and x + room > width:
            row, x = row + 1, 0.0
        names.append(_Name(words, row, x, number))
        x += room
    return names


def _value_mark(root: Xml.Element, plot: _Plot, value: float, label: str) -> None:
    y = plot.y(value)
    grid = "gd-chart__zero" if value == 0 else "gd-chart__grid"
    put(root, "line", x1=plot.left, y1=y, x2=plot.right, y2=y, class_=grid)
    write(root, label, plot.left - 7, y + 4, "gd-chart__mark", "end")


def _time_marks(root: Xml.Element, plot: _Plot, locale: str, width: float) -> None:
    """Marks of the time axis; one that would touch its neighbour is left out."""
    marks = scale.time_ticks(plot.first, plot.last, 8 if width >= 500 else 4)
    free = 0.0
    for mark, label in zip(marks, scale.moments(marks, locale), strict=True):
        x, half = plot.x(mark), breadth(label) / 2
        put(root, "line", x1=x, y1=plot.bottom, x2=x, y2=plot.bottom + 5, class_="gd-chart__tick")
        middle = min(max(x, half), width - half)
        if middle - half >= free:
            write(root, label, middle, plot.bottom + 21, "gd-chart__mark", "middle")
            free = middle + half + LETTER / 2


def _line(root: Xml.Element, plot: _Plot, one: Series, number: int, alone: bool) -> None:
    for run in _runs(one.points):
        spots = thinned([(plot.x(moment), plot.y(value)) for moment, value in run])
        if alone and len(spots) > 1:
            floor = plot.y(min(max(0.0, plot.low), plot.high))
            area = [(spots[0][0], floor), *spots, (spots[-1][0], floor)]
            put(root, "polygon", points=_corners(area), class_="gd-chart__area")
        if len(spots) > 1:
            put(root, "polyline", points=_corners(spots), class_=look("line", number))
        if len(run) <= DOTS:
            for x, y in spots:
                put(root, "circle", cx=x, cy=y, r=3, class_=look("dot", number))


def _runs(points: Sequence[Point]) -> Iterator[list[tuple[datetime, float]]]:
    """The stretches between gaps."""
    run: list[tuple[datetime, float]] = []
    for moment, value in points:
        if value is not None:
            run.append((moment, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def thinned(spots: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """No more than four points to a pixel's width: the first, lowest, highest and last of it."""
    columns: dict[int, list[tuple[float, float]]] = {}
    for spot in spots:
        columns.setdefault(int(spot[0]), []).append(spot)
    kept: list[tuple[float, float]] = []
    for column in columns.values():
        if len(column) <= 4:
            kept += column
            continue
        chosen = {0, len(column) - 1}
        chosen |= {min(range(len(column)), key=lambda n: column[n][1])}
        chosen |= {max(range(len(column)), key=lambda n: column[n][1])}
        kept += [column[n] for n in sorted(chosen)]
    return kept


def _ends(root: Xml.Element, plot: _Plot, lines: Sequence[Series], locale: str) -> None:
    """The last value of each line, moved apart where they would cover each other."""
    known = [(number, *_last(one)) for number, one in enumerate(lines) if _any(one)]
    heights = spread([plot.y(value) for _, _, value in known], LETTER + 1, plot.bottom)
    for (number, moment, value), y in zip(known, heights, strict=True):
        put(root, "circle", cx=plot.x(moment), cy=plot.y(value), r=3.5, class_=look("dot", number))
        x = plot.x(moment) + 8
        write(root, scale.number(value, locale), x, y + 4, look("end", number))


def spread(heights: Sequence[float], gap: float, floor: float) -> list[float]:
    """The heights moved apart by at least ``gap`` and none below ``floor``, order kept."""
    order = sorted(range(len(heights)), key=lambda n: (heights[n], n))
    moved = list(heights)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + gap)
    for n, after in zip(reversed(order), [None, *reversed(order)], strict=False):
        limit = floor if after is None else moved[after] - gap
        moved[n] = min(moved[n], limit)
    return moved


def _corners(spots: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{place(x)},{place(y)}" for x, y in spots)
