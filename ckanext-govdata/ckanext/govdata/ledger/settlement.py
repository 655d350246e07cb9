"""What the triggers noted becomes entries of the ledger, just before the transaction commits.

So a change and its entry stand or fall together. What another program writes into the database is
noted too and becomes an entry with the next commit, or by the job of every minute.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, cast

import ckan.model as model
import sqlalchemy as sa
from ckan.types import DataDict
from sqlalchemy import event, orm

from ..database import Session
from . import actors, book, triggers

BATCH = 2000
PENDING = sa.text("SELECT DISTINCT object_type FROM govdata_change")
ENTRIES = sa.text("""
SELECT object_id FROM govdata_change WHERE object_type = 'dataset'
UNION SELECT r.package_id FROM govdata_change c JOIN resource r ON r.id = c.object_id
WHERE c.object_type = 'file'
""")
"""The entries of which somebody noted a change."""
THERE = sa.text("SELECT to_regclass('govdata_change') IS NOT NULL")
NEXT = sa.text(f"SELECT id FROM govdata_change ORDER BY id OFFSET {BATCH - 1} LIMIT 1")  # noqa: S608
TAKE = sa.text("""
DELETE FROM govdata_change WHERE id <= coalesce(:upto, 9223372036854775807)
RETURNING id, transaction = txid_current() AS mine, by, at, object_type, object_id, action, facts
""")
"""By a range: the planner, who knows an empty table, reads a list of ids once for each row."""


class ChangeRow(NamedTuple):
    """What :data:`TAKE` gives; ``mine`` where the present transaction noted it."""

    id: int
    mine: bool
    by: str
    at: datetime
    object_type: str
    object_id: str
    action: str
    facts: DataDict


@dataclass
class Noted:
    """What was noted: the ledger's words for the kinds of objects, and entries that may have been
    written by a statement, so that nobody has drawn the consequences yet."""

    kinds: frozenset[str] = frozenset()
    entries: set[str] = field(default_factory=set[str])
    """Ids of entries that were changed, or written in any way by another program."""
    files: set[str] = field(default_factory=set[str])
    """Ids of files that another program wrote."""
    departments: set[str] = field(default_factory=set[str])
    """Ids of departments whose own facts or place in the tree changed; not their members."""

    def add(self, row: ChangeRow) -> None:
        """Another row that was noted."""
        if row.object_type == "dataset" and not (row.mine and row.action == "dataset_created"):
            self.entries.add(row.object_id)
        if row.object_type == "organization" and row.facts.get("table_name") in (None, "group"):
            self.departments.add(row.object_id)
        if row.object_type == "file" and not row.mine:
            self.files.add(row.object_id)
            moved = row.facts["changes"].get("package_id") or {}
            self.entries.update(one for one in moved.values() if one)


Judge = Callable[[Session, actors.LedgerActor], None]
Follower = Callable[[Session, Noted], None]
Holder = Callable[[Session, frozenset[str]], None]
_holders: list[Holder] = []
_judges: list[Judge] = []
_followers: list[Follower] = []


class _Here(threading.local):
    written = False
    migrated = False


_here = _Here()


def watch(
    judges: Iterable[Judge], followers: Iterable[Follower], holders: Iterable[Holder] = ()
) -> None:
    """Listen to every session; asked for at each start, done once.

    The judges are asked, with the session and the actor, before changes are kept; they raise, or
    lock what others lock before the ledger.
    The followers are told, with the session and what was noted (maybe nothing), after that, and
    draw the consequences in the same transaction.
    The holders lock, before the ledger, what the followers will write of the entries whose ids they
    are given, where another program changed those.
    """
    _judges[:], _followers[:], _holders[:] = judges, followers, holders
    if not event.contains(orm.Session, "before_commit", settle):
        event.listen(orm.Session, "before_commit", settle)
        event.listen(sa.Engine, "before_cursor_execute", _look)


def settle(session: orm.Session) -> None:
    """Bring what this transaction noted into the ledger, then what follows from it, and what
    was noted of that; raises what a judge raises.

    The only listener before a commit that writes, so that the order is this one. A commit that is
    under way cannot be rolled back from here: until the caller does it (the outermost action, at
    the latest the end of the request), each further commit is refused too.
    """
    if session.in_nested_transaction() or session.bind is not model.meta.engine:
        return
    _follow(session, _keep(session, judged=True))
    _keep(session, judged=False)


def _keep(session: Session, *, judged: bool) -> Noted:
    """Record what was noted so far; gives it."""
    session.flush()
    if not _here.written or not _is_migrated(session):
        return Noted()
    noted = Noted(frozenset(session.scalars(PENDING)))
    if noted.kinds:
        actor = actors.actor()
        session.info[actors.REFUSED] = True
        for judge in _judges if judged else ():
            judge(session, actor)
        record(session, actor, noted)
        del session.info[actors.REFUSED]
    _here.written = False
    return noted


def _follow(session: Session, noted: Noted) -> None:
    for follower in _followers:
        follower(session, noted)


def _is_migrated(session: Session) -> bool:
    """Whether our tables are there: CKAN commits when it starts, ``db upgrade`` among it."""
    _here.migrated = _here.migrated or bool(session.scalar(THERE))
    return _here.migrated


def settle_rest() -> int:
    """What other programs wrote and nobody's commit has brought into the ledger yet, with what
    follows from it; commits. The ledger comes last of all that is locked, as with everybody."""
    session, count = model.Session, 0
    noted = Noted(frozenset(session.scalars(PENDING)))
    if noted.kinds:
        entries = frozenset(session.scalars(ENTRIES))
        for holder in _holders:
            holder(session, entries)
        count = record(session, actors.actor(), noted)
        _follow(session, noted)
    session.commit()
    return count


def record(session: Session, actor: actors.LedgerActor, noted: Noted) -> int:
    """Append an entry for each noted change, batch by batch, and tell ``noted`` of it; how many.

    Does not commit.
    """
    book.turn(session)  # others' rows are not taken twice
    count = 0
    while rows := _next(session):
        for row in rows:
            noted.add(row)
        book.write(session, [entry for row in rows if (entry := _entry(row, actor))])
        count += len(rows)
    return count


def _next(session: Session) -> list[ChangeRow]:
    """The next batch, taken out of the table, in the order in which it was noted."""
    taken = session.execute(TAKE, {"upto": session.scalar(NEXT)})
    return sorted(cast("list[ChangeRow]", taken.all()), key=lambda row: row.id)


def _entry(row: ChangeRow, actor: actors.LedgerActor) -> book.LedgerEntry | None:
    if not row.mine:
        facts = {**row.facts, "database": row.by, "written": row.at.isoformat()}
        return book.LedgerEntry(row.action, row.object_type, row.object_id, "", facts)
    if row.object_type == "user" and row.object_id == actor.user_id and _own(row.facts):
        return None
    facts = {**row.facts, **actor.way}
    return book.LedgerEntry(row.action, row.object_type, row.object_id, actor.user_id, facts)


def _own(facts: DataDict) -> bool:
    """Whether it is of what everybody changes of his own account: no power comes of it."""
    return set(facts["changes"]) <= {"password", "email", "apikey"} and bool(facts["changes"])


_WRITES = re.compile(
    r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:public\.)?\"?(?:"
    + "|".join(table.table for table in triggers.tables())
    + r")\b",
    re.IGNORECASE,
)


def _look(_connection: object, _cursor: object, statement: str, *_: object) -> None:
    if not _here.written and _WRITES.search(statement):
        _here.written = True
