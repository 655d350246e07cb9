"""Work that begins when the transaction is committed, and never without: what a job is to read is
there before the job is."""
from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ckan import model
from sqlalchemy import event, orm

from .database import Session

log = logging.getLogger(__name__)
_WORK, _COMMITTED = "govdata_work_after_commit", "govdata_work_may_begin"
Work = Callable[[], object]


def then(session: Session, work: Work) -> None:
    """Have it done right after the commit, in a session of its own.

    The act is done then, so what fails is logged and not raised.
    """
    session.connection()  # without a transaction, none would end
    session.info.setdefault(_WORK, []).append(work)


def watch() -> None:
    """Once a process."""
    if not event.contains(orm.Session, "after_commit", _note):
        event.listen(orm.Session, "after_commit", _note)
        event.listen(orm.Session, "after_transaction_end", _do)


@contextmanager
def another_session() -> Iterator[None]:
    """Work in a session of one's own: what the caller holds in his is left as it is."""
    caller = model.Session()
    model.Session.registry.set(model.Session.session_factory())
    try:
        yield
    finally:
        model.Session.remove()
        model.Session.registry.set(caller)


def _note(session: orm.Session) -> None:
    if not session.in_nested_transaction():
        session.info[_COMMITTED] = True


def _do(session: orm.Session, transaction: orm.SessionTransaction) -> None:
    if transaction.parent is not None:
        return
    asked: list[Work] = session.info.pop(_WORK, [])
    if not session.info.pop(_COMMITTED, False) or not asked:
        return
    with another_session():
        for work in asked:
            try:
                work()
            except Exception:
                log.exception("What was to follow a commit failed; the act itself is done")
