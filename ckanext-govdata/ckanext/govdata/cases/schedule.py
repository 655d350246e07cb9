"""When time does its part in cases, and when files that nobody keeps are swept."""
from __future__ import annotations

import logging

import ckan.model as model

from .. import now
from ..forms import attachments
from ..job import Job, Unfinished
from .time import leftover_files
from .time.sweep import sweep

log = logging.getLogger(__name__)


def sweep_files() -> int:
    """Delete files of requests that came to nothing; each is named in the log."""
    gone = attachments.sweep(model.Session) + leftover_files.sweep(model.Session)
    model.Session.rollback()
    for name in gone:
        log.warning("A file that no row names was deleted: %s", name)
    return len(gone)


def daily_sweep() -> dict[str, int]:
    """The sweep of today. Raises ``Unfinished`` where cases could not be processed."""
    counts, failures = sweep(model.Session, now.today())
    if failures:
        said = f"cases that could not be processed: {counts['broken']}"
        raise Unfinished(f"{said}; `ckan govdata sweep` names them and says why")
    return counts


jobs = [
    Job("sweep", "10 0 * * *", daily_sweep),
    Job("leftover-files", "40 3 * * *", sweep_files),
]
