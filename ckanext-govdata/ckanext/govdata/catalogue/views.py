"""Pages for officers: a catalogue in, step by step; and the catalogue out, for everybody."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from flask import Blueprint, Response, send_file, stream_with_context

from .. import now, settings
from ..cases import change_warning
from ..cases.answers import CountAnswer
from ..cases.consequences import Count
from ..domain.file_name import disposition
from ..forms import form_reader, refusals
from ..forms.asked_values import declared_values
from ..repeats import first_answer, request_key
from ..sheets.refused_files import Unreadable
from ..speech.phrases import in_script
from ..transaction import transaction
from ..web import Errors, act, attempt, form, refusal_of
from .answers import ImportAnswer, ImportState
from .exports import exporter
from .imports import column_choices, fault_list, field_words, import_rows, uploads
from .imports.heading_form import HeadingForm
from .imports.kept_headings import KeptHeadings
from .model import ImportRow

catalogue = Blueprint("govdata_catalogue", __name__)
SHOWN_MAPPINGS = 300
SHOWN_CHANGES = 200


@catalogue.before_request
def no_stranger() -> None:
    """Importing is for officers; the export is for everybody."""
    if tk.request.endpoint == "govdata_catalogue.export":
        return
    try:
        tk.check_access("govdata_catalogue_import", Context(user=tk.current_user.name), {})
    except tk.NotAuthorized:
        tk.abort(403, tk._("Only a department's officers import its catalogue"))


@catalogue.get("/catalogue/import")
def import_form() -> Response:
    """Choose a sheet."""
    return _form({}, {})


@catalogue.post("/catalogue/import")
def import_upload() -> Response:
    """Take the sheet and have it looked through."""
    values = form_reader.sent(form_reader.declared("catalogue_import").values())
    asked, wrong = declared_values("catalogue_import", values, departments=_departments())
    if wrong:
        return _form(values, refusals.invalid(wrong).error_dict)
    user_id, upload = tk.current_user.id, asked.pop("upload")
    try:
        key = request_key.of_form(user_id, "import_upload")
        with transaction():
            made = first_answer.once(key, lambda: uploads.start(user_id, upload, asked))
    except tk.ValidationError as error:
        return _form(values, refusal_of(error))
    return tk.redirect_to("govdata_catalogue.import_show", import_id=made)


def _form(values: dict[str, Any], errors: Errors) -> Response:
    kept: list[KeptHeadings] = act("govdata_catalogue_headings_list")
    user_id = tk.current_user.id
    return form(
        "govdata/catalogue/import.html",
        errors,
        fields=form_reader.declared("catalogue_import"),
        values=values,
        departments=_departments(),
        whole=bool(getattr(tk.current_user, "sysadmin", False)),
        under_way=import_rows.open_of(model.Session, user_id),
        over=import_rows.over_of(model.Session, user_id),
        kept=kept,
        hours=settings.hours_of_undo(),
    )


def _departments() -> dict[str, str]:
    """Name and title of the departments whose entries the reader may make."""
    found = tk.get_action("organization_list_for_user")(
        Context(user=tk.current_user.name), {"permission": "create_dataset"}
    )
    return {one["name"]: in_script(one["title"]) for one in found}


@catalogue.get("/catalogue/import/<import_id>")
def import_show(import_id: str) -> Response:
    """How far the import is; afterwards what was found."""
    return _show(import_id, {})


def _show(import_id: str, errors: Errors) -> Response:
    found: ImportState = act("govdata_catalogue_import_show", id=import_id)
    shown: dict[str, object] = {"found": found, "hours": settings.hours_of_undo()}
    if answer := found["answer"]:
        shown |= {
            "answer": answer,
            "count": _count(answer["consequences"]),
            "faults": fault_list.read(answer),
            "mappings": answer["mappings"][:SHOWN_MAPPINGS],
            "changes": answer["changes"][:SHOWN_CHANGES],
            "sheet_is_kept": import_rows.sheet(import_id).is_file(),
        }
    return form("govdata/catalogue/import_show.html", errors, **shown)


def _count(rows: Sequence[CountAnswer]) -> Count:
    counts = (
        Count(row["revoked"], row["suspended"], row["hindered"], row["moved"]) for row in rows
    )
    return sum(counts, Count())


@catalogue.get("/catalogue/import/<import_id>/state")
def import_state(import_id: str) -> dict[str, object]:
    """The same for the script that watches it."""
    found: ImportState = act("govdata_catalogue_import_show", id=import_id)
    return {"state": found["state"], "done": found["done"], "running": found["running"]}


@catalogue.post("/catalogue/import/<import_id>/confirm")
def import_confirm(import_id: str) -> Response:
    """Import what was looked through."""
    key = request_key.of_form(tk.current_user.id, "import_confirm")
    try:
        with transaction():
            first_answer.once(key, lambda: _confirm(_mine(import_id)))
    except tk.ValidationError as error:
        return _show(import_id, refusal_of(error))
    return tk.redirect_to("govdata_catalogue.import_show", import_id=import_id)


@catalogue.get("/catalogue/import/<import_id>/headings")
def import_headings(import_id: str) -> Response:
    """What the columns of the sheets are taken for, to be corrected."""
    found = _mine(import_id)
    if found.state != "looked":
        return tk.redirect_to("govdata_catalogue.import_show", import_id=import_id)
    asked = HeadingForm(found)
    return _headings(asked, asked.values(), {})


@catalogue.post("/catalogue/import/<import_id>/headings")
def import_map(import_id: str) -> Response:
    """Look through the sheets again with their columns taken for what was said."""
    found = _mine(import_id)
    if found.state != "looked":
        return tk.redirect_to("govdata_catalogue.import_show", import_id=import_id)
    asked = HeadingForm(found)
    values = form_reader.sent(asked.fields.values())
    wanted = asked.asked(values)
    errors: Errors = {**asked.wrong(wanted)}
    if not errors:
        _, errors = attempt("govdata_catalogue_import_map", id=import_id, **wanted)
    if errors:
        return _headings(asked, {"sheets": [], **values}, errors)
    return tk.redirect_to("govdata_catalogue.import_show", import_id=import_id)


def _headings(asked: HeadingForm, values: dict[str, Any], errors: Errors) -> Response:
    sheets = column_choices.pickable(asked.row)
    return form(
        "govdata/catalogue/import_headings.html",
        errors,
        import_id=asked.row.id,
        filename=asked.row.filename,
        fields=asked.fields,
        groups=asked.groups,
        values=values,
        offered={
            "sheets": {name: name for name in sheets},
            "departments": _departments(),
            "fields": field_words.offered(),
        },
    )


@catalogue.post("/catalogue/import/<import_id>/undo")
def import_undo(import_id: str) -> Response:
    """Have an import undone that was written."""
    _, errors = attempt("govdata_catalogue_import_undo", id=import_id)
    if errors:
        return _show(import_id, errors)
    return tk.redirect_to("govdata_catalogue.import_show", import_id=import_id)


@catalogue.post("/catalogue/import/headings/<kept_id>/forget")
def headings_forget(kept_id: str) -> Response:
    """Keep settings of headings no longer."""
    act("govdata_catalogue_headings_forget", id=kept_id)
    tk.h.flash_success(tk._("The settings are kept no longer."))
    return tk.redirect_to("govdata_catalogue.import_form")


def _confirm(found: ImportRow) -> bool:
    ticked = form_reader.pressed(change_warning.FIELD) or ""
    return uploads.confirm(found, form_reader.pressed("partial") is not None, ticked)


@catalogue.post("/catalogue/import/<import_id>/resume")
def import_resume(import_id: str) -> Response:
    """Let an import go on whose job died."""
    act("govdata_catalogue_import_resume", id=import_id)
    return tk.redirect_to("govdata_catalogue.import_show", import_id=import_id)


@catalogue.post("/catalogue/import/<import_id>/discard")
def import_discard(import_id: str) -> Response:
    """Give the import up; the sheet is deleted. Who clicks twice has given it up as well."""
    with transaction() as session:
        if import_rows.find(session, import_id):
            import_rows.discard(session, _mine(import_id))
    return tk.redirect_to("govdata_catalogue.import_form")


@catalogue.get("/catalogue/import/<import_id>/marked")
def import_marked(import_id: str) -> Response:
    """The sheet with its bad cells marked and explained."""
    found = _mine(import_id)
    sheet = import_rows.sheet(found.id)
    if found.answer is None or not sheet.is_file():
        tk.abort(404)
    rejected = cast("ImportAnswer", found.answer)["rejected"]
    from .imports import marked_sheet  # here: 22 MiB of openpyxl, which few processes need

    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response
    try:
        marked_sheet.write(sheet, rejected, file)
    except Unreadable:  # no cell of it can be marked; its page says why
        return tk.redirect_to("govdata_catalogue.import_show", import_id=found.id)
    file.seek(0)
    name = f"{found.filename.rpartition('.')[0] or found.filename}-marked.xlsx"
    return send_file(file, exporter.FORMATS["xlsx"], as_attachment=True, download_name=name)


def _mine(import_id: str) -> ImportRow:
    found = import_rows.mine(model.Session, import_id, tk.current_user.id)
    if found is None:
        tk.abort(404, tk._("There is no such import"))
    return found


@catalogue.get("/catalogue/export")
def export() -> Response:
    """The entries that the reader may see, as a file: ``format``, ``q``, ``organization``."""
    kind = tk.request.args.get("format", "xlsx")
    if kind not in exporter.FORMATS:
        tk.abort(400, tk._("Formats: xlsx, csv, json"))
    selection = exporter.Selection(
        q=tk.request.args.get("q", ""), organization=tk.request.args.get("organization", "")
    )
    context = Context(user=tk.current_user.name if tk.current_user.is_authenticated else "")
    tk.check_access("govdata_catalogue_export", context, {})
    day: datetime = now.now()
    name = f"catalogue-{day:%Y%m%d}.{kind}"
    try:
        pieces = _pieces(context, selection, kind)
    except tk.ObjectNotFound:
        tk.abort(404)
    response = Response(pieces, mimetype=exporter.FORMATS[kind].partition(";")[0])
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _pieces(context: Context, selection: exporter.Selection, kind: str) -> Iterator[bytes]:
    """The file's pieces; CSV and JSON are made while they are sent."""
    exporter.entries_of(context, selection, 0, 0)
    if kind == "json":
        return stream_with_context(exporter.write_json(exporter.every(context, selection)))
    others = exporter.other_headings(exporter.every(context, selection))
    if kind == "csv":
        return stream_with_context(exporter.write_csv(exporter.every(context, selection), others))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was sent
    exporter.write_xlsx(exporter.every(context, selection), others, file)
    file.seek(0)
    return iter(lambda: file.read(2**16), b"")


blueprints = [catalogue]
