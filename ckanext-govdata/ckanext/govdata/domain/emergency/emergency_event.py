"""What an event is and what stands against it (Anhui 35), and when its data is due.

An event is declared, updated, re-levelled and ended. Instants are aware; a rhythm
runs through nights and holidays, for a flood does not keep office hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from ..division import NOWHERE, Divisions
from ..prohibition import Ban
from ..refusal import Refusal
from .opening_basis import OpeningBases

AHEAD = timedelta(minutes=5)
"""How far an officer's clock may run before ours."""
DUTY = 6
"""Least number of characters that say why a body handles an event."""


class EmergencyKind(str, Enum):
    """The four kinds of event for which data is opened at once (Anhui 35)."""

    NATURAL_DISASTER = "natural_disaster"  # 自然灾害
    ACCIDENT_DISASTER = "accident_disaster"  # 事故灾难
    PUBLIC_HEALTH = "public_health"  # 公共卫生事件
    SOCIAL_SECURITY = "social_security"  # 社会安全事件


class EmergencyThreshold(str, Enum):
    """What makes an event one for which data is opened at once (Anhui 35)."""

    HARM_CAUSED = "harm_caused"  # 造成严重社会危害
    HARM_LIKELY = "harm_likely"  # 可能造成严重社会危害
    DIRECT_INTEREST = "direct_interest"  # 直接影响社会公众切身利益


class EmergencyLevel(str, Enum):
    """Grades of an event, the gravest first."""

    I = "I"  # noqa: E741 - the law's own numeral
    II = "II"
    III = "III"
    IV = "IV"

    @property
    def colour(self) -> str:
        """Red, orange, yellow or blue, as the Emergency Response Law has warnings."""
        return {"I": "red", "II": "orange", "III": "yellow", "IV": "blue"}[self.value]


@dataclass(frozen=True)
class Emergency:
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
    subtype: str = ""
    contact: str = ""
    threshold: str = ""
    duty: str = ""
    """Why the body handles the event, in its words: only such a body opens the data (Anhui 35)."""


@dataclass(frozen=True)
class Rhythms:
    """The shortest and the longest rhythm that may be promised (``emergency_rhythm``)."""

    least: timedelta
    most: timedelta

    def holds(self, rhythm: timedelta) -> bool:
        """Whether that rhythm may be promised."""
        return self.least <= rhythm <= self.most


@dataclass(frozen=True)
class EmergencyRules:
    """What binds an event: ``place`` is the division code of the handling body, ``kinds`` are
    those that the text names; ``never`` are the bans whose numbers nobody writes anywhere;
    ``places`` those that the portal knows.
    """

    place: str
    rhythms: Rhythms
    kinds: tuple[str, ...]
    bans: tuple[Ban, ...] = ()
    never: frozenset[str] = frozenset()
    bases: OpeningBases = field(default_factory=OpeningBases)
    places: Divisions = NOWHERE


def check_event(event: Emergency, rules: EmergencyRules, now: datetime) -> list[Refusal]:
    """What stands against the event as it would be.

    The body that handles the emergency opens the data (Anhui 35), so every region
    of the event lies within its own.
    """
    found = [
        Refusal("missing", name) for name in ("title", "basis") if not getattr(event, name).strip()
    ]
    if not event.kind:
        found.append(Refusal("missing", "kind"))
    elif event.kind not in rules.kinds:
        found.append(Refusal("kind_unknown", "kind", event.kind))
    if event.level not in {level.value for level in EmergencyLevel}:
        found.append(Refusal("level_unknown", "level", event.level))
    if event.started > now + AHEAD:
        found.append(Refusal("start_ahead", "started", event.started.isoformat()))
    found += check_rhythm(event.rhythm, rules.rhythms)
    return found + _check_regions(event.regions, rules.place)


def check_occasion(event: Emergency, rules: EmergencyRules) -> list[Refusal]:
    """Whether data may be opened for it at all: what it does to the public, who handles it, on
    what that rests (Anhui 35)."""
    found: list[Refusal] = []
    if not event.threshold:
        found.append(Refusal("missing", "threshold"))
    elif event.threshold not in {one.value for one in EmergencyThreshold}:
        found.append(Refusal("not_a_choice", "threshold", event.threshold))
    if len(event.duty.strip()) < DUTY:
        found.append(Refusal("duty_unsaid", "duty", event.duty, facts={"least": str(DUTY)}))
    return [*found, *check_basis(event, rules)]


def check_basis(event: Emergency, rules: EmergencyRules) -> list[Refusal]:
    """Whether there is such a basis; of none at all :func:`check_event` says so."""
    fault = rules.bases.fault(event.basis) if event.basis.strip() else None
    return [fault] if fault else []


def check_rhythm(rhythm: timedelta, rhythms: Rhythms) -> list[Refusal]:
    """A rhythm is promised within its bounds."""
    if rhythms.holds(rhythm):
        return []
    facts = {"least": minutes(rhythms.least), "most": minutes(rhythms.most)}
    return [Refusal("rhythm", "rhythm", minutes(rhythm), facts=facts)]


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


def check_end(event: Emergency, at: datetime, now: datetime) -> list[Refusal]:
    """An event ends once, not before it began and not in times to come."""
    if event.ended is not None:
        return [Refusal("ended", "ended", event.ended.isoformat())]
    if at < event.started:
        facts = {"started": event.started.isoformat()}
        return [Refusal("end_before_start", "ended", at.isoformat(), facts=facts)]
    if at > now + AHEAD:
        return [Refusal("end_ahead", "ended", at.isoformat())]
    return []


STATED = ("kind", "level", "regions", "title", "basis", "started", "rhythm", "subtype", "contact")
"""What is said of an event and may be changed while it runs."""


def changes(before: Emergency, after: Emergency) -> dict[str, dict[str, object]]:
    """What differs, as ``{field: {before, after}}`` in the event's order and as it is kept."""
    return {
        name: {"before": _kept(getattr(before, name)), "after": _kept(getattr(after, name))}
        for name in STATED
        if getattr(before, name) != getattr(after, name)
    }


def _kept(value: object) -> object:
    if isinstance(value, timedelta):
        return minutes(value)
    return value.isoformat() if isinstance(value, datetime) else value


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


def minutes(span: timedelta) -> str:
    """Whole minutes, as a text."""
    return str(int(span.total_seconds() // 60))
