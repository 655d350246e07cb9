"""The clock of a portal that is tried out, and a command that moves it once more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ckanext.govdata import now


@pytest.fixture
def trial(tmp_path, monkeypatch):
    """A portal whose today stands in a file."""
    day = now.today() + timedelta(days=100)
    file = tmp_path / "today"
    file.write_text(day.isoformat(), "utf-8")
    monkeypatch.setattr(now, "_trial", str(file))
    yield day
    now.move(None)


def test_a_command_goes_on_from_the_trials_day(trial: date) -> None:
    assert now.today() == trial
    now.move(trial + timedelta(days=30))
    assert now.today() == trial + timedelta(days=30)
    now.move(None)
    now.shift(timedelta(days=-1))
    assert now.today() == trial - timedelta(days=1)


def test_a_file_that_names_no_day_changes_nothing(trial: date, tmp_path) -> None:
    real = trial - timedelta(days=100)
    (tmp_path / "today").write_text("tomorrow", "utf-8")
    assert now.today() == real


def test_an_instant_by_beijings_clocks() -> None:
    assert f"{now.in_beijing('2026-12-31T16:30:00+00:00'):%Y-%m-%d %H:%M}" == "2027-01-01 00:30"
    assert now.in_beijing(now.now()).utcoffset() == timedelta(hours=8)
