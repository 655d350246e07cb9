"""Tell people something, once: in the portal and by mail. Public to other slices."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from .. import now
from .model import notice, outbox, preference


@dataclass(frozen=True)
class Telling:
    """One thing to tell one user. ``key`` is said once for ever; ``facts`` fill the words."""

    key: str
    user_id: str
    kind: str
    case_id: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def tell(session: Any, tellings: Iterable[Telling]) -> int:
    """Write what has not been told before; in the transaction of what happened.

    The mail follows the user's preference; gives the number of new notices.
    """
    instant = now.now()
    rows = [
        {
            "key": one.key,
            "user_id": one.user_id,
            "kind": one.kind,
            "case_id": one.case_id,
            "facts": json.dumps(dict(one.facts), ensure_ascii=False, default=str),
            "at": instant,
        }
        for one in tellings
    ]
    if not rows:
        return 0
    statement = insert(notice).on_conflict_do_nothing().returning(notice.c.key, notice.c.user_id)
    fresh = session.execute(statement, rows).all()
    chosen = _without_mail(session, {row.user_id for row in fresh})
    mails = [
        {
            "key": f"mail:{row.key}",
            "kind": "mail",
            "payload": json.dumps({"notice": row.key}),
            "at": instant,
            "next_try": instant,
            "tries": 0,
            "problem": "",
        }
        for row in fresh
        if row.user_id not in chosen
    ]
    if mails:
        session.execute(insert(outbox).on_conflict_do_nothing(), mails)
    return len(fresh)


def _without_mail(session: Any, users: set[str]) -> set[str]:
    """Users who chose a daily digest or no mail at all."""
    query = sa.select(preference.c.user_id).where(
        preference.c.user_id.in_(users), preference.c.mail != "each"
    )
    return set(session.scalars(query)) if users else set()


def told_since(session: Any, kinds: Collection[str], since: date) -> set[str]:
    """The keys, without the user at their end, of what was told of these kinds since a day."""
    key = sa.func.regexp_replace(notice.c.key, ":[^:]*$", "")
    query = sa.select(key).where(notice.c.kind.in_(kinds), notice.c.at >= since)
    return set(session.scalars(query.distinct()))
