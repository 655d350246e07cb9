"""Times as officers write them in a column, so that the newest row is the newest.

7月1日8时 comes before 7月1日10时 whatever their texts say. A column is read as a whole: all of its
cells name the year or none does, and where days run over the turn of a year without naming it,
nobody can tell which is newer. What cannot be told is not guessed (``Unclear``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from .text import visible

BEIJING = timezone(timedelta(hours=8))
LONGEST = 100
"""Characters of a cell with a time and a note beside it."""
SHOWN = 5
"""Rows named for one fault."""
_AD = r"(?P<year>(?:19|20|21)\d\d)"
_ROC = r"(?:民国|民國)?(?P<roc>1\d\d|(?<=[国國])\d{2})"
_DAY = [
    rf"{_AD}\s*[-/.年]\s*(?P<month>\d{{1,2}})\s*[-/.月]\s*(?P<day>\d{{1,2}})\s*[日号號]?",
    rf"{_ROC}\s*[-/.年]\s*(?P<month>\d{{1,2}})\s*[-/.月]\s*(?P<day>\d{{1,2}})\s*[日号號]?",
    rf"{_AD}(?P<month>\d\d)(?P<day>\d\d)",
    r"(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号號]?",
    r"(?P<month>\d{1,2})[/-](?P<day>\d{1,2})(?=\s|$)",
    rf"{_AD}\s*[-/年]\s*(?P<month>\d{{1,2}})\s*月?(?![\d-])",
    rf"{_AD}\s*年?(?=$)",
    r"(?P<month>\d{1,2})\s*月(?=$)",
    "",
]
_CLOCK = (
    r"[\sT,]*(?P<half>凌晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚间|夜间|晚|AM|PM|am|pm)?\s*"
    r"(?:(?P<hour>\d{1,2})\s*(?:[:时時点點](?:整|\s*(?P<minute>\d{1,2})\s*分?"
    r"(?::?\s*(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?|\s*(?P<part>半|一刻|三刻))?))"
    r"\s*(?P<after>AM|PM|am|pm)?\s*(?P<zone>Z|[+-]\d\d:?\d\d)?"
)
_PACKED = re.compile(rf"{_AD}(?P<month>\d\d)(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)"
                     r"(?P<second>\d\d)?")  # fmt: skip
_FORMS = [re.compile(rf"{day}(?:{_CLOCK})?") for day in _DAY]
_AROUND = re.compile(r"^(?:截至|截止|至|止)?\s*|\s*(?:许|時許|止|为止|發布|发布|更新)?$")
_NOTE = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]|(?:星期|周|週)[一二三四五六日天]")
_TELLS = re.compile(
    r"\d|[零一二三四五六七八九十两][时時点點日月]|[上中下]午"
    r"|凌晨|早|晚|傍|夜|[AaPp][Mm]"
)
"""A note that tells a time is part of it: 7月1日（20时）; what cannot be read is no mere note."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d)?")
_ZONED = re.compile(r"\d{4}-\d\d-\d\d(T| \d\d:\d\d:\d\d)")
"""Only behind such a time is +08:00 a zone; 8:00-10:00 is from eight to ten."""
_LATE = ("下午", "傍晚", "晚上", "晚间", "夜间", "晚", "PM", "pm")
_PARTS = {"半": 30, "一刻": 15, "三刻": 45}


@dataclass(frozen=True)
class Moment:
    """A time from its earliest to its latest meaning: a day alone may be its morning or its end.

    ``year`` tells whether one is named; without a day only the clock is known.
    """

    first: datetime
    last: datetime
    year: bool
    day: bool


class Unclear(Exception):
    """Which row is the newest cannot be told. ``code`` says why, ``rows`` from 1 where."""

    def __init__(self, code: str, rows: Sequence[int]) -> None:
        super().__init__(code)
        self.code = code
        self.rows = tuple(rows[:SHOWN])


def read(text: str) -> Moment | None:
    """The time that the text names, or ``None``; times without a zone are of Beijing."""
    if len(text.strip()) > LONGEST:
        return None
    plain = visible(unicodedata.normalize("NFKC", text.strip()))
    plain = plain.replace("零时", "0时").replace("零點", "0点").replace("零点", "0点")
    plain = _AROUND.sub("", _NOTE.sub(_said, plain).strip()).strip()
    for form in (_PACKED, *_FORMS):
        found = form.fullmatch(plain) if plain else None
        if found and (found.groupdict().get("zone") or "Z") != "Z" and not _ZONED.match(plain):
            return None
        if found:
            try:
                return _moment({k: v for k, v in found.groupdict().items() if v})
            except (ValueError, OverflowError):
                return None
    return None


def _said(note: re.Match[str]) -> str:
    return f" {note[0][1:-1]} " if _TELLS.search(note[0]) else " "


