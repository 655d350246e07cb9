"""The files of an entry, for whoever may change it: added, replaced, renamed, ordered, removed.

One page for all of it, and no script; CKAN's own pages for that lead here, its actions write.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict
from flask import Blueprint, Flask, Response, current_app
from flask.typing import ResponseReturnValue, RouteCallable

from ..cases import change_warning
from ..forms import form_reader
from ..repeats import first_answer, request_key
from ..web import Errors, act, attempt, form, refusal_of, sign_in_first
from . import sent_file

entry_files = Blueprint("govdata_files", __name__)
entry_files.before_request(sign_in_first)
LEADS_HERE = ("dataset_resource.new", "dataset_resource.edit", "dataset.resources")
"""CKAN's pages; what is sent to them is taken as ever."""


def take_over(app: Flask) -> None:
    """Have CKAN's pages lead here; once an application."""
    for endpoint in LEADS_HERE:
        app.view_functions[endpoint] = _leading(app.view_functions[endpoint])


def _leading(original: RouteCallable) -> RouteCallable:
    @wraps(original)
    def view(**named: str) -> ResponseReturnValue:
        if tk.request.method == "POST":
            return current_app.ensure_sync(original)(**named)
        if "resource_id" in named:
            return tk.redirect_to(
                "govdata_files.change", id=named["id"], resource_id=named["resource_id"])
        return tk.redirect_to("govdata_files.listed", id=named["id"])

    return view


@entry_files.get("/dataset/<id>/files")
def listed(id: str) -> Response:  # noqa: A002 - CKAN's own name in its routes
    """All files with their tables, and the form for one more."""
    return _page(_entry(id), {}, {})


@entry_files.post("/dataset/<id>/files")
def add(id: str) -> Response:  # noqa: A002
    """One more file."""
    pkg, values = _entry(id), sent_file.sent()
    try:
        _once("add", lambda: _create(pkg["id"], sent_file.read(values, _entry(id))))
    except tk.ValidationError as error:
        return _page(pkg, values, refusal_of(error))
    tk.h.flash_success(tk._("The file was added."))
    return _back(pkg)


@entry_files.get("/dataset/<id>/files/<resource_id>")
def change(id: str, resource_id: str) -> Response:  # noqa: A002
    """The form for one file."""
    pkg = _entry(id)
    return _file_page(pkg, _file(pkg, resource_id), {}, {})


@entry_files.post("/dataset/<id>/files/<resource_id>")
def keep(id: str, resource_id: str) -> Response:  # noqa: A002
    """Another name, other words, or another file in its place."""
    pkg, values = _entry(id), sent_file.sent()
    file = _file(pkg, resource_id)
    try:
        told = sent_file.read(values, pkg, resource_id)
        told["name"] = told["name"] or file.get("name") or ""
        _once("change", lambda: _patch(resource_id, told))
    except tk.ValidationError as error:
        return _file_page(pkg, file, values, refusal_of(error))
    tk.h.flash_success(tk._("The file was changed."))
    return _back(pkg, resource_id)


@entry_files.post("/dataset/<id>/files/<resource_id>/move")
def move(id: str, resource_id: str) -> Response:  # noqa: A002
    """One place up or down."""
    pkg = _entry(id)
    order = [one["id"] for one in pkg["resources"]]
    place = order.index(_file(pkg, resource_id)["id"])
    other = place + (1 if form_reader.pressed("down") is not None else -1)
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
        act("package_resource_reorder", id=pkg["id"], order=order)
    return _back(pkg, resource_id)


@entry_files.get("/dataset/<id>/files/<resource_id>/remove")
def ask_removal(id: str, resource_id: str) -> Response:  # noqa: A002
    """Whether to remove the file, and who depends on it."""
    pkg = _entry(id)
    return _removal_page(pkg, _file(pkg, resource_id), {})


@entry_files.post("/dataset/<id>/files/<resource_id>/remove")
def remove(id: str, resource_id: str) -> Response:  # noqa: A002
    """Remove it, where what depends on it was ticked."""
    pkg = _entry(id)
    file = _file(pkg, resource_id)
    touched = change_warning.of_deletion({"id": pkg["id"], "resource_id": resource_id})
    if change_warning.asks(touched):
        said = tk._("Others depend on this file: tick that you have read it.")
        return _removal_page(pkg, file, {change_warning.FIELD: [said]})
    _, errors = attempt("resource_delete", id=resource_id)
    if errors:
        return _removal_page(pkg, file, errors)
    tk.h.flash_success(tk._("The file was removed."))
    return _back(pkg)


@entry_files.post("/dataset/<id>/files/publish")
def publish(id: str) -> Response:  # noqa: A002
    """End a draft: its files are there, the entry may be shown."""
    pkg = _entry(id)
    if pkg.get("state") == "draft":
        _, errors = attempt("package_patch", id=pkg["id"], state="active")
        if errors:
            return _page(pkg, {}, errors)
    return tk.redirect_to("dataset.read", id=pkg["name"])


def _entry(named: str) -> DataDict:
    """The entry, for whoever may change it; to others there is no such page."""
    try:
        context = Context(user=tk.current_user.name)
        tk.check_access("package_update", context, {"id": named})
        shown = Context(for_edit=True)  # with the true addresses of files that stand elsewhere
        return tk.get_action("package_show")(shown, {"id": named})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return tk.abort(404, tk._("There is no such page, or it is not for you."))


def _file(pkg: DataDict, resource_id: str) -> DataDict:
    found = (one for one in pkg["resources"] if one["id"] == resource_id)
    return next(found, None) or tk.abort(404, tk._("There is no such file in this entry."))


def _once(act_: str, work: Callable[[], str]) -> None:
    """What is sent twice by one form is done once: CKAN's actions commit by themselves."""
    key = request_key.of_form(tk.current_user.id, f"entry_file_{act_}")
    if key is None:
        work()
    else:
        first_answer.once_by_itself(key, work, bool)


def _create(entry: str, told: DataDict) -> str:
    return tk.get_action("resource_create")({}, {**told, "package_id": entry})["id"]


def _patch(resource_id: str, told: DataDict) -> str:
    return tk.get_action("resource_patch")({}, {**told, "id": resource_id})["id"]


def _back(pkg: DataDict, resource_id: str = "") -> Response:
    anchor = f"file-{resource_id}" if resource_id else None
    return tk.redirect_to("govdata_files.listed", id=pkg["name"], _anchor=anchor)


def _page(pkg: DataDict, values: DataDict, errors: Errors) -> Response:
    return _form("files", pkg, errors, values=values, files=pkg["resources"])


def _file_page(
    pkg: DataDict, file: DataDict, values: DataDict, errors: Errors
) -> Response:
    had = {key: file.get(key) for key in ("name", "description")}
    had["url"] = sent_file.address_of(pkg, file["id"])
    return _form("file", pkg, errors, file=file, values=values if errors else had)


def _removal_page(pkg: DataDict, file: DataDict, errors: Errors) -> Response:
    return _form("file_removal", pkg, errors, file=file)


def _form(template: str, pkg: DataDict, errors: Errors, **shown: object) -> Response:
    return form(
        f"govdata/pages/{template}.html",
        errors,
        pkg=pkg,
        fields=form_reader.declared("entry_file"),
        lost=form_reader.sent_names() if errors else (),
        **shown,
    )
