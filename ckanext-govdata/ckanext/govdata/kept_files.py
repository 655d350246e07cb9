"""Files tied to the transaction of their rows: refused or rolled back, nothing changed on the disk.

A new file waits under another name beside its place, of which no row speaks yet, and takes it just
before the commit; the commit itself switches the row. What a row named goes after the commit. What
was asked for within a savepoint is forgotten with it, as its rows are.
"""
from __future__ import annotations

import os
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import event, orm

from .database import Session

_NOTED = "govdata_kept_files"
_MARK = "~new-"


@dataclass
class _Note:
    """What becomes of a place: ``new`` takes it with the commit, or its file goes, ``at_once`` or
    a day later. ``within`` are the savepoints, and the transaction, that its rows depend on: the
    innermost, and each around it from the end of the one before."""

    place: Path
    within: list[orm.SessionTransaction]
    new: Path | None = None
    at_once: bool = False


def keep(session: Session, waiting: Path, place: Path) -> None:
    """The file takes its place with the commit, and is gone without one.

    The place is its own, by its content or its time: what another file stands at, readers have.
    """
    _note(session, place, new=waiting)


def drop(session: Session, place: Path) -> None:
    """The file goes when the commit is done."""
    _note(session, place, at_once=True)


def leave(session: Session, place: Path) -> None:
    """No row names the file after the commit: it goes a day later, when who found its name before
    has opened it, and whoever copied the database the files too."""
    _note(session, place)


def _note(session: Session, place: Path, new: Path | None = None, at_once: bool = False) -> None:
    own = session() if isinstance(session, orm.scoped_session) else session
    own.connection()  # without a transaction, none would end
    within = [one for one in (own.get_nested_transaction() or own.get_transaction(),) if one]
    own.info.setdefault(_NOTED, []).append(_Note(place, within, new, at_once))


def waiting(place: Path) -> Path:
    """A name beside the place, where nobody looks."""
    return place.with_name(f"{place.name[:100]}{_MARK}{uuid.uuid4().hex}")


def watch() -> None:
    """Once a process, after all who may refuse a commit: what is moved then has its rows."""
    if not event.contains(orm.Session, "before_commit", _settle):
        event.listen(orm.Session, "before_commit", _settle)
        event.listen(orm.Session, "after_commit", _clear)
        event.listen(orm.Session, "after_soft_rollback", _take_back)
        event.listen(orm.Session, "after_transaction_end", _forget)


def _settle(session: orm.Session) -> None:
    """Before the rows are there: a file without a row is swept, a row without a file is a loss."""
    if session.in_nested_transaction() or not _notes(session):
        return
    session.flush()  # the last that may refuse
    for note in _notes(session):
        if note.new:
            _sync(note.new)  # the row outlives a power cut, and so must the file
            note.new.replace(note.place)
            _sync(note.place.parent)
    session.info[_NOTED] = [note for note in _notes(session) if not note.new]


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clear(session: orm.Session) -> None:
    if session.in_nested_transaction():
        return
    for note in _notes(session):
        with suppress(OSError):  # the commit is done, nothing is told as failed: the sweep has it
            if note.at_once:
                note.place.unlink(missing_ok=True)
            elif not note.new:
                os.utime(note.place)
    session.info[_NOTED] = [note for note in _notes(session) if note.new]


def _take_back(session: orm.Session, undone: orm.SessionTransaction) -> None:
    """What was asked for in this transaction, or savepoint, is not asked for any more; it has
    ended already."""
    kept: list[_Note] = []
    for note in _notes(session):
        if undone not in note.within:
            kept.append(note)
        elif note.new:
            note.new.unlink(missing_ok=True)
    session.info[_NOTED] = kept


def _forget(session: orm.Session, ended: orm.SessionTransaction) -> None:
    """What was asked for in a savepoint depends on what is around it too."""
    for note in _notes(session):
        if ended.parent is None and note.new:
            note.new.unlink(missing_ok=True)
        elif ended.parent and ended in note.within:
            note.within.append(ended.parent)
    if ended.parent is None:
        session.info.pop(_NOTED, None)


def _notes(session: orm.Session) -> list[_Note]:
    return session.info.get(_NOTED, [])
