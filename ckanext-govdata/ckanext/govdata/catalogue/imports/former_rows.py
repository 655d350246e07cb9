"""What each row of an import was before, kept while the import can be undone.

A batch is one packed text: entries of a sheet are alike, so 20,000 of them are a few megabytes.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from ...database import Session
from ..entry import entry_rows
from ..entry.entry_rows import PACKAGE, Stored
from ..model import former_rows
from .row_plan import Planned


@dataclass(frozen=True)
class FormerRow:
    """A row that was written: where it stood, what its entry was before (None: it was new), and
    the digest of what the import left."""

    id: str
    sheet: str
    row: int
    title: str
    before: Stored | None
    after: str


class FormerRows:
    """Keeps what the rows of one import were, in the import's own transaction."""

    def __init__(self, session: Session, import_id: str) -> None:
        self._session, self._import_id = session, import_id
        self._number = 0

    def before(self, planned: Iterable[Planned]) -> dict[str, Stored]:
        """The entries that are about to be changed, by id; nobody else changes them meanwhile."""
        changing = [
            one.existing.id for one in planned if one.existing is not None and not one.unchanged
        ]
        return {one.id: one for one in locked(self._session, changing)}

    def keep(self, sheet: str, planned: Sequence[Planned], before: Mapping[str, Stored]) -> None:
        """Keep a batch that was written just now."""
        made = {one.match.name: one for one in planned if one.existing is None}
        changed = {
            one.existing.id: one
            for one in planned
            if one.existing is not None and one.existing.id in before
        }
        if not made and not changed:
            return
        written = entry_rows.load(sa.or_(PACKAGE.c.name.in_(made), PACKAGE.c.id.in_(changed)))
        rows = [
            {
                "id": one.id,
                "sheet": sheet,
                "row": (changed.get(one.id) or made[one.name]).row,
                "title": one.columns["title"],
                "before": _plain(before[one.id]) if one.id in before else None,
                "after": digest(one),
            }
            for one in written
        ]
        self._number += 1
        content = zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), 6)
        self._session.execute(
            sa.insert(former_rows).values(
                import_id=self._import_id, number=self._number, content=content
            )
        )


def locked(session: Session, ids: Collection[str]) -> list[Stored]:
    """The entries of these ids as they are, changed by nobody else until the transaction ends."""
    if not ids:
        return []
    here = PACKAGE.c.id.in_(list(ids))
    session.execute(sa.select(PACKAGE.c.id).where(here).order_by(PACKAGE.c.id).with_for_update())
    return entry_rows.load(here)


def digest(stored: Stored) -> str:
    """Of all that an import may write of an entry."""
    text = json.dumps(_plain(stored), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _plain(stored: Stored) -> dict[str, Any]:
    return {
        "id": stored.id,
        "name": stored.name,
        "columns": dict(stored.columns),
        "extras": dict(stored.extras),
        "tags": sorted(stored.tags),
        "private": stored.private,
        "state": stored.state,
    }


def _stored(plain: Mapping[str, Any]) -> Stored:
    return Stored(**{**plain, "tags": frozenset(plain["tags"])})


def read(session: Session, import_id: str) -> Iterator[list[FormerRow]]:
    """The batches of an import, the last first."""
    table = former_rows
    numbers = sa.select(table.c.number).where(table.c.import_id == import_id)
    for number in session.scalars(numbers.order_by(table.c.number.desc())).all():
        here = (table.c.import_id == import_id) & (table.c.number == number)
        content = session.scalar(sa.select(table.c.content).where(here))
        rows = cast("list[dict[str, Any]]", json.loads(zlib.decompress(content or b"")))
        yield [
            FormerRow(**{**row, "before": _stored(row["before"]) if row["before"] else None})
            for row in rows
        ]


def is_kept(session: Session, import_id: str) -> bool:
    """Whether there is anything by which the import could be undone."""
    here = sa.select(former_rows.c.number).where(former_rows.c.import_id == import_id).limit(1)
    return session.scalar(here) is not None


def forget(session: Session, of: sa.sql.expression.Select[tuple[str]]) -> None:
    """Forget what the rows of these imports were."""
    session.execute(sa.delete(former_rows).where(former_rows.c.import_id.in_(of)))
