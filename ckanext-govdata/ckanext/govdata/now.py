"""The portal's only clock.

Nobody else asks the system for the time, so tests and ``--today`` can move it. A portal that is
tried out is started with ``GOVDATA_CLOCK`` naming a file: the day that stands in it is its today.
"""
from __future__ import annotations

import os
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one zone and no summer time since 1991; days of receipt are days in this zone."""

_shift: timedelta | None = None
_trial: str = os.environ.get("GOVDATA_CLOCK", "")


def real() -> datetime:
    """The instant by the machine's clock, which nobody moves: for signs of life, in UTC."""
    return datetime.now(timezone.utc)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    instant = real()
    if _trial:
        instant += _trial_shift(instant)
    return instant + _shift if _shift else instant


def today() -> date:
    """The present day in Beijing time."""
    return now().astimezone(BEIJING).date()


def in_beijing(instant: datetime | str) -> datetime:
    """An instant, or what ISO 8601 writes of one, by the clocks of Beijing."""
    found = instant if isinstance(instant, datetime) else datetime.fromisoformat(instant)
    return found.astimezone(BEIJING)


def shift(span: timedelta | None) -> None:
    """Let the clock go ahead or behind by so much; ``None`` gives the real time back."""
    global _shift
    _shift = span


def move(day: date | None) -> None:
    """Pretend that it is ``day`` (same time of day); ``None`` gives the real time back."""
    global _shift
    _shift = None
    if day is not None:
        _shift = day - today()


def _trial_shift(instant: datetime) -> timedelta:
    """How far the trial's file is from the real day; nothing while there is no day in it."""
    try:
        day = date.fromisoformat(Path(_trial).read_text("utf-8").strip())
    except (OSError, ValueError):
        return timedelta()
    return day - instant.astimezone(BEIJING).date()
