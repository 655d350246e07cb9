"""``ckan govdata tables``."""

from __future__ import annotations

import click
import sqlalchemy as sa
from ckan import model

from .. import database, settings
from ..transaction import transaction
from . import follow, load_job, load_rows, sentences
from .model import TableLoad, table_load


@click.group(short_help="Tables of uploaded files: load, list.")
def tables() -> None:
    """Uploaded files become tables of the DataStore by a job; here by hand."""


@tables.command("load")
@click.argument("resource_id", required=False)
def load(resource_id: str | None) -> None:
    """Load the table of RESOURCE_ID at once, also where a program made the one that is there;
    without it, put all that was missed into the queue."""
    if not resource_id:
        complaint = follow.look_for_missed()
        click.echo(complaint or "Asked for.")
        return
    files = load_rows.wanted(model.Session, load_rows.OF_FILE, file=resource_id)
    if not files:
        raise click.ClickException("There is no such uploaded file of an entry that gives data.")
    operator = model.User.get(settings.site_id())
    with transaction() as session:
        job = load_rows.ask(session, files[0], operator.id if operator else "")
    if not job:
        raise click.ClickException("The file was changed or asked for just now. Try again.")
    load_job.run(resource_id, job)
    row = load_rows.find(model.Session, resource_id)
    _tell(row)
    if row is None or row.state != load_rows.LOADED:
        raise click.exceptions.Exit(1)


@tables.command("list")
@click.option("--failed", is_flag=True, help="Only those that could not be loaded.")
def list_all(failed: bool) -> None:
    """How the table of each file is."""
    query = sa.select(table_load).order_by(table_load.c.changed.desc())
    for row in database.rows(model.Session, query, TableLoad):
        shown = load_rows.seen(model.Session, row)
        if not failed or shown.state == load_rows.FAILED:
            _tell(shown)


def _tell(row: TableLoad | None) -> None:
    if row is None:
        return
    told = sentences.answer(row.resource_id, row)
    size = f"{row.row_count} × {row.column_count}" if row.loaded else "–"
    said = (row.resource_id, row.state, size, row.filename, told["message"])
    click.echo("  ".join(said).rstrip())


commands = [tables]
