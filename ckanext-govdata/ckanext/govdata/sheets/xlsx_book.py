"""What an xlsx workbook says of all its sheets: where each is kept, formats, the count of days."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from . import letter_colours
from .letter_colours import UnseenStyles
from .refused_files import Unreadable
from .xml_parser import is_on

BOOK = "xl/workbook.xml"
_OF_LIBRARIES = "124519"
"""The engine that openpyxl and XlsxWriter name: values that they were not given are 0."""
LINKS = "xl/_rels/workbook.xml.rels"
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy/m/d h:mm", 27: "yyyy/m/d", 28: "yyyy/m/d", 29: "yyyy/m/d", 30: "m/d/yy",
    31: "yyyy/m/d", 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 36: "yyyy/m/d",
    37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: '#,##0;-#,##0;"-"',
    43: '#,##0.00;-#,##0.00;"-"', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0",
    49: "@", 50: "yyyy/m/d", 51: "yyyy/m/d", 53: "yyyy/m/d", 54: "yyyy/m/d", 57: "yyyy/m/d",
    58: "yyyy/m/d",
}  # fmt: skip
"""Formats that a file need not spell out (ECMA-376 18.8.30). 27 to 58 differ between China and
Taiwan: their days are given whole; 52, 55 and 56 are a day in one and a time in the other. How
negative numbers of 37 to 43 are set differs too, not what they are; 5 to 8, 42 and 44 are in the
currency of the computer."""
_NO_STYLES = ElementTree.Element("styleSheet")
UNSURE = "[?]"
"""In place of a format that is not known: what it shows is not sure."""


@dataclass(frozen=True)
class Book:
    """``members`` are the archive's names of the worksheets by their own names; ``formats`` the
    format codes of cell styles, in the order in which cells name them."""

    members: Mapping[str, str]
    formats: tuple[str, ...]
    since_1904: bool
    struck: frozenset[int]
    """Cell styles whose letters are struck out."""
    unseen: UnseenStyles
    unsettled: str
    """Which stored values of formulas count for nothing, because all are worked out when it is
    opened: ``all``, or ``noughts``, which two libraries write that cannot calculate."""


def read_book(read: Callable[[str], bytes | None]) -> Book:
    """The book; ``read`` gives a member that was looked through already, ``None`` if it is not
    there. Raises :class:`Unreadable`."""
    book, links = _tree(read(BOOK)), _tree(read(LINKS))
    targets: dict[str, str] = {}
    styles = ""
    for link in links:
        target = posixpath.normpath(posixpath.join("/xl", link.get("Target", "")))[1:]
        kind = link.get("Type", "").rpartition("/")[2]
        if kind == "worksheet":
            _insist_new(link.get("Id", ""), targets)
            targets[link.get("Id", "")] = target
        elif kind == "styles":
            styles = target
    members: dict[str, str] = {}
    since_1904, unsettled = False, ""
    for node in book.iter():
        tag = node.tag.rpartition("}")[2]
        if tag == "sheet":
            if member := targets.get(_identity(node)):
                name = node.get("name", "")
                _insist_new(name, members)
                _insist_new(member.lower(), [kept.lower() for kept in members.values()])
                members[name] = member
        elif tag == "workbookPr":
            since_1904 = is_on(node.get("date1904"))
        elif tag == "calcPr":
            unsettled = _unsettled(node)
    content = read(styles) if styles else None
    style = _NO_STYLES if content is None else _tree(content)
    unseen = letter_colours.of_styles(style)
    return Book(members, _formats(style), since_1904, _struck(style), unseen, unsettled)


def _insist_new(name: str, known: Collection[str]) -> None:
    """What is there twice is read as the one by one reader and as the other by the next."""
    if name in known:
        raise Unreadable("damaged")


def _unsettled(node: ElementTree.Element) -> str:
    if not is_on(node.get("fullCalcOnLoad")):
        return ""
    return "noughts" if node.get("calcId") == _OF_LIBRARIES else "all"


def _identity(sheet: ElementTree.Element) -> str:
    """Its link, in whichever of the two namespaces for links the workbook is written."""
    return next((value for name, value in sheet.items() if name.endswith("}id")), "")


def _tree(content: bytes | None) -> ElementTree.Element:
    if content is None:
        raise Unreadable("damaged")
    try:
        return ElementTree.fromstring(content)  # noqa: S314 - the guard refuses a DOCTYPE
    except ElementTree.ParseError as error:
        raise Unreadable("damaged") from error


def _formats(styles: ElementTree.Element) -> tuple[str, ...]:
    codes: dict[int, str] = {}
    formats: list[str] = []
    for node in styles.iter():
        tag = node.tag.rpartition("}")[2]
        if tag == "numFmt":
            codes[_number(node)] = node.get("formatCode", "General")
        elif tag == "cellXfs":
            formats += [code_of(_number(style), codes) for style in node]
    return tuple(formats)


def _struck(styles: ElementTree.Element) -> frozenset[int]:
    """The cell styles whose font has a line through it."""
    fonts: list[bool] = []
    struck: set[int] = set()
    for node in styles:
        tag = node.tag.rpartition("}")[2]
        if tag == "fonts":
            fonts = [any(_is_strike(part) for part in font) for font in node]
        elif tag == "cellXfs":
            used = [style.get("fontId", "0") for style in node]
            struck = {
                at for at, font in enumerate(used)
                if font.isdecimal() and int(font) < len(fonts) and fonts[int(font)]
            }  # fmt: skip
    return frozenset(struck)


def _is_strike(part: ElementTree.Element) -> bool:
    return part.tag.rpartition("}")[2] == "strike" and is_on(part.get("val", "1"))


def _number(node: ElementTree.Element) -> int:
    text = node.get("numFmtId", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def code_of(number: int, codes: Mapping[int, str]) -> str:
    """The format of that number: the workbook's own, else the one that is built in."""
    return codes.get(number) or BUILT_IN.get(number, UNSURE)
