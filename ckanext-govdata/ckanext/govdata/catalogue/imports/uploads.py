"""What an officer does with an import on the web: send a sheet, agree to it, go on, give up.

Each is part of the caller's transaction; the job is put into the queue when that is committed. The
sheet is only ever served to the officer who sent it, and kept until its import is over.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from redis.exceptions import RedisError
from werkzeug.datastructures import FileStorage

from ... import after_commit, kept_files, now, queued_job, settings
from ...departments import members, tree
from ...sheets.refused_files import MAX_FILE_BYTES
from ...speech.when import when
from ...transaction import transaction
from ..model import ImportRow, imports
from . import import_job, import_rows, undo

log = logging.getLogger(__name__)
AT_ONCE = 2**20
"""A sheet up to this many bytes is looked through at once when the queue is down."""
FEW = 500
"""An import of so many entries is undone at once then."""
_TURN = 0x676F766A
"""Two officers of a department agree to their imports one after the other."""


def start(user_id: str, upload: FileStorage, options: Mapping[str, object]) -> str:
    """Keep the sheet and have it looked through; the import's id. Raises ``ValidationError``."""
    session = model.Session
    had, most = len(import_rows.open_of(session, user_id)), settings.imports_per_person()
    if had >= most:
        message = tk._(
            "You have {had} imports open; at most {most} may be. Finish one or give it up."
        )
        raise tk.ValidationError({"upload": [message.format(had=had, most=most)]})
    row = ImportRow(
        id=uuid.uuid4().hex,
        user_id=user_id,
        filename=Path(str(upload.filename or "")).name[:100],
        options=options,
        language=str(tk.h.lang()),
        writes=False,
        state="waiting",
        done=0,
        answer=None,
        error="",
        job=uuid.uuid4().hex,
        changed=now.real(),
        undoes=False,
        written=None,
        undone=None,
    )
    _keep(upload, import_rows.sheet(row.id))
    session.execute(sa.insert(imports).values(row._asdict()))
    after_commit.then(session, partial(_hand_over, row.id, row.job))
    return row.id


def _keep(upload: FileStorage, place: Path) -> None:
    waiting = kept_files.waiting(place)
    kept_files.keep(model.Session, waiting, place)
    with waiting.open("wb") as file:
        while piece := upload.stream.read(2**20):
            if file.tell() + len(piece) > MAX_FILE_BYTES:
                limit = MAX_FILE_BYTES // 2**20
                message = tk._("The file is too large: at most {limit} MiB").format(limit=limit)
                raise tk.ValidationError({"upload": [message]})
            file.write(piece)


def confirm(row: ImportRow, leaves_out: bool, confirmed: str) -> bool:
    """Import what was looked through, without its bad rows where ``leaves_out``; ``confirmed`` are
    the numbers that were ticked. False where somebody was faster.

    Raises ``ValidationError`` while another import of the same department is written.
    """
    if row.state == "looked":
        _alone(row)
    options = {**row.options, "partial": leaves_out, "confirmed": confirmed}
    return _ask(row, "looked", options=options, writes=True)


def look_again(
    row: ImportRow, headings: Mapping[str, Mapping[str, str]], sheets: Sequence[str]
) -> bool:
    """Look through the sheets again, with their columns taken for this; False where somebody was
    faster."""
    options = {**row.options, "headings": headings, "sheets": list(sheets)}
    return _ask(row, "looked", options=options, writes=False)


def ask_undo(row: ImportRow) -> bool:
    """Have an import undone; False where it is under way or done already.

    Raises ``ValidationError`` where it cannot be, and why.
    """
    if row.state == import_rows.UNDONE or row.undoes:
        return False
    if undo.until(model.Session, row) is None:
        raise tk.ValidationError({"id": [undo.say_why_not(row)]})
    _alone(row)
    return _ask(row, import_rows.DONE, import_rows.INDEXING, undoes=True)


def resume(row: ImportRow) -> bool:
    """Let an import go on whose job died; False where there is none, or somebody was faster."""
    if row.state != import_rows.BROKEN_OFF:
        return False
    return _ask(row, import_rows.BROKEN_OFF, *import_rows.RUNNING)


def _alone(row: ImportRow) -> None:
    """Nobody writes or undoes an import of the same departments; asked one after the other.

    Raises ``ValidationError``, which names the other one.
    """
    model.Session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TURN})
    beside = import_rows.writing_beside(model.Session, row)
    if not beside:
        return
    other = beside[0]
    shared = import_rows.departments_of(row) & import_rows.departments_of(other)
    titles = sorted(found.title for each in shared if (found := tree.get(each)))
    who = members.names([other.user_id]).get(other.user_id, "")
    said = tk._(
        "Another import for {departments} is under way: “{filename}” by {who}, since {since}. "
        "Nothing was written. Wait until it is over, then go on here."
    )
    raise tk.ValidationError({
        "id": [
            said.format(
                departments="、".join(titles),
                filename=other.filename,
                who=who,
                since=when(other.changed),
            )
        ]
    })


def _ask(row: ImportRow, *states: str, **values: object) -> bool:
    """Have another job do it, once: whoever saw the import with its last job comes too late."""
    job = uuid.uuid4().hex
    asked = import_rows.change(
        model.Session, row, *states, state="waiting", done=0, error="", job=job, **values)
    if asked:
        after_commit.then(model.Session, partial(_hand_over, row.id, job))
    return asked


def _hand_over(import_id: str, job: str) -> None:
    """Put the job into the queue; where that is away a small sheet is done at once."""
    try:
        queued_job.enqueue(
            import_job.run, [import_id, job], job, f"catalogue import {import_id}")
    except (RedisError, OSError) as error:
        log.warning("The queue does not take an import: %s", type(error).__name__)
        if _is_small(import_id):
            import_job.run(import_id, job)
            return
        with transaction() as session:
            if row := import_rows.find(session, import_id):
                words = tk._("The queue does not answer; try again later.")
                import_rows.change(session, row, state=import_rows.BROKEN_OFF, error=words)


def _is_small(import_id: str) -> bool:
    found = import_rows.find(model.Session, import_id)
    if found is not None and found.undoes:
        answer: Any = found.answer or {}
        return int(answer.get("rows", 0)) <= FEW
    return import_rows.sheet(import_id).stat().st_size <= AT_ONCE
