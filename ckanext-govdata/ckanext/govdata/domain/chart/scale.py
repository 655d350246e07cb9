"""Where the marks of an axis stand, and how a number or an instant is written beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from ..locales import SIMPLIFIED, TRADITIONAL

NICE = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
"""Steps that a reader counts in, times a power of ten."""
MINUTES = (15, 30, 60, 120, 180, 360, 720)
DAYS = (1, 2, 7, 14)
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
LARGE: dict[str, tuple[tuple[int, str], ...]] = {
    SIMPLIFIED: ((10**12, "万亿"), (10**8, "亿"), (10**4, "万")),
    TRADITIONAL: ((10**12, "萬億"), (10**8, "億"), (10**4, "萬")),
    "en": ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**4, "K")),
}
"""From which number on a label is shortened; ``K`` divides by a thousand."""
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def ticks(low: float, high: float, most: int = 6, whole: bool = False) -> tuple[Decimal, ...]:
    """Round numbers from at or below ``low`` to at or above ``high``, about ``most`` of them.

    ``whole`` keeps the step at one or more, for things that are counted.
    """
    bottom, top = Decimal(str(min(low, high))), Decimal(str(max(low, high)))
    if bottom == top:
        top += abs(top) if top else 1
    raw = (top - bottom) / max(most - 1, 1)
    unit = Decimal(1).scaleb(raw.adjusted())
    step = next(nice * unit for nice in NICE if nice * unit >= raw)
    step = max(step, Decimal(1)) if whole else step
    first = (bottom / step).to_integral_value(ROUND_FLOOR)
    last = (top / step).to_integral_value(ROUND_CEILING)
    return tuple((first + n) * step for n in range(int(last - first) + 1))


def number(value: float | Decimal, locale: str) -> str:
    """A short label: ``1,250``, ``3.5万``, ``1.2B``; ``1.0e+20`` where no word is left."""
    amount = Decimal(str(value))
    if abs(amount) >= 10**16:
        return f"{amount:.1e}"
    for size, word in LARGE.get(locale, LARGE["en"]):
        if abs(amount) >= size:
            divisor = 1000 if word == "K" else size
            return f"{plain(round(amount / divisor, 2))}{word}"
    return plain(amount)


def plain(value: float | Decimal) -> str:
    """A number in full with grouped thousands, six decimals at most and no idle zeros."""
    amount = Decimal(str(value))
    amount = round(amount, 6) if abs(amount) < 10**15 else amount
    if amount == amount.to_integral_value():
        return f"{amount.quantize(Decimal(1)) if abs(amount) < 10**20 else amount:,}"
    return f"{amount.normalize():,f}"


def time_ticks(first: datetime, last: datetime, most: int = 7) -> tuple[datetime, ...]:
    """Instants between the two at even quarters, hours, days or months, in the zone of ``first``.

    The finest step is taken that gives at most ``most`` marks.
    """
    for candidate in _candidates(first, last):
        marks: list[datetime] = []
        for mark in candidate:
            if mark > last or len(marks) > most:
                break
            if mark >= first:
                marks.append(mark)
        if 0 < len(marks) <= most:
            return tuple(marks)
    return (first,)


def _candidates(first: datetime, last: datetime) -> Iterator[Iterator[datetime]]:
    span = last - first
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    for minutes in MINUTES:
        if span <= timedelta(days=7):
            yield _even(first.replace(minute=0, second=0, microsecond=0), minutes, midnight)
    for days in DAYS:
        yield (midnight + timedelta(days=days * n) for n in range(10_000))
    for months in MONTHS:
        yield _months(midnight, months)


def _even(hour: datetime, minutes: int, midnight: datetime) -> Iterator[datetime]:
    """Every so many minutes, counted from midnight."""
    step = timedelta(minutes=minutes)
    start = midnight + step * ((hour - midnight) // step)
    return (start + step * n for n in range(10_000))


def _months(midnight: datetime, step: int) -> Iterator[datetime]:
    start = midnight.year * 12 + midnight.month - 1
    start -= start % step
    for month in range(start, 9999 * 12, step):
        yield midnight.replace(year=max(month // 12, 1), month=month % 12 + 1, day=1)


def moments(marks: tuple[datetime, ...], locale: str) -> tuple[str, ...]:
    """What stands below each mark: as much of the date as the step between them asks for.

    One that is alone says its day and, unless that is midnight, its time.
    """
    if len(marks) == 1 and (marks[0].hour or marks[0].minute):
        return (f"{day(marks[0], locale)} {marks[0]:%H:%M}",)
    step = marks[1] - marks[0] if len(marks) > 1 else timedelta(days=1)
    if step < timedelta(days=1):
        return tuple(_hour(mark, locale) for mark in marks)
    if step < timedelta(days=28):
        return tuple(day(mark, locale) for mark in marks)
    if step < timedelta(days=360):
        return tuple(_month(mark, locale, not n or mark.month == 1) for n, mark in enumerate(marks))
    return tuple(f"{mark.year}年" if locale != "en" else str(mark.year) for mark in marks)


def _hour(mark: datetime, locale: str) -> str:
    return f"{mark:%H:%M}" if mark.hour or mark.minute else day(mark, locale)


def day(mark: datetime, locale: str) -> str:
    """A day without its year: ``1月20日``, ``20 Jan``."""
    if locale == "en":
        return f"{mark.day} {ENGLISH[mark.month - 1]}"
    return f"{mark.month}月{mark.day}日"


def _month(mark: datetime, locale: str, with_year: bool) -> str:
    if locale == "en":
        return f"{ENGLISH[mark.month - 1]} {mark.year}" if with_year else ENGLISH[mark.month - 1]
    return f"{mark.year}年{mark.month}月" if with_year else f"{mark.month}月"
