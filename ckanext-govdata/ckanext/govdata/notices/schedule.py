"""When the sweep runs, and when the outbox is emptied."""

from __future__ import annotations

import ckan.model as model

from .. import now
from ..cases.sweep import sweep
from ..scheduler.job import Job
from .delivery import deliver, digests


def daily_sweep() -> dict[str, int]:
    """The sweep of today."""
    return sweep(model.Session, now.today())


jobs = [
    Job("sweep", "10 0 * * *", daily_sweep),
    Job("outbox", "* * * * *", deliver),
    Job("digests", "0 8 * * *", digests),
]
