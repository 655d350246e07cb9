"""The gate before every route that names a file, CKAN's own and other plugins' alike.

A route with a file's or a view's id in its address hands out data unless it is listed here, so
a plugin that brings a new one meets the gate without knowing of it.
"""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Flask, Response, make_response, request

from .. import ckan_uploads
from ..domain.access import Permitted, Way
from ..domain.refusal import Refusal
from ..domain.web_address import may_be_link
from ..security import uncaught_errors
from ..security.headers import PRIVATE
from . import answer_watch, columns, delivery, gate, rows, sentences

ABOUT = frozenset({"dataset_resource.read", "resource.read"})
"""Pages about a file that show none of its data; the views in them ask for themselves."""


OWN_LOCK = frozenset({"govdata_grants.data", "govdata_grants.download"})
"""Routes that ask the gate themselves: about one grant, of whoever is signed in or has a token."""


def hang(app: Flask) -> None:
    """Once an application."""
    app.before_request(guard)
    app.after_request(keep_from_caches)


def guard() -> Response | None:
    """Refuse, deliver ourselves, or let CKAN's own view answer (None)."""
    resource_id = _asked_for()
    endpoint = request.endpoint or ""
    if endpoint in OWN_LOCK:
        request.environ["govdata_guarded"] = True
        return None
    if not resource_id or _is_about(endpoint):
        return None
    answer = gate.allows({}, resource_id)
    if isinstance(answer, Refusal) and answer.code == "no_such_resource":
        return tk.abort(404, tk._("There is no such file.")) if gate.facts(resource_id) else None
    user = gate.reader_of({})
    if not isinstance(answer, Refusal) and answer.way is Way.OPEN:
        request.environ["__no_cache__"] = True  # it may be closed tomorrow, and caches cannot know
        answer_watch.reading(resource_id, user.id if user else "", answer)
        if endpoint.endswith("resource.download"):
            answer_watch.from_one_file()
            return (_no_link(resource_id) or _in_part(resource_id, answer)
                    or _no_file(resource_id))
        return None
    request.environ["govdata_guarded"] = True
    if not _knows(resource_id):
        return None  # CKAN's own refusal: it tells less than ours
    if isinstance(answer, Refusal):
        return refused(answer, resource_id)
    answer_watch.reading(resource_id, user.id if user else "", answer)
    if endpoint.endswith("resource.download"):
        return delivery.deliver(resource_id, answer, request.view_args or {})
    if answer.way is Way.GRANT and not endpoint.startswith("govdata_"):
        return refused(Refusal("no_grant"), resource_id)
    return None


def _in_part(resource_id: str, allowed: Permitted) -> Response | None:
    """To the table's open columns, where the file has columns that this reader does not get."""
    found = model.Resource.get(resource_id)
    if allowed.columns is None or found is None or not found.url_type:
        return None
    if not rows.in_datastore(resource_id) or not columns.kept_back(resource_id, allowed):
        return None
    if not columns.given(resource_id, allowed):
        return uncaught_errors.page(409, tk._(
            "No column of this file is declared open: its department has to name them in the entry."
        ))
    return tk.redirect_to("datastore.dump", resource_id=resource_id, bom=True)


def _no_link(resource_id: str) -> Response | None:
    """409 in words where what is stored is nothing that a browser may be sent to."""
    found = model.Resource.get(resource_id)
    url = str(found.url or "") if found else ""
    if found is None or found.url_type or may_be_link(url) or not _knows(resource_id):
        return None
    words = tk._("What is stored as the address of this file is none: '{value}'.")
    return uncaught_errors.page(409, words.format(value=url[:100]))


def _no_file(resource_id: str) -> Response | None:
    """404 where a file was to be uploaded and none was; CKAN answers 500."""
    found = model.Resource.get(resource_id)
    uploaded = found is not None and found.url_type == "upload"
    place = ckan_uploads.place_of(resource_id) if uploaded and _knows(resource_id) else None
    if place is None or place.exists():
        return None
    return uncaught_errors.page(404, tk._("There is no such file."))


def refused(answer: Refusal, resource_id: str) -> Response:
    """The page that says why not and how to get it."""
    known = gate.facts(resource_id)
    text = tk.render(
        "govdata/access/refused.html",
        {
            "why": sentences.say(answer),
            "code": answer.code,
            "entry": known.package_name if known else "",
        },
    )
    return make_response(text, 403)


def keep_from_caches(response: Response) -> Response:
    """What depends on who asks is kept by nobody; and a long answer is watched."""
    answer_watch.follow(response)
    if request.environ.get("govdata_guarded"):
        request.environ["__no_cache__"] = True
        response.headers.update(PRIVATE)
    return response


def _is_about(endpoint: str) -> bool:
    return endpoint in ABOUT or endpoint.endswith("_resource.read")


def _asked_for() -> str:
    """The file that the address names, itself or by a view of it."""
    named = request.view_args or {}
    if named.get("resource_id"):
        return str(named["resource_id"])
    view = named.get("resource_view_id") or named.get("view_id")
    found = model.ResourceView.get(str(view)) if view else None
    return str(found.resource_id) if found else ""


def _knows(resource_id: str) -> bool:
    """Whether the reader may know that the entry is there."""
    try:
        tk.check_access("resource_show", {}, {"id": resource_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True
