"""Emergency publication 应急开放: what may be done with an event and its datasets (Anhui 35).

An event is declared, updated, re-levelled and ended; each of its datasets has a
rhythm of its own and a history of kept versions. Instants are aware; a rhythm
runs through nights and holidays, for a flood does not keep office hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from .access import OPEN
from .refusal import Refusal

AHEAD = timedelta(minutes=5)
"""How far an officer's clock may run before ours."""


class Kind(str, Enum):
    """The four kinds of event for which data is opened at once (Anhui 35)."""

    NATURAL_DISASTER = "natural_disaster"  # 自然灾害
    ACCIDENT_DISASTER = "accident_disaster"  # 事故灾难
    PUBLIC_HEALTH = "public_health"  # 公共卫生事件
    SOCIAL_SECURITY = "social_security"  # 社会安全事件


class Level(str, Enum):
    """Grades of an event, the gravest first."""

    I = "I"  # noqa: E741 - the law's own numeral
    II = "II"
    III = "III"
    IV = "IV"

    @property
    def colour(self) -> str:
        """Red, orange, yellow or blue, as the Emergency Response Law has warnings."""
        return {"I": "red", "II": "orange", "III": "yellow", "IV": "blue"}[self.value]


class Standing(str, Enum):
    """What somebody is to an event: of the body that handles it, or above it."""

    OFFICER = "officer"  # 经办人 of the handling department
    HEAD = "head"  # 负责人 of the handling department
    AUTHORITY = "authority"  # 数据资源主管部门
    GOVERNMENT = "government"  # 本级人民政府


class Act(str, Enum):
    """What is done to an event; the ledger and the timeline have them by these names."""

    DECLARE = "declare"
    UPDATE = "update"
    LEVEL = "level"
    PUBLISH = "publish"
    OVERRIDE = "override"
    END = "end"


DECIDES = frozenset({Standing.HEAD, Standing.AUTHORITY, Standing.GOVERNMENT})
MAY: Mapping[Act, frozenset[Standing]] = {
    Act.DECLARE: DECIDES,
    Act.UPDATE: DECIDES | {Standing.OFFICER},
    Act.LEVEL: DECIDES,
    Act.PUBLISH: DECIDES | {Standing.OFFICER},
    Act.OVERRIDE: DECIDES,
    Act.END: DECIDES,
}
"""Who may do what: those who handle the event (Anhui 35), where a decision is a head's."""


@dataclass(frozen=True)
class Event:
    """An emergency as its history says it stands.

    ``regions`` are division codes; ``rhythm`` is the default of its datasets; a drill
    (演练, Anhui 41) is an event that only those who take part see.
    """

    kind: str
    level: str
    regions: tuple[str, ...]
    title: str
    basis: str
    started: datetime
    rhythm: timedelta
    ended: datetime | None = None


@dataclass(frozen=True)
class Rhythms:
    """The shortest and the longest rhythm that may be promised (``emergency_rhythm``)."""

    least: timedelta
    most: timedelta

    def holds(self, rhythm: timedelta) -> bool:
        """Whether that rhythm may be promised."""
        return self.least <= rhythm <= self.most


@dataclass(frozen=True)
class Version:
    """One kept state of a dataset: when it was published, what it held, why it changed."""

    number: int
    published: datetime
    columns: tuple[str, ...]
    totals: Mapping[str, float]
    note: str = ""


def may(act: Act, standings: Iterable[Standing]) -> bool:
    """Whether one of these standings allows the act."""
    return bool(MAY[act] & set(standings))


def check_event(
    event: Event, place: str, rhythms: Rhythms, now: datetime, kinds: Iterable[str]
) -> list[Refusal]:
    """What stands against the event; ``place`` is the division code of the handling body.

    The body that handles the emergency opens the data (Anhui 35), so every region
    of the event lies within its own. ``kinds`` are those that the text names.
    """
    found = [
        Refusal("missing", name) for name in ("title", "basis") if not getattr(event, name).strip()
    ]
    if not event.kind:
        found.append(Refusal("missing", "kind"))
    elif event.kind not in set(kinds):
        found.append(Refusal("kind_unknown", "kind", event.kind))
    if event.level not in {level.value for level in Level}:
        found.append(Refusal("level_unknown", "level", event.level))
    if event.started > now + AHEAD:
        found.append(Refusal("start_ahead", "started", event.started.isoformat()))
    if not rhythms.holds(event.rhythm):
        found.append(Refusal("rhythm", "rhythm", minutes(event.rhythm), facts=bounds(rhythms)))
    return found + _check_regions(event.regions, place)


