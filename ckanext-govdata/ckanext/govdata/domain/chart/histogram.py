"""Columns side by side: how many values lie in each stretch of a scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from . import scale
from .drawing import LETTER, Caption, breadth, figure, look, nothing, put, serialised, write
from .lines import WIDE

HIGH, LOW = 236, 190
"""Height of the plot on a page and on a phone."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of the scale from ``low`` to below ``high``, and how many values lie in it."""

    low: float
    high: float
    count: float


def column_chart(
    stretches: Sequence[Stretch], caption: Caption, axis: str, width: float = WIDE
) -> str:
    """Draw a column for each stretch over one axis; ``axis`` says what is measured along it."""
    if not stretches or not any(one.count for one in stretches):
        return nothing(caption, width)
    marks = scale.ticks(0, max(one.count for one in stretches), 6, whole=True)
    labels = [scale.number(mark, caption.locale) for mark in marks]
    left, right = max(map(breadth, labels)) + 12, width - 14
    bottom = 14.0 + (HIGH if width >= 500 else LOW)
    root = figure(caption, width, bottom + 48)
    unit = (bottom - 14) / float(marks[-1])
    for mark, label in zip(marks, labels, strict=True):
        y = bottom - float(mark) * unit
        put(root, "line", x1=left, y1=y, x2=right, y2=y,
            class_="gd-chart__grid" if mark else "gd-chart__zero")
        write(root, label, left - 7, y + 4, "gd-chart__mark", "end")
    step = (right - left) / len(stretches)
    for n, one in enumerate(stretches):
        tall = one.count * unit
        put(root, "rect", x=left + n * step + 1, y=bottom - tall, width=max(step - 2, 1),
            height=tall, class_=look("bar", 0))
    _edges(root, stretches, caption.locale, (left, step, bottom, width))
    write(root, axis, (left + right) / 2, bottom + 42, "gd-chart__mark", "middle")
    return serialised(root)


def _edges(
    root: Xml.Element, stretches: Sequence[Stretch], locale: str,
    where: tuple[float, float, float, float],
) -> None:
    """The ends of the stretches; one that would touch its neighbour is left out."""
    left, step, bottom, width = where
    free = 0.0
    for n, edge in enumerate([*(one.low for one in stretches), stretches[-1].high]):
        label = scale.number(edge, locale)
        x, half = left + n * step, breadth(label) / 2
        put(root, "line", x1=x, y1=bottom, x2=x, y2=bottom + 5, class_="gd-chart__tick")
        middle = min(max(x, half), width - half)
        if middle - half >= free:
            write(root, label, middle, bottom + 21, "gd-chart__mark", "middle")
            free = middle + half + LETTER / 2
