"""``ckan govdata import``, ``export``, ``reconcile``."""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import click
from ckan.cli import search_index
from ckan.lib.search.common import SearchIndexError
from ckan.types import Context
from pysolr import SolrError

from .. import progress
from .exports import exporter
from .imports.importer import LOCAL_FILE, PROGRESS
from .index import comparison, writer

REFUSED, UNREADABLE = 1, 2
"""Exit status: rows or entries were refused; the file could not be read at all."""


@click.command("import", short_help="Import a catalogue file.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only look; write nothing.")
@click.option("--partial", is_flag=True, help="Leave bad rows out and write the others.")
@click.option("--create-departments", is_flag=True, help="Make departments that are missing.")
@click.option("--organization", help="Department of rows that name none (name or id).")
@click.option(
    "--sheet", "sheets", multiple=True,
    help="Read this sheet of a workbook; may be given again. Else all that are catalogues.",
)
@click.option("--place", help="Place of which the sheet speaks, such as 安徽省合肥市.")
@click.option(
    "--marked",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the sheet with its bad cells marked.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
def import_command(
    file: Path, marked: Path | None, as_json: bool, sheets: tuple[str, ...], **options: object
) -> None:
    """Import FILE: xlsx, xls, csv or JSON Lines, all rows or none.

    What breaks off has written nothing: its rows are written together. Give the command again; rows
    that the portal has already are left as they are.

    Exit status 0: done; 1: rows were refused; 2: the file cannot be read.
    """
    try:
        with progress.telling() as tell:
            context = Context(**_context(), **{LOCAL_FILE: file, PROGRESS: tell})
            asked = {**options, "sheets": list(sheets)}
            answer = tk.get_action("govdata_catalogue_import")(context, asked)
    except tk.ValidationError as error:
        if as_json:
            click.echo(json.dumps({"error": error.error_dict}, ensure_ascii=False))
        else:
            click.echo(f"{file.name}: {'; '.join(error.error_summary.values())}", err=True)
        sys.exit(UNREADABLE)
    if marked:
        from .imports import marked_sheet  # here: 22 MiB of openpyxl, which an import does without

        with marked.open("wb") as target:
            marked_sheet.write(file, answer["rejected"], target)
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else _summary(answer))
    sys.exit(REFUSED if answer["rejected_rows"] else 0)


def _summary(answer: dict[str, Any]) -> str:
    lines = [
        f"sheet: {answer['sheet']}, rows: {answer['rows']}",
        f"headings: {'; '.join(f'{h} = {f}' for h, f in answer['headings'].items())}",
    ]
    for one in answer["sheets_passed_over"]:
        lines.append(f"not read: {one['name']}, rows: {one['rows']} ({one['why']})")
    if answer["unknown_columns"]:
        lines.append(f"kept without a field: {'; '.join(answer['unknown_columns'])}")
    for mapping in answer["mappings"][:30]:
        doubt = "" if mapping["known"] else "  (?)"
        shown = f"{mapping['value'][:30]} → {mapping['became'][:30]}"
        lines.append(f"  {mapping['column']}: {shown} × {mapping['count']}{doubt}")
    if len(answer["mappings"]) > 30:
        lines.append(f"  … {len(answer['mappings']) - 30} more mappings (--json shows all)")
    for gap in answer["incomplete"]:
        lines.append(f"incomplete: {gap['column']}: {gap['message']} × {gap['count']}")
    for made in answer["departments_created"]:
        lines.append(f"department made: {made}")
    for refused in answer["rejected"][:50]:
        where = f"{refused['sheet']}, " if len(answer["sheets"]) > 1 else ""
        lines.append(f"{where}row {refused['row']}, {refused['column']}: {refused['message']}")
    if answer["rejected_cells"] > 50:
        lines.append(f"… {answer['rejected_cells'] - 50} more cells refused")
    counts = ("created", "updated", "unchanged")
    done = ", ".join(f"{name} {answer[name]}" for name in counts)
    state = "written" if answer["written"] else "nothing written"
    if not answer["indexed"]:
        state += "; the search server is away and learns of it later"
    lines.append(f"{done}, refused rows {answer['rejected_rows']}; {state}")
    return "\n".join(lines)


@click.command("export", short_help="Write the catalogue to a file.")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(list(exporter.FORMATS)), help="Else seen from the name."
)
@click.option("--organization", default="", help="Only this department's entries (name or id).")
@click.option("-q", "q", default="", help="Only entries that these words find.")
def export_command(file: Path, form: str | None, organization: str, q: str) -> None:
    """Write entries to FILE in the national layout; importing it again changes nothing."""
    kind = form or file.suffix.lstrip(".").lower()
    if kind not in exporter.FORMATS:
        raise click.UsageError(f"--format must be one of {', '.join(exporter.FORMATS)}")
    selection = exporter.Selection(q=q, organization=organization)
    with (
        tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as target,
        progress.telling() as tell,
    ):
        exporter.write(_context(), selection, kind, target, tell)
    Path(target.name).replace(file)
    click.echo(str(file))


@click.command("reconcile", short_help="Index entries that are written and not indexed yet.")
@click.option("--all", "everything", is_flag=True, help="Every entry, as after an upgrade.")
@click.option("--check", is_flag=True, help="Compare every entry, and index what differs.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def reconcile_command(everything: bool, check: bool, as_json: bool) -> None:
    """Repair after a process that died between the database and the search index.

    With --all the index is made anew; readers go on searching, and what breaks off goes on at the
    next run. With --check every document is held against its entry: what is missing, old or of no
    entry is named and mended. An entry that the index refuses is named with the reason and keeps
    no other waiting; exit status 1 while there is one, or one that still differs.
    """
    if everything and check:
        raise click.UsageError("--all makes the index anew: there is nothing to compare")
    try:
        if check:
            _compare(as_json)
        else:
            _index_waiting(everything, as_json)
    except (SearchIndexError, SolrError) as error:
        waiting = writer.waiting()
        raise click.ClickException(
            f"the search server does not answer; {waiting} entries wait, nothing is lost: {error}"
        ) from error


def _compare(as_json: bool) -> None:
    found = comparison.mend()
    if as_json:
        click.echo(json.dumps(found.told(), ensure_ascii=False))
    else:
        for word, some in (("mended", found.mended), ("left", found.left)):
            for one in some:
                click.echo(f"{word}: {one.kind} {one.name} ({one.id})")
        click.echo(f"compared {found.checked}, mended {len(found.mended)}, left {len(found.left)}")
    sys.exit(REFUSED if found.left else 0)


def _index_waiting(everything: bool, as_json: bool) -> None:
    total = writer.queue_all() if everything else writer.waiting()
    with progress.telling() as tell:
        found = writer.drain(partial(tell, f"entries of {total:,}:"), everything=True)
    if everything:
        with redirect_stdout(sys.stderr):
            click.get_current_context().invoke(search_index.clear_orphans)
    refused = writer.refused()
    if as_json:
        told = [{"id": r.id, "name": r.name, "tries": r.tries, "why": r.reason} for r in refused]
        click.echo(json.dumps({"indexed": found.done, "refused": told}, ensure_ascii=False))
    else:
        for one in refused:
            click.echo(f"refused: {one.name} ({one.id}), tries {one.tries}: {one.reason}")
        click.echo(f"indexed {found.done}" + (f", refused {len(refused)}" if refused else ""))
    sys.exit(REFUSED if refused else 0)


def _context() -> Context:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return Context(ignore_auth=True, user=user["name"])


commands = [import_command, export_command, reconcile_command]
