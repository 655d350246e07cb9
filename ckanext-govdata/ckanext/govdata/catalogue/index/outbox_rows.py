"""The search index follows the database: what is written reaches it after the commit, never before.

CKAN sends a document while its transaction is open, so strangers read what is never committed, and
of two writers the slower puts the older text over the newer. Here every write of an entry leaves
its row in the search outbox, in its own transaction. That row is the entry's turn in the index:
who writes holds it until his commit; who indexes takes it, reads what is committed, sends that and
then gives it back. So no two send the same entry at once, and nobody sends what is older than
what was sent. A process that dies at any point leaves the row, and the reconciler goes on from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ckan import model
from sqlalchemy import event, orm

from ... import after_commit
from ...database import Session
from . import index_outbox, writer

WRITTEN = "govdata_entries_written"
"""In a session's ``info``: the entries whose row its open transaction has written."""
ASKED = "govdata_entries_asked"
"""The entries that CKAN asked to be indexed."""
COMMITTED = "govdata_committed"


def watch() -> None:
    """Look at every write of CKAN's session from now on."""
    for name, heard in (
        ("after_flush", _after_flush),
        ("after_soft_rollback", _after_soft_rollback),
        ("after_commit", _after_commit),
        ("after_transaction_end", _after_transaction_end),
    ):
        if not event.contains(model.Session, name, heard):
            event.listen(model.Session, name, heard)


def ask(package_id: str) -> None:
    """Have this entry indexed when the open transaction is over, however it ends."""
    session = model.Session()
    session.info.setdefault(ASKED, set()).add(package_id)
    _write(session, [package_id])


def _after_flush(session: Session, _context: object) -> None:
    changed = [*session.new, *session.dirty, *session.deleted]
    _write(session, [one for thing in changed for one in _entries_of(thing)])


def _entries_of(thing: object) -> Iterator[str | None]:
    """The entries in whose documents this row is told."""
    if isinstance(thing, model.Package):
        yield thing.id
    elif isinstance(thing, model.Resource | model.PackageTag):
        yield thing.package_id
    elif isinstance(thing, model.Member) and thing.table_name == "package" and thing.table_id:
        yield thing.table_id
    elif isinstance(thing, model.PackageRelationship):
        yield thing.subject_package_id
        yield thing.object_package_id


def _write(session: Session, package_ids: Iterable[str | None]) -> None:
    written: set[str] = session.info.setdefault(WRITTEN, set())
    new = sorted({one for one in package_ids if one} - written)
    if new:
        index_outbox.put(new, session)
        written.update(new)


def _after_soft_rollback(session: Session, _previous: object) -> None:
    """What a savepoint takes back has its row written again when it is written again."""
    session.info.pop(WRITTEN, None)


def _after_commit(session: Any) -> None:
    if not session.in_nested_transaction():
        session.info[COMMITTED] = True


def _after_transaction_end(session: Session, transaction: orm.SessionTransaction) -> None:
    if transaction.parent is not None:
        return
    written: set[str] = session.info.pop(WRITTEN, set())
    asked: set[str] = session.info.pop(ASKED, set())
    committed = session.info.pop(COMMITTED, False)
    if committed and written | asked:
        with after_commit.another_session():
            writer.settle(written | asked)
    elif asked:
        with after_commit.another_session():
            writer.refresh(asked)
