"""The update promise: when the next update is due and when it is late."""

from __future__ import annotations

from datetime import date

import pytest

from ckanext.govdata.domain.freshness import after_months, freshness

D = date.fromisoformat


@pytest.mark.parametrize(
    ("period", "updated", "due"),
    [
        ("real_time", "2026-03-01", "2026-03-02"),
        ("daily", "2026-02-28", "2026-03-01"),
        ("weekly", "2026-12-28", "2027-01-04"),
        ("monthly", "2026-01-31", "2026-02-28"),
        ("monthly", "2024-01-31", "2024-02-29"),
        ("quarterly", "2026-11-30", "2027-02-28"),
        ("half_yearly", "2026-08-31", "2027-02-28"),
        ("yearly", "2024-02-29", "2025-02-28"),
        ("biennial", "2024-02-29", "2026-02-28"),
    ],
)
def test_due(period, updated, due):
    assert freshness(period, D(updated), D(updated)).due == D(due)


def test_the_due_day_itself_is_in_time():
    assert not freshness("monthly", D("2026-01-15"), D("2026-02-15")).late
    assert freshness("monthly", D("2026-01-15"), D("2026-02-16")).late


@pytest.mark.parametrize("period", ["irregular", "other", "", "unheard-of"])
def test_without_a_promise_nothing_is_late(period):
    judged = freshness(period, D("1999-01-01"), D("2026-01-01"))
    assert judged.due is None
    assert not judged.late


def test_never_updated_is_unknown_rather_than_late():
    judged = freshness("daily", None, D("2026-01-01"))
    assert (judged.updated, judged.due, judged.late) == (None, None, False)


def test_months_keep_the_day_where_the_month_has_it():
    assert after_months(D("2026-01-31"), 2) == D("2026-03-31")
    assert after_months(D("2026-12-15"), 1) == D("2027-01-15")
