"""When files that no row names are deleted."""
from __future__ import annotations

import ckan.model as model

from .. import leftover_files
from ..job import Job


def sweep_files() -> leftover_files.SweptFiles:
    """Delete what has been there for a day and is named nowhere."""
    return leftover_files.sweep(model.Session)


jobs = [Job("leftover-files", "40 3 * * *", sweep_files)]
