"""Dots over two scales: two figures of each row, or where on the map it lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from . import scale
from .drawing import LETTER, Caption, breadth, figure, look, nothing, put, serialised, write
from .lines import WIDE

HIGH, LOW = 320, 250
"""Height of the plot on a page and on a phone."""
TALLEST = 640
"""A map keeps the shape of the land, up to this height."""
Dot = tuple[float, float]
"""Its place on the scale along and on the scale upwards."""


@dataclass(frozen=True)
class _Field:
    """The plot's corners on the paper and the ends of both scales."""

    left: float
    right: float
    top: float
    bottom: float
    along: tuple[float, float]
    upward: tuple[float, float]

    def x(self, value: float) -> float:
        return self.left + _part(value, self.along) * (self.right - self.left)

    def y(self, value: float) -> float:
        return self.bottom - _part(value, self.upward) * (self.bottom - self.top)


def dot_chart(
    dots: Sequence[Dot], caption: Caption, axes: tuple[str, str], width: float = WIDE
) -> str:
    """Draw a dot for each pair of figures; ``axes`` say what is measured along and upwards."""
    sound = _sound(dots)
    if not sound:
        return nothing(caption, width)
    along = _ends([x for x, _ in sound], 6 if width < 500 else 8)
    upward = _ends([y for _, y in sound], 6)
    height = HIGH if width >= 500 else LOW
    return _drawn(sound, caption, axes, width, height, (along, upward))


def dot_map(
    dots: Sequence[Dot], caption: Caption, axes: tuple[str, str], width: float = WIDE
) -> str:
    """Draw a dot for each longitude and latitude, as large a degree upwards as it is along."""
    sound = [(x, y) for x, y in _sound(dots) if abs(x) <= 180 and abs(y) <= 90]
    if not sound:
        return nothing(caption, width)
    along = _ends([x for x, _ in sound], 6)
    upward = _ends([y for _, y in sound], 6)
    middle = math.radians((float(upward[0]) + float(upward[-1])) / 2)
    wide = float(along[-1] - along[0]) * max(math.cos(middle), 0.05)
    shape = float(upward[-1] - upward[0]) / wide
    height = min(max((width - 90) * shape, 160), TALLEST)
    return _drawn(sound, caption, axes, width, height, (along, upward))


def _drawn(
    dots: Sequence[Dot], caption: Caption, axes: tuple[str, str], width: float, height: float,
    marks: tuple[Sequence[float], Sequence[float]],
) -> str:
    along, upward = marks
    labels = [scale.plain(mark) for mark in upward]
    field = _Field(max(map(breadth, labels)) + 12, width - 14, 30, 30 + height,
                   (along[0], along[-1]), (upward[0], upward[-1]))
    root = figure(caption, width, field.bottom + 48)
    write(root, axes[1], 0, 14, "gd-chart__mark")
    for mark, label in zip(upward, labels, strict=True):
        y = field.y(mark)
        put(root, "line", x1=field.left, y1=y, x2=field.right, y2=y, class_="gd-chart__grid")
        write(root, label, field.left - 7, y + 4, "gd-chart__mark", "end")
    _along(root, field, along, width)
    write(root, axes[0], (field.left + field.right) / 2, field.bottom + 42, "gd-chart__mark",
          "middle")
    size = 4 if len(dots) <= 200 else 3 if len(dots) <= 800 else 2
    for x, y in dict.fromkeys((round(field.x(a), 1), round(field.y(b), 1)) for a, b in dots):
        put(root, "circle", cx=x, cy=y, r=size, class_=f"{look('dot', 0)} gd-chart__spot")
    return serialised(root)


def _along(root: Xml.Element, field: _Field, marks: Sequence[float], width: float) -> None:
    free = 0.0
    for mark in marks:
        label, x = scale.plain(mark), field.x(mark)
        half = breadth(label) / 2
        put(root, "line", x1=x, y1=field.top, x2=x, y2=field.bottom, class_="gd-chart__grid")
        middle = min(max(x, half), width - half)
        if middle - half >= free:
            write(root, label, middle, field.bottom + 21, "gd-chart__mark", "middle")
            free = middle + half + LETTER / 2


def _ends(values: Sequence[float], most: int) -> list[float]:
    return [float(mark) for mark in scale.ticks(min(values), max(values), most)]


def _sound(dots: Sequence[Dot]) -> list[Dot]:
    return [(x, y) for x, y in dots if math.isfinite(x) and math.isfinite(y)]


def _part(value: float, ends: tuple[float, float]) -> float:
    return (value - ends[0]) / (ends[1] - ends[0])
