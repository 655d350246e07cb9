"""From an act of an event to what is sent: a letter to each address, a message to each webhook.

The act itself leaves one post in the outbox; here it becomes one for each who asked to be told.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from .. import now, settings
from ..database import Session
from ..domain.letter_class import LetterClass
from ..emergency.event import event_record
from ..emergency.feeds import news
from ..notices import mail_delivery, outbox
from . import subjects
from .model import hook, subscriber

LETTER, MESSAGE = "emergency_mail", "emergency_hook"
STALE = timedelta(days=2)
"""News that nobody could be told for so long is news no more; the page and the archive have it."""


def spread() -> dict[str, int]:
    """Turn each act that nobody was told of yet into letters and messages."""
    return mail_delivery.empty((event_record.ACT,), _spread)


def _spread(session: Session, row: outbox.OutboxRow) -> str:
    act = json.loads(row.payload)
    found = news.of(act["event"], act["act"])
    if found is None:
        return "no such act"
    if found.at + STALE < now.now():
        return "too old"
    _letters(session, found)
    _messages(session, found)
    return ""


def _letters(session: Session, found: news.News) -> None:
    """One letter to an address, though it asked for the event and for its place."""
    who = subscriber
    wanted = [
        subjects.concerned(who, found.row.id, found.event.regions),
        who.c.confirmed <= found.at,
    ]
    if found.only_data:
        wanted.append(who.c.data)
    key = sa.literal(f"news:{found.row.id}:{found.number}:") + who.c.digest
    recipients = (
        sa.select(key.label("key"), who.c.id.label("recipient"))
        .where(*wanted)
        .distinct(who.c.digest)
        .order_by(who.c.digest, who.c.event_id.desc())
    )
    payload = {"event": found.row.id, "act": found.number}
    outbox.post_to_all(session, LETTER, payload, recipients, LetterClass.EMERGENCY)


def _messages(session: Session, found: news.News) -> None:
    """One message to each webhook, the same at every try."""
    key = sa.literal(f"{MESSAGE}:{found.row.id}:{found.number}:") + hook.c.id
    recipients = sa.select(key.label("key"), hook.c.id.label("recipient")).where(
        subjects.concerned(hook, found.row.id, found.event.regions),
        hook.c.confirmed <= found.at,
        hook.c.stopped.is_(None),
    )
    outbox.post_to_all(session, MESSAGE, message(found), recipients, LetterClass.EMERGENCY)


def message(found: news.News) -> dict[str, Any]:
    """What a webhook is told: enough to know whether to ask for more, and where."""
    event, site = found.event, settings.site_url()
    page = f"{site}/emergency/{found.row.name}"
    return {
        "type": f"emergency.{found.act}",
        "timestamp": found.at.isoformat(),
        "data": {
            "event": found.row.name,
            "title": event.title,
            "kind": event.kind,
            "level": event.level,
            "regions": list(event.regions),
            "ended": event.ended.isoformat() if event.ended else None,
            "act": found.number,
            "text": found.text,
            "bulletin": dict(found.bulletin) or None,
            "datasets": [
                {"name": name, "version": number, "url": f"{page}/data/{name}.json"}
                for name, number in found.versions
            ],
            "url": page,
            "json_url": f"{page}.json",
        },
    }
