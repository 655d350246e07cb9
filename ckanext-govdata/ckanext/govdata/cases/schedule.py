"""When time does its part in cases."""
from __future__ import annotations

import ckan.model as model

from .. import now
from ..job import Job, Unfinished
from .time.sweep import sweep


def daily_sweep() -> dict[str, int]:
    """The sweep of today. Raises ``Unfinished`` where cases could not be processed."""
    counts, failures = sweep(model.Session, now.today())
    if failures:
        said = f"cases that could not be processed: {counts['broken']}"
        raise Unfinished(f"{said}; `ckan govdata sweep` names them and says why")
    return counts


jobs = [Job("sweep", "10 0 * * *", daily_sweep)]
