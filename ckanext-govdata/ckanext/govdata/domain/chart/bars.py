"""Bars by place: each place's name, its bar and its number, the longest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from . import scale
from .drawing import (
    Caption,
    breadth,
    clean,
    figure,
    look,
    nothing,
    put,
    serialised,
    shortened,
    sound_number,
    write,
)
from .lines import WIDE

ROW, BAR = 27, 17
"""Height of a row and of the bar in it."""


@dataclass(frozen=True)
class Bar:
    """A place and what was counted there (None: not known)."""

    label: str
    value: float | None


def bar_chart(bars: Sequence[Bar], caption: Caption, width: float = WIDE, most: int = 20) -> str:
    """Draw the longest ``most`` bars from a common zero; the table beside has all of them."""
    rows = ranked(bars)[:most]
    if not any(value is not None for _, value in rows):
        return nothing(caption, width)
    known = [value for _, value in rows if value is not None]
    low, high = min(*known, 0.0), max(*known, 0.0)
    words = ["—" if v is None else scale.number(v, caption.locale) for _, v in rows]
    names = min(max(breadth(name) for name, _ in rows), width * 0.38)
    room = max(map(breadth, words)) + 8
    left = names + 10 + (room if low < 0 else 0)
    unit = (width - left - room) / (high - low or 1)
    root = figure(caption, width, ROW * len(rows) + 6)
    zero = left - low * unit
    for n, ((name, value), word) in enumerate(zip(rows, words, strict=True)):
        y = n * ROW + 3
        write(root, shortened(name, names), names, y + 15, "gd-chart__place", "end")
        _bar(root, zero, value, unit, y, word)
    put(root, "line", x1=zero, y1=0, x2=zero, y2=ROW * len(rows) + 6, class_="gd-chart__zero")
    return serialised(root)


def _bar(
    root: Xml.Element, zero: float, value: float | None, unit: float, y: float, word: str
) -> None:
    length = (value or 0.0) * unit
    x = zero + min(length, 0)
    if value is not None:
        put(root, "rect", x=x, y=y + 2, width=abs(length), height=BAR, class_=look("bar", 0))
    if length < 0:
        write(root, word, x - 6, y + 15, "gd-chart__value", "end")
    else:
        write(root, word, zero + length + 6, y + 15, "gd-chart__value")


def ranked(bars: Sequence[Bar]) -> list[tuple[str, float | None]]:
    """Name and number, the greatest first, equal ones by name, unknown ones last."""
    sound = [(clean(bar.label), sound_number(bar.value)) for bar in bars]
    return sorted(sound, key=lambda row: (row[1] is None, -(row[1] or 0.0), row[0]))
