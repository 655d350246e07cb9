"""The calendar files against the library, and the computed years against the past."""

from datetime import date, timedelta

import pytest
from chinese_calendar import constants, is_workday

from ckanext.govdata.domain.calendar import DayKind, Festival
from ckanext.govdata.rules.calendar_files import library_years
from ckanext.govdata.rules.rule_files import load_calendar, overlay

CALENDAR = load_calendar()
FILED = sorted(int(path.stem) for path in overlay("calendars") if path.stem.isdigit())
KNOWN = range(min(constants.holidays).year, max(constants.holidays).year + 1)


def days_of(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def test_our_files_cover_2018_to_2026():
    assert list(range(2018, 2027)) == FILED


@pytest.mark.parametrize("year", KNOWN)
def test_every_day_of_every_known_year_agrees_with_chinesecalendar(year):
    differing = [day for day in days_of(year) if CALENDAR.works(day) != is_workday(day)]
    assert differing == []
    assert not any(CALENDAR.day(day).provisional for day in days_of(year))


@pytest.mark.parametrize("year", FILED)
def test_a_filed_day_names_the_notice_and_its_number(year):
    days = [one for day, one in CALENDAR.special.items() if day.year == year]
    assert days
    for one in days:
        assert one.notice.title.startswith("国务院办公厅关于")
        assert one.notice.number.startswith("国办发明电〔20")


def test_the_end_of_2018_is_set_by_the_notice_for_2019():
    assert CALENDAR.day(date(2018, 12, 29)).kind is DayKind.MAKE_UP_DAY
    assert CALENDAR.day(date(2018, 12, 31)).notice.number == "国办发明电〔2018〕15号"


def test_a_later_notice_overrules_an_earlier_one():
    day = CALENDAR.day(date(2020, 2, 1))
    assert (day.kind, day.notice.number) == (DayKind.HOLIDAY, "国办发明电〔2020〕1号")
    assert CALENDAR.day(date(2020, 1, 30)).notice.number == "国办发明电〔2019〕16号"


def test_years_before_our_files_come_from_the_library():
    assert CALENDAR.day(date(2015, 9, 3)).festival is Festival.VICTORY_DAY
    assert set(library_years()) >= set(FILED)
    assert date(2011, 12, 31) in library_years()[2012]
    december = CALENDAR.day(date(2011, 12, 31))
    assert december.notice.title == "国务院办公厅关于2012年部分节假日安排的通知"


class TestProvisionalYears:
    def test_years_without_notice_are_computed_and_marked(self):
        assert CALENDAR.computed == frozenset(range(2027, 2051))
        assert CALENDAR.day(date(2027, 3, 1)).provisional

    def test_the_thirteen_statutory_days(self):
        days = [day for day, one in CALENDAR.special.items() if day.year == 2027]
        assert sorted(days) == [
            date(2027, 1, 1),
            *(date(2027, 2, n) for n in (5, 6, 7, 8)),
            date(2027, 4, 5),
            date(2027, 5, 1),
            date(2027, 5, 2),
            date(2027, 6, 9),
            date(2027, 9, 15),
            *(date(2027, 10, n) for n in (1, 2, 3)),
        ]

    def test_the_decree_is_named(self):
        notice = CALENDAR.day(date(2027, 2, 6)).notice
        assert (notice.title, notice.number) == (
            "全国年节及纪念日放假办法第二条",
            "国务院令第795号",
        )

    def test_where_days_fall_on_each_other_the_number_of_days_off_is_smaller(self):
        # In 2028 Mid-Autumn is 3 October, within National Day.
        days = [day for day in CALENDAR.special if day.year == 2028]
        assert len(days) == 12


@pytest.mark.parametrize("year", FILED)
def test_the_lunar_table_meets_the_days_off_of_years_with_a_notice(year):
    import yaml

    [path] = [path for path in overlay("calendars") if path.stem == "statutory"]
    for name, day in yaml.safe_load(path.read_text("utf-8"))["table"][year].items():
        found = CALENDAR.day(day)
        assert found.kind is DayKind.HOLIDAY, name
        # Mid-Autumn within National Day bears National Day's name.
        assert found.festival.value in (name, "national_day"), name
