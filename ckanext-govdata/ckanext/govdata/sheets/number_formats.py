"""What a spreadsheet shows of a number: leading noughts, percentages, units, places, fractions.

Only what is sure is shown; of everything else it is said that the number is shown otherwise
(``None``), so that nobody publishes 0.125 for 12.5%. Separators of thousands are left out: they
are how a number is set, not what it says. Days and times are in ``date_formats``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from . import date_formats
from .format_codes import FormatPiece, FormatSection, sections

MOST_DIGITS = 15
"""Digits that a spreadsheet keeps of a number; the ones after them are lost."""
_MOST = Decimal(10) ** MOST_DIGITS
_EQUAL = Fraction(1, 10**9)
_NUMBER = re.compile(r"[^\d-]*(-?\d+(?:\.\d*)?(?:E[+-]?\d+)?)(%?)[^\d%]*", re.ASCII)
"""A number as it is shown, with the words around it."""
_POINT, _COMMA, _PERCENT, _SLASH = (FormatPiece("sign", sign) for sign in ".,%/")


def plain(value: float) -> str:
    """A number without a format: whole ones without ``.0``, others in up to fifteen digits."""
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    text = f"{Decimal(f'{value:.15g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(value: float, code: str, since_1904: bool = False) -> str | None:
    """The number as the format ``code`` shows it; ``None`` where that cannot be told for certain.

    ``since_1904`` tells from which day the workbook counts days.
    """
    try:
        return _shown(value, code, since_1904)
    except ArithmeticError:  # more places than are worked out, such as thirty noughts
        return None


def _shown(value: float, code: str, since_1904: bool) -> str | None:
    exact = Decimal(f"{value:.15g}")
    section = _chosen(exact, code)
    if section is None:
        return None
    if section.is_time:
        return date_formats.shown(exact, section, since_1904)
    if section.has("numerals"):
        return None
    if abs(exact) >= _MOST and not section.has("exponent"):
        return None  # an identity or card number that lost its end
    if section.has("general") or section.is_text or not section.pieces:
        return _general(value, section, code)
    signed = exact if len(sections(code)) == 1 else abs(exact)
    return _formatted(signed, section)


def is_rounded(value: float, code: str, text: str) -> bool:
    """Whether ``text``, as which the format shows the number, is another number: fewer places, or
    thousands of it. Days and times are no such numbers."""
    exact = Decimal(f"{value:.15g}")
    section = _chosen(exact, code)
    said = _NUMBER.fullmatch(text)
    if section is None or section.is_time or not section.has("digit") or said is None:
        return False
    return abs(Decimal(said[1])).scaleb(-2 * len(said[2])) != abs(exact)


@lru_cache(maxsize=2000)
def shows_texts(code: str) -> bool:
    """Whether the format shows a text whole and nothing else; ``;;;`` hides it."""
    found = sections(code)
    last = found[-1]
    if len(found) < 4 and not last.is_text:
        return True
    shown_pieces = [piece for piece in last.pieces if piece.text.strip()]
    return last.sure and shown_pieces == [FormatPiece("sign", "@")]


def _chosen(value: Decimal, code: str) -> FormatSection | None:
    """The section that is for this number."""
    found = [one for one in sections(code or "General") if not one.is_text]
    if not found:  # a format for texts shows a number as if it had none
        return sections("General")[0]
    if not all(one.sure for one in found) or len(found) > 3:
        return None
    if any(one.condition for one in found):
        return _of_conditions(value, found)
    if len(found) == 1:
        return found[0]
    if value < 0:
        return found[1] if found[1].pieces else None
    chosen = found[2] if value == 0 and len(found) == 3 else found[0]
    return chosen if chosen.pieces or value == 0 else None


def _of_conditions(value: Decimal, found: Sequence[FormatSection]) -> FormatSection | None:
    """The first section whose condition holds; of a negative number its sign is not sure."""
    if value < 0 or len(found) == 1:
        return None
    chosen = next((one for one in found if one.meets(value)), None)
    return chosen if chosen and chosen.pieces else None


def _general(value: float, section: FormatSection, code: str) -> str | None:
    """Shown as it is, with the words around it; an empty section hides it."""
    if not section.pieces:
        return "" if code else plain(value)
    if section.has("digit", "exponent", "sign") and not section.is_text:
        return None
    text = plain(value if len(sections(code)) == 1 else abs(value))
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    parts = [one.text if one.kind == "literal" else text for one in section.pieces]
    return (sign + "".join(parts)).strip()


@dataclass(frozen=True)
class _Layout:
    """A section's pieces: before the point, behind it, and what is done with the number."""

    whole: tuple[FormatPiece, ...]
    places: tuple[FormatPiece, ...]
    point: bool
    percents: int
    thousands: int


def _formatted(value: Decimal, section: FormatSection) -> str | None:
    if section.has("exponent"):
        return _scientific(value, section)
    if _SLASH in section.pieces:
        return _fraction(value, section)
    if not section.has("digit"):  # only words: they may stand for nothing, and for no other number
        words = "".join(piece.text for piece in section.pieces if piece.kind == "literal")
        return words.strip() if not value else None
    layout = _layout_of(section)
    if layout is None:
        return None
    scaled = value * Decimal(100) ** layout.percents / Decimal(1000) ** layout.thousands
    count = sum(piece.kind == "digit" for piece in layout.places)
    rounded = scaled.quantize(Decimal(1).scaleb(-count), rounding=ROUND_HALF_UP)
    whole, _, rest = f"{abs(rounded):.{count}f}".partition(".")
    text = _filled(whole, layout.whole)
    if layout.point:
        text += "." + _decimals(rest, layout.places)
    else:
        text += "".join(piece.text for piece in layout.places if piece.kind == "literal")
    return ("-" + text if rounded < 0 else text).strip()


