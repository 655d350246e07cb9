"""When files are looked for that should be tables and are not."""

from __future__ import annotations

from ..job import Job, Unfinished
from . import follow


def look_for_tables() -> None:
    """Load what was missed; raises ``Unfinished`` where jobs died again."""
    if complaint := follow.look_for_missed():
        raise Unfinished(complaint)


jobs = [Job("tables", "*/10 * * * *", look_for_tables)]
