"""Jobs of the queue that ended unfinished: their process was killed, or they failed.

Who waits for an import is told by that (``catalogue/imports``), and vectors are looked after by the
scheduler; whatever else is put into the queue, by CKAN or another extension, is told here.
"""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from ckan.lib import jobs
from rq.job import Job as QueuedJob
from rq.registry import FailedJobRegistry, StartedJobRegistry

from .. import now

TOLD_FOR = timedelta(days=7)
NAMED = 5
"""Of more only the number is told."""


def complaint() -> str:
    """What ended unfinished in the last days, by title, newest first; empty where nothing did."""
    found = sorted(_unfinished(), reverse=True)
    if not found:
        return ""
    named = "; ".join(f"{title} ({when:%Y-%m-%d %H:%M} UTC)" for when, title in found[:NAMED])
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return (
        f"{len(found)} jobs of the queue ended unfinished in the last {TOLD_FOR.days} days: "
        f"{named}{more}; the worker's log says why"
    )


def _unfinished() -> Iterator[tuple[datetime, str]]:
    since = now.real() - TOLD_FOR
    for queue in jobs.get_all_queues():
        StartedJobRegistry(queue=queue).cleanup()  # those whose worker died are failed from now on
        failed = FailedJobRegistry(queue=queue).get_job_ids()
        for job in QueuedJob.fetch_many(failed, connection=queue.connection):
            ended = (job.ended_at or job.created_at) if job else None
            if job and ended and (when := _aware(ended)) > since:
                yield when, str(job.meta.get("title") or job.func_name)


def _aware(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=timezone.utc)
