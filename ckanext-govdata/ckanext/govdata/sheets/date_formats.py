"""What a spreadsheet shows of a day or a time, in one form whatever the country of the format.

A day that is shown whole is written 2026-07-01, a time 08:30 or 08:30:15, as exactly as it is
shown; how a spreadsheet sets a day depends on the computer. A month, a year or a span of time is
written as it is shown: 2026年7月, 30:00.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from .format_codes import FormatPiece, FormatSection

DAY = 86_400
_LAST_SERIAL = 2_958_465
"""9999-12-31, the last day that a spreadsheet knows."""
_1904 = 1462
"""Days from the beginning of the one count of days to that of the other."""
_NO_DAY = 60
"""29 February 1900, which a spreadsheet counts and which never was."""
_EPOCH = datetime.date(1899, 12, 30)
_FIRST_SURE = datetime.date(1900, 3, 1)
_UNITS = "年月日号號时時点點分秒整T星期周週Z"
"""What stands between the numbers of a day and a time."""
_WEEKDAYS = "一二三四五六日"


def shown(value: Decimal, section: FormatSection, since_1904: bool) -> str | None:
    """The serial number ``value`` as the section shows it; ``None`` where that is not sure."""
    pieces = _minutes([_between(piece) for piece in section.pieces])
    if value < 0 or value > _LAST_SERIAL + 1 or section.has("digit", "exponent", "general"):
        return None
    if any(piece.kind == "sign" for piece in pieces):
        return None
    if section.has("elapsed"):
        return _span(value, pieces)
    parts = {piece.text[0] for piece in pieces if piece.kind == "time"}
    parts = {"y" if part in "eb" else part for part in parts} - {"g"}
    count = _seconds(value, _subseconds(pieces))
    days, seconds = int(count // DAY), count % DAY
    clock = _clock(seconds, parts, pieces)
    if parts <= {"h", "i", "s"}:
        return None if _says_more(pieces) else clock
    day = _day(days + (_1904 if since_1904 else 0))
    if day is None or ({"d", "m"} <= parts and _says_more(pieces)):
        return None
    if not parts & {"h", "i", "s"}:
        return _partly(day, parts, pieces)
    if "d" in parts and "m" in parts:
        return f"{day.isoformat()} {clock}" if clock else None
    return None


def _says_more(pieces: Sequence[FormatPiece]) -> bool:
    """Whether a word of the format tells what the day or time in our form would not: 20时, 初报."""
    return any(
        sign.isalnum() and sign not in _UNITS
        for piece in pieces if piece.kind == "literal" for sign in piece.text
    )  # fmt: skip


def _between(piece: FormatPiece) -> FormatPiece:
    """Strokes, points and commas of a number are mere words in a day."""
    between = piece.kind == "sign" and piece.text in "/.,"
    return FormatPiece("literal", piece.text) if between else piece


def _minutes(pieces: Sequence[FormatPiece]) -> tuple[FormatPiece, ...]:
    """``m`` behind hours or before seconds is minutes: they become ``i``."""
    times = [at for at, piece in enumerate(pieces) if piece.kind in ("time", "elapsed")]
    found = list(pieces)
    for place, at in enumerate(times):
        piece = pieces[at]
        before = pieces[times[place - 1]].text if place else ""
        behind = pieces[times[place + 1]].text if place + 1 < len(times) else ""
        if piece.text.startswith("m") and piece.kind == "time" and len(piece.text) < 3 and (
            before.startswith("h") or behind.startswith("s")
        ):  # fmt: skip
            found[at] = FormatPiece("time", "i" * len(piece.text))
    return tuple(found)


def _subseconds(pieces: Sequence[FormatPiece]) -> int:
    return max((len(piece.text) - 1 for piece in pieces if piece.kind == "fraction"), default=0)


def _seconds(value: Decimal, places: int) -> Decimal:
    return (value * DAY).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _day(serial: int) -> datetime.date | None:
    if serial in (0, _NO_DAY) or serial > _LAST_SERIAL:
        return None
    return _EPOCH + datetime.timedelta(days=serial + (serial < _NO_DAY))


def _clock(seconds: Decimal, parts: set[str], pieces: Sequence[FormatPiece]) -> str | None:
    """The time of day as exactly as it is shown; minutes and seconds alone as they are."""
    hour, minute = int(seconds // 3600), int(seconds // 60 % 60)
    places = _subseconds(pieces)
    second = f"{seconds % 60:0{2 + bool(places) + places}.{places}f}"
    if "h" not in parts:
        return f"{minute:02}:{second}" if {"i", "s"} <= parts else None
    if "i" not in parts and "s" in parts:
        return None
    text = f"{hour:02}:{minute:02}" if "i" in parts else f"{hour:02}:00"
    return f"{text}:{second}" if "s" in parts else text


def _partly(day: datetime.date, parts: set[str], pieces: Sequence[FormatPiece]) -> str | None:
    """The day, or what of it is shown: a month and a year, a year, a day of the week."""
    if {"d", "m"} <= parts and not _only_weekday(pieces):
        return day.isoformat()
    written = [_written(day, piece) for piece in pieces]
    text = "".join(one for one in written if one is not None).strip()
    if None not in written:
        return text
    return f"{day:%Y-%m}" if {"y", "m"} <= parts and "d" not in parts else None


def _only_weekday(pieces: Sequence[FormatPiece]) -> bool:
    days = [piece.text for piece in pieces if piece.kind == "time" and piece.text[0] == "d"]
    return all(len(text) > 2 for text in days)


def _written(day: datetime.date, piece: FormatPiece) -> str | None:
    """One piece of a day in its own form; ``None`` for names of months and days in letters."""
    if piece.kind == "literal":
        return piece.text
    known = {
        "yy": f"{day.year % 100:02}", "yyyy": str(day.year), "m": str(day.month),
        "mm": f"{day.month:02}", "d": str(day.day), "dd": f"{day.day:02}",
    }  # fmt: skip
    if day >= _FIRST_SURE:  # before, a spreadsheet is a day off
        known["aaaa"] = f"星期{_WEEKDAYS[day.weekday()]}"
    return known.get(piece.text) if piece.kind == "time" else None


def _span(value: Decimal, pieces: Sequence[FormatPiece]) -> str | None:
    """A span of time: hours, minutes or seconds in all, then what is left in smaller ones."""
    places = _subseconds(pieces)
    seconds = _seconds(value, places)
    out: list[str] = []
    for piece in pieces:
        if piece.kind == "literal":
            out.append(piece.text)
            continue
        if piece.kind == "fraction":
            out.append(f"{seconds % 1:.{places}f}"[1:])
            continue
        unit = {"h": 3600, "m": 60, "i": 60, "s": 1}.get(piece.text[0])
        if unit is None or (piece.kind == "time" and piece.text[0] == "h"):
            return None
        number = int(seconds // unit)
        out.append(str(number if piece.kind == "elapsed" else number % 60).zfill(len(piece.text)))
    return "".join(out).strip()
