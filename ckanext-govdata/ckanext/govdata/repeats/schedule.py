"""When keys are forgotten."""

from __future__ import annotations

from ..job import Job
from .first_answer import forget

jobs = [Job("keys", "50 3 * * *", forget)]
