"""Actions: a catalogue file in, a catalogue file out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from .. import settings
from ..cases.change_warning import mark
from ..cases.consequences import Count
from ..departments import tree
from ..domain.catalogue import Problem
from ..domain.text import Fault
from ..parameters import flag, number
from ..security.callers import signed_in
from ..sheets import text_tables
from ..sheets.refused_files import MAX_FILE_BYTES, Unreadable
from ..sheets.sentences import say_file
from ..sheets.tables import Table
from ..transaction import is_deferred, transaction
from .answers import ExportPage, ImportAnswer, ImportState, UndoAnswer
from .entry import codes, problem_sentences
from .exports.exporter import Selection, entries_of
from .imports import (
    column_choices,
    dependents,
    found_answer,
    found_sheets,
    import_rows,
    kept_headings,
    readers,
    rights,
    undo,
    uploads,
)
from .imports.former_rows import FormerRows
from .imports.found_sheets import AskedSheets, WrongChoices
from .imports.importer import (
    IMPORT_ID,
    LOCAL_FILE,
    PROGRESS,
    WRITTEN,
    CatalogueImport,
    Options,
)
from .imports.kept_headings import KeptHeadings
from .imports.providers import Providers
from .imports.sentences import say_broken_off, say_choice
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
    :param sheets: the names of the sheets to read; without it all that show themselves and have
        the headings of a catalogue
    :param headings: what columns are taken for, where that is not what is recognised: by sheet an
        object with the heading of a column and the field (``other``: kept for the department;
        ``left_out``: not read)

    Answers, over all sheets and by sheet (``sheets``; those that are not read are named in
    ``sheets_passed_over`` with the reason), ``rows``, ``created``, ``updated``, ``unchanged``,
    ``rejected`` (each ``sheet``, ``row``, ``column``, ``value``, ``code``, ``message``),
    ``incomplete``, ``mappings``, ``headings``, ``unknown_columns``, ``departments`` (rows by
    department), ``changes`` (which entries are made or changed),
    ``personal`` (columns with personal data: ``kept`` false where a column of
    no field of ours was left out, true where it stands in the entry), ``retitled`` (rows that call
    an entry otherwise), ``passed_rows`` (rows that are no entries: totals, notes, signatures, the
    head once more), ``left`` (fields of entries that stay as they are, since the cell is empty or
    only a remark stands there: ``field``, ``message``, ``count``, ``rows``), ``consequences`` (rows
    by which grants end or open cases can only be
    refused, with how many: ``revoked``, ``suspended``, ``hindered``, ``moved``),
    ``departments_created``, ``written``, and ``indexed``, which is false
    while the search server is away: it learns of the entries as soon as it is back.
    """
    tk.check_access("govdata_catalogue_import", context, data_dict)
    options = _options(context, data_dict)
    with tempfile.TemporaryDirectory(prefix="govdata-import-") as folder:
        try:
            tables = _opened(context, data_dict, Path(folder))
            known = Providers(options.allowed, options.organization, options.create_departments)
            found = found_sheets.find(tables, _asked(data_dict, options, known))
            return _imported(context, data_dict, CatalogueImport(
                found, options, known, context.get(PROGRESS), _former(context)
            ))  # fmt: skip
        except Unreadable as error:
            message = say_file(error.code, error.detail)
            raise tk.ValidationError({"upload": [message], "code": [error.code]}) from error
        except WrongChoices as error:
            raise tk.ValidationError({"headings": _said_of_choices(error)}) from error


