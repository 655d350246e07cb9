"""When files that nobody keeps are swept."""
from __future__ import annotations

import logging

import ckan.model as model

from ..job import Job
from . import attachments
from .time import leftover_files

log = logging.getLogger(__name__)


def sweep_files() -> int:
    """Delete files of requests that came to nothing; each is named in the log."""
    gone = attachments.sweep(model.Session) + leftover_files.sweep(model.Session)
    model.Session.rollback()
    for name in gone:
        log.warning("A file that no row names was deleted: %s", name)
    return len(gone)


jobs = [Job("leftover-files", "40 3 * * *", sweep_files)]
