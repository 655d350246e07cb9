"""Publish data in an emergency: what was handed in is decided, then kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, replace

import ckan.model as model
import sqlalchemy as sa

from ... import now
from ...domain.emergency import acts
from ...domain.emergency.dataset import Published
from ...domain.emergency.emergency_event import EmergencyRules, minutes
from ...domain.emergency.release import Publication
from ...domain.emergency.verdict import Act, Bulletin, decide
from ...domain.procedure import Role
from ...domain.refusal import Refused
from ...security import vault
from .. import model as tables
from ..event.event_record import EventRow
from . import published_entries


def publish_all(
    row: EventRow, given: Publication, roles: Collection[Role], rules: EmergencyRules
) -> Act | Refused:
    """Publish all that is handed in, or nothing of it; the act with its particulars.

    Nothing is written when it is refused; the caller holds the event's lock.
    """
    act = decide(row.event, acts.PUBLISH, given, roles, rules, now.now())
    if isinstance(act, Refused):
        return act
    kept: dict[str, str] = {}
    for one in act.published:
        known = one.dataset.package_id or kept.get(one.dataset.name, "")
        kept[one.dataset.name] = _keep(row, one, given.actor, known)
    facts: dict[str, object] = {
        "datasets": [_facts(kept[one.dataset.name], one) for one in act.published]
    }
    if act.bulletin:
        facts["bulletin"] = _say(row.id, given.actor, act.bulletin)
    published_entries.follow(row, [(kept[one.dataset.name], one) for one in act.published])
    return replace(act, facts=facts)


def _keep(row: EventRow, one: Published, user_id: str, known: str) -> str:
    """Write the dataset and its version, and its entry if it has none yet; the entry's id."""
    package = known or published_entries.create(one.asked.new, row, user_id)
    _keep_dataset(row.id, one, package, user_id)
    _keep_version(row.id, one, user_id)
    return package


def _keep_dataset(event_id: str, one: Published, package: str, user_id: str) -> None:
    table, dataset = tables.dataset, one.dataset
    values = {
        "rhythm": int(minutes(dataset.rhythm)),
        "source": dataset.source,
        "time_column": dataset.time_column,
        "place_column": dataset.place_column,
        "figures": json.dumps(list(dataset.figures), ensure_ascii=False),
        "officer_id": user_id,
        "latest": one.version.number,
        "updated": one.version.published,
        "override": one.answered is not None and "conditional" in one.answered.bans,
        "alarm": 0,
    }
    here = table.c.event_id == event_id
    if one.version.number > 1:
        same = sa.and_(here, table.c.name == dataset.name)
        model.Session.execute(sa.update(table).where(same).values(**values))
        return
    count = sa.select(sa.func.count() + 1).select_from(table).where(here)
    model.Session.execute(
        sa.insert(table).values(
            event_id=event_id,
            name=dataset.name,
            position=count.scalar_subquery(),
            package_id=package,
            created=one.asked.entry is None,
            title=dataset.title,
            **values,
        )
    )


def _keep_version(event_id: str, one: Published, user_id: str) -> None:
    material, version = one.asked.material, one.version
    model.Session.execute(
        sa.insert(tables.version).values(
            event_id=event_id,
            dataset=one.dataset.name,
            number=version.number,
            at=version.published,
            due=one.asked.before.due if one.asked.before else None,
            source=one.dataset.source,
            note=version.note,
            actor_id=user_id,
            kind=material.kind,
            media=material.media,
            file_name=material.file_name,
            url=material.url,
            columns=json.dumps(version.columns, ensure_ascii=False),
            rows=len(material.sheet.rows) if material.sheet else 0,
            totals=json.dumps(dict(version.totals), ensure_ascii=False),
            size=len(material.kept),
            digest=hashlib.sha256(material.kept).hexdigest(),
            override=json.dumps(_override(one), ensure_ascii=False) if one.answered else "",
            content=material.kept,
        )
    )


def _override(one: Published) -> dict[str, object]:
    """The override as it is kept; empty where nothing stood against it."""
    if one.answered is None:
        return {}
    kept = {"bans": list(one.answered.bans), "reason": one.answered.reason, "by": one.answered.by}
    consent = asdict(one.answered.consent)
    return {**kept, "consent": consent} if any(consent.values()) else kept


def _facts(package: str, one: Published) -> dict[str, object]:
    """What the act and the ledger say of one dataset."""
    left_out = one.asked.material.left_out
    return {
        "dataset": one.dataset.name,
        "version": one.version.number,
        "package": package,
        "digest": hashlib.sha256(one.asked.material.kept).hexdigest(),
        "note": one.version.note,
        **({"left_out": dict(left_out)} if left_out else {}),
        **({"override": _noted(_override(one))} if one.answered else {}),
    }


def _noted(override: dict[str, object]) -> dict[str, object]:
    """The override as what is never erased says it: of whose consent it was a keyed digest, which
    proves what stands with the version."""
    consent = override.get("consent")
    if not isinstance(consent, dict):
        return override
    said = json.dumps(consent, sort_keys=True, ensure_ascii=False)
    return {**override, "consent": {"on": consent["on"], "digest": vault.digest(said)}}


def _say(event_id: str, user_id: str, bulletin: Bulletin) -> dict[str, object]:
    """Keep a bulletin; the facts for the act."""
    table = tables.bulletin
    last = sa.select(sa.func.max(table.c.number)).where(table.c.event_id == event_id)
    number = 1 + (model.Session.scalar(last) or 0)
    model.Session.execute(
        sa.insert(table).values(
            event_id=event_id,
            number=number,
            at=now.now(),
            title=bulletin.title,
            text=bulletin.text,
            actor_id=user_id,
        )
    )
    return {"number": number, "title": bulletin.title}
