"""A job that runs by the clock."""
from __future__ import annotations

from collections.abc import Callable
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
