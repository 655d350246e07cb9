"""When entries that are written and not indexed yet are looked for."""
from __future__ import annotations

from ..scheduler.job import Job
from .indexing import drain

jobs = [Job("reconcile", "* * * * *", drain)]