def _check_regions(regions: Sequence[str], place: str) -> list[Refusal]:
    if not regions:
        return [Refusal("missing", "regions")]
    if not place:
        return [Refusal("handler_without_place", "organization")]
    return [
        Refusal("region_outside", "regions", code, facts={"place": place})
        for code in regions
        if not code.startswith(place)
    ]


def check_end(event: Event, at: datetime, now: datetime) -> list[Refusal]:
    """An event ends once, not before it began and not in times to come."""
    if event.ended is not None:
        return [Refusal("ended", "ended", event.ended.isoformat())]
    if at < event.started:
        return [
            Refusal(
                "end_before_start",
                "ended",
                at.isoformat(),
                facts={"started": event.started.isoformat()},
            )
        ]
    if at > now + AHEAD:
        return [Refusal("end_ahead", "ended", at.isoformat())]
    return []


def changes(before: Event, after: Event) -> tuple[str, ...]:
    """The names of what differs, in the event's order."""
    names = ("kind", "level", "regions", "title", "basis", "started", "rhythm")
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def next_due(last: datetime, rhythm: timedelta) -> datetime:
    """When the next update is promised."""
    return last + rhythm


def alarm_step(last: datetime, rhythm: timedelta, at: datetime, ladder: Sequence[int]) -> int:
    """How far a missed update has gone up: 0 on time, 1 officer, 2 head, 3 authority.

    ``ladder`` gives for each step after how many further whole rhythms it is taken.
    """
    late = at - next_due(last, rhythm)
    if late <= timedelta(0):
        return 0
    return sum(1 for rung in ladder if late // rhythm >= rung)


def as_known(versions: Iterable[Version], at: datetime) -> Version | None:
    """The version that was public at that instant, ``None`` before the first."""
    known = [v for v in versions if v.published <= at]
    return max(known, key=lambda v: v.number) if known else None


def check_update(before: Version | None, after: Version) -> list[Refusal]:
    """What an update must explain: changed columns, or a total that falls, without a note.

    Cumulative counts do fall when they are corrected; then the note says so.
    """
    if before is None or after.note.strip():
        return []
    found: list[Refusal] = []
    if before.columns != after.columns:
        changed = sorted(set(before.columns) ^ set(after.columns)) or list(after.columns)
        found.append(Refusal("columns_changed", "note", "、".join(changed)))
    for name, total in before.totals.items():
        now = after.totals.get(name, total)
        if now < total:
            facts = {"before": plain(total), "after": plain(now)}
            found.append(Refusal("total_fell", "note", name, facts=facts))
    return found


def check_expected(expected: int | None, latest: int) -> list[Refusal]:
    """Whoever updates says which version he saw; another officer may have been faster."""
    if expected is None or expected == latest:
        return []
    return [Refusal("overtaken", "expected", str(expected), facts={"latest": str(latest)})]


def readable(attribute: str | None, override: bool, running: bool) -> bool:
    """Whether everybody may read what an event published of an entry with that attribute.

    Open data stays open and citable. Data that a named person let through on conditions is open
    while the event runs; afterwards it has its ordinary attribute again, until a review says
    otherwise. Prohibited data may not be opened at all (Anhui 35).
    """
    if attribute == OPEN:
        return True
    return attribute == "conditional" and override and running


def minutes(span: timedelta) -> str:
    """Whole minutes, as a text."""
    return str(int(span.total_seconds() // 60))


def bounds(rhythms: Rhythms) -> dict[str, str]:
    """The bounds of a rhythm as facts of a refusal."""
    return {"least": minutes(rhythms.least), "most": minutes(rhythms.most)}


def plain(number: float) -> str:
    """A number without a needless fraction."""
    return str(int(number)) if number == int(number) else repr(number)
