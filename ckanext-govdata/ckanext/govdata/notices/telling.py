"""Tell people something, once: in the portal and by mail. Public to other slices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from .. import now
from ..many_rows import insert_many
from .model import notice, outbox, preference

FEW = 5
"""So many cases are told of one by one; of more only the number is told."""


@dataclass(frozen=True)
class Telling:
    """One thing to tell one user. ``key`` is said once for ever; ``facts`` fill the words."""

    key: str
    user_id: str
    kind: str
    case_id: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def tell(session: Any, tellings: Iterable[Telling], together: bool = False) -> int:
    """Write what has not been told before; in the transaction of what happened.

    The mail follows the user's preference: one for each notice, or one for all of them
    ``together``, as the sweep does. Gives the number of new notices.
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
    fresh = insert_many(session, notice, rows, returning=("key", "user_id"))
    mailed = {row.user_id for row in fresh}
    mailed -= _without_mail(session, mailed)
    if together:
        stamp = instant.isoformat()
        letters = {f"mail:{user}:{stamp}": {"user": user, "at": stamp} for user in sorted(mailed)}
    else:
        letters = {f"mail:{row.key}": {"notice": row.key} for row in fresh if row.user_id in mailed}
    insert_many(
        session,
        outbox,
        [
            {
                "key": key,
                "kind": "mail",
                "payload": json.dumps(payload),
                "at": instant,
                "next_try": instant,
                "tries": 0,
                "problem": "",
            }
            for key, payload in letters.items()
        ],
        returning=("key",),
    )
    return len(fresh)


def gathered(tellings: Iterable[Telling]) -> list[Telling]:
    """Whoever would be told the same of more than a few cases is told once how many they are.

    The first of their keys is the key of what is told instead, so it too is told once.
    """
    alike: dict[tuple[str, str], list[Telling]] = {}
    for one in tellings:
        alike.setdefault((one.user_id, one.kind), []).append(one)
    found: list[Telling] = []
    for (user, kind), same in alike.items():
        if len(same) <= FEW:
            found += same
            continue
        first = min(same, key=lambda one: one.key)
        facts = {"count": len(same), "due": first.facts.get("due", "")}
        found.append(Telling(f"{first.key}:many", user, f"{kind}_many", None, facts))
    return found


def _without_mail(session: Any, users: set[str]) -> set[str]:
    """Users who chose a daily digest or no mail at all."""
    query = sa.select(preference.c.user_id).where(
        preference.c.user_id.in_(users), preference.c.mail != "each"
    )
    return set(session.scalars(query)) if users else set()
