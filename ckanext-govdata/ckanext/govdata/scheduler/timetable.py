"""Run jobs at their time, note how each went, and say that the scheduler is alive."""
from __future__ import annotations

import json
import logging
from contextlib import closing
from typing import Any, cast
from zlib import crc32

import ckan.model as model
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError
from sqlalchemy import Engine, text

from .. import now, settings, slices
from .job import Job, Unfinished

log = logging.getLogger(__name__)
BEAT = 20
"""Seconds between two signs of life."""


def jobs() -> dict[str, Job]:
    """Every slice's jobs by name; two of one name stop the start."""
    found: dict[str, Job] = {}
    for job in slices.listed("schedule", "jobs"):
        if job.name in found:
            raise RuntimeError(f"job {job.name} is listed by two slices")
        found[job.name] = job
    return found


def run_forever(app: Any) -> None:
    """Run every job at its time until the process is told to stop."""
    scheduler = BlockingScheduler(
        timezone=now.BEIJING,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600},
    )
    for job in jobs().values():
        trigger = CronTrigger.from_crontab(job.cron, timezone=now.BEIJING)
        scheduler.add_job(run, trigger, [app, job], id=job.name)
    beat(app)
    scheduler.add_job(
        beat, IntervalTrigger(seconds=BEAT), [app], id="beat", misfire_grace_time=BEAT
    )
    scheduler.start()


def run(app: Any, job: Job) -> bool:
    """Run one job now, unless another process is at it; how it went is noted, not raised."""
    began = now.now()
    with app.app_context(), closing(_engine().connect()) as connection:
        lock = {"key": crc32(f"govdata job {job.name}".encode())}
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), lock).scalar():
            return False
        try:
            job.function()
            failure = ""
        except Unfinished as error:
            failure = str(error)
        except Exception as error:  # one job's bug must not end the others
            model.Session.rollback()
            log.exception("Job %s failed", job.name)
            failure = type(error).__name__
        finally:
            model.Session.remove()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), lock)
            connection.commit()
        seconds = round((now.now() - began).total_seconds(), 3)
        _note(job.name, {"at": began.isoformat(), "seconds": seconds, "failure": failure})
    return not failure


def beat(app: Any) -> None:
    """Say that the scheduler is alive; it is believed for three beats."""
    try:
        with app.app_context():
            connect_to_redis().set(f"{_prefix()}:beat", now.real().isoformat(), ex=BEAT * 3)
    except RedisError as error:
        log.warning("The scheduler's sign of life could not be stored: %s", type(error).__name__)


def last_beat() -> str:
    """When the scheduler last said that it is alive, in ISO form; empty when too long ago."""
    return cast("bytes", connect_to_redis().get(f"{_prefix()}:beat") or b"").decode()


def last_runs() -> dict[str, dict[str, Any] | None]:
    """Each job's last run (``at``, ``seconds``, ``failure``), or None if it never ran."""
    noted = cast("dict[bytes, bytes]", connect_to_redis().hgetall(f"{_prefix()}:runs"))
    return {
        name: json.loads(noted[name.encode()]) if name.encode() in noted else None
        for name in jobs()
    }


def warnings() -> list[str]:
    """The jobs whose last run failed, and how: the portal serves, but somebody must look."""
    runs = last_runs()
    return [f"{name}: {run['failure']}" for name, run in runs.items() if run and run["failure"]]


def _engine() -> Engine:
    return cast("Engine", model.meta.engine)  # there from the moment that CKAN is configured


def _note(name: str, run: dict[str, Any]) -> None:
    connect_to_redis().hset(f"{_prefix()}:runs", name, json.dumps(run))


def _prefix() -> str:
    return f"ckan:{settings.site_id()}:govdata:schedule"
