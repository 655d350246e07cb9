"""Whether a job that a row waits for is still to come, as the queue itself has it."""

from datetime import timedelta, timezone

import pytest
from ckan.lib import jobs
from rq.job import JobStatus

from ckanext.govdata import now, queued_job

JOB = "waited-for"


def work() -> None:
    """Nothing: no worker takes it here."""


@pytest.fixture
def asked(fresh):
    """A job in the queue, and when its row asked for it: an hour ago."""
    queued_job.enqueue(work, [], JOB, "waited for")
    yield now.real() - timedelta(hours=1)
    jobs.job_from_id(JOB).delete()


def at_work_since(began: timedelta, heard: timedelta) -> None:
    """A worker took it from the queue, and last said so."""
    job = jobs.job_from_id(JOB)
    job.set_status(JobStatus.STARTED)
    moment = now.real().replace(tzinfo=timezone.utc)
    job.started_at, job.last_heartbeat = moment - began, moment - heard
    job.save()


def test_who_waits_in_the_queue_comes_however_long_it_takes(asked):
    assert queued_job.is_coming(JOB, asked)


@pytest.mark.parametrize(("began", "heard", "coming"), [
    (20, 20, True),
    (55, 25, True),  # a loaded machine: CKAN is loaded for longer than half a minute
    (300, 10, True),
    (300, 200, False),  # its worker's machine went away
])  # fmt: skip
def test_a_worker_that_still_says_so_is_at_it(asked, began, heard, coming):
    at_work_since(timedelta(seconds=began), timedelta(seconds=heard))
    assert queued_job.is_coming(JOB, asked) is coming


def test_what_failed_or_is_unknown_does_not_come(asked):
    jobs.job_from_id(JOB).set_status(JobStatus.FAILED)
    assert not queued_job.is_coming(JOB, asked)
    assert not queued_job.is_coming("never-asked-for", asked)
