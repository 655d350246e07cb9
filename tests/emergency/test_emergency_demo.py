"""The demo's two events, loaded through the actions: an epidemic that is over and a drill."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ckanext.govdata import now
from ckanext.govdata.demo import emergencies
from tests.cases.conftest import call

HEAD = "date,province,province_code,city,city_code,confirmed,suspected,cured,dead\n"


@pytest.fixture
def demo(place, tmp_path, monkeypatch):
    """The demo's steps, with the small place of these tests for the province."""
    days = [date(2020, 2, 20) + timedelta(days=n) for n in range(9)]
    place_of = "安徽,340000,瑶海区,340102"
    rows = [f"{day},{place_of},{n},0,{n // 2},0\n" for n, day in enumerate(days)]
    (tmp_path / "covid19.csv").write_text(HEAD + "".join(rows), "utf-8")
    monkeypatch.setattr(emergencies, "DATA", tmp_path)
    monkeypatch.setattr(emergencies, "USER", "head")
    monkeypatch.setattr(emergencies, "HANDLER", place.department["name"])
    monkeypatch.setattr(emergencies, "REGION", "340102")
    return place


def test_the_epidemic_is_an_archive_with_bulletins_and_levels(demo):
    assert emergencies.load() == 2
    demo.event = emergencies.EPIDEMIC
    shown = demo.show()
    assert shown["ended"].startswith("2020-02-28")
    assert shown["level"] == "II"
    assert [one["at"][:10] for one in shown["bulletins"]] == ["2020-02-27", "2020-02-20"]
    assert "累计确诊7例" in shown["bulletins"][0]["text"]
    assert shown["datasets"][0]["latest"]["number"] == 9
    assert not any(version["late_minutes"] for version in shown["datasets"][0]["versions"])


def test_the_drill_is_going_on_and_private(demo):
    emergencies.load()
    shown = call("officer", "govdata_emergency_show", id=emergencies.DRILL)
    assert shown["drill"]
    assert shown["ended"] is None
    assert len(shown["datasets"][0]["versions"]) == 6
    listed = call("citizen", "govdata_emergency_list")["results"]
    assert [one["name"] for one in listed] == [emergencies.EPIDEMIC]


def test_a_second_time_changes_nothing_and_the_clock_is_right(demo):
    emergencies.load()
    assert emergencies.load() == 0
    assert now._shift is None


def test_the_level_changes_at_the_hour_that_was_announced(demo):
    emergencies.load()
    demo.event = emergencies.EPIDEMIC
    assert demo.show(at="2020-02-25T11:59:00+08:00")["level"] == "I"
    assert demo.show(at="2020-02-25T12:01:00+08:00")["level"] == "II"


def test_the_event_begins_on_the_day_of_level_one(demo, tmp_path):
    text = (tmp_path / "covid19.csv").read_text("utf-8")
    before = HEAD + "2020-01-23,安徽,340000,瑶海区,340102,5,0,0,0\n"
    (tmp_path / "covid19.csv").write_text(text.replace(HEAD, before), "utf-8")
    emergencies.load()
    demo.event = emergencies.EPIDEMIC
    assert demo.show()["started"].startswith("2020-02-20")


def test_levels_fall_on_days_that_the_counts_have():
    assert list(emergencies.LEVELS) == sorted(emergencies.LEVELS)
    assert emergencies.FIRST.isoformat() == "2020-01-24"
    assert all(emergencies.FIRST < day < date(2020, 4, 30) for day in emergencies.LEVELS)
