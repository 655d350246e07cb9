"""Who is told by mail. An address is kept encrypted, found by its digest, and written nowhere else.

It is deleted when its owner says so, a day after nobody confirmed it, and some days after its
event has ended.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from .. import database, now
from ..database import Session
from ..emergency.event import event_record
from ..notices import outbox
from ..security import vault
from . import limits, mail_links
from .model import SubscriberRow, subscriber
from .subjects import SubscriptionSubject

CONFIRM = "emergency_confirm"
"""The kind of the letters that ask for consent."""
LIFE = timedelta(days=1)
"""How long the link of a letter that asks for consent is good."""


@dataclass(frozen=True)
class SubscriptionWish:
    """A subscription as asked for, checked. ``data``: also each update of data."""

    address: str
    subject: SubscriptionSubject
    language: str
    data: bool


def plain(address: str) -> str:
    """An address as typed on any keyboard, in its ordinary letters."""
    return unicodedata.normalize("NFKC", address).strip()


def ask(session: Session, wanted: SubscriptionWish) -> None:
    """Keep what is asked, and write to the address for its consent.

    The same is done for an address that is subscribed already: its letter says so.
    """
    instant, digest = now.now(), vault.digest(wanted.address.lower())
    statement = insert(subscriber).values(
        id=secrets.token_urlsafe(12),
        event_id=wanted.subject.event_id,
        region=wanted.subject.region,
        digest=digest,
        address=vault.seal(wanted.address),
        language=wanted.language,
        data=wanted.data,
        asked=instant,
    )
    unsure = subscriber.c.confirmed.is_(None)
    kept = {
        name: sa.case((unsure, statement.excluded[name]), else_=subscriber.c[name])
        for name in ("language", "data")
    }
    statement = statement.on_conflict_do_update(
        index_elements=["digest", "event_id", "region"], set_={"asked": instant, **kept}
    )
    found = session.execute(statement.returning(subscriber.c.id)).scalar_one()
    if limits.may_write(digest):
        key = f"confirm:{found}:{instant.isoformat()}"
        outbox.post(session, [outbox.Post(key, CONFIRM, recipient=found)])


def open_address(row: SubscriberRow) -> str:
    """The address, for its letter and for nothing else."""
    return vault.unseal(row.address)


def of_link(session: Session, purpose: str, token: str) -> SubscriberRow | None:
    """The subscription that a link speaks of, or None."""
    number = mail_links.read(purpose, token)
    query = sa.select(subscriber).where(subscriber.c.id == number)
    return database.first(session, query, SubscriberRow) if number else None


def expired(row: SubscriberRow) -> bool:
    """Whether consent comes too late."""
    return row.confirmed is None and row.asked + LIFE < now.now()


def confirm(session: Session, row: SubscriberRow) -> None:
    """Its owner consents; a second time changes nothing."""
    here = sa.and_(subscriber.c.id == row.id, subscriber.c.confirmed.is_(None))
    session.execute(sa.update(subscriber).where(here).values(confirmed=now.now()))


def remove(session: Session, number: str) -> None:
    """Delete a subscription with its address and what waits for it."""
    outbox.withdraw(session, number)
    session.execute(sa.delete(subscriber).where(subscriber.c.id == number))


def forget(session: Session, after: timedelta) -> int:
    """Delete those that nobody confirmed, and those whose event ended so long ago; how many."""
    late = now.now() - LIFE
    unsure = sa.and_(subscriber.c.confirmed.is_(None), subscriber.c.asked < late)
    old = subscriber.c.event_id.in_(event_record.ended_before(now.now() - after))
    gone = list(session.scalars(sa.select(subscriber.c.id).where(sa.or_(unsure, old))))
    for number in gone:
        remove(session, number)
    return len(gone)