def _opened(context: Context, data_dict: DataDict, folder: Path) -> Iterator[Table]:
    """The tables of the file or of the rows; raises :class:`Unreadable`."""
    local = context.get(LOCAL_FILE)
    rows, upload = data_dict.get("rows"), data_dict.get("upload")
    if local:
        return readers.tables(Path(str(local)))
    if isinstance(rows, list):
        return iter([text_tables.objects_table("rows", lambda: rows)])
    if upload is None or not hasattr(upload, "stream"):
        raise tk.ValidationError({"upload": [tk._("Missing value")]})
    path = folder / "sheet"
    with path.open("wb") as file:
        while piece := upload.stream.read(2**20):
            if file.tell() > MAX_FILE_BYTES:
                raise Unreadable("too_large", limit=MAX_FILE_BYTES // 2**20)
            file.write(piece)
    return readers.tables(path)


def _asked(data_dict: DataDict, options: Options, known: Providers) -> AskedSheets:
    """Which sheets, what their columns are, and whose kept settings hold for them."""
    sheets, headings = column_choices.asked_of(data_dict)
    keepers = [options.organization] if options.organization else options.allowed or ()
    kept = partial(kept_headings.fitting, model.Session, keepers)
    if options.organization:
        return AskedSheets(sheets, headings, kept)

    def is_of(department: str, rows: Iterable[tuple[str, str, str]]) -> bool:
        return known.are_all(department, rows, options.place)

    return AskedSheets(sheets, headings, kept, is_of)


def _said_of_choices(error: WrongChoices) -> list[str]:
    return [say_choice(sheet, one) for sheet, found in error.faults.items() for one in found]


def _former(context: Context) -> FormerRows | None:
    """Where it is kept what the rows were before, of an import that can be undone."""
    import_id = context.get(IMPORT_ID)
    if not import_id or not settings.hours_of_undo():
        return None
    return FormerRows(model.Session, str(import_id))


def _imported(context: Context, data_dict: DataDict, work: CatalogueImport) -> ImportAnswer:
    dry_run = flag(data_dict, "dry_run")
    try:
        work.look(to_write=not dry_run)
        dry_run = dry_run or _asks(data_dict, dependents.total(work.dependents))
        if dry_run:
            return found_answer.of(work, dry_run=dry_run)
        written = work.options.partial or not work.refused_rows
        with transaction(context):
            work.write()
            answer = found_answer.of(work, dry_run=dry_run, written=written)
            if written and (tell := context.get(WRITTEN)):
                tell(answer)
    except codes.CodeTakenError as error:
        problem = Problem("catalogue_code", Fault.TAKEN, error.code)
        raise tk.ValidationError({"catalogue_code": [problem_sentences.say(problem)]}) from error
    indexed = not written or (not is_deferred(context) and writer.settle())
    return {**answer, "indexed": indexed}


def _asks(data_dict: DataDict, found: Count) -> bool:
    """Whether the sheet ends or hinders what others have, and the page has no tick at that."""
    confirmed = data_dict.get("confirmed")
    return confirmed is not None and bool(found.grants or found.cases) and confirmed != mark(found)


def _options(context: Context, data_dict: DataDict) -> Options:
    user = model.User.get(context.get("user")) if context.get("user") else None
    allowed = rights.departments_of(context)
    organization = ""
    if data_dict.get("organization"):
        department = tree.get(str(data_dict["organization"]))
        if department is None or (allowed is not None and department.id not in allowed):
            raise tk.ValidationError(
                {"organization": [tk._("There is no such department for which you may import")]}
            )
        organization = department.id
    if flag(data_dict, "create_departments") and allowed is not None:
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


def govdata_catalogue_import_map(context: Context, data_dict: DataDict) -> ImportState:
    """Say what the columns of an import that was looked through are, and which of its sheets are
    meant; it is looked through again.

    :param id: of the import
    :param headings: by sheet an object with the heading of a column and what it is: a field,
        ``other`` (kept for the department, not public) or ``left_out``; sheets that are not named
        stay as they are
    :param sheets: the names of the sheets to read; without it those that are read now
    :param keep_for: a department (name or id) for whose next sheets with the same headings this
        holds too
    """
    tk.check_access("govdata_catalogue_import_map", context, data_dict)
    with transaction(context):
        found = _mine(context, data_dict)
        try:
            chosen = column_choices.read(found, data_dict)
        except WrongChoices as error:
            raise tk.ValidationError({"headings": _said_of_choices(error)}) from error
        if keep_for := str(data_dict.get("keep_for") or ""):
            organization = _writable(context, keep_for)
            user_id = signed_in(context).id
            for choices in chosen.said.values():
                kept_headings.keep(model.Session, organization, user_id, choices)
        uploads.look_again(found, chosen.headings, chosen.sheets)
        return _state_of(_mine(context, data_dict))


def _writable(context: Context, written: str) -> str:
    """The id of a department for which the user may import."""
    department, allowed = tree.get(written), rights.allowed_departments(signed_in(context).name)
    if department is None or department.id not in allowed:
        said = tk._("There is no such department for which you may import")
        raise tk.ValidationError({"keep_for": [said]})
    return department.id


def govdata_catalogue_import_undo(context: Context, data_dict: DataDict) -> ImportState:
    """Have an import undone that was written: each entry is what it was before, new ones are
    withdrawn; once, whoever asks how often. What changed or is used since is left and named.

    Possible for ``ckanext.govdata.catalogue.undo_hours`` after it was written (``undo_until``).

    :param id: of the import
    """
    tk.check_access("govdata_catalogue_import_undo", context, data_dict)
    with transaction(context):
        uploads.ask_undo(_mine(context, data_dict))
        return _state_of(_mine(context, data_dict))


@tk.side_effect_free
def govdata_catalogue_headings_list(
    context: Context, data_dict: DataDict
) -> list[KeptHeadings]:
    """What the departments for which the user may import keep of their sheets' headings, the
    newest first."""
    tk.check_access("govdata_catalogue_headings_list", context, data_dict)
    allowed = rights.allowed_departments(signed_in(context).name)
    return [kept_headings.as_answer(row) for row in kept_headings.of(model.Session, allowed)]


def govdata_catalogue_headings_forget(context: Context, data_dict: DataDict) -> None:
    """Keep settings of headings no longer; the next sheet is recognised without them.

    :param id: of the settings, as the list and the answer of an import tell it
    """
    tk.check_access("govdata_catalogue_headings_forget", context, data_dict)
    with transaction(context) as session:
        found = kept_headings.find(session, str(data_dict.get("id") or ""))
        allowed = rights.allowed_departments(signed_in(context).name)
        if found is None or found.organization_id not in allowed:
            raise tk.ObjectNotFound(tk._("There are no such settings"))
        kept_headings.forget(session, found.id)


def _mine(context: Context, data_dict: DataDict) -> ImportRow:
    import_id = str(data_dict.get("id") or "")
    found = import_rows.mine(model.Session, import_id, signed_in(context).id)
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no such import"))
    return found


def _state_of(row: ImportRow) -> ImportState:
    end = undo.until(model.Session, row)
    return {
        "id": row.id,
        "filename": row.filename,
        "state": row.state,
        "running": row.state in (*import_rows.RUNNING, import_rows.INDEXING),
        "writes": row.writes,
        "done": row.done,
        "error": say_broken_off(row) if row.state == import_rows.BROKEN_OFF else row.error,
        "undoes": row.undoes,
        "answer": cast("ImportAnswer | None", row.answer),
        "written": row.written.isoformat() if row.written else "",
        "undo_until": end.isoformat() if end else "",
        "undone": cast("UndoAnswer | None", row.undone),
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
