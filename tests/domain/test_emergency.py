"""Emergency publication: the clauses of Anhui 35 as rules on plain data."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.domain.emergency.acts import EMERGENCY, PUBLISH, UPDATE, role_for
from ckanext.govdata.domain.emergency.dataset import (
    Version,
    check_expected,
    check_note,
    readable,
)
from ckanext.govdata.domain.emergency.emergency_event import (
    Emergency,
    EmergencyKind,
    EmergencyLevel,
    EmergencyRules,
    Rhythms,
    alarm_step,
    changes,
    check_end,
    check_event,
    next_due,
)
from ckanext.govdata.domain.procedure import Role

NOON = datetime(2026, 7, 1, 4, 0, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
RHYTHMS = Rhythms(timedelta(minutes=15), timedelta(days=1))
KINDS = [kind.value for kind in EmergencyKind]
LADDER = (0, 1, 2)
FLOOD = Emergency("natural_disaster", "II", ("340102",), "洪涝", "防汛应急预案", NOON, HOUR)


def version(number: int, note: str = "", columns=("站点", "水位"), **totals: float) -> Version:
    return Version(number, NOON + number * HOUR, columns, totals, note)


def codes(event: Emergency, place: str = "3401") -> list[tuple[str, str]]:
    found = check_event(event, EmergencyRules(place, RHYTHMS, tuple(KINDS)), NOON)
    return [(r.code, r.value) for r in found]


def test_anhui_35_names_four_kinds():
    assert KINDS == ["natural_disaster", "accident_disaster", "public_health", "social_security"]


def test_levels_have_the_colours_of_warnings():
    assert [level.colour for level in EmergencyLevel] == ["red", "orange", "yellow", "blue"]


def test_a_lawful_event_may_be_declared():
    assert codes(FLOOD) == []


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"regions": ("3401", "411523")}, ("region_outside", "411523")),
        ({"regions": ()}, ("missing", "")),
        ({"basis": "  "}, ("missing", "")),
        ({"title": ""}, ("missing", "")),
        ({"kind": "war"}, ("kind_unknown", "war")),
        ({"level": "V"}, ("level_unknown", "V")),
        ({"rhythm": timedelta(minutes=14)}, ("rhythm", "14")),
        ({"rhythm": timedelta(days=2)}, ("rhythm", "2880")),
        ({"started": NOON + HOUR}, ("start_ahead", (NOON + HOUR).isoformat())),
    ],
)
def test_an_event_that_may_not_be_declared(change, refusal):
    assert codes(replace(FLOOD, **change)) == [refusal]


def test_a_kind_that_is_not_given_is_missing():
    found = check_event(replace(FLOOD, kind=""), EmergencyRules("3401", RHYTHMS, ("",)), NOON)
    assert [(r.code, r.field) for r in found] == [("missing", "kind")]


def test_the_bounds_of_a_rhythm_may_be_promised_themselves():
    for rhythm in (RHYTHMS.least, RHYTHMS.most):
        assert codes(replace(FLOOD, rhythm=rhythm)) == []


def test_an_officers_clock_may_run_five_minutes_ahead():
    ahead, second = timedelta(minutes=5), timedelta(seconds=1)
    assert codes(replace(FLOOD, started=NOON + ahead)) == []
    assert codes(replace(FLOOD, started=NOON + ahead + second))[0][0] == "start_ahead"
    assert check_end(FLOOD, NOON + ahead, NOON) == []
    assert [r.code for r in check_end(FLOOD, NOON + ahead + second, NOON)] == ["end_ahead"]
    assert check_end(FLOOD, FLOOD.started, NOON) == []


def test_a_handler_without_a_place_has_no_region_of_its_own():
    assert codes(FLOOD, "") == [("handler_without_place", "")]


def test_a_decision_is_a_heads_and_an_update_also_an_officers():
    for act in EMERGENCY.commands:
        assert bool(role_for(act, {Role.OFFICER})) is (act in (UPDATE, PUBLISH))
        for role in (Role.HEAD, Role.GOVERNMENT):
            assert role_for(act, {role, Role.OFFICER}) is role
        assert bool(role_for(act, {Role.AUTHORITY})) is (act in (UPDATE, PUBLISH)), "Anhui 35"
        assert role_for(act, ()) is None


def test_an_event_ends_once_after_its_start_and_not_in_times_to_come():
    later = NOON + 3 * HOUR
    assert check_end(FLOOD, later, later) == []
    assert [r.code for r in check_end(FLOOD, NOON - HOUR, later)] == ["end_before_start"]
    assert [r.code for r in check_end(FLOOD, later + HOUR, later)] == ["end_ahead"]
    assert [r.code for r in check_end(replace(FLOOD, ended=NOON), later, later)] == ["ended"]


def test_what_changed_is_named():
    assert changes(FLOOD, replace(FLOOD, level="I", title="特大洪涝")) == {
        "level": {"before": "II", "after": "I"},
        "title": {"before": "洪涝", "after": "特大洪涝"},
    }
    assert changes(FLOOD, FLOOD) == {}


@given(st.integers(15, 1440), st.integers(0, 10_000))
def test_an_alarm_goes_up_one_step_each_missed_rhythm(rhythm, late):
    span = timedelta(minutes=rhythm)
    step = alarm_step(NOON, span, next_due(NOON, span) + timedelta(minutes=late), LADDER)
    expected = 0 if late == 0 else min(3, 1 + late // rhythm)
    assert step == expected


def test_nights_and_holidays_count():
    eve = datetime(2026, 9, 30, 15, 50, tzinfo=timezone.utc)  # the night before the National Day
    assert next_due(eve, timedelta(minutes=15)) == eve + timedelta(minutes=15)


def test_an_update_explains_changed_columns_and_falling_totals():
    before = version(1, 确诊=10.0, 治愈=2.0)
    assert check_note(before, version(2, 确诊=12.0, 治愈=2.0)) == []
    fell = check_note(before, version(2, 确诊=9.0, 治愈=2.0))
    assert [(r.code, r.value, r.facts["before"], r.facts["after"]) for r in fell] == [
        ("total_fell", "确诊", "10", "9")
    ]
    changed = check_note(before, version(2, columns=("站点", "流量"), 确诊=10.0, 治愈=2.0))
    assert [(r.code, r.value) for r in changed] == [("columns_changed", "水位、流量")]
    assert check_note(before, version(2, note="按国家口径核减", 确诊=9.0)) == []
    assert check_note(None, version(1, 确诊=9.0)) == []


def test_columns_in_another_order_are_a_change():
    swapped = check_note(version(1), version(2, columns=("水位", "站点")))
    assert [(r.code, r.value) for r in swapped] == [("columns_changed", "水位、站点")]


def test_blanks_are_no_note():
    fell = check_note(version(1, 确诊=10.0), version(2, note="  ", 确诊=9.0))
    assert [r.code for r in fell] == ["total_fell"]


def test_a_figure_that_is_told_no_more_has_not_fallen():
    assert check_note(version(1, 确诊=10.0), version(2)) == []


def test_whoever_saw_an_older_version_is_told():
    assert check_expected(None, version(3)) == []
    assert check_expected(3, version(3)) == []
    overtaken = check_expected(2, version(3))
    assert [(r.code, r.facts["latest"]) for r in overtaken] == [("overtaken", "3")]
    assert check_expected(0, None) == []
    assert [r.facts["latest"] for r in check_expected(1, None)] == ["0"]


@pytest.mark.parametrize(
    ("attribute", "override", "running", "answer"),
    [
        ("unconditional", False, False, True),
        ("conditional", True, True, True),
        ("conditional", True, False, False),
        ("conditional", False, True, False),
        ("non_open", True, True, False),
        (None, True, True, False),
    ],
)
def test_what_an_event_opened_is_readable_while_the_law_allows(
    attribute, override, running, answer
):
    assert readable(attribute, override, running) is answer
