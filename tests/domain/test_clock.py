"""The clock against examples, and against an oracle that walks through a printed calendar."""

from datetime import date, datetime, timedelta, timezone

import pytest
from chinese_calendar import constants
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.govdata.domain.calendar import Calendar, count_working_days
from ckanext.govdata.domain.clock import (
    Pause,
    Rung,
    Unit,
    Why,
    count_deadline,
    day_of,
    days_left,
    is_overdue,
    reminders_until,
)
from ckanext.govdata.domain.refusal import Refusal
from ckanext.govdata.rules.rule_files import load_calendar

CALENDAR = load_calendar()
DAY = timedelta(days=1)


def due(start, amount, **more):
    return count_deadline(CALENDAR, start, amount, **more).due


class TestExamples:
    def test_day_zero_is_the_day_of_receipt(self):
        # Monday + 1 working day is Tuesday, whatever the hour of Monday.
        assert due(date(2026, 3, 2), 1) == date(2026, 3, 3)

    def test_ten_working_days_are_two_plain_weeks(self):
        assert due(date(2026, 3, 2), 10) == date(2026, 3, 16)

    def test_received_on_a_day_off_counts_from_the_next_day(self):
        assert due(date(2026, 3, 7), 1) == date(2026, 3, 9)

    def test_national_day_2026_with_its_worked_saturday(self):
        # 24 September (Thu); 25-27 off; 28, 29, 30; 1-7 off; 8, 9, Saturday 10 worked; 12, …
        assert due(date(2026, 9, 24), 7) == date(2026, 10, 12)

    def test_spring_festival_2020_as_it_was_prolonged(self):
        assert due(date(2020, 1, 23), 1) == date(2020, 2, 3)

    def test_labour_day_2019_as_it_was_changed(self):
        # Sunday 28 April worked; 1-4 May off; Sunday 5 May worked.
        assert due(date(2019, 4, 26), 4) == date(2019, 5, 5)

    def test_over_the_end_of_2018_by_the_notice_for_2019(self):
        # Saturday 29 December worked, 30 December to 1 January off.
        assert due(date(2018, 12, 28), 2) == date(2019, 1, 2)

    def test_calendar_days_count_every_day(self):
        assert due(date(2026, 9, 30), 3, unit=Unit.CALENDAR_DAYS) == date(2026, 10, 3)

    def test_a_pause_of_whole_days(self):
        pause = Pause(date(2026, 3, 4), date(2026, 3, 6))  # Wednesday to Friday
        assert due(date(2026, 3, 2), 10, pauses=[pause]) == date(2026, 3, 19)

    def test_a_pause_over_the_weekend_shifts_nothing(self):
        pause = Pause(date(2026, 3, 7), date(2026, 3, 8))
        assert due(date(2026, 3, 2), 10, pauses=[pause]) == date(2026, 3, 16)

    def test_a_pause_after_the_due_day_comes_too_late(self):
        pause = Pause(date(2026, 3, 17), date(2026, 3, 20))
        assert due(date(2026, 3, 2), 10, pauses=[pause]) == date(2026, 3, 16)

    def test_a_pause_before_receipt_changes_nothing(self):
        pause = Pause(date(2026, 2, 1), date(2026, 3, 2))
        assert due(date(2026, 3, 2), 10, pauses=[pause]) == date(2026, 3, 16)

    def test_overlapping_pauses_stop_a_day_once(self):
        pauses = [
            Pause(date(2026, 3, 4), date(2026, 3, 5)),
            Pause(date(2026, 3, 5), date(2026, 3, 6)),
        ]
        assert due(date(2026, 3, 2), 10, pauses=pauses) == date(2026, 3, 19)

    def test_a_pause_on_the_due_day(self):
        pause = Pause(date(2026, 3, 16), date(2026, 3, 17))
        assert due(date(2026, 3, 2), 10, pauses=[pause]) == date(2026, 3, 18)

    def test_an_extension_goes_on_from_the_due_day(self):
        first = due(date(2026, 9, 24), 7)
        assert due(date(2026, 9, 24), 7, extension=7) == due(first, 7)


