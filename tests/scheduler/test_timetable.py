"""Jobs run once, their failures are noted, and one bad job ends nothing."""
from __future__ import annotations

import ckan.model as model
import pytest
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import text

from ckanext.govdata.job import Job
from ckanext.govdata.scheduler import timetable


@pytest.fixture
def listed(monkeypatch):
    """Make the slices list these jobs."""

    def lists(*jobs):
        monkeypatch.setattr(timetable.slices, "listed", lambda *_of: list(jobs))

    return lists


def test_a_run_is_noted(app, fresh, listed):
    ran = []
    job = Job("count", "* * * * *", lambda: ran.append(1))
    listed(job)
    assert timetable.last_runs() == {"count": None}
    assert timetable.run(app.flask_app, job)
    assert ran == [1]
    assert timetable.last_runs()["count"]["failure"] == ""
    assert timetable.warnings() == []


def test_a_failure_is_noted_and_not_raised(app, fresh, listed):
    def fail():
        model.Session.execute(text("SELECT 1 / 0"))

    job = Job("fail", "* * * * *", fail)
    listed(job)
    assert not timetable.run(app.flask_app, job)
    assert timetable.last_runs()["fail"]["failure"] == "DataError"
    assert model.Session.execute(text("SELECT 1")).scalar() == 1


def test_a_job_that_runs_elsewhere_is_not_run_twice(app, fresh):
    ran = []

    def outer():
        assert not timetable.run(app.flask_app, Job("same", "* * * * *", lambda: ran.append(1)))
        assert timetable.run(app.flask_app, Job("other", "* * * * *", lambda: ran.append(2)))

    assert timetable.run(app.flask_app, Job("same", "* * * * *", outer))
    assert ran == [2]


def test_two_jobs_of_one_name_stop_the_start(listed):
    listed(Job("a", "* * * * *", print), Job("a", "0 0 * * *", print))
    with pytest.raises(RuntimeError, match="two slices"):
        timetable.jobs()


def test_the_sign_of_life_is_seen(app, fresh):
    assert timetable.last_beat() == ""
    timetable.beat(app.flask_app)
    assert timetable.last_beat().startswith("20")


def test_every_listed_job_has_a_time_that_can_be_read(loaded_plugins):
    for job in timetable.jobs().values():
        CronTrigger.from_crontab(job.cron)
