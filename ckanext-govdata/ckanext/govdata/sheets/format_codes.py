"""A spreadsheet's format code, taken apart: sections, conditions, and the pieces of each.

After ECMA-376 18.8.31. What this does not know for certain it marks (``sure`` is false), so that
nobody shows a cell otherwise than the spreadsheet does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import NamedTuple

MOST_SIGNS = 255
"""Signs of the longest format that a spreadsheet takes; a longer one would make each cell huge."""
_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"'
    r"|\\(?P<escaped>.)"
    r"|_."
    r"|\*(?P<filled>.)"
    r"|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<general>General|G/通用格式)"
    r"|(?P<half>AM/PM|A/P|上午/下午)"
    r"|(?P<exponent>E[+-])"
    r"|(?P<time>y+|e+|b+|m+|d+|h+|s+|a{3,}|g+)"
    r"|(?P<fraction>\.0+(?=\D|$))"
    r"|(?P<digit>[0#?])"
    r"|(?P<sign>[.,%/@])"
    r"|(?P<plain>[-$+():^&'~{}<>= ]|[^\x00-\x7f])"
    r"|(?P<other>.)",  # also !, which hides itself in Chinese spreadsheets and shows in others
    re.IGNORECASE | re.DOTALL,
)
_SECTION = re.compile(r'(?:"[^"]*"|\\.|[_*].|\[[^\]]*\]|[^;"\\_*\[])*', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_COLOUR = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|colou?r\s*\d+|黑|蓝|青|绿|洋红|红|白|黄"
    r"|(黑|蓝|青|绿|红|白|黄)色|颜色\s*\d+|顏色\s*\d+",
    re.IGNORECASE,
)
_CURRENCY = re.compile(
    r"\$([^-\]]*)(?:-(?:([0-9A-Fa-f]{1,8})|[A-Za-z]{2,3}(?:-[A-Za-z]{2,8})*|x-systime|x-sysdate))?"
)
"""A currency's sign, a country by its number or its name; a number of more than four digits is of
other digits or another calendar."""
_NUMERALS = re.compile(r"DBNum[1-4]", re.IGNORECASE)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)


class FormatPiece(NamedTuple):
    """A piece of a section: ``kind`` is ``literal``, ``digit``, ``sign``, ``time``, ``elapsed``,
    ``half``, ``exponent``, ``fraction`` (of a second), ``numerals`` (Chinese ones) or
    ``general``."""

    kind: str
    text: str


@dataclass(frozen=True, eq=False)
class FormatSection:
    """One of up to four parts of a code; ``condition`` is an operator and a number."""

    pieces: tuple[FormatPiece, ...]
    condition: tuple[str, Decimal] | None = None
    sure: bool = True

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of its pieces."""
        return frozenset(piece.kind for piece in self.pieces)

    def has(self, *kinds: str) -> bool:
        """Whether a piece of one of these kinds is there."""
        return not self.kinds.isdisjoint(kinds)

    @cached_property
    def is_time(self) -> bool:
        """Whether it shows a day or a time."""
        return self.has("time", "elapsed")

    @cached_property
    def is_text(self) -> bool:
        """Whether it is for texts."""
        return FormatPiece("sign", "@") in self.pieces

    def meets(self, value: Decimal) -> bool:
        """Whether its condition holds; one without a condition takes all."""
        if self.condition is None:
            return True
        sign, bound = self.condition
        holds = {"<": value < bound, "<=": value <= bound, ">": value > bound,
                 ">=": value >= bound, "=": value == bound, "<>": value != bound}  # fmt: skip
        return holds[sign]


@lru_cache(maxsize=2000)
def sections(code: str) -> tuple[FormatSection, ...]:
    """The sections of a code, in their order."""
    if len(code) > MOST_SIGNS:
        return (FormatSection((), sure=False),)
    found: list[FormatSection] = []
    at = 0
    while True:
        match = _SECTION.match(code, at)
        end = match.end() if match else at
        if end < len(code) and code[end] != ";":  # an open quotation mark, a stray bracket
            return (FormatSection((), sure=False),)
        found.append(_section(code[at:end]))
        if end >= len(code):
            return tuple(found)
        at = end + 1


def _section(text: str) -> FormatSection:
    pieces: list[FormatPiece] = []
    condition: tuple[str, Decimal] | None = None
    sure = True
    for match in _PIECE.finditer(text):
        kind = match.lastgroup or ""
        if kind == "bracket":
            inside = match["bracket"].strip()
            if said := _CONDITION.fullmatch(inside):
                sure = sure and condition is None
                condition = (said[1], Decimal(said[2]))
            else:
                known = list(_bracket(inside))
                sure = sure and None not in known
                pieces += [piece for piece in known if piece]
        elif kind == "filled":
            sure = sure and match["filled"] in " -"
        elif kind == "other":
            sure = False
        elif kind:
            pieces.append(_piece(kind, match))
    return FormatSection(tuple(_with_seconds(pieces)), condition, sure)


def _piece(kind: str, match: re.Match[str]) -> FormatPiece:
    if kind in ("quoted", "escaped", "plain"):
        return FormatPiece("literal", match[kind])
    return FormatPiece(kind, match[kind].lower() if kind == "time" else match[kind])


def _bracket(inside: str) -> Iterator[FormatPiece | None]:
    """What stands in brackets and is no condition; ``None`` where it is not known."""
    if _COLOUR.fullmatch(inside):
        return
    if _ELAPSED.fullmatch(inside):
        yield FormatPiece("elapsed", inside.lower())
    elif _NUMERALS.fullmatch(inside):
        yield FormatPiece("numerals", inside)
    elif currency := _CURRENCY.fullmatch(inside):
        yield FormatPiece("literal", currency[1])
        if len((currency[2] or "").lstrip("0")) > 4:
            yield None
    else:
        yield None


def _with_seconds(pieces: list[FormatPiece]) -> Iterator[FormatPiece]:
    """``.0`` after seconds is a part of them; after digits it begins the places of a number."""
    seconds = False
    for piece in pieces:
        if piece.kind == "fraction" and not seconds:
            yield FormatPiece("sign", ".")
            yield from (FormatPiece("digit", "0") for _ in piece.text[1:])
            continue
        if piece.kind in ("time", "elapsed"):
            seconds = piece.text.startswith("s")
        elif piece.kind in ("digit", "exponent", "general"):
            seconds = False
        yield piece
