"""What a spreadsheet shows of a number: leading noughts, percentages, places after the point.

Only what is sure is shown anew; of every other format it is said that the number is shown
otherwise (``None``), so that nobody publishes 0.125 for 12.5%.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from xml.etree import ElementTree

MOST_DIGITS = 15
"""Digits that a spreadsheet keeps of a number; the ones after them are lost."""
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 37: "#,##0", 38: "#,##0", 39: "#,##0.00",
    40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
_DATES = {*range(14, 23), *range(27, 37), *range(50, 59)}
_PLAIN = re.compile(r"(?P<whole>[#,]*0*)(?P<point>\.(?P<places>0+))?(?P<percent>%?)_? ?\)?")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?:\$[^\]]*|[A-Za-z]+)\]')
_TIME = re.compile(r"[ymdhs年月日时時分秒上下]", re.IGNORECASE)


def of_styles(archive: zipfile.ZipFile) -> list[str]:
    """The format of each cell style of a workbook, in the order in which cells name them."""
    name = next((n for n in archive.namelist() if n.lower() == "xl/styles.xml"), "")
    if not name:
        return []
    root = ElementTree.fromstring(archive.read(name))  # noqa: S314 - the guard has looked through it
    codes = dict(BUILT_IN)
    formats: list[str] = []
    for node in root.iter():
        tag = node.tag.rpartition("}")[2]
        if tag == "numFmt":
            codes[int(node.get("numFmtId", 0))] = node.get("formatCode", "General")
        elif tag == "cellXfs":
            for style in node:
                number = int(style.get("numFmtId", 0))
                formats.append("date" if number in _DATES else codes.get(number, ""))
    return formats


def shown(written: str, code: str) -> str | None:
    """The number as the format shows it; ``None`` where it is shown in a way that is not ours.

    Empty for dates, which the reader gives as days, and for text.
    """
    positive = (code or "General").split(";")[0].strip()
    if positive in ("date", "@") or _is_date(positive):
        return ""
    try:
        value = Decimal(written)
    except InvalidOperation:
        return ""
    if abs(value) >= Decimal(10) ** MOST_DIGITS:  # an identity or card number that lost its end
        return None
    if positive.lower() == "general":
        return ""
    if ";" in code and not all(part.strip() for part in code.split(";")[:2]):
        return None
    return _formatted(value, positive)


def _formatted(value: Decimal, code: str) -> str | None:
    found = _PLAIN.fullmatch(code)
    if found is None or not (found["whole"] or found["point"]):
        return None
    if found["percent"]:
        value *= 100
    places = len(found["places"] or "")
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):.{places}f}"
    whole, point, rest = text.partition(".")
    whole = whole.zfill(len(found["whole"].replace("#", "").replace(",", "")) or 1)
    return f"{'-' if rounded < 0 else ''}{whole}{point}{rest}{found['percent']}"


def _is_date(code: str) -> bool:
    """A day or time of day; a span of time such as ``[h]:mm`` is none."""
    if re.search(r"\[[hms]+\]", code, re.IGNORECASE):
        return False
    return bool(_TIME.search(_LITERAL.sub("", code)))


def of_cells(
    styled: Mapping[tuple[int, int], tuple[int, str]], formats: list[str]
) -> dict[tuple[int, int], str | None]:
    """What is shown of each number that is not shown as it is stored."""
    found: dict[tuple[int, int], str | None] = {}
    for place, (style, written) in styled.items():
        text = shown(written, formats[style] if style < len(formats) else "General")
        if text != "":
            found[place] = text
    return found
