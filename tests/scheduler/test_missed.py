"""A daily job whose minute was missed is made up for: once, in its order, and again if it fails."""
from __future__ import annotations

import threading
from datetime import datetime, timedelta

import ckan.model as model
import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import text

from ckanext.govdata import now
from ckanext.govdata.health import report
from ckanext.govdata.job import Job, Unfinished
from ckanext.govdata.scheduler import job_runs, timetable

DAILY = "10 0 * * *"


@pytest.fixture
def listed(monkeypatch):
    """Make the slices list these jobs."""

    def lists(*jobs):
        monkeypatch.setattr(timetable.slices, "listed", lambda *_of: list(jobs))

    return lists


@pytest.fixture
def ran(listed):
    """Names of the daily jobs that ran, in their order; `sweep` is due before `head`."""
    found: list[str] = []
    listed(
        Job("head", "20 0 * * *", lambda: found.append("head")),
        Job("sweep", DAILY, lambda: found.append("sweep")),
        Job("often", "* * * * *", lambda: found.append("often")),
    )
    return found


def away_since(days: float, *names: str) -> None:
    """The scheduler carried these out so many days ago and was away since."""
    with model.ensure_engine().begin() as connection:
        for name in names:
            row = "INSERT INTO govdata_job (name, done) VALUES (:name, :done)"
            connection.execute(text(row), {"name": name, "done": now.real() - timedelta(days=days)})


def pass_by(minutes: int) -> None:
    """So long ago was whatever was tried last."""
    with model.ensure_engine().begin() as connection:
        row = "UPDATE govdata_job SET tried = tried - make_interval(mins => :minutes)"
        connection.execute(text(row), {"minutes": minutes})


def test_what_was_missed_runs_at_the_next_start(app, fresh, listed, monkeypatch):
    came = threading.Event()
    listed(Job("sweep", DAILY, came.set))
    away_since(3, "sweep")
    started: list[BackgroundScheduler] = []

    def scheduler(**more):
        started.append(BackgroundScheduler(**more))
        return started[0]

    monkeypatch.setattr(timetable, "BlockingScheduler", scheduler)
    timetable.run_forever(app.flask_app)
    try:
        assert came.wait(10)
    finally:
        started[0].shutdown()


def test_each_missed_job_runs_once_in_the_order_of_its_time(app, fresh, ran, monkeypatch):
    # Not in the minutes between the two: then the one before was due a day later.
    noon = now.real().replace(hour=4, minute=0)
    monkeypatch.setattr(now, "real", lambda: noon)
    away_since(4, "head", "sweep", "often")
    assert timetable.catch_up(app.flask_app) == ["sweep", "head"]
    assert ran == ["sweep", "head"]
    assert timetable.catch_up(app.flask_app) == []
    assert ran == ["sweep", "head"]


def test_a_first_start_has_missed_nothing(app, fresh, ran):
    assert timetable.catch_up(app.flask_app) == []
    with model.ensure_engine().connect() as connection:
        job_runs.begin(connection, timetable.jobs().values(), now.real())
    assert timetable.catch_up(app.flask_app) == []
    assert ran == []


def test_what_raised_is_tried_again_later_and_later(app, fresh, listed):
    ran: list[int] = []

    def fail_twice() -> None:
        ran.append(1)
        if len(ran) < 3:
            raise KeyError("not yet")

    listed(Job("sweep", DAILY, fail_twice))
    away_since(2, "sweep")
    for minutes, turns in ((0, 1), (0, 1), (3, 2), (3, 2), (2, 3), (600, 3)):
        pass_by(minutes)
        timetable.catch_up(app.flask_app)
        assert len(ran) == turns
    assert timetable.late() == []


def test_what_did_what_it_could_comes_again_at_its_time_only(app, fresh, listed):
    ran: list[int] = []

    def unfinished() -> None:
        ran.append(1)
        raise Unfinished("one case")

    listed(Job("sweep", DAILY, unfinished))
    away_since(2, "sweep")
    timetable.catch_up(app.flask_app)
    pass_by(600)
    timetable.catch_up(app.flask_app)
    assert ran == [1]
    assert timetable.warnings() == ["sweep: one case"]


def test_one_that_always_fails_does_not_keep_the_others(app, fresh, listed):
    ran: list[int] = []

    def fail() -> None:
        raise KeyError("never")

    listed(Job("a", DAILY, fail), Job("b", DAILY, lambda: ran.append(1)))
    away_since(2, "a", "b")
    timetable.catch_up(app.flask_app)
    assert ran == [1]


def test_two_schedulers_at_one_minute_run_a_job_once(app, fresh, ran):
    away_since(2, "sweep")
    job = timetable.jobs()["sweep"]
    assert timetable.run(app.flask_app, job, True)
    assert timetable.run(app.flask_app, job, True)
    assert ran == ["sweep"]


def test_whoever_runs_a_job_by_hand_does_its_duty(app, fresh, ran):
    away_since(2, "sweep")
    assert timetable.run(app.flask_app, timetable.jobs()["sweep"])
    assert timetable.catch_up(app.flask_app) == []


def test_by_hand_a_job_runs_though_nothing_is_due(app, fresh, ran):
    away_since(0, "sweep")
    assert timetable.run(app.flask_app, timetable.jobs()["sweep"])
    assert ran == ["sweep"]


def test_the_health_page_says_what_is_late(app, fresh, ran):
    away_since(2, "sweep")
    with app.flask_app.app_context():
        said = [line for line in report.examine()["warnings"] if "sweep" in line]
    assert len(said) == 1
    assert "due since" in said[0]
    assert "ckan govdata schedule run sweep" in said[0]


@pytest.mark.parametrize(
    ("minutes", "missed", "made_up_for", "told"),
    [(-1, 0, 0, 0), (0, 1, 0, 0), (1, 1, 0, 0), (2, 1, 1, 0), (60, 1, 1, 0), (61, 1, 1, 1)],
)
def test_first_it_is_left_to_the_clock_and_after_an_hour_somebody_is_told(
    fresh, minutes, missed, made_up_for, told
):
    due = datetime(2026, 11, 24, 0, 10, tzinfo=now.BEIJING)
    job, instant = Job("sweep", DAILY, lambda: None), due + timedelta(minutes=minutes)
    with model.ensure_engine().connect() as connection:
        job_runs.begin(connection, [job], due - timedelta(days=1))
        found = job_runs.overdue(connection, [job], instant)
        assert len(found) == missed
        assert sum(one.wanted(instant) for one in found) == made_up_for
        assert len(job_runs.late(connection, [job], instant)) == told


def test_no_transaction_stands_open_while_a_job_works(app, fresh, listed):
    """PostgreSQL ends one that is idle for five minutes, and the job's lock with it."""
    states: list[str] = []

    def look() -> None:
        query = (
            "SELECT state FROM pg_stat_activity JOIN pg_locks USING (pid) "
            "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
        with model.ensure_engine().connect() as connection:
            states.extend(connection.scalars(text(query)))

    listed(Job("long", DAILY, look))
    assert timetable.run(app.flask_app, timetable.jobs()["long"])
    assert states == ["idle"]
