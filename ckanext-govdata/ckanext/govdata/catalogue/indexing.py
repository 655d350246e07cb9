"""Empty the search outbox into Solr: documents in batches, one commit at the end.

CKAN makes a document and sends it in one function, one request each. Here the same function runs
with a connection that collects, so the documents are CKAN's own and five hundred travel together.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import common, index
from sqlalchemy.dialects.postgresql import insert

from . import departments
from .bulk import PAGE
from .search_outbox import SearchOutbox
from .showing import shown

OUTBOX = SearchOutbox.__table__
log = logging.getLogger(__name__)


class _Collector:
    """Takes the place of a Solr connection and keeps what it is given."""

    url = "collector"

    def __init__(self) -> None:
        self.documents: list[dict[str, Any]] = []

    def add(self, docs: list[dict[str, Any]], commit: bool = False) -> None:
        self.documents += docs


def documents_of(package_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The search documents of these datasets, equal to CKAN's own."""
    collector = _Collector()
    stock = index.PackageSearchIndex.index_package
    collect = FunctionType(
        stock.__code__,
        {**stock.__globals__, "make_connection": lambda: collector},
        stock.__name__,
        stock.__defaults__,
    )
    # Held, so that CKAN finds them in the session and does not ask for each.
    held = model.Session.query(model.Package).filter(model.Package.id.in_(package_ids)).all()
    living = [package for package in held if package.state != "deleted"]
    with departments.remembered():
        for default, custom in shown(living):
            collect(index.PackageSearchIndex(), dict(default, with_custom_schema=custom), True)
    return collector.documents


def queue_all() -> int:
    """Put every living dataset into the outbox; how many wait there then."""
    living = sa.select(model.Package.id).where(model.Package.state != "deleted")
    rows = insert(OUTBOX).from_select(["package_id"], living).on_conflict_do_nothing()
    model.Session.execute(rows)
    model.Session.commit()
    return waiting()


def settle() -> bool:
    """After a commit: index what was written. False while Solr is away: the scheduler goes on."""
    try:
        drain()
    except common.SearchIndexError:
        log.warning("The search index is away (see the health page); entries wait in the outbox")
        return False
    return True


def drain(progress: Callable[[int], None] | None = None) -> int:
    """Index whatever the outbox holds; returns how many entries that were.

    Safe to run at any time and twice. Raises ``SearchIndexError`` if Solr cannot be reached; the
    outbox keeps what was not indexed then.
    """
    done = 0
    while ids := _taken():
        if documents := documents_of(ids):
            _solr(lambda found=documents: common.make_connection().add(found, commit=False))
        model.Session.commit()
        model.Session.expunge_all()
        done += len(ids)
        if progress:
            progress(done)
    if done:
        _solr(lambda: common.make_connection().commit(waitSearcher=True))
    return done


def _taken() -> list[str]:
    """A batch out of the outbox, which has it again should this transaction fail.

    Taken before the entries are read: who changes one meanwhile waits to write its row, and the
    row is there for the next batch. Who drains at the same time gets other rows.
    """
    some = sa.select(OUTBOX.c.package_id).limit(PAGE).with_for_update(skip_locked=True).cte()
    taken = sa.delete(OUTBOX).where(OUTBOX.c.package_id.in_(sa.select(some.c.package_id)))
    return list(model.Session.scalars(taken.returning(OUTBOX.c.package_id)))


def waiting() -> int:
    """How many entries are written and not indexed yet."""
    return model.Session.scalar(sa.select(sa.func.count()).select_from(OUTBOX)) or 0


def _solr(ask: Callable[[], object]) -> None:
    try:
        ask()
    except Exception as error:
        model.Session.rollback()
        message = tk._("The search index did not take the entries: {error}")
        raise common.SearchIndexError(message.format(error=str(error)[:500])) from error
