"""Is an entry as fresh as its update period promises?

The period is part of the catalogue (Anhui 13; Xin 16 names the usual ones). An
entry is late when the period after its last update has passed.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = {"real_time": 1, "daily": 1, "weekly": 7}
"""Periods that are counted in calendar days."""
MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12, "biennial": 24}
"""Periods that are counted in calendar months."""


@dataclass(frozen=True)
class Freshness:
    """When an entry was last updated and when it should be next.

    ``due`` is None where the period promises no day (``irregular``, ``other``).
    """

    updated: date | None
    due: date | None
    late: bool


def after_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of that month if it is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def freshness(period: str, updated: date | None, today: date) -> Freshness:
    """Judge the promise; the due day itself is still in time."""
    if updated is None:
        return Freshness(None, None, False)
    if period in DAYS:
        due = updated + timedelta(days=DAYS[period])
    elif period in MONTHS:
        due = after_months(updated, MONTHS[period])
    else:
        return Freshness(updated, None, False)
    return Freshness(updated, due, today > due)
