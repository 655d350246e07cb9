"""Tell people something, once: in the portal and by mail. Public to other slices."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import sqlalchemy as sa

from .. import now
from ..bulk_sql import arrays
from ..database import Session
from . import sentences
from .model import notice

FEW = 5
"""So many cases are told of one by one; of more only the number is told."""


@dataclass(frozen=True)
class Telling:
    """One thing to tell one user. ``key`` is said once for ever; ``facts`` fill the words."""

    key: str
    user_id: str
    kind: str
    case_id: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


def tell(session: Session, tellings: Iterable[Telling], together: bool = False) -> int:
    """Write what has not been told before; in the transaction of what happened.

    The mail follows the user's preference: one for each notice, or one for all of them
    ``together``, as the sweep does. Gives the number of new notices.
    """
    return len(tell_new(session, tellings, together))


def tell_new(session: Session, tellings: Iterable[Telling], together: bool = False) -> list[str]:
    """As :func:`tell`; gives the keys of the new notices. One statement."""
    return _told(session, tellings, TOGETHER if together else EACH)


def _told(session: Session, tellings: Iterable[Telling], statement: sa.TextClause) -> list[str]:
    rows = [
        {
            "keys": one.key,
            "users": one.user_id,
            "kinds": one.kind,
            "cases": one.case_id,
            "facts": json.dumps(dict(one.facts), ensure_ascii=False, default=str),
            "classes": str(int(sentences.letter_class(one.kind))),
        }
        for one in tellings
    ]
    if not rows:
        return []
    values = {**arrays(rows), "instant": now.now()}
    if statement is TOGETHER:
        values["stamp"] = values["instant"].isoformat()
    return list(session.scalars(statement, values))


def note(session: Session, tellings: Iterable[Telling]) -> int:
    """As :func:`tell`, on people's pages alone: no letter is written. The number of new ones."""
    return len(_told(session, tellings, PAGES))


def untold(key: object) -> sa.ColumnElement[bool]:
    """The condition that nothing was told with this key, which may be of columns."""
    return ~sa.exists().where(notice.c.key == key)


_TELLING = """
WITH told AS (
    SELECT * FROM unnest(CAST(:keys AS text[]), CAST(:users AS text[]), CAST(:kinds AS text[]),
        CAST(:cases AS text[]), CAST(:facts AS text[]), CAST(:classes AS smallint[]))
        AS told (key, user_id, kind, case_id, facts, urgency)
), fresh AS (
    INSERT INTO govdata_notice (key, user_id, kind, case_id, facts, at)
    SELECT key, user_id, kind, case_id, facts, :instant FROM told
    ON CONFLICT DO NOTHING RETURNING key, user_id, kind
), mailed AS (
    SELECT fresh.key, fresh.user_id, told.urgency FROM fresh JOIN told USING (key, user_id, kind)
    LEFT JOIN govdata_notice_preference p USING (user_id)
    WHERE coalesce(p.mail, 'each') = 'each'
), letter (key, payload, urgency) AS ({letters}), sent AS (
    INSERT INTO govdata_outbox (key, kind, payload, at, next_try, tries, problem, urgency)
    SELECT key, 'mail', payload, :instant, :instant, 0, '', urgency FROM letter
    ON CONFLICT DO NOTHING
)
SELECT key FROM fresh
"""
EACH = sa.text(
    _TELLING.format(
        letters="SELECT 'mail:' || key, CAST(json_build_object('notice', key) AS text), urgency"
        " FROM mailed"
    )
)
TOGETHER = sa.text(
    _TELLING.format(
        letters="SELECT 'mail:' || user_id || ':' || :stamp,"
        " CAST(json_build_object('user', user_id, 'at', CAST(:stamp AS text)) AS text),"
        " min(urgency) FROM mailed GROUP BY user_id"
    )
)
PAGES = sa.text(_TELLING.format(
    letters="SELECT CAST(NULL AS text), CAST(NULL AS text), CAST(NULL AS smallint) WHERE false"))
"""A notice is written with its letter; users who chose a daily digest or no mail get none. A letter
that tells of several is of the class of the most pressing."""


class NoticeWords(NamedTuple):
    """What is said of one case: its key, the case, and its facts, asked for only if needed."""

    key: str
    case_id: str | None
    facts: Callable[[], Mapping[str, object]]


def gathered(tellings: Iterable[Telling]) -> list[Telling]:
    """Whoever would be told the same of more than a few cases is told once how many they are.

    The first of their keys is the key of what is told instead, so it too is told once.
    """
    found = Gathering()
    for one in tellings:
        said = NoticeWords(one.key, one.case_id, lambda one=one: one.facts)
        found.add(one.user_id, one.kind, [said], 1)
    return found.tellings()


class Gathering:
    """What is to be told of many cases, gathered bit by bit as :func:`gathered` says."""

    def __init__(self) -> None:
        self._alike: dict[tuple[str, str], _Alike] = {}

    def add(self, user_id: str, kind: str, few: Sequence[NoticeWords], count: int) -> None:
        """So many more that say the same; of more than a few it is enough to give a few.

        The one with the first key must be among them.
        """
        alike = self._alike.setdefault((user_id, kind), _Alike())
        alike.count += count
        alike.few += few[:FEW] if len(alike.few) < FEW else ()
        first = min(few, key=lambda said: said.key)
        if alike.first is None or first.key < alike.first.key:
            alike.first = first

    def tellings(self) -> list[Telling]:
        """What to tell."""
        found: list[Telling] = []
        for (user, kind), alike in self._alike.items():
            if alike.count <= FEW:
                found += [Telling(s.key, user, kind, s.case_id, s.facts()) for s in alike.few]
            elif alike.first:
                facts = {"count": alike.count, "due": alike.first.facts().get("due", "")}
                found.append(Telling(f"{alike.first.key}:many", user, f"{kind}_many", None, facts))
        return found


@dataclass
class _Alike:
    """What one user is told in the same words."""

    count: int = 0
    few: list[NoticeWords] = field(default_factory=list[NoticeWords])
    first: NoticeWords | None = None
