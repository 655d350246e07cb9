"""When entries that are written and not indexed yet are looked for."""
from __future__ import annotations

from ..scheduler.job import Job, Unfinished
from . import indexing


def reconcile() -> None:
    """Index what waits and is due; raises ``Unfinished`` while there is what the index refuses."""
    indexing.drain()
    if complaint := indexing.complaint():
        raise Unfinished(complaint)


jobs = [Job("reconcile", "* * * * *", reconcile)]
