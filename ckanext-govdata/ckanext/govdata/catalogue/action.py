"""Actions: a catalogue file in, a catalogue file out."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ..cases.change_warning import mark
from ..cases.consequences import Count
from ..departments import tree
from ..domain.catalogue import Problem
from ..domain.headings import Head
from ..domain.text import Fault
from ..parameters import flag, number
from ..security.callers import signed_in
from ..transaction import is_deferred, transaction
from .answers import ExportPage, ImportAnswer, ImportState
from .entry import codes, problem_sentences
from .exports.exporter import Selection, entries_of
from .imports import dependents, import_rows, readers, text_tables, uploads
from .imports.importer import LOCAL_FILE, PROGRESS, WRITTEN, CatalogueImport, Options
from .imports.refused_files import MAX_FILE_BYTES, Unreadable
from .imports.sentences import say_broken_off, say_file
from .imports.tables import Table
from .index import writer
from .model import ImportRow

MAX_EXPORTED = 100
"""Entries that the action answers with at once; the page and the command stream them all."""


def govdata_catalogue_import(context: Context, data_dict: DataDict) -> ImportAnswer:
    """Import a catalogue file: all of its rows, or none.

    :param upload: the file (xlsx, xls, csv, JSON Lines), or
    :param rows: a list of objects with the fields of a row
    :param dry_run: only look, write nothing
    :param partial: leave bad rows out and write the others
    :param confirmed: the numbers of ``consequences`` that were ticked, as the page sends them;
        where others are found nothing is written. Without this parameter nobody is asked.
    :param create_departments: make departments that are missing (sysadmins only)
    :param organization: the department of rows that name none; its name or id
    :param place: the place of which the sheet speaks, such as 安徽省合肥市

    Answers ``rows``, ``created``, ``updated``, ``unchanged``, ``rejected`` (each ``row``,
    ``column``, ``value``, ``code``, ``message``), ``incomplete``, ``mappings``, ``headings``,
    ``unknown_columns``, ``personal`` (columns with personal data: ``kept`` false where a column of
    no field of ours was left out, true where it stands in the entry), ``retitled`` (rows that call
    an entry otherwise), ``passed_rows`` (rows that are no entries: totals, notes, signatures, the
    head once more), ``consequences`` (rows by which grants end or open cases can only be
    refused, with how many: ``revoked``, ``suspended``, ``hindered``, ``moved``),
    ``departments_created``, ``written``, and ``indexed``, which is false
    while the search server is away: it learns of the entries as soon as it is back.
    """
    tk.check_access("govdata_catalogue_import", context, data_dict)
    with tempfile.TemporaryDirectory(prefix="govdata-import-") as folder:
        try:
            table, head = _opened(context, data_dict, Path(folder))
            return _imported(context, data_dict, table, head)
        except Unreadable as error:
            message = say_file(error.code, error.detail)
            raise tk.ValidationError({"upload": [message], "code": [error.code]}) from error


def _opened(context: Context, data_dict: DataDict, folder: Path) -> tuple[Table, Head]:
    """The table of the file or of the rows; raises :class:`Unreadable`."""
    local = context.get(LOCAL_FILE)
    rows, upload = data_dict.get("rows"), data_dict.get("upload")
    if local:
        return readers.with_head(readers.tables(Path(str(local))))
    if isinstance(rows, list):
        return readers.with_head(iter([text_tables.objects_table("rows", lambda: rows)]))
    if upload is None or not hasattr(upload, "stream"):
        raise tk.ValidationError({"upload": [tk._("Missing value")]})
    path = folder / "sheet"
    with path.open("wb") as file:
        while piece := upload.stream.read(2**20):
            if file.tell() > MAX_FILE_BYTES:
                raise Unreadable("too_large", limit=MAX_FILE_BYTES // 2**20)
            file.write(piece)
    return readers.with_head(readers.tables(path))


def _imported(context: Context, data_dict: DataDict, table: Table, head: Head) -> ImportAnswer:
    options = _options(context, data_dict)
    dry_run = flag(data_dict, "dry_run")
    work = CatalogueImport(table, head, options, context.get(PROGRESS))
    try:
        outcome = work.look()
        dry_run = dry_run or _asks(data_dict, dependents.total(outcome.dependents))
        if dry_run:
            return _answer(work, table, head, dry_run)
        written = options.partial or not outcome.refused_rows
        with transaction(context):
            work.write()
            answer = _answer(work, table, head, dry_run, written)
            if written and (tell := context.get(WRITTEN)):
                tell(answer)
    except codes.CodeTakenError as error:
        problem = Problem("catalogue_code", Fault.TAKEN, error.code)
        raise tk.ValidationError({"catalogue_code": [problem_sentences.say(problem)]}) from error
    indexed = not written or (not is_deferred(context) and writer.settle())
    return {**answer, "indexed": indexed}


def _answer(
    work: CatalogueImport, table: Table, head: Head, dry_run: bool, written: bool = False
) -> ImportAnswer:
    """What is answered; what was just written is not indexed yet."""
    return {
        **work.outcome.as_answer(),
        "dry_run": dry_run,
        "written": written,
        "indexed": not written,
        "headings": readers.headings_of(head),
        "unknown_columns": readers.unknown_of(head),
        "mappings": work.mappings,
        "personal": work.personal.rows(),
        "departments_created": work.departments_created,
        "departments_missing": [] if written else list(work.missing_departments),
        "place": work.place,
        "sheet": table.name,
        "sheets_left_out": list(table.left_out),
    }


def _asks(data_dict: DataDict, found: Count) -> bool:
    """Whether the sheet ends or hinders what others have, and the page has no tick at that."""
    confirmed = data_dict.get("confirmed")
    return confirmed is not None and bool(found.grants or found.cases) and confirmed != mark(found)


def _options(context: Context, data_dict: DataDict) -> Options:
    user = model.User.get(context.get("user")) if context.get("user") else None
    whole = bool(context.get("ignore_auth")) or bool(user and user.sysadmin)
    allowed = None if whole else allowed_departments(str(context.get("user")))
    organization = ""
    if data_dict.get("organization"):
        department = tree.get(str(data_dict["organization"]))
        if department is None or (allowed is not None and department.id not in allowed):
            raise tk.ValidationError(
                {"organization": [tk._("There is no such department for which you may import")]}
            )
        organization = department.id
    if flag(data_dict, "create_departments") and not whole:
        raise tk.NotAuthorized(tk._("Only the platform's administrators make departments"))
    return Options(
        partial=flag(data_dict, "partial"),
        create_departments=flag(data_dict, "create_departments"),
        organization=organization,
        place=str(data_dict.get("place") or "")[:100],
        allowed=allowed,
        user_id=user.id if user else "",
        user_name=user.name if user else str(context.get("user") or ""),
    )


def allowed_departments(user: str) -> frozenset[str]:
    """The ids of the departments for which the user may write entries."""
    found = tk.get_action("organization_list_for_user")(
        {"user": user}, {"permission": "create_dataset"}
    )
    return frozenset(organization["id"] for organization in found)


@tk.side_effect_free
def govdata_catalogue_import_show(context: Context, data_dict: DataDict) -> ImportState:
    """How far an import is that one began on the web, and what was found or written.

    :param id: of the import, as in its page's address
    """
    tk.check_access("govdata_catalogue_import_show", context, data_dict)
    return _state_of(_mine(context, data_dict))


def govdata_catalogue_import_resume(context: Context, data_dict: DataDict) -> ImportState:
    """Let an import go on whose job died (``broken_off``), once, whoever asks how often.

    Nothing of it was written: its entries are written together, and only once. One that is not
    broken off is answered as it is.

    :param id: of the import
    """
    tk.check_access("govdata_catalogue_import_resume", context, data_dict)
    with transaction(context):
        uploads.resume(_mine(context, data_dict))
        return _state_of(_mine(context, data_dict))


def _mine(context: Context, data_dict: DataDict) -> ImportRow:
    import_id = str(data_dict.get("id") or "")
    found = import_rows.mine(model.Session, import_id, signed_in(context).id)
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no such import"))
    return found


def _state_of(row: ImportRow) -> ImportState:
    return {
        "id": row.id,
        "filename": row.filename,
        "state": row.state,
        "running": row.state in (*import_rows.RUNNING, import_rows.INDEXING),
        "writes": row.writes,
        "done": row.done,
        "error": say_broken_off(row) if row.state == import_rows.BROKEN_OFF else row.error,
        "answer": cast("ImportAnswer | None", row.answer),
    }


@tk.side_effect_free
def govdata_catalogue_export(context: Context, data_dict: DataDict) -> ExportPage:
    """Entries in the national layout, one page of them.

    The whole catalogue as a file: ``/catalogue/export`` or ``ckan govdata export``.

    :param q: words to search for
    :param fq: filter, as of ``package_search``
    :param organization: only entries of this department (name or id)
    :param start: how many entries to pass over
    :param rows: how many entries, at most 100

    Answers ``count`` and ``rows``, whose keys are what ``govdata_catalogue_import`` takes.
    """
    tk.check_access("govdata_catalogue_export", context, data_dict)
    selection = Selection(
        q=str(data_dict.get("q") or ""),
        fq=str(data_dict.get("fq") or ""),
        organization=str(data_dict.get("organization") or ""),
    )
    start = number(data_dict, "start", 0)
    rows = min(MAX_EXPORTED, number(data_dict, "rows", 0) or MAX_EXPORTED)
    count, found = entries_of(context, selection, start, rows)
    return {"count": count, "rows": found}
