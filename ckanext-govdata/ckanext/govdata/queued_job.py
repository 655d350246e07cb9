"""Jobs of the queue that a row waits for: whether one is still to come, or at work.

The row keeps the job's id. While it is waited for, Valkey knows of it; at work it holds a lock of
the database, which is given back in the instant in which its process ends, however it ends.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import jobs
from redis.exceptions import RedisError
from rq.job import JobStatus
from sqlalchemy import Connection, Engine

from . import now
from .database import Session

LONGEST = 7200
"""Seconds that a job may take."""
ON_ITS_WAY = timedelta(seconds=5)
"""So long after the commit of its row a job may still be about to be put into the queue."""
BEGINNING = timedelta(seconds=30)
"""So long a job may be out of the queue before its worker says that it has it."""
UNHEARD = timedelta(seconds=75)
"""A worker says every half minute that it is at a job, before the job's first statement too, for
which it loads CKAN anew; of whom nothing was heard for so long is gone."""
_WAITS = (JobStatus.QUEUED, JobStatus.DEFERRED, JobStatus.SCHEDULED)
_LOCK = sa.text("SELECT pg_advisory_lock(hashtextextended('govdata job ' || :job, 0))")
_IS_FREE = sa.text(
    "SELECT pg_try_advisory_xact_lock_shared(hashtextextended('govdata job ' || :job, 0))")


def enqueue(work: Callable[..., object], arguments: Sequence[object], job: str, title: str) -> None:
    """Put it into the queue under this id; raises what Valkey raises where it is away."""
    tk.enqueue_job(
        work, list(arguments), title=title, rq_kwargs={"job_id": job, "timeout": LONGEST})


def is_coming(job: str, since: datetime) -> bool:
    """Whether a worker will still take it; ``since`` is when its row asked for it.

    While Valkey is away nobody knows, and it may be there again with it.
    """
    waited = now.real() - since
    try:
        found = jobs.job_from_id(job)
        status = found.get_status()
        if status == JobStatus.STARTED:
            heard = (found.last_heartbeat or found.started_at or since).replace(tzinfo=since.tzinfo)
            return now.real() - heard < UNHEARD
        return status in _WAITS and (found.get_position() is not None or waited < BEGINNING)
    except KeyError:
        return waited < ON_ITS_WAY
    except RedisError:
        return True


def is_at_work(session: Session, job: str) -> bool:
    """Whether a process is at it."""
    return not session.scalar(_IS_FREE, {"job": job})


@contextmanager
def at_work(job: str) -> Iterator[Connection]:
    """Within this block the job is at work; gives a connection on which each statement
    is kept at once: it can say how far it is while its own transaction is open."""
    engine = cast("Engine", model.meta.engine).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.detach()  # closed at the end, and the lock with it
        connection.execute(_LOCK, {"job": job})
        yield connection
