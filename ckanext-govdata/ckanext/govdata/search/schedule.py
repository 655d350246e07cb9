"""Jobs of the search."""
from __future__ import annotations

from ..job import Job
from . import backlog, journal, live_reader, popularity

jobs = [
    Job("search_learn", "*/5 * * * *", live_reader.learn_if_stale),
    Job("search_vectors", "* * * * *", backlog.fill),
    Job("search_uses", "25 * * * *", popularity.publish),
    Job("search_forget", "40 3 * * *", journal.forget_old),
]
