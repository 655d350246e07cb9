"""Jobs of the search."""
from __future__ import annotations

from ..scheduler.job import Job
from . import backlog, current, journal, uses

jobs = [
    Job("search_learn", "*/5 * * * *", current.learn_if_stale),
    Job("search_vectors", "* * * * *", backlog.fill),
    Job("search_uses", "25 * * * *", uses.publish),
    Job("search_forget", "40 3 * * *", journal.forget_old),
]
