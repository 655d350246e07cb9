"""A chart as a picture of its own, which stands without the page: with its title above, whose it
is below, and its colours in itself."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as Xml

from .drawing import breadth, clean, place, put, serialised, shortened, write

MARGIN, HEAD, FOOT = 20.0, 44.0, 30.0
INK, QUIET, GRID = "#17202c", "#46556a", "#d5dce6"
BLUE = "#1466c8"
SERIES = ("#1466c8", "#b3261e", "#0b6b3c", "#7a3e00", "#6a2c91", "#46556a")
DASHES = ("", "7 4", "1.5 5", "10 4 2 4", "14 5", "4 3")
FONT = "'Noto Sans CJK SC','Noto Sans CJK TC','PingFang SC','Microsoft YaHei',sans-serif"
_LOOKS: Mapping[str, Mapping[str, str]] = {
    "gd-chart__grid": {"stroke": GRID, "stroke-width": "1"},
    "gd-chart__zero": {"stroke": QUIET, "stroke-width": "1"},
    "gd-chart__tick": {"stroke": QUIET, "stroke-width": "1"},
    "gd-chart__area": {"fill": BLUE, "fill-opacity": "0.1"},
    "gd-chart__line": {"fill": "none", "stroke-width": "2.4", "stroke-linecap": "round",
                       "stroke-linejoin": "round"},
    "gd-chart__dot": {"stroke": "#ffffff", "stroke-width": "1.5"},
    "gd-chart__spot": {"stroke": "none", "fill-opacity": "0.6"},
    "gd-chart__name": {"fill": INK}, "gd-chart__place": {"fill": INK},
    "gd-chart__value": {"fill": INK, "font-weight": "700"},
    "gd-chart__end": {"font-weight": "700"},
    "gd-chart__title": {"fill": INK, "font-size": "17", "font-weight": "700"},
}  # fmt: skip
"""How each class of the stylesheet looks where there is none."""


def poster(drawn: str, title: str, source: str) -> str:
    """The picture; ``source`` says who provides the data, and when it was drawn."""
    inner = Xml.fromstring(drawn)  # noqa: S314 - our own drawing
    _x, _y, width, height = map(float, inner.get("viewBox", "0 0 1 1").split())
    wide, tall = width + 2 * MARGIN, height + HEAD + FOOT
    root = Xml.Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {place(wide)} {place(tall)}",
        "width": place(wide), "height": place(tall), "font-family": FONT, "font-size": "13",
        "fill": QUIET, "role": "img",
    })  # fmt: skip
    put(root, "title", clean(title))
    put(root, "rect", x=0, y=0, width=wide, height=tall, fill="#ffffff")
    write(root, shortened(title, width, 17), MARGIN, 29, "gd-chart__title")
    moved = put(root, "g", transform=f"translate({place(MARGIN)} {place(HEAD)})")
    moved.extend(child for child in inner if _tag(child) not in ("title", "desc"))
    room = min(breadth(source), width)
    write(root, shortened(source, room), wide - MARGIN, tall - 11, "gd-chart__mark", "end")
    for element in root.iter():
        element.tag = _tag(element)
        _ink(element)
    return serialised(root)


def _tag(element: Xml.Element) -> str:
    return element.tag.rpartition("}")[2]


def _ink(element: Xml.Element) -> None:
    """Write out what the classes of an element mean."""
    classes = element.attrib.pop("class", "").split()
    looks: dict[str, str] = {}
    for name in classes:
        part, _, number = name.partition("--")
        if number.isdigit():
            looks |= _of_series(part, int(number) - 1)
    for name in classes:
        looks |= _LOOKS.get(name, {})
    element.attrib.update(looks)


def _of_series(part: str, number: int) -> dict[str, str]:
    colour = SERIES[number % len(SERIES)]
    if part != "gd-chart__line":
        return {"fill": colour}
    dashes = DASHES[number % len(DASHES)]
    return {"stroke": colour, **({"stroke-dasharray": dashes} if dashes else {})}
