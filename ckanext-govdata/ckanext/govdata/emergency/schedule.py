"""When late data is looked for: every minute, nights and holidays too."""

from __future__ import annotations

from ..job import Job
from .alarms import raise_alarms

jobs = [Job("emergency_alarms", "* * * * *", raise_alarms)]
