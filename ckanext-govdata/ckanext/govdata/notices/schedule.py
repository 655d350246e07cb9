"""When the outbox is emptied, and digests are sent."""

from __future__ import annotations

from ..job import Job
from .mail_delivery import deliver, digests

jobs = [
    Job("outbox", "* * * * *", deliver),
    Job("digests", "0 8 * * *", digests),
]
