"""Emergency publication 应急开放: what may be done with an event and its datasets (Anhui 35).

An event is declared, updated, re-levelled and ended; each of its datasets has a
rhythm of its own and a history of kept versions. Instants are aware; a rhythm
runs through nights and holidays, for a flood does not keep office hours.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum


class Kind(str, Enum):
    """The four kinds of event for which data is opened at once (Anhui 35)."""

    NATURAL_DISASTER = "natural_disaster"  # 自然灾害
    ACCIDENT_DISASTER = "accident_disaster"  # 事故灾难
    PUBLIC_HEALTH_EVENT = "public_health_event"  # 公共卫生事件
    SOCIAL_SECURITY_EVENT = "social_security_event"  # 社会安全事件


class Level(str, Enum):
    """Grades of an event, the gravest first, with the colour of the warning."""

    I = "I"  # noqa: E741 - the law's own numeral
    II = "II"
    III = "III"
    IV = "IV"

    @property
    def colour(self) -> str:
        """Red, orange, yellow or blue, as the early-warning law has them."""
        return {"I": "red", "II": "orange", "III": "yellow", "IV": "blue"}[self.value]


@dataclass(frozen=True)
class Event:
    """An emergency as its history says it stands.

    ``regions`` are division codes; a drill (演练, Anhui 41) is an event that only
    those who take part see.
    """

    kind: Kind
    level: Level
    regions: tuple[str, ...]
    handler: str
    basis: str
    started: datetime
    rhythm: timedelta
    ended: datetime | None = None
    drill: bool = False


@dataclass(frozen=True)
class Problem:
    """Why an act on an event is refused or needs a word: code, field and the value at fault."""

    code: str
    field: str
    value: str = ""


@dataclass(frozen=True)
class Version:
    """One kept state of a dataset: when it was published, what it held, why it changed."""

    published: datetime
    columns: tuple[str, ...]
    totals: Mapping[str, float]
    source: str
    note: str = ""


RHYTHMS: tuple[timedelta, ...] = tuple(
    timedelta(minutes=m) for m in (15, 30, 60, 120, 180, 240, 360, 720, 1440)
)
"""Rhythms that an officer may promise: a quarter of an hour to a day."""


def check_event(event: Event, handler_region: str) -> list[Problem]:
    """What stands against declaring this event; ``handler_region`` is the handler's division code.

    The body that handles the emergency opens the data (Anhui 35), so every region
    of the event must lie within its own.
    """
    problems = [
        Problem("region_outside", "regions", region)
        for region in event.regions
        if not region.startswith(handler_region)
    ]
    if not event.regions:
        problems.append(Problem("missing", "regions"))
    if not event.basis.strip():
        problems.append(Problem("missing", "basis"))
    if event.rhythm not in RHYTHMS:
        problems.append(Problem("rhythm", "rhythm", str(event.rhythm)))
    return problems + _check_end(event)


def _check_end(event: Event) -> list[Problem]:
    if event.ended is not None and event.ended < event.started:
        return [Problem("end_before_start", "ended", event.ended.isoformat())]
    return []


def relevel(event: Event, level: Level) -> Event | Problem:
    """The event at another level; an ended one cannot be re-levelled."""
    if event.ended is not None:
        return Problem("ended", "level", level.value)
    if level is event.level:
        return Problem("unchanged", "level", level.value)
    return replace(event, level=level)


def end(event: Event, at: datetime) -> Event | Problem:
    """The event ended at that instant, once, and not before it began."""
    if event.ended is not None:
        return Problem("ended", "ended", event.ended.isoformat())
    if at < event.started:
        return Problem("end_before_start", "ended", at.isoformat())
    return replace(event, ended=at)


def next_due(last: datetime, rhythm: timedelta) -> datetime:
    """When the next update is promised."""
    return last + rhythm


def alarm_step(last: datetime, rhythm: timedelta, at: datetime) -> int:
    """How far a missed update has gone up: 0 on time, 1 officer, 2 head, 3 authority.

    The officer hears when the promise is missed, the head after another whole
    rhythm, the authority after a third.
    """
    late = at - next_due(last, rhythm)
    if late <= timedelta(0):
        return 0
    return min(3, 1 + late // rhythm)


def as_known(versions: Sequence[Version], at: datetime) -> Version | None:
    """The version that was public at that instant, ``None`` before the first."""
    known = [v for v in versions if v.published <= at]
    return max(known, key=lambda v: v.published) if known else None


def check_update(before: Version | None, after: Version) -> list[Problem]:
    """What an update must explain: changed columns, or a total that falls, without a note.

    Cumulative counts do fall when they are corrected; then the note says so.
    """
    if before is None or after.note.strip():
        return []
    problems = []
    if before.columns != after.columns:
        changed = sorted(set(before.columns) ^ set(after.columns)) or list(after.columns)
        problems.append(Problem("columns_changed", "note", "、".join(changed)))
    problems += [
        Problem("total_fell", "note", name)
        for name, total in before.totals.items()
        if after.totals.get(name, total) < total
    ]
    return problems
