"""Letters that nobody sees: in the colour of their ground, or too small to be read.

Colours that a workbook takes from a theme are known by their number; only the two of the window,
white and black, are known as colours. What a condition colours while a sheet is open is not seen
here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar
from xml.etree import ElementTree

from openpyxl.styles.colors import COLOR_INDEX

T = TypeVar("T")
WHITE, BLACK = "FFFFFF", "000000"
SMALLEST = 1.0
"""Points of letters up to which nobody reads them."""
_NEAR = 12
"""Of 255: two colours that differ less in each part are one to the eye."""
_THEME = {"0": WHITE, "1": BLACK}
_SYSTEM = {"64": BLACK, "65": WHITE}


class Letters(NamedTuple):
    """How a font sets letters; the colour is six signs, another name, or empty if not known."""

    colour: str
    size: float


class UnseenStyles(NamedTuple):
    """Cell styles whose letters nobody sees, and those on a white ground, by their numbers."""

    styles: frozenset[int] = frozenset()
    on_white: frozenset[int] = frozenset()


NONE_UNSEEN = UnseenStyles()


def are_unseen(letters: Letters, ground: str) -> bool:
    """Whether nobody sees such letters on such a ground."""
    return letters.size <= SMALLEST or are_alike(letters.colour, ground)


def are_alike(one: str, other: str) -> bool:
    """Whether two known colours are one to the eye."""
    if not one or not other:
        return False
    if one == other:
        return True
    try:
        parts = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (0, 2, 4)]
    except ValueError:
        return False
    return all(abs(a - b) < _NEAR for a, b in parts)


def colour_of(attributes: Mapping[str, str]) -> str:
    """The colour that an element of a workbook names; empty where it is not known."""
    if rgb := attributes.get("rgb"):
        return rgb[-6:].upper() if len(rgb) in (6, 8) else ""
    tint = attributes.get("tint", "0")
    if theme := attributes.get("theme"):
        plain = tint in ("0", "0.0")
        return _THEME[theme] if plain and theme in _THEME else f"theme {theme} {tint}"
    index = attributes.get("indexed", "")
    if index in _SYSTEM:
        return _SYSTEM[index]
    known = index.isdecimal() and len(index) < 3 and int(index) < len(COLOR_INDEX)
    return COLOR_INDEX[int(index)][-6:].upper() if known else ""


def size_of(written: str) -> float:
    """A size in points; of what is no number a usual one."""
    try:
        return float(written)
    except ValueError:
        return 11.0


def of_styles(styles: ElementTree.Element) -> UnseenStyles:
    """What the part of a workbook with its styles says."""
    fonts: list[Letters] = []
    grounds: list[str] = []
    unseen: set[int] = set()
    on_white: set[int] = set()
    for node in styles:
        tag = node.tag.rpartition("}")[2]
        if tag == "fonts":
            fonts = [_letters(font) for font in node]
        elif tag == "fills":
            grounds = [_ground(fill) for fill in node]
        elif tag == "cellXfs":
            for at, style in enumerate(node):
                letters = _numbered(fonts, style.get("fontId", "0"), Letters(BLACK, 11))
                ground = _numbered(grounds, style.get("fillId", "0"), "")
                if are_unseen(letters, ground):
                    unseen.add(at)
                if are_alike(ground, WHITE):
                    on_white.add(at)
    return UnseenStyles(frozenset(unseen), frozenset(on_white))


def _letters(font: ElementTree.Element) -> Letters:
    parts = {part.tag.rpartition("}")[2]: part.attrib for part in font}
    colour = colour_of(parts["color"]) if "color" in parts else BLACK
    return Letters(colour, size_of(parts.get("sz", {}).get("val", "")))


def _ground(fill: ElementTree.Element) -> str:
    """The colour of a fill; empty for a pattern, a run of colours and what is not known."""
    for part in fill.iter():
        if part.tag.rpartition("}")[2] != "patternFill":
            continue
        kind = part.get("patternType", "none")
        if kind == "none":
            return WHITE
        front = next((one for one in part if one.tag.rpartition("}")[2] == "fgColor"), None)
        known = kind == "solid" and front is not None and front.get("indexed") not in _SYSTEM
        return colour_of(front.attrib) if known and front is not None else ""
    return ""


def _numbered(found: Sequence[T], number: str, otherwise: T) -> T:
    fits = number.isdecimal() and len(number) < 6 and int(number) < len(found)
    return found[int(number)] if fits else otherwise
