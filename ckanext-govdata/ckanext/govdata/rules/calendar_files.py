"""Reading the calendar files over the ``chinesecalendar`` library into the core's ``Calendar``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from chinese_calendar import constants as library

from ..config_reader import BrokenFile, open_file
from ..domain.calendar import (
    Calendar,
    DayKind,
    Festival,
    Notice,
    Observance,
    SpecialDay,
    statutory_days,
)
from ..domain.node import Flaw, Node

STATUTORY = "statutory.yaml"
LIBRARY_NOTICE = "国务院办公厅关于{year}年部分节假日安排的通知"
LIBRARY_FESTIVALS = {
    "New Year's Day": Festival.NEW_YEAR,
    "Spring Festival": Festival.SPRING_FESTIVAL,
    "Tomb-sweeping Day": Festival.QINGMING,
    "Labour Day": Festival.LABOUR_DAY,
    "Dragon Boat Festival": Festival.DRAGON_BOAT,
    "Mid-autumn Festival": Festival.MID_AUTUMN,
    "National Day": Festival.NATIONAL_DAY,
    "Anti-Fascist 70th Day": Festival.VICTORY_DAY,
}
Days = dict[date, SpecialDay]


@dataclass
class _Statutory:
    """The statutory holidays and the days of the lunar calendar by year."""

    observances: list[Observance] = field(default_factory=list)
    table: dict[int, dict[Festival, date]] = field(default_factory=dict)
    notice: Notice = field(default_factory=lambda: Notice(""))
    since: int = 9999


def read_calendar(paths: Iterable[Path]) -> Calendar:
    """The calendar of these files; raises ``BrokenFile`` with every problem found.

    A year's file overrules the library; a year that neither has is computed from the statutory
    holidays, which makes it provisional.
    """
    flaws: list[Flaw] = []
    filed: dict[int, Days] = {}
    statutory = _Statutory()
    for path in paths:
        top = open_file(path, flaws)
        if top and path.name == STATUTORY:
            statutory = _read_statutory(top)
        elif top:
            _read_year(top, path, filed)
    if flaws:
        raise BrokenFile(flaws)
    return _assemble(filed, library_years(), statutory)


def library_years() -> dict[int, Days]:
    """The days that ``chinesecalendar`` knows, by the year of the notice."""
    years: dict[int, Days] = {}
    tables = ((library.holidays, DayKind.HOLIDAY), (library.workdays, DayKind.MAKE_UP_DAY))
    for table, kind in tables:
        for day, name in table.items():
            festival = LIBRARY_FESTIVALS[str(getattr(name, "value", name))]
            year = _notice_year(day, festival)
            notice = Notice(LIBRARY_NOTICE.format(year=year))
            years.setdefault(year, {})[day] = SpecialDay(kind, festival, notice)
    return years


def _notice_year(day: date, festival: Festival) -> int:
    """New Year's days off may begin in December of the year before."""
    return day.year + (festival is Festival.NEW_YEAR and day.month == 12)


def _assemble(filed: dict[int, Days], known: dict[int, Days], statutory: _Statutory) -> Calendar:
    special: Days = {}
    noticed = set(filed) | set(known)
    for year in sorted(noticed):
        special.update(filed.get(year) or known[year])
    computed = {year for year in statutory.table if year >= statutory.since} - noticed
    for year in sorted(computed):
        days = statutory_days(year, statutory.observances, statutory.table[year], statutory.notice)
        special.update({day: one for day, one in days.items() if day not in special})
    return Calendar(special, frozenset(noticed), frozenset(computed))


def _read_year(top: Node, path: Path, filed: dict[int, Days]) -> None:
    parts = top.entries(needed=("year", "notices"))
    if len(parts) != 2:
        return
    year = parts["year"].number(1949)
    if path.stem != str(year):
        parts["year"].blame(f"the file of {year} is named {path.name}")
    days = filed.setdefault(year, {})
    for notice_place in parts["notices"].items():
        fields = notice_place.entries(known=("number",), needed=("title", "days"))
        if "title" not in fields or "days" not in fields:
            continue
        number = fields["number"].text() if "number" in fields else ""
        notice = Notice(fields["title"].text(), number)
        days.update(_notice_days(fields["days"], year, notice))


def _notice_days(place: Node, year: int, notice: Notice) -> Days:
    """The days of one notice; a day that it names twice is a problem."""
    days: Days = {}
    for name, value in place.entries(known=[festival.value for festival in Festival]).items():
        festival = Festival(name)
        parts = value.entries(known=("rest", "work"))
        dated = [(p, day, DayKind.HOLIDAY) for p, day in _spans(parts.get("rest"))]
        if "work" in parts:
            dated += [(p, p.day(), DayKind.MAKE_UP_DAY) for p in parts["work"].items()]
        for item, day, kind in dated:
            if day is None:
                continue
            if day in days:
                item.blame(f"{day} stands twice in this notice")
            elif day.year != year and (day.year, day.month) != (year - 1, 12):
                item.blame(f"{day} is not in {year} (nor in the December before)")
            elif kind is DayKind.MAKE_UP_DAY and day.weekday() < 5:
                item.blame(f"{day} is a weekday already: only a weekend day is worked in return")
            else:
                days[day] = SpecialDay(kind, festival, notice)
    return days


def _spans(place: Node | None) -> list[tuple[Node, date]]:
    found: list[tuple[Node, date]] = []
    for item in place.items() if place else ():
        parts = item.entries(needed=("from", "to"))
        first = parts["from"].day() if "from" in parts else None
        last = parts["to"].day() if "to" in parts else None
        if not first or not last:
            continue
        if last < first or (last - first).days > 31:
            item.blame(f"from {first} to {last} is not a holiday")
            continue
        found += [(item, first + timedelta(days=n)) for n in range((last - first).days + 1)]
    return found


def _read_statutory(top: Node) -> _Statutory:
    needed = ("document", "number", "article", "in_force", "holidays", "table")
    parts = top.entries(needed=needed)
    if len(parts) != len(needed):
        return _Statutory()
    words = [parts[key].text() for key in ("document", "article", "number")]
    since = parts["in_force"].day()
    statutory = _Statutory(
        notice=Notice(words[0] + words[1], words[2]), since=since.year if since else 9999
    )
    names = [festival.value for festival in Festival]
    movable: list[str] = []
    for name, value in parts["holidays"].entries(known=names).items():
        fields = value.entries(known=("falls_on", "begins"), needed=("days",))
        month_day = _month_day(fields["falls_on"]) if "falls_on" in fields else None
        if "falls_on" not in fields:
            movable.append(name)
        begins = fields["begins"].number(-10) if "begins" in fields else 0
        days = fields["days"].number() if "days" in fields else 1
        statutory.observances.append(Observance(Festival(name), month_day, begins, days))
    for year, value in parts["table"].entries().items():
        row = {name: place.day() for name, place in value.entries(needed=movable).items()}
        if not year.isdecimal():
            value.blame(f"'{year}' is not a year")
            continue
        statutory.table[int(year)] = {Festival(n): day for n, day in row.items() if day}
    return statutory


def _month_day(place: Node) -> tuple[int, int] | None:
    match = re.fullmatch(r"(\d{2})-(\d{2})", place.text())
    try:
        if match:
            found = date(2000, int(match[1]), int(match[2]))
            return found.month, found.day
    except ValueError:
        pass
    place.blame("a month and day such as 10-01 is wanted here")
    return None
