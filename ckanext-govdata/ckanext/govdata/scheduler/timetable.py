"""Run jobs at their time, note how each went, and say that the scheduler is alive."""
from __future__ import annotations

import json
import logging
import os
import signal
from contextlib import closing
from types import FrameType
from typing import Any, TypedDict, cast
from zlib import crc32

import ckan.model as model
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger
from ckan.lib.redis import connect_to_redis
from flask import Flask
from redis.exceptions import RedisError
from sqlalchemy import Engine, text

from .. import now, settings, slices
from ..job import Job, Unfinished, steps
from ..security import keys
from . import job_runs

log = logging.getLogger(__name__)
BEAT = 20
"""Seconds between two signs of life."""
CATCH_UP = 60
"""Seconds between two looks for what was missed."""
LAST_STEP = 8.0
"""Seconds that a letter under way has left when the scheduler is told to end: fewer than docker,
systemd and our supervisor wait before they kill."""


def jobs() -> dict[str, Job]:
    """Every slice's jobs by name; two of one name stop the start."""
    found: dict[str, Job] = {}
    for job in slices.listed("schedule", "jobs", Job):
        if job.name in found:
            raise RuntimeError(f"job {job.name} is listed by two slices")
        found[job.name] = job
    return found


def run_forever(app: Flask) -> None:
    """Run every job at its time until the process is told to stop; first what was missed."""
    scheduler = BlockingScheduler(
        timezone=now.BEIJING,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600},
    )
    with app.app_context(), closing(_engine().connect()) as connection:
        keys.at_start()
        job_runs.begin(connection, jobs().values(), now.real())
    for job in jobs().values():
        scheduler.add_job(run, job_runs.trigger(job), [app, job, True], id=job.name)
    signal.signal(signal.SIGTERM, end)
    beat(app)
    every = IntervalTrigger(seconds=CATCH_UP)
    scheduler.add_job(catch_up, every, [app], id="catch_up", next_run_time=now.real())
    scheduler.add_job(
        beat, IntervalTrigger(seconds=BEAT), [app], id="beat", misfire_grace_time=BEAT
    )
    scheduler.start()


def end(number: int, _frame: FrameType | None = None) -> None:
    """End as the signal says, but between two letters; every other job is harmless run again."""
    steps.end(LAST_STEP)
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def catch_up(app: Flask) -> list[str]:
    """Run what should have been done and was not, in the order of its times, each once; the names.

    What failed is tried again, later and later.
    """
    instant = now.real()
    with app.app_context(), closing(_engine().connect()) as connection:
        missed = job_runs.overdue(connection, jobs().values(), instant)
    wanted = [one.job for one in missed if one.wanted(instant)]
    for job in wanted:
        run(app, job, True)
    return [job.name for job in wanted]


def run(app: Flask, job: Job, if_due: bool = False) -> bool:
    """Run one job now, unless another process is at it; how it went is noted, not raised.

    ``if_due``: nothing where it has been carried out since its last time.
    """
    with app.app_context(), closing(_engine().connect()) as connection:
        lock = {"key": crc32(f"govdata job {job.name}".encode())}
        got = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), lock).scalar()
        connection.commit()  # the lock is the connection's; a job may take longer than PostgreSQL
        if not got:  # lets a transaction stand idle
            return False
        began = now.real()
        try:
            known = job_runs.is_known(connection, job)
            if if_due and known and not job_runs.overdue(connection, [job], began):
                return True
            failure, done = _carry_out(job)
            job_runs.note(connection, job, began, done)
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), lock)
            connection.commit()
        seconds = round((now.real() - began).total_seconds(), 3)
        _note(job.name, {"at": began.isoformat(), "seconds": seconds, "failure": failure})
    return not failure


def _carry_out(job: Job) -> tuple[str, bool]:
    """Why it failed, or nothing; and whether it did what it could, so that it comes again at its
    next time and not before.
    """
    try:
        job.function()
    except Unfinished as error:
        return str(error), True
    except Exception as error:  # one job's bug must not end the others
        model.Session.rollback()
        log.exception("Job %s failed", job.name)
        return type(error).__name__, False
    finally:
        model.Session.remove()
    return "", True


def beat(app: Flask) -> None:
    """Say that the scheduler is alive; it is believed for three beats."""
    try:
        with app.app_context():
            connect_to_redis().set(f"{_prefix()}:beat", now.real().isoformat(), ex=BEAT * 3)
    except RedisError as error:
        log.warning("The scheduler's sign of life could not be stored: %s", type(error).__name__)


def last_beat() -> str:
    """When the scheduler last said that it is alive, in ISO form; empty when too long ago."""
    return cast("bytes", connect_to_redis().get(f"{_prefix()}:beat") or b"").decode()


class JobRun(TypedDict):
    """A job's last run: when (ISO 8601), how long, and why it failed, empty where it did not."""

    at: str
    seconds: float
    failure: str


def last_runs() -> dict[str, JobRun | None]:
    """Each job's last run, or None if it never ran."""
    noted = cast("dict[bytes, bytes]", connect_to_redis().hgetall(f"{_prefix()}:runs"))
    return {
        name: json.loads(noted[name.encode()]) if name.encode() in noted else None
        for name in jobs()
    }


def warnings() -> list[str]:
    """The jobs whose last run failed, and how: the portal serves, but somebody must look."""
    runs = last_runs()
    return [f"{name}: {run['failure']}" for name, run in runs.items() if run and run["failure"]]


def late() -> list[str]:
    """The jobs that should have been done more than an hour ago; from the database."""
    with closing(_engine().connect()) as connection:
        return job_runs.late(connection, jobs().values(), now.real())


def _engine() -> Engine:
    return cast("Engine", model.meta.engine)  # there from the moment that CKAN is configured


def _note(name: str, run: dict[str, Any]) -> None:
    """For those who look; what is still to be done stands in the database."""
    try:
        connect_to_redis().hset(f"{_prefix()}:runs", name, json.dumps(run))
    except RedisError as error:
        log.warning("How job %s went could not be stored: %s", name, type(error).__name__)


def _prefix() -> str:
    return f"ckan:{settings.site_id()}:govdata:schedule"
