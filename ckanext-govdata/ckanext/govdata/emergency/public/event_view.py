"""An emergency as readers see it, now or as it was known at an instant.

Nothing here asks Solr: the pages must be right while it is away.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import ckan.model as model
import sqlalchemy as sa

from ... import now, vocabularies
from ...domain.emergency import acts
from ...domain.emergency.dataset import readable
from ...domain.emergency.emergency_event import Emergency, EmergencyLevel, next_due
from ...domain.procedure import Role
from ...forms import form_reader
from ...speech import phrases
from .. import model as tables
from ..answers import (
    ActAnswer,
    ActFacts,
    BulletinAnswer,
    DatasetAnswer,
    EventAnswer,
    EventSummary,
    FigureAnswer,
    Handler,
    VersionAnswer,
)
from ..event import kinds
from ..event.event_record import EventRow, event_of
from ..publication import published_entries
from . import downloads

LIGHT = [c for c in tables.version.c if c.name != "content"]


@dataclass(frozen=True)
class DatasetRow:
    """A dataset's row."""

    event_id: str
    name: str
    position: int
    package_id: str
    created: bool
    title: str
    rhythm: int
    source: str
    time_column: str
    place_column: str
    figures: str
    officer_id: str
    latest: int
    updated: datetime
    override: bool
    alarm: int


