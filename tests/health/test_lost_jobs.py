"""Jobs of the queue that ended unfinished are told to operators, whatever put them there."""
from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from ckan.lib import jobs
from rq import SimpleWorker
from rq.job import JobStatus
from rq.registry import FailedJobRegistry, StartedJobRegistry

from ckanext.govdata.health import schedule
from ckanext.govdata.job import Unfinished


@pytest.fixture
def queue(with_plugins) -> Iterator[str]:
    """A queue of one's own, without what others left in theirs."""
    for each in jobs.get_all_queues():
        failed = FailedJobRegistry(queue=each)
        for job_id in failed.get_job_ids():
            failed.remove(job_id)
    name = uuid.uuid4().hex
    yield name
    jobs.get_queue(name).delete(delete_jobs=True)


def test_nothing_is_told_of_what_waits_and_what_is_done(queue) -> None:
    jobs.enqueue(len, ["a"], title="done", queue=queue)
    SimpleWorker([jobs.get_queue(queue)], connection=jobs.get_queue(queue).connection).work(
        burst=True)
    jobs.enqueue(len, ["a"], title="waits", queue=queue)
    schedule.look_for_lost_jobs()


def test_what_failed_is_named_by_its_title(queue) -> None:
    for number in range(7):
        jobs.enqueue(len, [1], title=f"letter {number}", queue=queue)
    SimpleWorker([jobs.get_queue(queue)], connection=jobs.get_queue(queue).connection).work(
        burst=True)
    with pytest.raises(Unfinished, match=r"7 jobs of the queue .*letter 6 .* and 2 more"):
        schedule.look_for_lost_jobs()


def test_what_died_with_its_worker_is_found(queue) -> None:
    """Nobody is there who could have said that it failed."""
    job = jobs.enqueue(len, ["a"], title="table of a file", queue=queue)
    jobs.get_queue(queue).remove(job)
    job.set_status(JobStatus.STARTED)
    started = StartedJobRegistry(queue=jobs.get_queue(queue))
    started.connection.zadd(started.key, {f"{job.id}:{uuid.uuid4().hex}": 1})
    with pytest.raises(Unfinished, match="table of a file"):
        schedule.look_for_lost_jobs()
