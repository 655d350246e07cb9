"""An emergency as readers see it, now or as it was known at an instant.

Nothing here asks Solr: the pages must be right while it is away.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ... import now, vocabularies
from ...domain.emergency import Act, Level, Standing, may, next_due, readable
from ...rules import sentences
from .. import model as tables
from ..event import kinds
from ..event.event_record import State, state_of
from ..publication import published_entries
from . import downloads

LIGHT = [c for c in tables.version.c if c.name != "content"]


def whole(row: Any, at: datetime | None, standings: frozenset[Standing]) -> dict[str, Any]:
    """The shape that ``govdata_emergency_show`` documents."""
    state = _state_at(row, at)
    running = state.event.ended is None or (at is not None and at < state.event.ended)
    fetched = downloads.of_event(row.id) if state.event.ended and at is None else None
    datasets = [_dataset(row, one, at, running, fetched) for one in _datasets(row.id)]
    datasets = [one for one in datasets if one["versions"]]
    if not standings:
        datasets = [one if one["readable"] else closed(one) for one in datasets]
    hidden = {one["name"] for one in datasets if not (one["readable"] or standings)}
    return {
        **summary(row, state),
        "version": row.version,
        "as_of": at.isoformat() if at else None,
        "modified": row.modified.isoformat(),
        "acts": _acts(row.id, at, hidden),
        "bulletins": _bulletins(row.id, at),
        "datasets": datasets,
        "key_figures": key_figures(datasets),
        "may": [act.value for act in Act if may(act, standings) and act is not Act.DECLARE]
        if running and at is None
        else [],
    }


CLOSED = {"url": "", "columns": [], "rows": 0, "totals": {}, "size": 0, "digest": ""}
CLOSED |= {"media": "", "file_name": "", "note": ""}
"""What a version of closed data says of its content to those who may not read it: nothing."""


def closed(dataset: dict[str, Any]) -> dict[str, Any]:
    """A dataset that is not open any more, for the public: when it was published and by whom."""
    versions = [{**version, **CLOSED} for version in dataset["versions"]]
    said = {"figures": [], "time_column": "", "place_column": ""}
    return {**dataset, **said, "versions": versions, "latest": versions[0]}


def summary(row: Any, state: State | None = None) -> dict[str, Any]:
    """The event without its data, for lists and banners."""
    state = state or state_of(row.state)
    event, types = state.event, kinds.types()
    subtype = types.subtypes.get(event.kind, {}).get(state.subtype, {})
    return {
        "id": row.id,
        "name": row.name,
        "title": event.title,
        "kind": event.kind,
        "kind_label": sentences.label(types.kinds.get(event.kind, {})),
        "subtype": state.subtype,
        "subtype_label": sentences.label(subtype) if subtype else "",
        "level": event.level,
        "level_label": sentences.label(types.levels.get(event.level, {})),
        "colour": Level(event.level).colour,
        "regions": [{"code": c, "name": _place(c)} for c in event.regions],
        "handler": _handler(row.organization_id),
        "jurisdiction": row.jurisdiction,
        "basis": event.basis,
        "contact": state.contact,
        "rhythm": int(event.rhythm.total_seconds() // 60),
        "started": event.started.isoformat(),
        "declared": row.declared.isoformat(),
        "ended": event.ended.isoformat() if event.ended else None,
        "drill": row.drill,
        "url": f"/emergency/{row.name}",
    }


def key_figures(datasets: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The totals of each dataset's newest version beside those of the one before."""
    found: list[dict[str, Any]] = []
    for one in datasets:
        if not one["readable"]:
            continue
        before = one["versions"][1]["totals"] if len(one["versions"]) > 1 else {}
        found += [
            {
                "dataset": one["name"],
                "title": one["title"],
                "name": name,
                "value": value,
                "before": before.get(name),
                "at": one["latest"]["at"],
            }
            for name, value in one["latest"]["totals"].items()
        ]
    return found


def versions(event_id: str, dataset: str, at: datetime | None, most: int = 1000) -> list[Any]:
    """A dataset's versions without their content, newest first."""
    table = tables.version
    query = sa.select(*LIGHT).where(table.c.event_id == event_id, table.c.dataset == dataset)
    if at is not None:
        query = query.where(table.c.at <= at)
    return list(model.Session.execute(query.order_by(table.c.number.desc()).limit(most)))