class TestExplanation:
    def test_every_day_from_receipt_to_the_due_day_stands_there(self):
        days = count_deadline(CALENDAR, date(2026, 9, 24), 7).days
        assert days[0].why is Why.DAY_ZERO
        assert [day.date for day in days] == [date(2026, 9, 24) + n * DAY for n in range(19)]

    def test_why_a_day_counts_or_not(self):
        days = {day.date: day for day in count_deadline(CALENDAR, date(2026, 9, 24), 7).days}
        assert days[date(2026, 9, 25)].why is Why.HOLIDAY
        assert days[date(2026, 10, 10)].why is Why.MAKE_UP_DAY
        assert days[date(2026, 10, 11)].why is Why.WEEKEND
        assert days[date(2026, 10, 12)].number == 7
        assert days[date(2026, 10, 10)].notice.number == "国办发明电〔2025〕7号"

    def test_days_of_the_extension_are_marked(self):
        days = count_deadline(CALENDAR, date(2026, 3, 2), 7, extension=7).days
        assert [day.extension for day in days if day.counts] == [False] * 7 + [True] * 7

    def test_provisional_as_soon_as_a_day_of_an_unpublished_year_is_counted(self):
        assert not count_deadline(CALENDAR, date(2026, 12, 30), 1).provisional
        assert count_deadline(CALENDAR, date(2026, 12, 31), 1).provisional


class TestRefusals:
    def test_a_pause_that_ends_before_it_begins(self):
        pause = Pause(date(2026, 3, 6), date(2026, 3, 4))
        refusal = count_deadline(CALENDAR, date(2026, 3, 2), 10, pauses=[pause])
        assert (refusal.code, refusal.field) == ("pause_ends_before_it_begins", "pauses")
        assert refusal.value == "2026-03-06/2026-03-04"

    @pytest.mark.parametrize("start", [date(1980, 1, 1), date(2050, 12, 30), date.max])
    def test_a_year_without_calendar(self, start):
        assert count_deadline(CALENDAR, start, 10).code == "calendar_unknown_year"

    def test_an_endless_pause_ends_at_the_last_calendar(self):
        pause = Pause(date(2026, 3, 4), date.max)
        refusal = count_deadline(CALENDAR, date(2026, 3, 2), 10, pauses=[pause])
        assert refusal.code == "calendar_unknown_year"

    @pytest.mark.parametrize("numbers", [{"amount": -1}, {"amount": 5, "extension": -1}])
    def test_negative_numbers(self, numbers):
        assert count_deadline(CALENDAR, date(2026, 3, 2), **numbers).code == "number_negative"


class TestReceipt:
    def test_a_minute_to_midnight_in_beijing_and_a_minute_past_differ_by_a_day(self):
        assert day_of(datetime(2026, 3, 2, 15, 59, tzinfo=timezone.utc)) == date(2026, 3, 2)
        assert day_of(datetime(2026, 3, 2, 16, 1, tzinfo=timezone.utc)) == date(2026, 3, 3)

    def test_the_zone_of_the_instant_does_not_matter(self):
        tokyo = timezone(timedelta(hours=9))
        assert day_of(datetime(2026, 3, 3, 0, 30, tzinfo=tokyo)) == date(2026, 3, 2)

    def test_an_instant_without_zone_is_a_mistake_of_the_caller(self):
        with pytest.raises(ValueError, match="zone"):
            day_of(datetime(2026, 3, 2, 15, 59))  # noqa: DTZ001


class TestOverdue:
    def test_the_last_day_counts_whole(self):
        assert not is_overdue(date(2026, 3, 16), date(2026, 3, 16))
        assert is_overdue(date(2026, 3, 16), date(2026, 3, 17))

    def test_days_left(self):
        assert days_left(CALENDAR, date(2026, 3, 16), date(2026, 3, 13)) == 1
        assert days_left(CALENDAR, date(2026, 3, 16), date(2026, 3, 18)) == -2


class TestReminders:
    LADDER = (
        Rung(to=("officer",), before=3),
        Rung(to=("officer", "head"), before=1),
        Rung(to=("authority",), after=1, every=7),
    )

    def days(self, today):
        found = reminders_until(CALENDAR, date(2026, 10, 12), self.LADDER, today)
        return [(reminder.day, reminder.rung.to[-1], reminder.repeat) for reminder in found]

    def test_none_before_the_first_rung(self):
        assert self.days(date(2026, 10, 7)) == []

    def test_working_days_before_the_end_pass_the_worked_saturday(self):
        # Three working days before Monday 12 October are the 8th, over Saturday the 10th.
        assert self.days(date(2026, 10, 8)) == [(date(2026, 10, 8), "officer", 0)]
        assert self.days(date(2026, 10, 10))[-1] == (date(2026, 10, 10), "head", 0)

    def test_after_the_end_every_week(self):
        late = [one for one in self.days(date(2026, 10, 28)) if one[1] == "authority"]
        assert late == [
            (date(2026, 10, 13), "authority", 0),
            (date(2026, 10, 20), "authority", 1),
            (date(2026, 10, 27), "authority", 2),
        ]

    def test_a_year_without_calendar_is_refused(self):
        empty = Calendar({}, frozenset({2026}))
        found = reminders_until(empty, date(2026, 1, 1), self.LADDER, date(2026, 1, 1))
        assert isinstance(found, Refusal)


