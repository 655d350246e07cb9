"""``python -m tests.chaos.hand``: does at once what the scheduler does by the clock.

A process of the portal that stays, so that a round need not wait for the next minute, nor for
another start of CKAN. It reads names of jobs, a line each, and answers how each went.
"""
from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
WELL, FAILED = "well", "failed"


class Hand:
    """That process, begun when it is needed, and again when it was killed with the rest."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def run(self, job: str, environment: dict[str, str]) -> bool:
        """Run a job once; False where it failed, runs elsewhere, or the process died of it."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.hand"], cwd=ROOT, env=environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self._process.stdin
        assert self._process.stdout
        with suppress(OSError):
            self._process.stdin.write(f"{job}\n")
            self._process.stdin.flush()
        for line in self._process.stdout:
            if line.strip() in (WELL, FAILED):
                return line.strip() == WELL
        return False

    def end(self) -> None:
        """Let it go."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


def main() -> None:
    """Run the jobs that are named until nobody names any more."""
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    from ckanext.govdata.scheduler import timetable

    application: Any = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
    flask = getattr(application, "_wsgi_app", application)
    for line in sys.stdin:
        try:
            well = timetable.run(flask, timetable.jobs()[line.strip()])
        except Exception:  # a service is away: asked again
            well = False
        print(WELL if well else FAILED, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
