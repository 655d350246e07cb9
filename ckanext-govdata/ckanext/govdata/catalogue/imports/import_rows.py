"""The rows of imports that officers began on the web: how far each is, and who may say so.

A row is changed by the job alone whose id stands in it: one that is taken for dead and is not, or
runs a second time, finds that another has its place and writes nothing.
"""
from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ... import database, kept_files, now, queued_job, settings
from ...database import Executor, Session
from ...notices import notice
from ..model import ImportRow, imports
from . import former_rows

FOLDER = "govdata-imports"
UNDOING, UNDONE = "undoing", "undone"
RUNNING = ("waiting", "reading", "writing", UNDOING)
INDEXING, DONE = "indexing", "done"
"""Its entries are written, and its job has the search index follow; then nothing is left to do."""
OVER = (INDEXING, DONE, UNDONE, "failed")
"""Nothing more can become of such an import but its undo; its sheet is kept for as long only where
rows were left out, so that it can be had with these marked."""
BROKEN_OFF = "broken_off"
SILENT = timedelta(minutes=15)
"""So long without a word a job is taken for dead though its process is there: it hangs."""
LAST = 10
"""Imports that are over and still listed."""
KEPT = timedelta(days=7)
"""An import that nobody touched for so long was given up."""
_ID = re.compile(r"[0-9a-f]{32}")


class Overtaken(Exception):
    """The import was given up meanwhile, or another job has it."""


def root() -> Path:
    """The private folder of the sheets."""
    folder = Path(settings.storage_path()) / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def sheet(import_id: str) -> Path:
    """Where the sheet of an import is kept."""
    return root() / import_id


def find(session: Executor, import_id: str) -> ImportRow | None:
    """The import of that id, as its job left it."""
    if not _ID.fullmatch(import_id):
        return None
    return database.first(session, sa.select(imports).where(imports.c.id == import_id), ImportRow)


def mine(session: Session, import_id: str, user_id: str) -> ImportRow | None:
    """The user's import of that id, nobody else's; broken off where its job died."""
    found = find(session, import_id)
    return seen(session, found) if found and found.user_id == user_id else None


def open_of(session: Session, user_id: str) -> list[ImportRow]:
    """The user's imports of which something can still become, the newest first."""
    here = sa.and_(imports.c.user_id == user_id, imports.c.state.not_in(OVER))
    query = sa.select(imports).where(here).order_by(imports.c.changed.desc())
    return [seen(session, row) for row in database.rows(session, query, ImportRow)]


def over_of(session: Session, user_id: str) -> list[ImportRow]:
    """The user's imports that were written, or undone, in the last days; the newest first."""
    here = imports.c.user_id == user_id, imports.c.state.in_(OVER), imports.c.written.is_not(None)
    query = sa.select(imports).where(*here).order_by(imports.c.written.desc()).limit(LAST)
    return database.rows(session, query, ImportRow)


def writing_beside(session: Session, row: ImportRow) -> list[ImportRow]:
    """Other imports that are being written or undone just now, for departments of this one."""
    here = sa.and_(
        imports.c.id != row.id,
        imports.c.state.in_(RUNNING),
        sa.or_(imports.c.writes, imports.c.undoes),
    )
    mine = departments_of(row)
    found = database.rows(session, sa.select(imports).where(here), ImportRow)
    return [
        one for one in found if departments_of(one) & mine and not is_lost(session, one)
    ]


def departments_of(row: ImportRow) -> set[str]:
    """The ids of the departments whose entries an import that was looked through concerns."""
    answer: Any = row.answer or {}
    return {one["id"] for one in answer.get("departments", ())}


def seen(session: Session, row: ImportRow) -> ImportRow:
    """The import as it is shown: what its dead job left is broken off, or done where its entries
    are written (the index follows by itself). Nothing is written."""
    shown = ImportRow(*row)
    if row.state == INDEXING and not queued_job.is_at_work(session, row.job):
        return shown._replace(state=DONE)
    return shown._replace(state=BROKEN_OFF) if is_lost(session, row) else row


def is_lost(session: Session, row: ImportRow) -> bool:
    """Whether something is still waited for, and nobody will do it."""
    if row.state not in RUNNING:
        return False
    if not queued_job.is_at_work(session, row.job):
        return row.state != "waiting" or not queued_job.is_coming(row.job, row.changed)
    return row.state != "waiting" and now.real() - row.changed > SILENT


def change(session: Executor, row: ImportRow, *states: str, **values: object) -> bool:
    """Say something of the import in the name of its job, in one of these states (or any); whether
    it was still this job's to say."""
    here = sa.and_(imports.c.id == row.id, imports.c.job == row.job)
    if states:
        here &= imports.c.state.in_(states)
    values["changed"] = now.real()
    return bool(database.touched(session, sa.update(imports).where(here).values(values)))


def finish(session: Session, row: ImportRow, state: str, **values: object) -> None:
    """The job is done; raises :class:`Overtaken`, so that nothing of what it did is kept."""
    if not change(session, row, state=state, **values):
        raise Overtaken(row.id)
    answer: Any = values.get("answer") or {}
    if state in OVER and not answer.get("rejected_rows"):
        kept_files.drop(session, sheet(row.id))


def break_off(session: Session, row: ImportRow, error: str = "") -> bool:
    """Its job died: the officer is told, and may let it go on."""
    if not change(session, row, *RUNNING, state=BROKEN_OFF, error=error):
        return False
    facts = {"title": row.filename, "import": row.id}
    key = f"import:{row.job}:broken_off"
    notice.tell(session, [notice.Telling(key, row.user_id, "import_broken_off", None, facts)])
    return True


def discard(session: Session, row: ImportRow) -> None:
    """Forget the import, its sheet too."""
    session.execute(sa.delete(imports).where(imports.c.id == row.id))
    kept_files.drop(session, sheet(row.id))


def sweep(session: Session) -> int:
    """Tell the officers of imports whose job died while nobody looked, and forget those that
    nobody came back to; how many broke off."""
    query = sa.select(imports).where(imports.c.state.in_(RUNNING))
    running = database.rows(session, query, ImportRow)
    lost = sum(is_lost(session, row) and break_off(session, row) for row in running)
    old = sa.select(imports).where(
        imports.c.changed < now.real() - KEPT, imports.c.state.not_in(RUNNING))
    for row in database.rows(session, old, ImportRow):
        discard(session, row)
    _forget_what_was(session)
    return lost


def _forget_what_was(session: Session) -> None:
    """Forget what the rows of imports were that can no longer be undone, and their sheets."""
    end = now.real() - timedelta(hours=settings.hours_of_undo())
    ended = sa.select(imports.c.id).where(imports.c.written < end, imports.c.state.in_(OVER))
    former_rows.forget(session, ended)
    for import_id in session.scalars(ended):
        if sheet(import_id).is_file():
            kept_files.drop(session, sheet(import_id))
