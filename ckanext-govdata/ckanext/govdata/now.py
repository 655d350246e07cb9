"""The portal's only clock.

Nobody else asks the system for the time, so tests and ``--today`` can move it.
"""
from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one zone and no summer time since 1991; days of receipt are days in this zone."""

_shift: timedelta | None = None


def now() -> datetime:
    """The present instant, aware, in UTC."""
    instant = datetime.now(timezone.utc)
    return instant + _shift if _shift else instant


def today() -> date:
    """The present day in Beijing time."""
    return now().astimezone(BEIJING).date()


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