@dataclass(frozen=True)
class VersionRow:
    """A version's row without its content."""

    event_id: str
    dataset: str
    number: int
    at: datetime
    due: datetime | None
    source: str
    note: str
    actor_id: str
    kind: str
    media: str
    file_name: str
    url: str
    columns: str
    rows: int
    totals: str
    size: int
    digest: str
    override: str

    @property
    def late_minutes(self) -> int:
        """How many minutes after its promise it came."""
        if self.due is None or self.at <= self.due:
            return 0
        return int((self.at - self.due).total_seconds() // 60)


def whole(row: EventRow, at: datetime | None, roles: Collection[Role]) -> EventAnswer:
    """The shape that ``govdata_emergency_show`` documents."""
    event = _event_at(row, at)
    running = event.ended is None or (at is not None and at < event.ended)
    fetched = downloads.of_event(row.id) if event.ended and at is None else None
    found = (_dataset(row, one, at, running, fetched) for one in dataset_rows(row.id))
    datasets = [one for one in found if one is not None]
    if not roles:
        datasets = [one if one["readable"] else closed(one) for one in datasets]
    hidden = {one["name"] for one in datasets if not (one["readable"] or roles)}
    return EventAnswer(
        **summary(row, event),
        version=row.version,
        as_of=at.isoformat() if at else None,
        modified=row.modified.isoformat(),
        acts=_acts(row.id, at, hidden),
        bulletins=_bulletins(row.id, at),
        datasets=datasets,
        key_figures=key_figures(datasets),
        may=acts.acts_now(event, roles) if at is None else [],
    )


def closed(dataset: DatasetAnswer) -> DatasetAnswer:
    """A dataset that is not open any more, for the public: when it was published and by whom."""
    versions = [_closed(version) for version in dataset["versions"]]
    return DatasetAnswer(
        **{
            **dataset,
            "figures": [],
            "time_column": "",
            "place_column": "",
            "versions": versions,
            "latest": versions[0],
        }
    )


def _closed(version: VersionAnswer) -> VersionAnswer:
    """What a version of closed data says of its content to those who may not read it: nothing."""
    return VersionAnswer(
        **{
            **version,
            "url": "",
            "columns": [],
            "rows": 0,
            "totals": {},
            "size": 0,
            "digest": "",
            "media": "",
            "file_name": "",
            "note": "",
        }
    )


def summary(
    row: EventRow, event: Emergency | None = None, handler: Handler | None = None
) -> EventSummary:
    """The event without its data, for lists and banners."""
    event, types = event or row.event, kinds.types()
    subtype = types.subtypes.get(event.kind, {}).get(event.subtype, {})
    return {
        "id": row.id,
        "name": row.name,
        "title": event.title,
        "kind": event.kind,
        "kind_label": phrases.label(types.kinds.get(event.kind, {})),
        "subtype": event.subtype,
        "subtype_label": phrases.label(subtype) if subtype else "",
        "level": event.level,
        "level_label": phrases.label(types.levels.get(event.level, {})),
        "colour": EmergencyLevel(event.level).colour,
        "regions": [{"code": c, "name": _place(c)} for c in event.regions],
        "handler": handler or handlers_of([row])[row.organization_id],
        "jurisdiction": row.jurisdiction,
        "basis": event.basis,
        "threshold": event.threshold,
        "threshold_label": _threshold(event.threshold),
        "duty": event.duty,
        "contact": event.contact,
        "rhythm": int(event.rhythm.total_seconds() // 60),
        "started": event.started.isoformat(),
        "declared": row.declared.isoformat(),
        "ended": event.ended.isoformat() if event.ended else None,
        "drill": row.drill,
        "url": f"/emergency/{row.name}",
    }


def _threshold(code: str) -> str:
    """What an event does to the public, in words; empty of one that was not asked."""
    options = form_reader.declared("emergency_event")["threshold"].options
    return phrases.label(options[code]) if code in options else ""


def summaries(rows: Sequence[EventRow]) -> list[EventSummary]:
    """Many events without their data; one statement for all their handling bodies."""
    handlers = handlers_of(rows)
    return [summary(row, handler=handlers[row.organization_id]) for row in rows]


def handlers_of(rows: Iterable[EventRow]) -> Mapping[str, Handler]:
    """The bodies that handle these events, by id; one that is gone has no name."""
    ids = {row.organization_id for row in rows}
    group = model.Group
    query = sa.select(group.id, group.name, group.title).where(group.id.in_(ids))
    found = {
        key: Handler(id=key, name=name, title=title or name)
        for key, name, title in (model.Session.execute(query) if ids else ())
    }
    return {key: found.get(key, Handler(id=key, name="", title="")) for key in ids}


def key_figures(datasets: Iterable[DatasetAnswer]) -> list[FigureAnswer]:
    """The totals of each dataset's newest version beside those of the one before."""
    found: list[FigureAnswer] = []
    for one in datasets:
        if not one["readable"]:
            continue
        before = one["versions"][1]["totals"] if len(one["versions"]) > 1 else {}
        found += [
            FigureAnswer(
                dataset=one["name"],
                title=one["title"],
                name=name,
                value=value,
                before=before.get(name),
                at=one["latest"]["at"],
            )
            for name, value in one["latest"]["totals"].items()
        ]
    return found


def dataset_rows(event_id: str, name: str = "") -> list[DatasetRow]:
    """The datasets of an event in their order, or the one of that name."""
    table = tables.dataset
    query = sa.select(table).where(table.c.event_id == event_id)
    if name:
        query = query.where(table.c.name == name)
    rows = model.Session.execute(query.order_by(table.c.position))
    return [DatasetRow(*row) for row in rows]


def versions(
    event_id: str, dataset: str, at: datetime | None, most: int = 1000
) -> list[VersionRow]:
    """A dataset's versions without their content, newest first."""
    table = tables.version
    query = sa.select(*LIGHT).where(table.c.event_id == event_id, table.c.dataset == dataset)
    if at is not None:
        query = query.where(table.c.at <= at)
    rows = model.Session.execute(query.order_by(table.c.number.desc()).limit(most))
    return [VersionRow(*row) for row in rows]


def open_to_all(row: EventRow, one: DatasetRow, running: bool) -> bool:
    """Whether everybody may read what the event published of a dataset; not once its entry was
    withdrawn. The entries of a drill are never public."""
    entry = published_entries.find(one.package_id)
    if entry is None or (entry.private and not row.drill):
        return False
    return readable(entry.attribute, one.override, running)


def content(event_id: str, dataset: str, number: int) -> bytes:
    """The bytes of one version."""
    table = tables.version
    query = sa.select(table.c.content).where(
        table.c.event_id == event_id, table.c.dataset == dataset, table.c.number == number
    )
    return model.Session.scalar(query) or b""


def described(version: VersionRow) -> VersionAnswer:
    """A version without its content."""
    return {
        "number": version.number,
        "at": version.at.isoformat(),
        "source": version.source,
        "note": version.note,
        "kind": version.kind,
        "media": version.media,
        "file_name": version.file_name,
        "url": version.url,
        "columns": json.loads(version.columns),
        "rows": version.rows,
        "totals": json.loads(version.totals),
        "size": version.size,
        "digest": version.digest,
        "late_minutes": version.late_minutes,
        "overridden": bool(version.override),
    }


def _dataset(
    row: EventRow,
    one: DatasetRow,
    at: datetime | None,
    running: bool,
    fetched: Mapping[str, int] | None,
) -> DatasetAnswer | None:
    """A dataset with its versions; nothing of one that had none yet."""
    found = [described(v) for v in versions(row.id, one.name, at)]
    if not found:
        return None
    latest = found[0]
    rhythm = timedelta(minutes=one.rhythm)
    due = next_due(datetime.fromisoformat(latest["at"]), rhythm) if running else None
    return {
        "name": one.name,
        "title": one.title,
        "package_id": one.package_id,
        "created_here": one.created,
        "kind": latest["kind"],
        "rhythm": one.rhythm,
        "next_due": due.isoformat() if due else None,
        "late": bool(due and due < (at or now.now())),
        "source": one.source,
        "time_column": one.time_column,
        "place_column": one.place_column,
        "figures": json.loads(one.figures),
        "readable": open_to_all(row, one, row.ended is None),
        "downloads": fetched.get(one.name, 0) if fetched is not None else None,
        "url": f"/emergency/{row.name}/data/{one.name}.{_ending(latest)}",
        "json_url": f"/emergency/{row.name}/data/{one.name}.json",
        "latest": latest,
        "versions": found,
    }


def _ending(latest: VersionAnswer) -> str:
    if latest["kind"] == "file":
        return latest["file_name"].rpartition(".")[2].lower() or "bin"
    return "csv" if latest["kind"] == "table" else "json"


def _event_at(row: EventRow, at: datetime | None) -> Emergency:
    """The event after its last act until then; at least as it was declared."""
    if at is None:
        return row.event
    table = tables.act
    query = sa.select(table.c.state).where(table.c.event_id == row.id)
    then = query.where(table.c.at <= at).order_by(table.c.number.desc()).limit(1)
    first = query.order_by(table.c.number).limit(1)
    return event_of(str(model.Session.scalar(then) or model.Session.scalar(first)))


def _acts(
    event_id: str, at: datetime | None, hidden: Collection[str] = ()
) -> list[ActAnswer]:
    """What was done, oldest first; who did it is said by his role only."""
    table = tables.act
    query = sa.select(table).where(table.c.event_id == event_id)
    if at is not None:
        query = query.where(table.c.at <= at)
    return [
        {
            "number": a.number,
            "act": a.act,
            "standing": a.standing,
            "at": a.at.isoformat(),
            "text": a.text,
            "facts": public(json.loads(a.facts), hidden),
        }
        for a in model.Session.execute(query.order_by(table.c.number))
    ]


def public(facts: ActFacts, hidden: Collection[str] = ()) -> ActFacts:
    """An override is public with its reason; the person stands in the ledger. So does what a
    workbook has beside what was published. Nothing of the content of what is closed by now
    (``hidden``)."""
    for one in facts.get("datasets", ()):
        if one.get("dataset") in hidden:
            for name in ("digest", "note"):
                if name in one:
                    one[name] = ""
        one.pop("left_out", None)
        if "override" in one:
            one["override"].pop("by", None)
            one["override"].pop("consent", None)
    return facts


def _bulletins(event_id: str, at: datetime | None) -> list[BulletinAnswer]:
    table = tables.bulletin
    query = sa.select(table).where(table.c.event_id == event_id)
    if at is not None:
        query = query.where(table.c.at <= at)
    return [
        {"number": b.number, "at": b.at.isoformat(), "title": b.title, "text": b.text}
        for b in model.Session.execute(query.order_by(table.c.number.desc()))
    ]


def _place(code: str) -> str:
    return " ".join(p.name for p in vocabularies.divisions().ancestors(code)) or code
