"""The days of a count as sheets of a wall calendar."""

from __future__ import annotations

from calendar import Calendar
from datetime import date
from itertools import groupby
from typing import Any

WEEKS_BEGIN_ON_MONDAY = Calendar(firstweekday=0)


def months_of(days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One sheet a month: ``first`` day, and ``weeks`` of seven cells.

    A cell is ``None`` outside the month; else it has ``number`` (day of the month), ``iso``,
    ``day`` (the counted day, or ``None``) and ``due``.
    """
    counted = {day["date"]: day for day in days}
    due = days[-1]["date"]
    sheets: list[dict[str, Any]] = []
    for (year, month), _ in groupby(
        days, lambda day: (int(day["date"][:4]), int(day["date"][5:7]))
    ):
        weeks = WEEKS_BEGIN_ON_MONDAY.monthdatescalendar(year, month)
        sheets.append(
            {
                "first": date(year, month, 1),
                "weeks": [
                    [_cell(day, counted, due) if day.month == month else None for day in week]
                    for week in weeks
                ],
            }
        )
    return sheets


def _cell(day: date, counted: dict[str, dict[str, Any]], due: str) -> dict[str, Any]:
    iso = day.isoformat()
    return {"number": day.day, "iso": iso, "day": counted.get(iso), "due": iso == due}
