"""A job that runs by the clock."""
from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Job:
    """What a slice lists in its ``schedule.py``: ``jobs = [Job(name, cron, function)]``.

    ``cron`` has five fields in Beijing time; ``function`` takes nothing, runs with CKAN's
    application context, commits by itself, and must be harmless when run twice.
    """

    name: str
    cron: str
    function: Callable[[], object]


class Unfinished(Exception):
    """What a job raises that did what it could, but not all; its words are for operators."""


class UnbrokenSteps:
    """What of a job is not to be cut off when the process is told to end, and whether it was.

    A letter that was handed over and not noted would go out a second time.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._under_way = 0
        self._ending = False

    @contextmanager
    def step(self) -> Iterator[bool]:
        """One step; False where the process is to end, and nothing is to be begun any more."""
        with self._changed:
            goes_on = not self._ending
            self._under_way += 1
        try:
            yield goes_on
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def end(self, seconds: float) -> bool:
        """Let no further step begin, and wait so long for those that did; whether they ended."""
        with self._changed:
            self._ending = True
            return self._changed.wait_for(lambda: not self._under_way, seconds)


steps = UnbrokenSteps()
"""Of this process."""
