"""A day of the ways in which sheets write one; what may be two days is no day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from .cell_value import QUOTES, CannotRead, arabic
from .text import FIRST_YEAR, LAST_YEAR

LONGEST = 100
"""Characters of a cell with a day, a time and a day of the week."""
BEIJING = timezone(timedelta(hours=8))
EPOCH, EPOCH_OF_1904 = date(1899, 12, 30), date(1904, 1, 1)
"""The day 0 of a workbook's count; the second one in workbooks made on a Mac."""
_SERIAL_DAYS = (date(1990, 1, 1), date(2079, 12, 31))
"""A bare number of five digits is a day only if it lies here: 20221 is a month written badly."""
_INSTANTS = range(10**9, 4 * 10**9)
"""Seconds since 1970 from 2001 on."""

_CLOCK = (
    r"(?:[T\s]*(?P<half>上午|中午|下午|晚上|凌晨)?\s*(?P<hour>\d{1,2})"
    r"(?:[:时時点點]\s*(?P<minute>\d{1,2})?(?:[:分]\s*(?P<second>\d{1,2})?(?:[.,]\d+)?秒?)?)"
    r"\s*(?P<after>AM|PM|am|pm)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$"
)
_SEPARATED = r"[-/.年](?P<m>\d{1,2})(?:[-/.月](?P<d>\d{1,2})[日号號]?|月份?)?"
_WRITTEN = [
    (re.compile(rf"(?P<y>\d{{4}})(?:{_SEPARATED}|年度?)?{_CLOCK}"), 0),
    (re.compile(rf"(?P<y>1\d\d|0\d\d)(?:{_SEPARATED}|年度?){_CLOCK}"), 1911),
]
_OF_THE_REPUBLIC = re.compile(
    rf"(?:中[華华])?民[國国](?P<y>\d{{1,3}})(?:{_SEPARATED}|年度?){_CLOCK}"
)
_PACKED = [
    (re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?\d{4}(?:\d{2})?)?$"), 0),
    (re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>\d{2})(?:[01]\d|2[0-4])$"), 0),
    (re.compile(rf"(?P<y>\d{{4}})(?P<m>\d{{2}})(?P<d>\d{{2}})\s{_CLOCK}"), 0),
    (re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])$"), 0),
    (re.compile(r"(?P<y>0\d{2}|1[0-4]\d)(?P<m>\d{2})(?P<d>\d{2})$"), 1911),
    (re.compile(r"(?P<y>1[0-4]\d)(?P<m>0[1-9]|1[0-2])$"), 1911),
]
_HOUR_OF_DAY = re.compile(
    r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-4])")
"""2023050108, a day and its hour, which as seconds since 1970 would be in 2034."""
_SHORT_YEAR = re.compile(r"'?\d{1,2}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?|月)?$")
_WEEKDAY = re.compile(r"[(\[]?(?:星期|周|週|礼拜)[一二三四五六日天][)\]]?")
_OTHER_DASHES = str.maketrans("‐‑‒–—―−。．·", "-------...")


def day(text: str, epoch: date = EPOCH) -> str:
    """An ISO day: ``2022年11月9日``, ``20221109``, ``44874``, ``二〇二二年``, ``112年5月``.

    A month or year alone means its first day; an instant with a zone is the day that it was in
    Beijing; a bare number is counted from ``epoch``. Raises :class:`CannotRead` with
    ``date_unreadable``, ``date_impossible`` (2022-02-30), ``date_short_year`` (23/5/1 may be 2023
    or, in the Republic's count, 1934) or ``date_month_unclear`` (2023.1 and 112.1 are what a
    spreadsheet makes of 2023.10 and 112.10).
    """
    if len(text.strip(QUOTES)) > LONGEST:
        raise CannotRead("date_unreadable")
    key = _tidied(text.strip(QUOTES))
    if re.fullmatch(r"(?:\d{4}|(?:民[国國])?[01]\d\d)\.1", key):
        raise CannotRead("date_month_unclear")
    for found in _readings(key, epoch):
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise CannotRead("date_impossible")
        return found.isoformat()
    raise CannotRead("date_short_year" if _SHORT_YEAR.match(key) else "date_unreadable")


def _tidied(text: str) -> str:
    key = unicodedata.normalize("NFKC", text).translate(_OTHER_DASHES).strip(QUOTES)
    key = _WEEKDAY.sub("", key).strip(QUOTES) if re.search("星期|周|週|礼拜", key) else key
    key = re.sub("^(?:西元|公元|公历|公曆)", "", key)
    if re.search("[年月]", key):
        key = arabic(key)
    return re.sub(r"\s*([年月/.-])\s*", r"\1", re.sub(r"\s+([日号號])", r"\1", key))


def _readings(key: str, epoch: date) -> Iterator[date]:
    if found := _of_number(key, epoch):
        yield found
    for pattern, era in [*_PACKED, *_WRITTEN, (_OF_THE_REPUBLIC, 1911)]:
        if match := pattern.match(key):
            yield _built(match.groupdict(), era)


def _of_number(key: str, epoch: date) -> date | None:
    """Seconds or milliseconds since 1970, and days in a workbook's count."""
    if _HOUR_OF_DAY.fullmatch(key):
        return None
    if re.fullmatch(r"\d{10}|\d{13}", key):
        seconds = int(key) if len(key) == 10 else int(key) // 1000
        if seconds not in _INSTANTS:
            raise CannotRead("date_impossible")
        return datetime.fromtimestamp(seconds, BEIJING).date()
    if not re.fullmatch(r"\d{5}(?:\.\d+)?", key):
        return None
    found = epoch + timedelta(days=int(float(key)))
    if _SERIAL_DAYS[0] <= found <= _SERIAL_DAYS[1]:
        return found
    if re.fullmatch(r"1[0-4]\d(?:0[1-9]|1[0-2])", key):  # 11205: May of the year 112
        return None
    raise CannotRead("date_impossible")


def _built(parts: dict[str, str | None], era: int) -> date:
    year, month, of_month = (int(parts.get(name) or 1) for name in "ymd")
    if "0" in (parts.get("m"), parts.get("d")) or "00" in (parts.get("m"), parts.get("d")):
        raise CannotRead("date_impossible")
    try:
        found = date(year + era, month, of_month)
        zone = parts.get("zone")
        return found if not zone else _in_beijing(found, parts, zone)
    except (ValueError, OverflowError) as error:
        raise CannotRead("date_impossible") from error


def _in_beijing(found: date, parts: dict[str, str | None], zone: str) -> date:
    hour, minute = int(parts.get("hour") or 0), int(parts.get("minute") or 0)
    half = (parts.get("half") or parts.get("after") or "").lower()
    if half in ("下午", "晚上", "pm") and hour < 12:
        hour += 12
    elif half in ("凌晨", "上午", "am") and hour == 12:
        hour = 0
    away = timedelta()
    if zone[0] in "+-":
        hours, minutes = int(zone[1:3]), int(zone[3:].strip(":") or 0)
        away = timedelta(hours=hours, minutes=minutes) * (1 if zone[0] == "+" else -1)
    there = datetime(found.year, found.month, found.day, hour, minute, tzinfo=timezone(away))
    return there.astimezone(BEIJING).date()