@lru_cache(maxsize=2000)
def _layout_of(section: FormatSection) -> _Layout | None:
    """How the digits stand; ``None`` for what no format should have, such as two points."""
    pieces = section.pieces
    points = [at for at, piece in enumerate(pieces) if piece == _POINT]
    if len(points) > 1:
        return None
    point = points[0] if points else len(pieces)
    digits = [at for at, piece in enumerate(pieces) if piece.kind == "digit"]
    commas = [at for at, piece in enumerate(pieces) if piece == _COMMA]
    before = [at for at in digits if at < point]
    scaling = 0
    for at in commas:
        if before and before[0] < at < before[-1]:
            continue
        if at < point < len(pieces) or at != digits[-1] + 1 + scaling:
            return None  # a comma that neither groups nor surely scales
        scaling += 1
    if (percents := pieces.count(_PERCENT)) > 1 or (percents and scaling):
        return None
    whole = tuple(_told(pieces[:point]))
    places = tuple(_told(pieces[point + 1 :]))
    return _Layout(whole, places, bool(points), percents, scaling)


def _told(pieces: Sequence[FormatPiece]) -> list[FormatPiece]:
    """Digits, and all else that is written: percent signs are words here."""
    return [FormatPiece("literal", "%") if piece == _PERCENT else piece
            for piece in pieces if piece != _COMMA]  # fmt: skip


def _filled(digits: str, pieces: Sequence[FormatPiece]) -> str:
    """The whole part in its places, from the right; the first takes what is left."""
    places = [at for at, piece in enumerate(pieces) if piece.kind == "digit"]
    digits = digits.lstrip("0")
    out: list[str] = []
    for at in range(len(pieces) - 1, -1, -1):
        piece = pieces[at]
        if piece.kind != "digit":
            out.append(piece.text)
        elif digits:
            first = at == places[0]
            out.append(digits if first else digits[-1])
            digits = "" if first else digits[:-1]
        elif piece.text == "0":
            out.append("0")
    return "".join(reversed(out))


def _decimals(digits: str, pieces: Sequence[FormatPiece]) -> str:
    """The places behind the point; ``#`` and ``?`` show no noughts at the end."""
    places = [piece for piece in pieces if piece.kind == "digit"]
    shown_to = len(places)
    while shown_to and digits[shown_to - 1] == "0" and places[shown_to - 1].text != "0":
        shown_to -= 1
    out: list[str] = []
    at = 0
    for piece in pieces:
        if piece.kind == "digit":
            out.append(digits[at] if at < shown_to else "")
            at += 1
        else:
            out.append(piece.text)
    return "".join(out)


def _scientific(value: Decimal, section: FormatSection) -> str | None:
    """``0.00E+00``: one digit before the point; other ways of it are not sure."""
    code = "".join(piece.text for piece in section.pieces).upper()
    mantissa, _, form = code.partition("E")
    whole, _, places = mantissa.partition(".")
    if whole != "0" or places.strip("0") or form[1:].strip("0") or not form[1:]:
        return None
    digits, _, exponent = _in_powers(value, len(places)).partition("E")
    number = int(exponent)
    sign = "-" if number < 0 else "+" if form[0] == "+" else ""
    return f"{digits}E{sign}{str(abs(number)).zfill(len(form) - 1)}"


def _in_powers(value: Decimal, places: int) -> str:
    """The number in digits and exponent, rounded as a spreadsheet rounds."""
    step = Decimal(1).scaleb(-places)
    exponent = value.adjusted() if value else 0
    digits = value.scaleb(-exponent).quantize(step, rounding=ROUND_HALF_UP)
    if abs(digits) >= 10:
        exponent += 1
        digits = (digits / 10).quantize(step, rounding=ROUND_HALF_UP)
    return f"{digits:f}E{exponent}"


def _fraction(value: Decimal, section: FormatSection) -> str | None:
    """``# ?/?``: a whole and a fraction of up to two digits below the line."""
    code = "".join(piece.text for piece in section.pieces)
    whole, _, below = code.partition("/")
    first, gap, above = whole.rpartition(" ")
    if not gap or first.strip("#0?") or above.strip("?#0") or len(below) > 2 or not below:
        return None
    number = Fraction(abs(value))
    rest = number - int(number)
    if below.strip("?#"):
        return None
    near = rest.limit_denominator(10 ** len(below) - 1)
    if abs(near - rest) > _EQUAL:  # which of the near ones is shown is not sure
        return None
    top, bottom = near.numerator, near.denominator
    count = int(number) + (top == bottom)
    top = 0 if top == bottom else top
    sign = "-" if value < 0 and (count or top) else ""
    if not top:
        return f"{sign}{count}"
    return f"{sign}{count} {top}/{bottom}" if count or "0" in first else f"{sign}{top}/{bottom}"

