"""What is to leave the machine, put into the outbox in the transaction of what happened.

Each kind has a job of its own that sends it, so that none waits for another: see
``mail_delivery.empty``. A post is sent at least once; its key makes a second time harmless.
Public to other slices.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from .. import database, now
from ..database import Session
from ..domain.letter_class import LetterClass
from .model import OutboxRow, outbox


@dataclass(frozen=True)
class Post:
    """One thing to send. ``recipient`` is whom it goes to where that is no user: the id of a
    subscription, never an address."""

    key: str
    kind: str
    payload: Mapping[str, object] = field(default_factory=dict[str, object])
    recipient: str = ""
    urgency: LetterClass = LetterClass.DECISION


def post(session: Session | sa.Connection, posts: Iterable[Post]) -> int:
    """Put them into the outbox; those whose key was there before are left out. How many are new."""
    instant = now.now()
    rows = [
        {
            "key": one.key,
            "kind": one.kind,
            "payload": json.dumps(dict(one.payload), ensure_ascii=False),
            "at": instant,
            "next_try": instant,
            "tries": 0,
            "problem": "",
            "recipient": one.recipient,
            "urgency": one.urgency,
        }
        for one in posts
    ]
    if not rows:
        return 0
    new = insert(outbox).on_conflict_do_nothing().returning(outbox.c.key)
    return len(session.execute(new, rows).all())


def post_to_all(
    session: Session,
    kind: str,
    payload: Mapping[str, object],
    recipients: sa.Select[tuple[str, str]],
    urgency: LetterClass,
) -> int:
    """The same to everybody whom ``recipients`` gives (columns ``key`` and ``recipient``).

    One statement, however many they are; gives how many are new.
    """
    whom, instant = recipients.subquery(), now.now()
    rows = sa.select(
        whom.c.key,
        sa.literal(kind),
        sa.literal(json.dumps(dict(payload), ensure_ascii=False)),
        sa.literal(instant),
        sa.literal(instant),
        sa.literal(0),
        sa.literal(""),
        whom.c.recipient,
        sa.literal(int(urgency)),
    )
    names = ("key", "kind", "payload", "at", "next_try", "tries", "problem", "recipient", "urgency")
    fresh = insert(outbox).from_select(names, rows).on_conflict_do_nothing()
    return database.touched(session, fresh)


def posted(session: Session, kind: str, recipient: str, since: datetime) -> int:
    """How many of that kind were put into the outbox for a recipient since then."""
    query = sa.select(sa.func.count()).select_from(outbox).where(
        outbox.c.kind == kind, outbox.c.recipient == recipient, outbox.c.at > since)
    return session.scalar(query) or 0


def waiting(kind: str) -> sa.Select[tuple[str]]:
    """The recipients for whom something of that kind is due."""
    return sa.select(outbox.c.recipient).where(
        outbox.c.kind == kind,
        outbox.c.sent.is_(None),
        outbox.c.recipient != "",
        outbox.c.next_try <= now.now(),
    )


def first(session: Session, recipient: str) -> OutboxRow | None:
    """What is due for a recipient and was put there first."""
    query = sa.select(outbox).where(
        outbox.c.recipient == recipient,
        outbox.c.sent.is_(None),
        outbox.c.next_try <= now.now(),
    )
    return database.first(session, query.order_by(outbox.c.id).limit(1), OutboxRow)


def settle(session: Session, number: int, problem: str = "") -> None:
    """It was sent; or, as ``problem`` says, it need not be sent any more."""
    session.execute(
        sa.update(outbox)
        .where(outbox.c.id == number)
        .values(sent=now.now(), tries=outbox.c.tries + 1, problem=problem)
    )


def put_off(session: Session, row: OutboxRow, problem: str, until: datetime) -> None:
    """It could not be sent: that and all else for the same recipient waits until then."""
    here = outbox.c.id == row.id
    session.execute(
        sa.update(outbox).where(here).values(tries=outbox.c.tries + 1, problem=problem)
    )
    same = sa.and_(outbox.c.recipient == row.recipient, outbox.c.sent.is_(None))
    session.execute(sa.update(outbox).where(same).values(next_try=until))


def withdraw(session: Session, recipient: str) -> int:
    """Nothing that waits for this recipient is sent; how much that was."""
    return database.touched(
        session,
        sa.delete(outbox).where(outbox.c.recipient == recipient, outbox.c.sent.is_(None)),
    )


def forget(session: Session, kinds: Sequence[str], before: datetime) -> int:
    """Delete what of these kinds was settled before an instant; how much that was."""
    return database.touched(
        session,
        sa.delete(outbox).where(outbox.c.kind.in_(kinds), outbox.c.sent < before),
    )
