"""Steps of the actions: the handling body, names, what changed, what is to be published."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ... import now
from ...cases.engine import new_case
from ...departments import seats, tree
from ...domain.emergency import changes, minutes
from ...domain.refusal import Refusal
from .. import model as tables
from .. import sentences
from ..desk.desk_request import Asked
from ..publication import published_entries, publisher
from . import event_record

DECLARING = 0x676F7606
"""The key of the lock under which events are declared."""


def handler(asked: Asked, user_id: str) -> Any:
    """The handling body: as asked for, or the only one of the user."""
    name = asked.text("organization")
    if name:
        return tree.get(name)
    own = list(seats.works_in(user_id))
    return tree.get(own[0]) if len(own) == 1 else None


def take_turn() -> None:
    """Events are declared one after the other, so that each sees those before it."""
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(DECLARING)))


def running_already(organization_id: str, event: Any, *, drill: bool) -> list[Refusal]:
    """What stands against an event that the same body has declared already: a second click."""
    table = tables.event
    query = sa.select(table.c.state).where(
        table.c.organization_id == organization_id,
        table.c.ended.is_(None),
        table.c.drill == drill,
    )
    running = [event_record.state_of(state).event for state in model.Session.scalars(query)]
    same = any((one.title, one.kind) == (event.title, event.kind) for one in running)
    return [Refusal("running_already", "title", event.title)] if same else []


def begin(
    name: str, organization_id: str, jurisdiction: str, state: event_record.State, *, drill: bool
) -> None:
    """The row of a new event."""
    model.Session.execute(
        sa.insert(tables.event).values(
            id=str(uuid.uuid4()),
            name=name,
            organization_id=organization_id,
            jurisdiction=jurisdiction,
            state=event_record.text_of(state),
            started=state.event.started,
            declared=now.now(),
            drill=drill,
            version=0,
            modified=now.now(),
        )
    )


def begin_reviews(row: Any) -> list[str]:
    """Begin the reviews that the emergency put off; the cases' ids.

    Of entries that were made in it, and of data that was let through, by whom somebody else
    judges. A drill put nothing off.
    """
    if row.drill:
        return []
    table, version = tables.dataset, tables.version
    through = sa.and_(version.c.event_id == row.id, version.c.dataset == table.c.name,
                      version.c.override != "")
    persons = sa.select(sa.func.array_agg(version.c.actor_id.distinct())).where(through)
    query = sa.select(table.c.package_id, persons.scalar_subquery()).where(
        table.c.event_id == row.id, sa.or_(table.c.created, sa.exists().where(through)))
    return [
        new_case.begin("catalogue_review", package, "begin", let_through or ())
        for package, let_through in model.Session.execute(query.order_by(table.c.position))
        if published_entries.find(package)
    ]


def no_handler(data_dict: dict[str, Any]) -> list[Refusal]:
    """Why there is no handling body."""
    name = str(data_dict.get("organization") or "").strip()
    code = "handler_unknown" if name else "missing"
    return [Refusal(code, "organization", name)]


def event_name(event: Any, subtype: str) -> str:
    """A name for the addresses of an event: its day, kind and first region."""
    day = event.started.astimezone(now.BEIJING).date()
    parts = [f"{day:%Y%m%d}", subtype or event.kind, event.regions[0] if event.regions else ""]
    plain = re.sub(r"[^a-z0-9_-]", "", "-".join(part for part in parts if part).lower())
    if not event_record.row_of(plain):
        return plain
    return f"{plain}-{uuid.uuid4().hex[:4]}"


def differences(before: event_record.State, after: event_record.State) -> dict[str, Any]:
    """What changed, as ``{field: {before, after}}``."""
    found: dict[str, Any] = {}
    for name in changes(before.event, after.event):
        old, new = getattr(before.event, name), getattr(after.event, name)
        if name == "rhythm":
            old, new = minutes(old), minutes(new)
        elif name == "started":
            old, new = old.isoformat(), new.isoformat()
        found[name] = {"before": old, "after": new}
    for name in ("subtype", "contact"):
        if getattr(before, name) != getattr(after, name):
            found[name] = {"before": getattr(before, name), "after": getattr(after, name)}
    return found


def items(data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The datasets of the request: listed, or one given directly."""
    listed = data_dict.get("datasets")
    if isinstance(listed, list):
        return [dict(one) for one in listed if isinstance(one, dict)]
    direct = ("dataset", "package", "create", "upload", "table", "rows", "url")
    return [data_dict] if any(data_dict.get(name) for name in direct) else []


def publish_all(moment: publisher.Moment, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Publish each dataset; the facts of all. Raises ``ValidationError`` at the first refused."""
    done: list[dict[str, Any]] = []
    for item in items:
        try:
            done.append(publisher.publish(moment, item))
        except publisher.Refused as error:
            raise sentences.invalid(error.refusals, moment.row.jurisdiction) from None
    return done


def bulletin(data_dict: dict[str, Any], wrong: list[Refusal]) -> tuple[str, str] | None:
    """Title and text of the bulletin; what is wrong with it is added to ``wrong``."""
    written = data_dict.get("bulletin")
    if not isinstance(written, dict):
        return None
    asked = Asked(written)
    title, text = asked.text("title"), asked.text("text")
    if not title and not text:
        return None
    stands = publisher.in_words({"title": title, "text": text})
    found = [*asked.wrong, *map(publisher.refusal_of, stands)]
    if not text:
        found.append(Refusal("missing", "text"))
    wrong += [replace(one, field="bulletin") for one in found]  # "title" is a dataset's
    return title, text


def check_words(data_dict: dict[str, Any], *fields: str) -> list[Refusal]:
    """What stands against the words of an event; nobody overrides that.

    ``contact`` may be a duty office's mobile number, but no more than that.
    """
    texts = {name: str(data_dict.get(name) or "") for name in fields}
    found = publisher.in_words(texts)
    return [
        replace(publisher.refusal_of(one), field=place)
        for one in found
        for place in one.places
        if place != "contact" or not one.override
    ]


def say(row: Any, user_id: str, title: str, text: str) -> dict[str, Any]:
    """Keep a bulletin; the facts for the act."""
    table = tables.bulletin
    number = 1 + (
        model.Session.scalar(
            sa.select(sa.func.max(table.c.number)).where(table.c.event_id == row.id)
        )
        or 0
    )
    model.Session.execute(
        sa.insert(table).values(
            event_id=row.id, number=number, at=now.now(), title=title, text=text, actor_id=user_id
        )
    )
    return {"number": number, "title": title}


def finding(found: Any, jurisdiction: str) -> dict[str, Any]:
    """A finding as the check tells it."""
    refusal = publisher.refusal_of(found)
    return {
        "ban": found.ban,
        "label": publisher.ban_label(found.ban),
        "override": found.override,
        "places": list(found.places),
        "message": sentences.say(refusal, sentences.article_of(refusal.code, jurisdiction)),
    }
