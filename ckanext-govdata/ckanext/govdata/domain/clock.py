"""The clock of a procedure: when a term is due, and how that was counted, day by day.

Day zero is the day of receipt in Beijing time: counting begins the next day, and the last day
counts whole. A pause shifts the due day by exactly its working days; an extension goes on
counting from the due day. Overdue is a comparison of dates and never a flag.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import Enum

from .calendar import (
    ONE_DAY,
    Calendar,
    CalendarDay,
    DayKind,
    Festival,
    Notice,
    count_working_days,
    later_month,
    shift_working_days,
    unknown_year,
)
from .refusal import Refusal

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one zone and no summer time since 1991."""


class Unit(str, Enum):
    """What a term is counted in."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"


class Why(str, Enum):
    """Why a day counts or does not."""

    DAY_ZERO = "day_zero"
    PAUSE = "pause"
    WORKING_DAY = "working_day"
    MAKE_UP_DAY = "make_up_day"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CALENDAR_DAY = "calendar_day"


@dataclass(frozen=True)
class Pause:
    """The clock stood from ``first`` to ``last``, both whole days."""

    first: date
    last: date


@dataclass(frozen=True)
class Counted:
    """One day of a count. ``number`` is its place among the days that counted, else 0."""

    date: date
    counts: bool
    why: Why
    number: int
    extension: bool
    festival: Festival | None
    notice: Notice | None
    provisional: bool


@dataclass(frozen=True)
class Deadline:
    """The due day and its whole explanation; ``days`` begins with day zero, ends with ``due``."""

    start: date
    due: date
    amount: int
    extension: int
    unit: Unit
    days: tuple[Counted, ...]

    @property
    def provisional(self) -> bool:
        """Whether a day was counted whose year has no notice of the State Council yet."""
        return any(day.provisional for day in self.days[1:])


def day_of(instant: datetime) -> date:
    """The day in Beijing time on which an aware instant falls."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(BEIJING).date()


def count_deadline(
    calendar: Calendar,
    start: date,
    amount: int,
    unit: Unit = Unit.WORKING_DAYS,
    pauses: Sequence[Pause] = (),
    extension: int = 0,
) -> Deadline | Refusal:
    """Count ``amount`` days, and ``extension`` more, from the day after ``start``.

    Months end on the same day of a later month, and are shown by their calendar days.

    Refused: an unknown year, a pause that ends before it begins, a negative number.
    """
    problem = _check(calendar, start, amount, extension, pauses)
    if problem:
        return problem
    stood = _days_of(pauses, after=start)
    days = [_counted(calendar.day(start), Why.DAY_ZERO, 0, False)]
    ordinary, wanted = (_in_days(start, each, unit) for each in (amount, amount + extension))
    day, number = start, 0
    while number < wanted:
        day += ONE_DAY
        if not calendar.knows(day):
            return unknown_year(calendar, day)
        known = calendar.day(day)
        why = _why(known, unit, any(first <= day <= last for first, last in stood))
        number += _counts(why)
        place = number if _counts(why) else 0
        days.append(_counted(known, why, place, place > ordinary))
    return Deadline(start, day, amount, extension, unit, tuple(days))


def is_overdue(due: date, today: date) -> bool:
    """The due day counts whole: overdue begins the day after."""
    return today > due


def days_left(calendar: Calendar, due: date, today: date) -> int | Refusal:
    """Working days left after today up to and with the due day; negative when overdue."""
    return count_working_days(calendar, today, due)


@dataclass(frozen=True)
class Rung:
    """A step of the reminder ladder.

    ``before`` counts working days before the due day, ``after`` calendar days after it;
    ``every`` repeats it so many calendar days apart (0: once); ``to`` are roles.
    """

    to: tuple[str, ...]
    before: int = 0
    after: int = 0
    every: int = 0


@dataclass(frozen=True)
class Reminder:
    """A rung on its day; ``repeat`` counts from 0. The three together are sent once."""

    rung: Rung
    day: date
    repeat: int


def reminders_until(
    calendar: Calendar, due: date, ladder: Iterable[Rung], today: date
) -> tuple[Reminder, ...] | Refusal:
    """Every reminder whose day has come by ``today``, oldest first, sent before or not."""
    found: list[Reminder] = []
    for rung in ladder:
        day = shift_working_days(calendar, due, -rung.before)
        if isinstance(day, Refusal):
            return day
        day += timedelta(days=rung.after)
        repeat = 0
        while day <= today:
            found.append(Reminder(rung, day, repeat))
            if not rung.every:
                break
            repeat, day = repeat + 1, day + timedelta(days=rung.every)
    return tuple(sorted(found, key=lambda reminder: reminder.day))


def _check(
    calendar: Calendar, start: date, amount: int, extension: int, pauses: Sequence[Pause]
) -> Refusal | None:
    if not calendar.knows(start):
        return unknown_year(calendar, start)
    for field, number in (("amount", amount), ("extension", extension)):
        if number < 0:
            return Refusal("number_negative", field, str(number))
    for pause in pauses:
        if pause.last < pause.first:
            value = f"{pause.first.isoformat()}/{pause.last.isoformat()}"
            return Refusal("pause_ends_before_it_begins", "pauses", value)
    return None


def _in_days(start: date, amount: int, unit: Unit) -> int:
    """How many days have to count until so many days or months are over."""
    return (later_month(start, amount) - start).days if unit is Unit.MONTHS else amount


def _days_of(pauses: Sequence[Pause], after: date) -> tuple[tuple[date, date], ...]:
    return tuple((pause.first, pause.last) for pause in pauses if pause.last > after)


def _why(day: CalendarDay, unit: Unit, stands: bool) -> Why:
    if unit is not Unit.WORKING_DAYS:
        return Why.PAUSE if stands else Why.CALENDAR_DAY
    # A weekend inside a pause is shown as a weekend: it would not have counted anyway.
    return Why.PAUSE if stands and day.kind.works else _KINDS[day.kind]


_KINDS = {
    DayKind.WORKING_DAY: Why.WORKING_DAY,
    DayKind.MAKE_UP_DAY: Why.MAKE_UP_DAY,
    DayKind.WEEKEND: Why.WEEKEND,
    DayKind.HOLIDAY: Why.HOLIDAY,
}


def _counts(why: Why) -> bool:
    return why in (Why.WORKING_DAY, Why.MAKE_UP_DAY, Why.CALENDAR_DAY)


def _counted(day: CalendarDay, why: Why, number: int, extension: bool) -> Counted:
    return Counted(
        day.date, _counts(why), why, number, extension, day.festival, day.notice, day.provisional
    )