def open_to_all(row: Any, one: Any, running: bool) -> bool:
    """Whether everybody may read what the event published of a dataset; not once its entry was
    withdrawn. The entries of a drill are never public."""
    entry = published_entries.find(one.package_id)
    if entry is None or (entry.private and not row.drill):
        return False
    return readable(entry.attribute, one.override, running)


def content(event_id: str, dataset: str, number: int) -> bytes:
    """The bytes of one version."""
    table = tables.version
    return (
        model.Session.scalar(
            sa.select(table.c.content).where(
                table.c.event_id == event_id, table.c.dataset == dataset, table.c.number == number
            )
        )
        or b""
    )


def described(version: Any) -> dict[str, Any]:
    """A version without its content; ``late`` is how many minutes after its promise it came."""
    late = 0
    if version.due is not None and version.at > version.due:
        late = int((version.at - version.due).total_seconds() // 60)
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
        "late_minutes": late,
        "overridden": bool(version.override),
    }


def _dataset(
    row: Any, one: Any, at: datetime | None, running: bool, fetched: dict[str, int] | None
) -> dict[str, Any]:
    found = [described(v) for v in versions(row.id, one.name, at)]
    latest = found[0] if found else None
    shown = open_to_all(row, one, row.ended is None)
    due = None
    if running and latest:
        due = next_due(datetime.fromisoformat(latest["at"]), timedelta(minutes=one.rhythm))
    ending = _ending(latest) if latest else "csv"
    return {
        "name": one.name,
        "title": one.title,
        "package_id": one.package_id,
        "created_here": one.created,
        "kind": latest["kind"] if latest else "",
        "rhythm": one.rhythm,
        "next_due": due.isoformat() if due else None,
        "late": bool(due and due < (at or now.now())),
        "source": one.source,
        "time_column": one.time_column,
        "place_column": one.place_column,
        "figures": json.loads(one.figures),
        "readable": shown,
        "downloads": fetched.get(one.name, 0) if fetched is not None else None,
        "url": f"/emergency/{row.name}/data/{one.name}.{ending}",
        "json_url": f"/emergency/{row.name}/data/{one.name}.json",
        "latest": latest,
        "versions": found,
    }


def _ending(latest: dict[str, Any]) -> str:
    if latest["kind"] == "file":
        return latest["file_name"].rpartition(".")[2].lower() or "bin"
    return "csv" if latest["kind"] == "table" else "json"


def _state_at(row: Any, at: datetime | None) -> State:
    """The event's state after its last act until then; at least as it was declared."""
    if at is None:
        return state_of(row.state)
    table = tables.act
    query = sa.select(table.c.state).where(table.c.event_id == row.id)
    then = query.where(table.c.at <= at).order_by(table.c.number.desc()).limit(1)
    first = query.order_by(table.c.number).limit(1)
    return state_of(str(model.Session.scalar(then) or model.Session.scalar(first)))


def _acts(
    event_id: str, at: datetime | None, hidden: Collection[str] = ()
) -> list[dict[str, Any]]:
    """What was done, oldest first; who did it is said by his standing only."""
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


def public(facts: dict[str, Any], hidden: Collection[str] = ()) -> dict[str, Any]:
    """An override is public with its reason; the person stands in the ledger. So does what a
    workbook has beside what was published. Nothing of the content of what is closed by now
    (``hidden``)."""
    found = dict(facts)
    for one in found.get("datasets", ()):
        if one.get("dataset") in hidden:
            one |= {name: "" for name in ("digest", "note") if name in one}
        one.pop("left_out", None)
        if "override" in one:
            one["override"] = {k: v for k, v in one["override"].items() if k != "by"}
    return found


def _bulletins(event_id: str, at: datetime | None) -> list[dict[str, Any]]:
    table = tables.bulletin
    query = sa.select(table).where(table.c.event_id == event_id)
    if at is not None:
        query = query.where(table.c.at <= at)
    return [
        {"number": b.number, "at": b.at.isoformat(), "title": b.title, "text": b.text}
        for b in model.Session.execute(query.order_by(table.c.number.desc()))
    ]


def _datasets(event_id: str) -> list[Any]:
    table = tables.dataset
    query = sa.select(table).where(table.c.event_id == event_id)
    return list(model.Session.execute(query.order_by(table.c.position)))


def _place(code: str) -> str:
    return " ".join(p.name for p in vocabularies.divisions().ancestors(code)) or code


def _handler(organization_id: str) -> dict[str, str]:
    group = model.Group.get(organization_id)
    if group is None:
        return {"id": organization_id, "name": "", "title": ""}
    return {"id": group.id, "name": group.name, "title": group.title or group.name}
