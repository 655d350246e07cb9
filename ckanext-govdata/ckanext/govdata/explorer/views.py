"""The page of a table: every question is an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response

from ..access.sentences import say
from ..domain.explorer.address import query_of, read, written
from ..domain.explorer.picture import PARAMETERS
from ..domain.explorer.question import Question
from ..domain.explorer.question_check import too_much, wrong_in
from ..domain.refusal import Refusal
from ..pager import Pager, read_page
from ..web import sentences_of
from . import (
    column_profile,
    kept_drawings,
    picture_data,
    picture_view,
    pictures,
    sentences,
)
from .download_views import downloads
from .pixels import BusyError
from .readable_table import ReadableTable, note_reading, readable_table
from .table_page import last_page, page_of
from .table_rows import TooSlowError, UnansweredError, UnfitError, within
from .table_view import CELL, TableView, by_default

explorer = Blueprint("govdata_explorer", __name__)
ROWS, FEWER, WIDE = 50, 20, 40
"""Rows of a page; of a table with more than so many columns shown there are fewer."""
FIRST_COLUMNS = 20
"""Columns that are shown where a table has more and none were chosen."""
COLUMNS = "columns"
"""The view of a table's columns, beside that of its rows."""
PICTURE = "chart"
"""The view of a picture of the rows that answer."""
KEPT = PARAMETERS | {"_view"}
"""What an address keeps where its blanks are left out."""
TYPES = {"svg": "image/svg+xml", "png": "image/png"}
MOST_PARAMETERS = 2_000


def table(id: str, resource_id: str) -> Response | str:  # noqa: A002 - CKAN's own name
    """A table: what is asked of it, and a page of what answers."""
    entry, file = _found(id, resource_id)
    if entry["name"] != id:
        query = tk.request.query_string.decode("utf-8", "replace")
        address = tk.url_for("govdata_explorer.table", id=entry["name"], resource_id=resource_id)
        return tk.redirect_to(f"{address}?{query}" if query else address)
    known = readable_table({}, resource_id)
    if isinstance(known, Refusal):
        return tk.abort(403, say(known))
    if known is None:
        return tk.redirect_to("dataset_resource.read", id=entry["name"], resource_id=resource_id)
    pairs = _pairs()
    asked = read(pairs)
    base = _base(entry, resource_id)
    if refused := too_much(asked.question):  # each link would repeat it
        view = TableView(base, Question(), known.columns)
        shown = {"pkg": entry, "resource": file, "table": known}
        return _page(view, shown, 400, refused=_reliefs(view, refused))
    view = TableView(base, asked.question, known.columns)
    if any(not value.strip() for _key, value in pairs) and not asked.unread:
        more = [(key, value) for key, value in pairs if key in KEPT and value.strip()]
        return tk.redirect_to(view.address(asked.question, *more))
    shown = {"pkg": entry, "resource": file, "table": known}
    if refused := wrong_in(asked, known.columns):
        return _page(view, shown, 400, refused=_reliefs(view, refused))
    if tk.request.args.get("_view") == COLUMNS:
        return _columns(view, known, shown)
    if tk.request.args.get("_view") == PICTURE:
        return _picture(view, known, file, shown)
    return _rows(view, known, asked.question, shown)


def _rows(
    view: TableView, known: ReadableTable, question: Question, shown: dict[str, object]
) -> Response | str:
    question = by_default(known.columns, question, FIRST_COLUMNS)
    wide = len(question.columns or known.columns) > WIDE
    pager = _pager(FEWER if wide else ROWS)
    note_reading({}, known, offset=str(pager.offset), query=query_of(question))
    try:
        page = page_of(known, question, pager, cut=CELL + 1)
    except UnansweredError as error:
        return _unanswered(view, shown, error)
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    return _page(replace(view, page=page), shown)


def _columns(
    view: TableView, known: ReadableTable, shown: dict[str, object]
) -> Response | str:
    pager = _pager(column_profile.SIZE)
    note_reading({}, known, profile="1", offset=str(pager.offset))
    try:
        profiles = column_profile.of_columns(known, pager)
    except UnansweredError as error:
        return _unanswered(view, shown, error)
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    return _page(view, shown, profiles=profiles, profile_head=pager.head(len(known.columns)))


