"""Write entries in the transaction of the act, and check the chain. Public to other slices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone

import sqlalchemy as sa
from flask import has_request_context

from .. import database, now, progress, settings
from ..bulk_sql import append_many
from ..database import Session
from ..domain import chain
from .model import LedgerRow, ledger

LOCK = 0x676F7664
"""Key of the advisory lock under which entries get their numbers, one transaction at a time."""


@dataclass(frozen=True)
class LedgerEntry:
    """What happened. ``facts`` hold no secrets and no personal data in clear."""

    action: str
    object_type: str
    object_id: str
    actor_id: str = ""
    facts: Mapping[str, object] | None = None


def write(session: Session, entries: Iterable[LedgerEntry]) -> tuple[int, str]:
    """Append entries; gives number and digest of the last one.

    The lock is kept until the transaction ends, so write last, just before the commit.
    """
    return write_alike(session, ((entry, (entry.object_id,)) for entry in entries))


def write_alike(
    session: Session, entries: Iterable[tuple[LedgerEntry, Sequence[str]]]
) -> tuple[int, str]:
    """As :func:`write`, of entries that say the same of many things, whose ids are given."""
    entries = list(entries)
    if not entries:
        return head(session)
    number, before = turn(session)
    instant, algorithm = now.now(), settings.ledger_algorithm()
    rows: list[tuple[str | datetime, ...]] = []
    for entry, ids in entries:
        known = (instant.isoformat(), entry.actor_id, entry.action, entry.object_type)
        ahead, behind = _around(entry, instant)
        for object_id in ids:
            number += 1
            text = ahead + QUOTED(object_id) + behind
            digest = chain.digest_of(before, number, text.encode(), algorithm)
            rows.append((str(number), *known, object_id, text, before, digest, algorithm))
            before = digest
    append_many(session, ledger, COLUMNS, rows)
    return number, before


QUOTED = json.JSONEncoder(ensure_ascii=False).encode
COLUMNS = (
    *("number", "at", "actor_id", "action", "object_type", "object_id"),
    *("content", "before", "digest", "algorithm"),
)


def _around(entry: LedgerEntry, instant: datetime) -> tuple[str, str]:
    """The canonical content of an entry before and after the id of what it is about."""
    place = '"id":"\\u0000"'  # no text of the database has this character
    content = _content(replace(entry, object_id="\0"), instant)
    before, _, after = chain.canonical(content).decode().rpartition(place)
    return before + '"id":', after


HEAD = "SELECT number, digest FROM govdata_ledger ORDER BY number DESC LIMIT 1"
TURN = f"SELECT pg_advisory_xact_lock({LOCK}); {HEAD}"
PATIENCE = "SET LOCAL lock_timeout = '2s'; "
"""A person's request waits so long for its turn; a job as long as the database lets it."""
"""Wait for one's turn, then read the head: two statements, the second sees what was committed
before the first returned; sent together, because everybody else waits."""


def head(session: Session) -> tuple[int, str]:
    """Number and digest of the last entry."""
    return _last(session, sa.text(HEAD))


def turn(session: Session) -> tuple[int, str]:
    """The last entry, after which nobody else appends until the transaction ends."""
    return _last(session, sa.text(PATIENCE + TURN if has_request_context() else TURN))


def _last(session: Session, query: sa.sql.expression.Executable) -> tuple[int, str]:
    row = session.execute(query).first()
    return (row.number, row.digest) if row else (0, chain.START)


def of_object(session: Session, object_type: str, object_id: str) -> list[dict[str, object]]:
    """When, who and what of the entries about one thing, newest first; at most a thousand."""
    columns = (ledger.c.number, ledger.c.at, ledger.c.actor_id, ledger.c.action)
    query = sa.select(*columns).where(
        ledger.c.object_type == object_type, ledger.c.object_id == object_id
    )
    rows = session.execute(query.order_by(ledger.c.number.desc()).limit(1000))
    return [
        {"number": row.number, "at": row.at, "actor": row.actor_id, "action": row.action}
        for row in rows
    ]


def count_since(session: Session, actions: Iterable[str], since: datetime) -> int:
    """How many entries of these kinds were written after an instant."""
    query = sa.select(sa.func.count()).where(
        ledger.c.action.in_(list(actions)), ledger.c.at > since
    )
    return session.scalar(query) or 0


def kinds(session: Session) -> list[str]:
    """The kinds of entries that there are."""
    query = sa.select(ledger.c.action).distinct().order_by(ledger.c.action)
    return list(session.scalars(query))


def turned_back(session: Session, among: Sequence[int] | None = None) -> list[int]:
    """Numbers of the entries that bear an earlier time than the one before them, in order: a clock
    was set back, or a day was pretended; ``among`` these, or of all."""
    before = ledger.alias()
    query = sa.select(ledger.c.number).join(before, before.c.number == ledger.c.number - 1)
    query = query.where(ledger.c.at < before.c.at).order_by(ledger.c.number)
    if among is not None:
        query = query.where(ledger.c.number.in_(among))
    return list(session.scalars(query))


def verify(
    session: Session, tell: progress.Tell = progress.silent
) -> tuple[int, str, chain.Broken | None]:
    """Number and digest of the last good entry, and the first bad one if there is any."""
    return chain.verify(progress.counted(_links(session), "entries", tell))


def _links(session: Session, batch: int = 10_000) -> Iterator[chain.Link]:
    last: int | None = None
    while True:
        query = sa.select(ledger).order_by(ledger.c.number).limit(batch)
        part = query if last is None else query.where(ledger.c.number > last)
        rows = database.rows(session, part, LedgerRow)
        for row in rows:
            yield _link(row)
        if len(rows) < batch:
            return
        last = rows[-1].number


def _link(row: LedgerRow) -> chain.Link:
    """The entry as it stands; its columns must say what its content says."""
    content = json.loads(row.content)
    entry = LedgerEntry(
        row.action, row.object_type, row.object_id, row.actor_id, content.get("facts")
    )
    if content != _content(entry, row.at):
        content = {"columns differ from content": row.number}
    return chain.Link(row.number, content, row.before, row.digest, row.algorithm)


def _content(entry: LedgerEntry, at: datetime) -> dict[str, object]:
    return {
        "at": at.astimezone(timezone.utc).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "action": entry.action,
        "type": entry.object_type,
        "id": entry.object_id,
        "facts": dict(entry.facts or {}),
    }
