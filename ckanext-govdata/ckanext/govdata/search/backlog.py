"""Entries whose title has no vector yet: the index itself says which, a job makes them.

A request never computes a vector: the entry is found by its words at once, and by its meaning a few
seconds later. Where the worker is down or the model does not run, the marks wait in the index.
"""
from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.lib.search import common
from redis.exceptions import RedisError

from .. import settings
from ..catalogue.index import writer
from . import vectors

log = logging.getLogger(__name__)
DUE, YES = "gd_vector_due", "1"
"""The index field that marks such an entry, and what it holds."""
PAGE = 50
CALLED = 30
"""Seconds for which one call for the job is enough; the job itself ends this sooner."""
WAIT = 5.0
"""Seconds that the job waits for the index to show what it was called for."""
PAUSE = 0.3
_LOCK = 0x676F7662


_wanted: ContextVar[list[bool] | None] = ContextVar("vectors wanted", default=None)


@contextmanager
def called_once() -> Iterator[None]:
    """A block at whose end the worker is called, if it was to be called in it at all: for making
    many documents."""
    wanted: list[bool] = []
    token = _wanted.set(wanted)
    try:
        yield
    finally:
        _wanted.reset(token)
        if wanted:
            call()


def call() -> None:
    """Have the worker make what is missing. A queue that is away delays vectors, nothing else: the
    scheduler looks as well.
    """
    if (wanted := _wanted.get()) is not None:
        wanted.append(True)
        return
    try:
        if connect_to_redis().set(_key(), YES, nx=True, ex=CALLED):
            tk.enqueue_job(work, title="search: vectors of new titles", rq_kwargs={"timeout": 7200})
    except RedisError as error:
        log.warning("Search: nobody could be told of a title without a vector (%s)", error)


def work() -> int:
    """The worker's job: wait until the index shows what was written, then make all vectors."""
    connect_to_redis().delete(_key())
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        if done := fill():
            return done
        time.sleep(PAUSE)
    return 0


def fill(progress: Callable[[int], None] | None = None) -> int:
    """Give every marked entry its vector; how many got one. One process at a time."""
    if not waiting() or not vectors.available():
        return 0
    with model.ensure_engine().connect() as connection:
        lock = sa.select(sa.func.pg_try_advisory_lock(_LOCK))
        if not connection.execute(lock).scalar():
            return 0
        try:
            return _fill(progress)
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_LOCK)))


def waiting() -> int:
    """How many entries are marked."""
    return _marked("", 0).hits


def _fill(progress: Callable[[int], None] | None) -> int:
    done, last = 0, ""
    while page := list(_marked(last, PAGE)):
        last = page[-1]["id"]
        vectors.of_titles([vectors.subject(hit.get("title") or hit["name"]) for hit in page])
        writer.refresh([hit["id"] for hit in page])
        done += len(page)
        if progress:
            progress(done)
    common.make_connection().commit(softCommit=True)  # and wait: who looks now sees none marked
    return done


def _marked(after: str, rows: int) -> Any:
    """A page of marked entries, by id."""
    beyond = f'+id:{{"{after}" TO *}}' if after else ""
    return common.make_connection().search(
        f"+{DUE}:{YES} {beyond}", fq=f'+site_id:"{settings.site_id()}"', sort="id asc", rows=rows,
        fl="id name title", defType="lucene",
    )


def _key() -> str:
    return f"ckan:{settings.site_id()}:govdata:vectors_called"