def _moment(found: dict[str, str]) -> Moment:
    year = int(found["year"]) if "year" in found else 0
    year = year or (int(found["roc"]) + 1911 if "roc" in found else 0)
    month, day = int(found.get("month", 0)), int(found.get("day", 0))
    start = datetime(year or 2000, month or 1, day or 1, tzinfo=BEIJING)
    if "hour" in found:
        at = start + _clock(found)
        if "zone" in found:
            written = found["zone"].replace("Z", "+0000").replace(":", "")
            zone = datetime.strptime(written, "%z").tzinfo
            at = at.replace(tzinfo=zone).astimezone(BEIJING)
        return Moment(at, at, bool(year), bool(month))
    if day:
        end = start + timedelta(days=1)
    elif month:
        end = (start + timedelta(days=32)).replace(day=1)
    else:
        end = start.replace(year=start.year + 1)
    return Moment(start, end - timedelta(seconds=1), bool(year), bool(month or year))


def _clock(found: dict[str, str]) -> timedelta:
    hour = int(found["hour"])
    half = found.get("half") or found.get("after") or ""
    if (half in _LATE and hour < 12) or (half == "中午" and hour < 3):
        hour += 12
    elif half in ("AM", "am", "凌晨") and hour == 12:
        hour = 0
    minute = _PARTS.get(found.get("part", ""), int(found.get("minute", 0)))
    second = int(found.get("second", 0))
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        raise ValueError(found["hour"])
    return timedelta(hours=hour, minutes=minute, seconds=second)


def keys(cells: Sequence[str]) -> list[Moment]:
    """The time of each cell of a column; raises :class:`Unclear` where they cannot be compared."""
    whole = [_whole(cell) for cell in cells]
    if all(one is not None for one in whole):  # years, weeks, issues: plain numbers of one width
        return [one for one in whole if one is not None]
    found = [read(cell) for cell in cells]
    unread = [row for row, one in enumerate(found, 1) if one is None]
    if unread:
        raise Unclear("time_unread", unread)
    known = [one for one in found if one is not None]
    for name in ("year", "day"):
        said = [getattr(one, name) for one in known]
        if len(set(said)) > 1:
            fewer = sum(said) * 2 < len(said)
            raise Unclear("time_mixed", [r for r, one in enumerate(said, 1) if one is fewer])
    if known and not known[0].year:
        _check_turn(known)
    return known


def _whole(cell: str) -> Moment | None:
    """A plain number of up to four digits, in its order: a year, a week, an issue."""
    text = unicodedata.normalize("NFKC", cell.strip()[:LONGEST]).strip()
    if not re.fullmatch(r"\d{1,4}", text):
        return None
    at = datetime(1, 1, 1, tzinfo=BEIJING) + timedelta(days=int(text))
    return Moment(at, at, True, True)


def _check_turn(known: Sequence[Moment]) -> None:
    """December beside January, or 23时 beside 0时, without a year or a day to tell them apart."""
    if known[0].day:
        at = [one.first.month for one in known]
        late, early = 10, 3
    else:
        at = [one.first.hour for one in known]
        late, early = 20, 4
    if max(at) >= late and min(at) <= early:
        raise Unclear("time_turn", [row for row, one in enumerate(at, 1) if one <= early])


def newest(cells: Sequence[str], names: Sequence[object] = ()) -> list[int]:
    """The rows (from 0) of the newest time; raises :class:`Unclear`.

    ``names`` tell whose times they are, one for each cell: where no day is named, each one's hours
    follow each other in the order of the sheet.
    """
    if not cells:
        return []
    known = keys(cells)
    if _fall_back(cells, known):
        _refuse_falls(known, names or [""] * len(cells))
    if all(_ISO.fullmatch(cell.strip()) for cell in cells) and any(":" in cell for cell in cells):
        known = [replace(one, last=one.first) for one in known]  # a spreadsheet's own midnight
    top = max(one.first for one in known)
    rows = [row for row, one in enumerate(known) if one.first == top]
    spread = [row for row, one in enumerate(known) if one.first < top <= one.last]
    if spread:  # a day beside an hour of that day
        raise Unclear("time_mixed", [row + 1 for row in spread])
    return rows


def _fall_back(cells: Sequence[str], known: Sequence[Moment]) -> bool:
    """Whether they begin again at a turn that they do not name: hours, days of a month, 1231."""
    if not known[0].day:
        return True
    plain = [unicodedata.normalize("NFKC", cell).strip() for cell in cells]
    return all(re.fullmatch(r"\d{1,4}", cell) for cell in plain) and not all(
        re.fullmatch(_AD, cell) for cell in plain)


def _refuse_falls(known: Sequence[Moment], names: Sequence[object]) -> None:
    """A time below the one above it may be of the next day; three that fall one after the other
    are a sheet that begins with its newest."""
    groups: dict[object, list[int]] = {}
    for row, name in enumerate(names):
        groups.setdefault(name, []).append(row)
    each = list(groups.values())
    for rows in each if any(len(rows) > 1 for rows in each) else [list(range(len(known)))]:
        at = [known[row].first for row in rows]
        falls = [row + 1 for row, before, this in zip(rows[1:], at, at[1:]) if this < before]  # noqa: B905
        if falls and not (at == sorted(at, reverse=True) and len(set(at)) > 2):
            raise Unclear("time_turn", falls)
