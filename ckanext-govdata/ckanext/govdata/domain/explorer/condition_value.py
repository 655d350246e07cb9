"""What a reader types into a condition, as values of the column's kind."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from .column import Kind

LONGEST_NUMBER = 60
"""Characters of a number; PostgreSQL takes many more."""
LAST = datetime.fromisoformat("9999-12-31 23:59:59.999999")
"""The end of time, beyond which nothing is."""
BEGINNING = datetime.fromisoformat("0001-01-01")
"""The first moment that is known."""
INSTANT = timedelta(microseconds=1)
"""No shorter time is known."""
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_DAY = re.compile(
    r"([0-9]{4})(?:[-/.年]([0-9]{1,2})(?:[-/.月]([0-9]{1,2})[日号號]?|月)?|年)?"
    r"(?:[T ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?)?"
)
_YES = frozenset({"true", "t", "yes", "1", "是", "有"})
_NO = frozenset({"false", "f", "no", "0", "否", "无", "無"})


@dataclass(frozen=True)
class Span:
    """A stretch of time: a year, a month, a day or a moment, as exactly as it was written.

    ``after`` is the first moment that does not belong to it.
    """

    first: datetime
    after: datetime


Value = str | Decimal | bool | Span


def value_of(kind: Kind, written: str) -> Value | None:
    """The value that was written, of a column of that kind; ``None`` where it is none."""
    if kind is Kind.TEXT:
        return written
    plain = unicodedata.normalize("NFKC", written).strip()
    if kind is Kind.NUMBER:
        fits = len(plain) <= LONGEST_NUMBER and _NUMBER.fullmatch(plain)
        return Decimal(plain) if fits else None
    if kind is Kind.FLAG:
        word = plain.casefold()
        return True if word in _YES else False if word in _NO else None
    return _span(plain)


def _span(plain: str) -> Span | None:
    """A year, a month, a day, or a moment of one."""
    found = _DAY.fullmatch(re.sub(r"\s+", " ", plain))
    if not found:
        return None
    year, month, day, hour, minute, second, part = found.groups()
    if hour and not day:
        return None
    try:
        # columns of moments have no zone
        first = datetime(int(year), int(month or 1), int(day or 1), int(hour or 0),  # noqa: DTZ001
                         int(minute or 0), int(second or 0), int((part or "").ljust(6, "0")))
    except ValueError:
        return None
    try:
        return Span(first, _after(first, found))
    except (ValueError, OverflowError):  # 9999-12-31, which stands for an end that nobody knows
        return Span(first, LAST)


def _after(first: datetime, found: re.Match[str]) -> datetime:
    _year, month, day, hour, _minute, second, part = found.groups()
    if part:
        return first + INSTANT
    if hour:
        return first + (timedelta(seconds=1) if second else timedelta(minutes=1))
    if day:
        return first + timedelta(days=1)
    if month:
        return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return first.replace(year=first.year + 1)
