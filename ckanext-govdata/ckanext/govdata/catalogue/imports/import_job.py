"""The job of an import that was begun on the web: look through the sheet, or write it.

What is written and that it is written are one transaction, so a sheet goes home once, whenever its
job dies and however often it is begun again.
"""
from __future__ import annotations

import logging
import time
from typing import cast

import click
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context
from flask import Flask, current_app, has_app_context
from sqlalchemy import Connection

from ... import now, queued_job
from ...ledger import actors
from ...security import uncaught_errors
from ...transaction import transaction
from ..answers import ImportAnswer
from ..index import writer
from ..model import ImportRow, imports
from . import former_rows, found_answer, import_rows, rights, undo
from .import_rows import Overtaken
from .importer import IMPORT_ID, LOCAL_FILE, PROGRESS, WRITTEN, Progress

log = logging.getLogger(__name__)
OFTEN = 0.5
"""Seconds between two words of how far it is."""


def run(import_id: str, job: str) -> None:
    """Do what the row asks for, in the officer's language; nothing where it asks another job."""
    with queued_job.at_work(job) as said:
        row = import_rows.find(said, import_id)
        if row is None or row.job != job or not import_rows.change(
                said, row, "waiting", state="reading"):
            return
        overrides = {"CKAN_LANG": row.language, "CKAN_CURRENT_URL": "/"}
        with _application().test_request_context(environ_overrides=overrides):
            try:
                _run(row, said)
            except Overtaken:
                log.info("Import %s was given up, or another job has it", row.id)


def _application() -> Flask:
    """The Flask application: of the request, or of the ``ckan jobs worker`` that runs the job."""
    if has_app_context():
        return current_app
    return click.get_current_context().meta["flask_app"]


def _run(row: ImportRow, said: Connection) -> None:
    user = model.User.get(row.user_id)
    if user is None or user.state != "active":
        with transaction() as session:
            import_rows.discard(session, row)
        return
    context = Context(user=user.name, auth_user_obj=user)
    try:
        (_take_back if row.undoes else _bring_home)(row, context, _teller(row, said))
    except Overtaken:
        raise
    except tk.ValidationError as error:
        _fail(row, "; ".join(str(each) for each in error.error_summary.values()))
    except tk.NotAuthorized as error:
        _fail(row, str(error))
    except Exception:
        uncaught_errors.let_go()
        with transaction() as session:
            words = tk._("The operator finds the reason in the log.")
            if not import_rows.break_off(session, row, words):
                raise Overtaken(row.id) from None
        raise


def _bring_home(row: ImportRow, context: Context, progress: Progress) -> None:
    hooks = {
        LOCAL_FILE: import_rows.sheet(row.id),
        PROGRESS: progress,
        IMPORT_ID: row.id,
        WRITTEN: lambda answer: _finish(
            row, import_rows.INDEXING, answer, written=now.real()
        ),
    }
    context.update(cast("Context", hooks))
    asked = {**row.options, "dry_run": not row.writes}
    answer: ImportAnswer = tk.get_action("govdata_catalogue_import")(context, asked)
    with transaction():
        _finish(row, import_rows.DONE if answer["written"] else "looked", answer)


def _take_back(row: ImportRow, context: Context, progress: Progress) -> None:
    """Undo it, in one transaction with the word that it is undone. Rights are asked again."""
    name = "govdata_catalogue_import_undo"
    with actors.called(name, context), transaction() as session:
        tk.check_access(name, context, {"id": row.id})
        if undo.is_over(row):  # asked for in time, and begun again too late
            raise tk.ValidationError({"id": [undo.say_why_not(row)]})
        found = undo.Undo(session, row.user_id, rights.departments_of(context))
        undone = found.carry_out(row.id, progress)
        import_rows.finish(session, row, import_rows.UNDONE, undone=undone)
        former_rows.forget(session, sa.select(imports.c.id).where(imports.c.id == row.id))
    writer.settle()


def _teller(row: ImportRow, said: Connection) -> Progress:
    last = time.monotonic()

    def tell(what: str, done: int) -> None:
        nonlocal last
        if time.monotonic() - last > OFTEN:
            last = time.monotonic()
            if not import_rows.change(said, row, state=what, done=done):
                raise Overtaken(row.id)

    return tell


def _finish(row: ImportRow, state: str, answer: ImportAnswer, **values: object) -> None:
    if answer["written"]:
        answer = found_answer.without_samples(answer)
    import_rows.finish(
        model.Session, row, state, answer=answer, done=answer["rows"], **values
    )


def _fail(row: ImportRow, error: str) -> None:
    """Say why; an import that could not be undone is written as before, and can be asked again."""
    with transaction() as session:
        if row.undoes:
            import_rows.finish(session, row, import_rows.DONE, error=error, undoes=False)
        else:
            import_rows.finish(session, row, "failed", error=error)
