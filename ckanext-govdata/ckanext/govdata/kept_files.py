"""Files tied to the transaction of their rows: refused or rolled back, nothing changed on the disk.

A new file waits under another name beside its place, of which no row speaks yet, and takes it just
before the commit; the commit itself switches the row. What a row named goes after the commit.
"""
from __future__ import annotations

import os
import uuid
from contextlib import suppress
from pathlib import Path

from sqlalchemy import event, orm

from .database import Session

_WAITING, _LEFT = "govdata_waiting_files", "govdata_left_files"
_MARK = "~new-"


def keep(session: Session, waiting: Path, place: Path) -> None:
    """The file takes its place with the commit, and is gone without one.

    The place is its own, by its content or its time: what another file stands at, readers have.
    """
    _noted(session, _WAITING).append((waiting, place))


def drop(session: Session, place: Path) -> None:
    """The file goes when the commit is done."""
    _noted(session, _LEFT).append((place, True))


def leave(session: Session, place: Path) -> None:
    """No row names the file after the commit: it goes a day later, when who found its name before
    has opened it, and whoever copied the database the files too."""
    _noted(session, _LEFT).append((place, False))


def _noted(session: Session, kind: str) -> list[tuple[Path, object]]:
    session.connection()  # without a transaction, none would end
    return session.info.setdefault(kind, [])


def waiting(place: Path) -> Path:
    """A name beside the place, where nobody looks."""
    return place.with_name(f"{place.name[:100]}{_MARK}{uuid.uuid4().hex}")


def watch() -> None:
    """Once a process, after all who may refuse a commit: what is moved then has its rows."""
    if not event.contains(orm.Session, "before_commit", _settle):
        event.listen(orm.Session, "before_commit", _settle)
        event.listen(orm.Session, "after_commit", _clear)
        event.listen(orm.Session, "after_transaction_end", _forget)


def _settle(session: orm.Session) -> None:
    """Before the rows are there: a file without a row is swept, a row without a file is a loss."""
    if session.in_nested_transaction() or not session.info.get(_WAITING):
        return
    session.flush()  # the last that may refuse
    for new, place in session.info.pop(_WAITING, ()):
        _sync(new)  # the row outlives a power cut, and so must the file
        new.replace(place)
        _sync(place.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clear(session: orm.Session) -> None:
    if session.in_nested_transaction():
        return
    for place, at_once in session.info.pop(_LEFT, ()):
        with suppress(OSError):  # the commit is done, nothing is told as failed: the sweep has it
            if at_once:
                place.unlink(missing_ok=True)
            else:
                os.utime(place)


def _forget(session: orm.Session, transaction: orm.SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_LEFT, None)
        for new, _place in session.info.pop(_WAITING, ()):
            new.unlink(missing_ok=True)