# The oracle knows nothing of our code: it has one long strip of days with the library's data,
# strikes out what does not count, and takes the n-th that is left.
UNPUBLISHED = {
    *(date(2027, 2, n) for n in range(5, 9)),
    date(2027, 1, 1),
    date(2027, 4, 5),
    date(2027, 5, 1),
    date(2027, 5, 2),
    date(2027, 6, 9),
    date(2027, 9, 15),
    *(date(2027, 10, n) for n in range(1, 4)),
}
STRIP = [date(2018, 1, 1) + n * DAY for n in range((date(2028, 1, 1) - date(2018, 1, 1)).days)]


def is_worked(day):
    if day in constants.workdays:
        return True
    return day.isoweekday() <= 5 and day not in constants.holidays and day not in UNPUBLISHED


WORKED = [day for day in STRIP if is_worked(day)]


def oracle(start, amount, pauses):
    stood = {day for first, last in pauses for day in STRIP if first <= day <= last}
    return [day for day in WORKED if day > start and day not in stood][amount - 1]


starts = st.dates(date(2018, 1, 1), date(2027, 7, 1))
offsets = st.tuples(st.integers(-10, 60), st.integers(0, 20))


@settings(max_examples=1500)
@given(starts, st.integers(1, 20), st.integers(0, 10), st.lists(offsets, max_size=3))
def test_the_due_day_is_the_oracles(start, amount, extension, spans):
    pauses = [(start + a * DAY, start + (a + b) * DAY) for a, b in spans]
    ours = due(start, amount, extension=extension, pauses=[Pause(*pause) for pause in pauses])
    assert ours == oracle(start, amount + extension, pauses)


@settings(max_examples=300)
@given(starts, st.integers(1, 20), st.integers(1, 15), st.integers(0, 20))
def test_a_pause_shifts_the_due_day_by_exactly_its_working_days(start, amount, after, length):
    plain = due(start, amount)
    first = min(start + after * DAY, plain)
    last = first + length * DAY
    paused = due(start, amount, pauses=[Pause(first, last)])
    stood = count_working_days(CALENDAR, first - DAY, last)
    assert count_working_days(CALENDAR, plain, paused) == stood


@settings(max_examples=300)
@given(starts, st.integers(1, 20))
def test_the_explanation_adds_up(start, amount):
    deadline = count_deadline(CALENDAR, start, amount)
    numbers = [day.number for day in deadline.days if day.counts]
    assert numbers == list(range(1, amount + 1))
    assert deadline.days[-1].date == deadline.due
    assert deadline.days[-1].counts
    assert deadline.provisional == any(day.date.year == 2027 for day in deadline.days[1:])


class TestMonths:
    """The same day of a later month, or its last where it has none (民法典 202)."""

    @pytest.mark.parametrize(
        ("start", "months", "last"),
        [
            (date(2026, 3, 15), 6, date(2026, 9, 15)),
            (date(2026, 8, 31), 6, date(2027, 2, 28)),
            (date(2027, 8, 31), 6, date(2028, 2, 29)),
            (date(2026, 11, 30), 3, date(2027, 2, 28)),
            (date(2026, 12, 1), 1, date(2027, 1, 1)),
            (date(2026, 5, 6), 0, date(2026, 5, 6)),
        ],
    )
    def test_the_last_day(self, start, months, last):
        assert due(start, months, unit=Unit.MONTHS) == last

    def test_an_extension_counts_from_the_first_day_so_that_no_day_is_lost(self):
        assert due(date(2026, 12, 31), 2, unit=Unit.MONTHS, extension=1) == date(2027, 3, 31)

    def test_a_pause_moves_it_by_its_days(self):
        pauses = (Pause(date(2026, 4, 1), date(2026, 4, 10)),)
        assert due(date(2026, 3, 15), 1, unit=Unit.MONTHS, pauses=pauses) == date(2026, 4, 25)

    def test_a_term_beyond_every_calendar_is_refused(self):
        found = count_deadline(CALENDAR, date(2026, 3, 15), 10**6, Unit.MONTHS)
        assert found.code == "calendar_unknown_year"
