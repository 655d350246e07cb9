"""The days of a count as sheets of a wall calendar."""

from __future__ import annotations

from calendar import Calendar
from datetime import date
from itertools import groupby
from typing import TypedDict

from .answers import DayAnswer

WEEKS_BEGIN_ON_MONDAY = Calendar(firstweekday=0)


class DayCell(TypedDict):
    """A day of a sheet; ``day`` is the counted day, ``due`` whether it is the due day."""

    number: int
    iso: str
    day: DayAnswer | None
    due: bool


class MonthSheet(TypedDict):
    """A month: its first day and its weeks of seven cells, ``None`` outside the month."""

    first: date
    weeks: list[list[DayCell | None]]


def months_of(days: list[DayAnswer]) -> list[MonthSheet]:
    """One sheet a month."""
    counted = {day["date"]: day for day in days}
    due = days[-1]["date"]
    sheets: list[MonthSheet] = []
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


def _cell(day: date, counted: dict[str, DayAnswer], due: str) -> DayCell:
    iso = day.isoformat()
    return {"number": day.day, "iso": iso, "day": counted.get(iso), "due": iso == due}
