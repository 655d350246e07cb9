"""Empty the search outbox into Solr: documents in batches, one commit at the end.

No entry keeps others waiting: one whose document cannot be made, or that Solr refuses, is kept in
the outbox with the reason and tried again later and later.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import ckan.plugins.toolkit as tk
import pysolr
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import common
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from ... import now, settings
from ...departments import tree
from ...isolation import Isolation
from ..entry.bulk import PAGE
from . import ckan_document, entry_document, index_outbox
from .entry_view import shown
from .index_outbox import OUTBOX

log = logging.getLogger(__name__)
NAMED = 20
"""So many refused entries are named where there is little room; of more it is said how many."""
_AWAY = (common.SearchIndexError, OperationalError, InterfaceError)
"""What no entry is to blame for: the index or the database is away."""
_STATUS = re.compile(r"HTTP (\d{3})")
_THEIR_FAULT = frozenset({"400", "409", "413"})
"""Answers of Solr to a document that it cannot take; others speak of Solr."""


@dataclass(frozen=True)
class RefusedDocument:
    """An entry that is written and not indexed: why, and after how many tries."""

    id: str
    name: str
    public: bool
    tries: int
    reason: str


@dataclass
class Indexed:
    """What came of indexing: how many entries, and of those that failed the reason by id."""

    done: int = 0
    refused: dict[str, str] = field(default_factory=dict[str, str])


def documents_of(package_ids: Sequence[str]) -> list[ckan_document.Document]:
    """The search documents of these datasets, equal to CKAN's own."""
    # Held, so that CKAN finds them in the session and does not ask for each.
    held = model.Session.query(model.Package).filter(model.Package.id.in_(package_ids)).all()
    kept = not settings.removes_deleted()
    living = [package for package in held if kept or package.state != "deleted"]
    titles = {package.id: package.title or package.name for package in living}
    with tree.remembered(), entry_document.ahead(titles):
        return [ckan_document.build(*both) for both in shown(living)]


def queue_all() -> int:
    """Put every living dataset into the outbox; how many wait there then."""
    index_outbox.put(sa.select(model.Package.id).where(model.Package.state != "deleted"))
    model.Session.commit()
    return waiting()


def settle(only: Iterable[str] | None = None) -> bool:
    """After a commit: index what was written, or of that only these entries. False where that is
    left to the reconciler.

    Never raises: what was written is never told as failed.
    """
    try:
        return not drain(only=only).refused
    except common.SearchIndexError:
        log.warning("The search index is away (see the health page); entries wait in the outbox")
    except Exception:  # a bug, told with its traceback here and by the reconciler each minute
        model.Session.rollback()
        log.exception("Entries are written and wait for the index, which failed")
    return False


def refresh(package_ids: Iterable[str]) -> bool:
    """Index these entries, of which something changed that their documents tell; as `settle`.

    Ends the caller's transaction.
    """
    ids = list(package_ids)
    try:
        index_outbox.put(ids)
        model.Session.commit()
    except SQLAlchemyError:
        model.Session.rollback()
        log.exception("Entries could not be put into the search outbox")
        return False
    return settle(ids)


def drain(
    progress: Callable[[int], None] | None = None,
    everything: bool = False,
    only: Iterable[str] | None = None,
) -> Indexed:
    """Index what the outbox holds and what is due; ``everything``: also what is not due yet;
    ``only``: of that these entries.

    Safe to run at any time and twice. Raises ``SearchIndexError`` if Solr cannot be reached; the
    outbox keeps what was not indexed then.
    """
    found, began = Indexed(), now.real() if not everything else None
    held = list(model.Session)
    wanted = None if only is None else sorted(only)
    while taken := _taken(began, found.refused, wanted):
        refused = send(list(taken))
        for package_id, reason in refused.items():
            index_outbox.put_back(package_id, taken[package_id] + 1, reason)
        model.Session.commit()
        _let_go(held)
        found.refused |= refused
        found.done += len(taken) - len(refused)
        if progress:
            progress(found.done + len(found.refused))
    if found.done:
        make_visible()
    return found


def make_visible() -> None:
    """Have what was sent be found. Raises ``SearchIndexError`` if Solr cannot be reached."""
    # Soft: seen at once; Solr's own log keeps what is not on the disk yet, over a kill too.
    _solr(lambda: common.make_connection().commit(softCommit=True, waitSearcher=True))


