"""Elements of a drawing: escaped by the serialiser, coloured by class, named for readers' aids."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

LETTER = 13
"""Height of the letters in units of the view box, which are pixels at full size."""
LARGEST = 1e300
LONGEST = 300
"""Characters of a text that are looked at to shorten it: no line has room for more."""
SERIES = 6
"""How many series have a look of their own; a seventh looks like the first."""


@dataclass(frozen=True)
class Caption:
    """What a chart is called and, in a sentence, says.

    ``key`` makes the identifiers of the drawing unique in its page; ``empty`` is
    what stands there while there is nothing to draw.
    """

    key: str
    title: str
    description: str
    locale: str
    empty: str


def figure(caption: Caption, width: float, height: float) -> Xml.Element:
    """An empty drawing that scales with its place and is announced by title and description."""
    key = "".join(c for c in caption.key if c.isascii() and (c.isalnum() or c == "-")) or "chart"
    root = Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "gd-chart",
            "viewBox": f"0 0 {place(width)} {place(height)}",
            "role": "img",
            "aria-labelledby": f"{key}-title {key}-desc",
        },
    )
    put(root, "title", clean(caption.title), id=f"{key}-title")
    put(root, "desc", clean(caption.description), id=f"{key}-desc")
    return root


def nothing(caption: Caption, width: float) -> str:
    """The drawing of no data."""
    root = figure(caption, width, 96)
    write(root, caption.empty, width / 2, 52, "gd-chart__empty", "middle")
    return serialised(root)


def put(parent: Xml.Element, tag: str, words: str = "", **attributes: str | float) -> Xml.Element:
    """Add an element; numbers are rounded, ``class_`` is ``class``, ``_`` is ``-``."""
    named = {
        name.rstrip("_").replace("_", "-"): place(v) if isinstance(v, int | float) else v
        for name, v in attributes.items()
    }
    child = Xml.SubElement(parent, tag, named)
    child.text = words or None
    return child


def write(
    parent: Xml.Element, words: str, x: float, y: float, look: str, anchor: str = "start"
) -> None:
    """A line of text; ``anchor`` is start, middle or end."""
    more = {"text_anchor": anchor} if anchor != "start" else {}
    put(parent, "text", clean(words), x=x, y=y, class_=look, **more)


def place(value: float) -> str:
    """A coordinate with at most one decimal."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def serialised(root: Xml.Element) -> str:
    """The drawing as text that may stand in HTML and in a file of its own."""
    return Xml.tostring(root, encoding="unicode")


def look(part: str, number: int) -> str:
    """The classes of the n-th series' line, dot, end or bar."""
    return f"gd-chart__{part} gd-chart__{part}--{number % SERIES + 1}"


def sound_number(value: float | None) -> float | None:
    """A number that can be drawn; what is not finite, or past all measure, is not known."""
    if value is None or not math.isfinite(value) or abs(value) > LARGEST:
        return None
    return float(value)


def clean(words: str) -> str:
    """One line without control signs, which XML forbids and which turn the writing about."""
    kept = (" " if c.isspace() else c for c in words if c.isspace() or _printable(c))
    return " ".join("".join(kept).split())


def _printable(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Cn", "Co")


def breadth(words: str, letter: float = LETTER) -> float:
    """About how wide a text is: Chinese signs are square, others a little over half as wide."""
    return letter * sum(map(_width, words))


def shortened(words: str, room: float, letter: float = LETTER) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    begin = clean(words[:LONGEST])
    if len(words) <= LONGEST and breadth(begin, letter) <= room:
        return begin
    left = room / letter - _width("…")
    for place, sign in enumerate(begin):
        left -= _width(sign)
        if left < 0:
            return begin[:place] + "…"
    return begin + "…"


def _width(sign: str) -> float:
    return 1 if unicodedata.east_asian_width(sign) in "WFA" else 0.58
