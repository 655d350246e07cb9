"""When jobs of the queue are looked for that ended unfinished."""
from __future__ import annotations

from ..job import Job, Unfinished
from . import lost_jobs


def look_for_lost_jobs() -> None:
    """Raises ``Unfinished`` where somebody must look."""
    if complaint := lost_jobs.complaint():
        raise Unfinished(complaint)


jobs = [Job("queue", "*/5 * * * *", look_for_lost_jobs)]
