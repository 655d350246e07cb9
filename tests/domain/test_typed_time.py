"""Days and instants as people write them are read in one way."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from ckanext.govdata.domain import typed_time

BEIJING = timezone(timedelta(hours=8))
NOON = datetime(2026, 7, 1, 12, 0, tzinfo=BEIJING)


@pytest.mark.parametrize(
    "written",
    ["", "20261001", "2026-W40-4", "2026-274", "2026-10-1", "2026-02-30", "２０２６-１０-０１",
     "2026-10-01T00:00", "gestern", "2026-10-01\n2026-10-02", "-2026-10-01"],
)  # fmt: skip
def test_what_is_no_day(written):
    assert typed_time.read_day(written) is None


def test_a_day():
    assert typed_time.read_day(" 2026-10-01 ") == date(2026, 10, 1)


@pytest.mark.parametrize(
    "written",
    ["2026-07-01T12:00:00+08:00", "2026-07-01T12:00:00 08:00", "2026-07-01T04:00:00Z",
     "2026-07-01 12:00+08:00", "2026-07-01 12:00 08:00"],
)  # fmt: skip
def test_an_instant(written):
    assert typed_time.read_instant(written) == NOON


def test_an_instant_without_a_zone():
    assert typed_time.read_instant("2026-07-01T12:00", BEIJING) == NOON
    assert typed_time.read_instant("2026-07-01T12:00") is None


@pytest.mark.parametrize("written", ["", "12:00", "2026-13-01T12:00Z", "x", "9" * 400])
def test_what_is_no_instant(written):
    assert typed_time.read_instant(written, BEIJING) is None


@pytest.mark.parametrize(
    "written",
    ["2027年11月30日", "2027/11/30", "2027.11.30", "２０２７－１１－３０", "2027 年 11 月 30 日",
     "2027-11-30",
     "2027年11月30號"],
)  # fmt: skip
def test_a_day_as_people_type_it(written):
    assert typed_time.read_written_day(written) == date(2027, 11, 30)


@pytest.mark.parametrize(
    "written",
    ["11月30日", "30/11/2027", "2027年2月30日", "2027年11月", "27.11.30"],
)  # fmt: skip
def test_what_may_be_several_days_is_not_guessed(written):
    assert typed_time.read_written_day(written) is None
