"""What was known when: an event's acts in order, and how well its promises were kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ...domain.emergency.emergency_event import next_due
from ..answers import BulletinAnswer, DatasetAnswer, EventAnswer, OverrideFacts, VersionAnswer
from ..feeds.cap_atom import bulletin


@dataclass(frozen=True)
class DatasetChange:
    """One dataset's new version within an act."""

    dataset: str
    title: str
    version: VersionAnswer | None
    override: OverrideFacts | None


@dataclass(frozen=True)
class TimelineStep:
    """One act: when, what, in whose role, with its words, bulletin and data."""

    number: int
    at: str
    act: str
    standing: str
    text: str
    bulletin: BulletinAnswer | None
    changes: tuple[DatasetChange, ...]
    level: Mapping[str, str] | None


@dataclass(frozen=True)
class PromiseRecord:
    """The event in figures: what was published, and how much of it late."""

    bulletins: int
    datasets: int
    versions: int
    late: tuple[tuple[DatasetAnswer, VersionAnswer], ...]
    """Dataset and version of each update that came late, the latest of all first."""
    downloads: int | None
    """How often its data was fetched; None while the event runs."""
    promised: int
    """Updates for which a time was promised: all but each dataset's first."""
    missing: tuple[tuple[DatasetAnswer, int], ...] = ()
    """Dataset and minutes of each update that was due and did not come before the event's end."""

    @property
    def missed(self) -> int:
        """How many promises were not kept."""
        return len(self.late) + len(self.missing)

    @property
    def in_time(self) -> int | None:
        """Per cent of the promised updates that came in time; None while nothing was promised."""
        if not self.promised:
            return None
        return (self.promised - self.missed) * 100 // self.promised


def steps(event: EventAnswer) -> list[TimelineStep]:
    """The event's acts, the newest first."""
    datasets = {one["name"]: one for one in event["datasets"]}
    versions = {
        (one["name"], version["number"]): version
        for one in event["datasets"]
        for version in one["versions"]
    }
    return [
        TimelineStep(
            number=act["number"],
            at=act["at"],
            act=act["act"],
            standing=act["standing"],
            text=act["text"],
            bulletin=bulletin(event, act),
            changes=tuple(
                DatasetChange(
                    one["dataset"],
                    datasets.get(one["dataset"], {}).get("title", one["dataset"]),
                    versions.get((one["dataset"], one["version"])),
                    one.get("override"),
                )
                for one in act["facts"].get("datasets", ())
            ),
            level=act["facts"].get("level") if act["act"] == "level" else None,
        )
        for act in reversed(event["acts"])
    ]


def record_of(event: EventAnswer) -> PromiseRecord:
    """The event in figures."""
    late = [
        (one, version)
        for one in event["datasets"]
        for version in one["versions"]
        if version["late_minutes"]
    ]
    missing = _missing(event)
    count = sum(len(one["versions"]) for one in event["datasets"])
    return PromiseRecord(
        bulletins=len(event["bulletins"]),
        datasets=len(event["datasets"]),
        versions=count,
        late=tuple(sorted(late, key=lambda pair: -pair[1]["late_minutes"])),
        downloads=sum(one["downloads"] or 0 for one in event["datasets"])
        if event["ended"] and not event["as_of"]
        else None,
        promised=count - len(event["datasets"]) + len(missing),
        missing=missing,
    )


def _missing(event: EventAnswer) -> tuple[tuple[DatasetAnswer, int], ...]:
    """What an event that ended still owed, by how many minutes; one that runs flags it as late."""
    if not event["ended"]:
        return ()
    ended = datetime.fromisoformat(event["ended"])
    found: list[tuple[DatasetAnswer, int]] = []
    for one in event["datasets"]:
        if one["latest"]:
            last, rhythm = one["latest"]["at"], timedelta(minutes=one["rhythm"])
            due = next_due(datetime.fromisoformat(last), rhythm)
            found.append((one, int((ended - due).total_seconds() // 60)))
    return tuple((one, minutes) for one, minutes in found if minutes > 0)
