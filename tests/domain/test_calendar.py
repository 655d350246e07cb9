"""Working days as plain data: what a day is, why, and by which notice."""

from datetime import date, timedelta

import pytest

from ckanext.govdata.domain.calendar import (
    Calendar,
    DayKind,
    Festival,
    Notice,
    Observance,
    SpecialDay,
    count_working_days,
    shift_working_days,
    statutory_days,
)
from ckanext.govdata.domain.refusal import Refusal

NOTICE = Notice("通知", "国办发明电〔2025〕7号")
OFF = {
    date(2026, 10, n): SpecialDay(DayKind.HOLIDAY, Festival.NATIONAL_DAY, NOTICE)
    for n in range(1, 8)
}
WORKED = {date(2026, 10, 10): SpecialDay(DayKind.MAKE_UP_DAY, Festival.NATIONAL_DAY, NOTICE)}
CALENDAR = Calendar({**OFF, **WORKED}, frozenset({2026}), frozenset({2027}))


@pytest.mark.parametrize(
    ("day", "kind", "works"),
    [
        (date(2026, 9, 30), DayKind.WORKING_DAY, True),
        (date(2026, 10, 1), DayKind.HOLIDAY, False),
        (date(2026, 10, 3), DayKind.HOLIDAY, False),  # a Saturday within the holiday
        (date(2026, 10, 10), DayKind.MAKE_UP_DAY, True),  # a Saturday that is worked
        (date(2026, 10, 11), DayKind.WEEKEND, False),
    ],
)
def test_each_kind_of_day(day, kind, works):
    found = CALENDAR.day(day)
    assert (found.kind, found.kind.works, CALENDAR.works(day)) == (kind, works, works)


def test_a_special_day_names_its_holiday_and_notice():
    found = CALENDAR.day(date(2026, 10, 10))
    assert (found.festival, found.notice) == (Festival.NATIONAL_DAY, NOTICE)


def test_an_ordinary_day_names_none():
    found = CALENDAR.day(date(2026, 9, 30))
    assert (found.festival, found.notice) == (None, None)


def test_only_a_year_without_notice_is_provisional():
    assert not CALENDAR.day(date(2026, 12, 31)).provisional
    assert CALENDAR.day(date(2027, 1, 4)).provisional


def test_shifting_passes_the_holiday_and_uses_the_worked_saturday():
    assert shift_working_days(CALENDAR, date(2026, 9, 30), 3) == date(2026, 10, 10)


def test_shifting_back_is_the_way_there():
    assert shift_working_days(CALENDAR, date(2026, 10, 10), -3) == date(2026, 9, 30)


def test_shifting_by_none_stays():
    assert shift_working_days(CALENDAR, date(2026, 10, 3), 0) == date(2026, 10, 3)


def test_counting_working_days_both_ways():
    assert count_working_days(CALENDAR, date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert count_working_days(CALENDAR, date(2026, 10, 10), date(2026, 9, 30)) == -3
    assert count_working_days(CALENDAR, date(2026, 9, 30), date(2026, 9, 30)) == 0


def test_a_year_that_nobody_knows_is_refused_with_the_years_that_are():
    refusal = shift_working_days(CALENDAR, date(2027, 12, 30), 5)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "calendar_unknown_year"
    assert refusal.facts == {"year": "2028", "first": "2026", "last": "2027"}
    assert isinstance(count_working_days(CALENDAR, date(2025, 12, 1), date(2026, 1, 5)), Refusal)


def test_statutory_days_of_a_year_without_notice():
    observances = [
        Observance(Festival.NEW_YEAR, (1, 1), 0, 1),
        Observance(Festival.SPRING_FESTIVAL, None, -1, 4),
    ]
    movable = {Festival.SPRING_FESTIVAL: date(2027, 2, 6)}
    days = statutory_days(2027, observances, movable, NOTICE)
    eve = date(2027, 2, 5)
    assert sorted(days) == [date(2027, 1, 1), *(eve + timedelta(days=n) for n in range(4))]
    assert {one.kind for one in days.values()} == {DayKind.HOLIDAY}
