"""Emergency publication: the clauses of Anhui 35 as rules on plain data."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.domain.emergency import (
    RHYTHMS,
    Event,
    Kind,
    Level,
    Problem,
    Version,
    alarm_step,
    as_known,
    check_event,
    check_update,
    end,
    next_due,
    relevel,
)

NOON = datetime(2026, 7, 1, 4, 0, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
FLOOD = Event(
    Kind.NATURAL_DISASTER, Level.II, ("340102",), "hefei-flood", "防汛应急预案", NOON, HOUR
)


def version(hours: int, note: str = "", columns=("站点", "水位"), **totals: float) -> Version:
    return Version(NOON + hours * HOUR, columns, totals, "水文站", note)


def test_anhui_35_names_four_kinds():
    assert [k.value for k in Kind] == [
        "natural_disaster",
        "accident_disaster",
        "public_health_event",
        "social_security_event",
    ]


def test_levels_have_the_colours_of_warnings():
    assert [level.colour for level in Level] == ["red", "orange", "yellow", "blue"]


def test_a_lawful_event_may_be_declared():
    assert check_event(FLOOD, "3401") == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"regions": ("3401", "411523")}, Problem("region_outside", "regions", "411523")),
        ({"regions": ()}, Problem("missing", "regions")),
        ({"basis": "  "}, Problem("missing", "basis")),
        ({"rhythm": timedelta(minutes=7)}, Problem("rhythm", "rhythm", "0:07:00")),
        (
            {"ended": NOON - HOUR},
            Problem("end_before_start", "ended", (NOON - HOUR).isoformat()),
        ),
    ],
)
def test_what_stands_against_an_event(change, problem):
    assert check_event(replace(FLOOD, **change), "3401") == [problem]


def test_an_event_of_another_region_is_refused():
    assert check_event(FLOOD, "41") == [Problem("region_outside", "regions", "340102")]


def test_relevelling_changes_the_level_only():
    assert relevel(FLOOD, Level.I) == replace(FLOOD, level=Level.I)
    assert relevel(FLOOD, Level.II) == Problem("unchanged", "level", "II")


def test_an_ended_event_is_final():
    ended = end(FLOOD, NOON + HOUR)
    assert isinstance(ended, Event)
    assert relevel(ended, Level.I) == Problem("ended", "level", "I")
    assert end(ended, NOON + 2 * HOUR) == Problem("ended", "ended", (NOON + HOUR).isoformat())


def test_an_end_before_the_start_is_refused():
    at = NOON - timedelta(seconds=1)
    assert end(FLOOD, at) == Problem("end_before_start", "ended", at.isoformat())


@pytest.mark.parametrize(
    ("hours_since", "step"), [(0, 0), (1, 0), (1.01, 1), (1.99, 1), (2.01, 2), (3.01, 3), (90, 3)]
)
def test_a_missed_update_goes_up_step_by_step(hours_since, step):
    assert alarm_step(NOON, HOUR, NOON + hours_since * HOUR) == step


@given(st.sampled_from(RHYTHMS), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_late_is_exactly_after_the_promised_instant(rhythm, since):
    at = NOON + since
    assert (alarm_step(NOON, rhythm, at) > 0) == (at > next_due(NOON, rhythm))


def test_what_was_known_at_an_instant():
    first, second = version(0), version(2)
    versions = [second, first]
    assert as_known(versions, NOON - HOUR) is None
    assert as_known(versions, NOON) is first
    assert as_known(versions, NOON + HOUR) is first
    assert as_known(versions, NOON + 2 * HOUR) is second


@given(st.lists(st.integers(0, 99), unique=True, min_size=1), st.integers(0, 99))
def test_as_known_equals_replaying_in_order(hours, at):
    replayed = None
    for hour in sorted(hours):
        if hour <= at:
            replayed = hour
    known = as_known([version(h) for h in hours], NOON + at * HOUR)
    assert (known and known.published) == (None if replayed is None else NOON + replayed * HOUR)


def test_a_first_version_needs_no_note():
    assert check_update(None, version(0, cases=5)) == []


def test_a_falling_total_needs_a_note():
    fell = version(1, cases=4)
    assert check_update(version(0, cases=5), fell) == [Problem("total_fell", "note", "cases")]
    assert check_update(version(0, cases=5), replace(fell, note="核减重复病例")) == []
    assert check_update(version(0, cases=5), version(1, cases=5)) == []


def test_changed_columns_need_a_note():
    changed = version(1, columns=("站点", "水位", "流量"))
    assert check_update(version(0), changed) == [Problem("columns_changed", "note", "流量")]


def test_reordered_columns_need_a_note_too():
    swapped = version(1, columns=("水位", "站点"))
    assert check_update(version(0), swapped) == [Problem("columns_changed", "note", "水位、站点")]
