"""Working days: weekends, days off and make-up working days, with the notice that set them.

The State Council's notice for a year names its days off (放假) and the weekend days that are
worked in return (调休上班). A year without a notice is computed from weekends and the statutory
holidays, and everything that touches it is provisional.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from .refusal import Refusal

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class Festival(str, Enum):
    """The holidays of 《全国年节及纪念日放假办法》, and one that was set once."""

    NEW_YEAR = "new_year"
    SPRING_FESTIVAL = "spring_festival"
    QINGMING = "qingming"
    LABOUR_DAY = "labour_day"
    DRAGON_BOAT = "dragon_boat"
    MID_AUTUMN = "mid_autumn"
    NATIONAL_DAY = "national_day"
    VICTORY_DAY = "victory_day"


class DayKind(str, Enum):
    """What a day is, before anyone counts."""

    WORKING_DAY = "working_day"
    MAKE_UP_DAY = "make_up_day"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"

    @property
    def works(self) -> bool:
        """Whether it is a working day 工作日."""
        return self in (DayKind.WORKING_DAY, DayKind.MAKE_UP_DAY)


@dataclass(frozen=True)
class Notice:
    """What set a day off or on: title and, where known, number of the document."""

    title: str
    number: str = ""


@dataclass(frozen=True)
class SpecialDay:
    """A day that its weekday does not tell."""

    kind: DayKind
    festival: Festival
    notice: Notice


@dataclass(frozen=True)
class CalendarDay:
    """One day, and why it is what it is."""

    date: date
    kind: DayKind
    festival: Festival | None
    notice: Notice | None
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """Every day of the years it knows.

    ``special`` holds the days that notices (or, for ``computed`` years, the statutory
    holidays) set; ``noticed`` and ``computed`` are the years known and computed.
    """

    special: Mapping[date, SpecialDay]
    noticed: frozenset[int]
    computed: frozenset[int] = frozenset()

    def knows(self, day: date) -> bool:
        """Whether the day's year is known or computed."""
        return day.year in self.noticed or day.year in self.computed

    def day(self, day: date) -> CalendarDay:
        """What ``day`` is; ask ``knows`` before."""
        special = self.special.get(day)
        if special:
            kind, festival, notice = special.kind, special.festival, special.notice
        else:
            kind = DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKING_DAY
            festival, notice = None, None
        return CalendarDay(day, kind, festival, notice, day.year not in self.noticed)

    def works(self, day: date) -> bool:
        """Whether ``day`` is a working day; ask ``knows`` before."""
        special = self.special.get(day)
        return special.kind.works if special else day.weekday() < SATURDAY

    def years(self) -> tuple[int, int]:
        """First and last year that can be counted in."""
        known = self.noticed | self.computed
        return min(known), max(known)


@dataclass(frozen=True)
class Observance:
    """A statutory holiday: its first day off relative to its day, and how many days off."""

    festival: Festival
    month_day: tuple[int, int] | None
    begins: int
    days: int


def statutory_days(
    year: int,
    observances: Iterable[Observance],
    movable: Mapping[Festival, date],
    notice: Notice,
) -> dict[date, SpecialDay]:
    """The days off of a year without a notice; ``movable`` gives the lunar and solar-term days."""
    found: dict[date, SpecialDay] = {}
    for observance in observances:
        anchor = (
            date(year, *observance.month_day)
            if observance.month_day
            else movable[observance.festival]
        )
        for number in range(observance.days):
            day = anchor + timedelta(days=observance.begins + number)
            found[day] = SpecialDay(DayKind.HOLIDAY, observance.festival, notice)
    return found


def shift_working_days(calendar: Calendar, day: date, working_days: int) -> date | Refusal:
    """The working day that many working days after ``day`` (before it, if negative)."""
    step = ONE_DAY if working_days >= 0 else -ONE_DAY
    left = abs(working_days)
    while left:
        day += step
        if not calendar.knows(day):
            return unknown_year(calendar, day)
        left -= calendar.works(day)
    return day


def count_working_days(calendar: Calendar, after: date, until: date) -> int | Refusal:
    """Working days after ``after`` up to and with ``until``; negative if ``until`` is earlier."""
    first, last = sorted((after, until))
    total, day = 0, first
    while day < last:
        day += ONE_DAY
        if not calendar.knows(day):
            return unknown_year(calendar, day)
        total += calendar.works(day)
    return total if until >= after else -total


def later_month(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day
    (Civil Code 民法典 202); the last of all days beyond the year 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def unknown_year(calendar: Calendar, day: date) -> Refusal:
    """No calendar for the year of ``day``."""
    first, last = calendar.years()
    facts = {"year": str(day.year), "first": str(first), "last": str(last)}
    return Refusal("calendar_unknown_year", "date", day.isoformat(), facts=facts)