def send(package_ids: Sequence[str]) -> dict[str, str]:
    """Send these entries' documents to Solr, and take out those that are none any more, without a
    commit; why those that failed did, by id. For who has their rows of the outbox.

    Nothing of the caller's transaction is taken back for an entry that fails. Raises
    ``SearchIndexError`` if Solr cannot be reached; then the transaction is rolled back.
    """
    refused: dict[str, str] = {}

    def work(ids: Sequence[str]) -> None:
        with model.Session.begin_nested():
            documents = documents_of(ids)
        if documents:
            _solr(lambda: common.make_connection().add(documents, commit=False))
        if gone := sorted(set(ids) - {document["id"] for document in documents}):
            own = [ckan_document.index_id(one) for one in gone]
            _solr(lambda: common.make_connection().delete(id=own, commit=False))

    def refuse(package_id: str, error: Exception) -> None:
        refused[package_id] = _reason(error)
        log.error("Cannot index entry %s: %s", package_id, refused[package_id])
        log.debug("Entry %s", package_id, exc_info=error)

    held = list(model.Session)
    way = Isolation[str](work, lambda: _let_go(held), refuse, passing=_AWAY)
    try:
        way.carry_out(package_ids, PAGE)
    except _AWAY:
        model.Session.rollback()
        raise
    return refused


def _let_go(held: Collection[object]) -> None:
    """Keep of the session's things those that its caller had, such as the user who asks."""
    kept = set(map(id, held))
    for thing in [thing for thing in model.Session if id(thing) not in kept]:
        model.Session.expunge(thing)


def _taken(
    until: datetime | None, apart: Iterable[str], only: Sequence[str] | None
) -> dict[str, int]:
    """A batch out of the outbox, with the tries behind each; the outbox has it again should this
    transaction fail.

    Taken before the entries are read: who changes one meanwhile waits to write its row, and the
    row is there for the next batch. Who drains at the same time gets other rows; what somebody is
    writing is his.
    """
    model.Session.expire_all()  # what was read before may be old
    some = sa.select(OUTBOX.c.package_id).limit(PAGE).with_for_update(skip_locked=True)
    some = some.where(OUTBOX.c.package_id.not_in(list(apart)))
    if only is not None:
        some = some.where(OUTBOX.c.package_id.in_(only))
    if until:
        some = some.where(sa.or_(OUTBOX.c.due.is_(None), OUTBOX.c.due <= until))
    part = some.cte()
    taken = sa.delete(OUTBOX).where(OUTBOX.c.package_id.in_(sa.select(part.c.package_id)))
    rows = model.Session.execute(taken.returning(OUTBOX.c.package_id, OUTBOX.c.tries))
    return dict(rows.tuples().all())


def waiting() -> int:
    """How many entries are written and not indexed yet."""
    return model.Session.scalar(sa.select(sa.func.count()).select_from(OUTBOX)) or 0


def refused() -> list[RefusedDocument]:
    """The entries that the index refused when it was last asked, the oldest trouble first."""
    package = model.package_table
    query = (
        sa.select(
            OUTBOX.c.package_id, sa.func.coalesce(package.c.name, ""),
            sa.and_(package.c.state == "active", package.c.private.is_(False)),
            OUTBOX.c.tries, OUTBOX.c.reason,
        )
        .select_from(OUTBOX.outerjoin(package, package.c.id == OUTBOX.c.package_id))
        .where(OUTBOX.c.tries > 0)
        .order_by(OUTBOX.c.tries.desc(), OUTBOX.c.package_id)
    )  # fmt: skip
    return [RefusedDocument(*row) for row in model.Session.execute(query).tuples()]


def complaint() -> str:
    """What everybody may know of refused entries, in a line: how many, which of the public ones."""
    found = refused()
    if not found:
        return ""
    named = [f"{one.id} ({one.reason})" for one in found if one.public][:NAMED]
    public = f": {'; '.join(named)}" if named else ""
    return f"{len(found)} entries are written and the search index refuses them{public}"


def _solr(ask: Callable[[], object]) -> None:
    try:
        ask()
    except pysolr.SolrError as error:
        status = _STATUS.search(str(error))
        if status and status[1] in _THEIR_FAULT:
            raise
        raise _away(error) from error
    except OSError as error:
        raise _away(error) from error


def _away(error: Exception) -> common.SearchIndexError:
    message = tk._("The search index did not take the entries: {error}")
    return common.SearchIndexError(message.format(error=str(error)[:500]))


def _reason(error: Exception) -> str:
    """In one line, without a statement and its values."""
    told = error.orig if isinstance(error, DBAPIError) else error
    return f"{type(told).__name__}: {str(told).strip().partition(chr(10))[0]}"[:300]