def _picture(
    view: TableView, known: ReadableTable, file: Mapping[str, object], shown: dict[str, object]
) -> Response | str:
    question, end = view.question, within()
    note_reading({}, known, picture=view.here)
    try:
        offered = picture_view.offered(known, question, end)
        asked = picture_view.asked(tk.request.args, known, offered)
        if isinstance(asked, list):
            return _page(view, shown, 400, refused=_reliefs(view, tuple(asked)),
                         picture_form=picture_view.form(view, known, offered))
        if asked is None:
            return _page(view, shown, picture_form=picture_view.form(view, known, offered))
        about = picture_view.about(file)
        data = picture_data.shown_in(known, question, asked, end)
        drawn = pictures.drawn(known, asked, data, about)
    except UnansweredError as error:
        return _unanswered(view, shown, error)
    form = picture_view.form(view, known, offered, asked, drawn.title)
    return _page(view, shown, picture_form=form, drawn=drawn)


def picture_file(id: str, resource_id: str, form: str) -> Response:  # noqa: A002 - as above
    """A picture of the rows that answer, as a file that others may show."""
    entry, file = _found(id, resource_id)
    known = readable_table({}, resource_id)
    if isinstance(known, Refusal):
        return tk.abort(403, say(known))
    if known is None or form not in TYPES:
        return tk.abort(404, tk._("There is no such table."))
    asked = read(_pairs())
    refused = wrong_in(asked, known.columns)
    picture = picture_view.asked(tk.request.args, known, [])
    if refused or picture is None or isinstance(picture, list):
        said = sentences.by_field([*refused, *(picture if isinstance(picture, list) else [])])
        return tk.abort(400, " ".join(one for listed in said.values() for one in listed)
                        or tk._("The address names no picture."))
    note_reading({}, known, picture=tk.request.full_path)

    def make() -> bytes:
        shown = picture_data.shown_in(known, asked.question, picture)
        drawing = pictures.poster_of(known, picture, shown, picture_view.about(file),
                                     picture_view.source(entry))
        return pictures.png(drawing) if form == "png" else drawing.encode()

    key = (known.oid, asked.question, picture, known.columns, form, tk.h.lang(), file["name"])
    try:
        body = make() if known.grant else kept_drawings.drawn(key, make)
    except UnansweredError as error:
        return tk.abort(_status(error), sentences.unanswered(error))
    except BusyError:
        return tk.abort(503, sentences.unanswered(TooSlowError()))
    answer = Response(body, mimetype=TYPES[form])
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    return answer


def _found(entry_id: str, resource_id: str) -> tuple[dict[str, object], Mapping[str, object]]:
    """The entry and its file; 404 where the reader knows of none."""
    try:
        entry = tk.get_action("package_show")({"for_view": True}, {"id": entry_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        raise tk.abort(404, tk._("There is no such entry, or it is not public.")) from None
    file = next((one for one in entry["resources"] if one["id"] == resource_id), None)
    if file is None:
        raise tk.abort(404, tk._("There is no such file."))
    return entry, file


def _base(entry: Mapping[str, object], resource_id: str) -> str:
    return tk.url_for("govdata_explorer.table", id=entry["name"], resource_id=resource_id)


def _pairs() -> list[tuple[str, str]]:
    """The parameters of the address in their order."""
    query = tk.request.query_string.decode("utf-8", "replace")
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise tk.abort(400, tk._("There are too many parameters.")) from None


def _pager(size: int) -> Pager:
    try:
        return read_page({"page": tk.request.args.get("_page")}, size, last_page(size))
    except tk.ValidationError as error:
        raise tk.abort(400, sentences_of(error)) from None


def _reliefs(view: TableView, refused: tuple[Refusal, ...]) -> list[dict[str, object]]:
    """What stands against a question, each with the address without it where there is one."""
    told: list[dict[str, object]] = []
    for field, said in sentences.by_field(refused).items():
        question = view.question
        left = Question(
            question.words,  # what is wrong with them is wrong with a whole address: no page has it
            tuple(one for one in question.conditions if one.column != field),
            tuple(one for one in question.orders if one.column != field),
            tuple(one for one in question.columns if one != field),
        )
        told.append({"field": "" if field.startswith("_") or field == "query" else field,
                     "said": said, "url": view.address(left),
                     "less": written(left) != written(question)})
    return told


def _unanswered(
    view: TableView, shown: dict[str, object], error: UnansweredError
) -> Response | str:
    return _page(view, shown, _status(error), slow=sentences.unanswered(error))


def _status(error: UnansweredError) -> int:
    return 422 if isinstance(error, UnfitError) else 503


def _page(
    view: TableView, shown: dict[str, object], status: int = 200, **more: object
) -> Response | str:
    text = tk.render("govdata/explorer/page.html", {"view": view, **shown, **more})
    return text if status == 200 else make_response(text, status)


explorer.add_url_rule("/dataset/<id>/data/<resource_id>", view_func=table)
explorer.add_url_rule("/dataset/<id>/data/<resource_id>/chart.<form>", view_func=picture_file)
blueprints = [explorer, downloads]
