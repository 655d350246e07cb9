"""A character that PostgreSQL cannot hold (NUL, U+0000) is the sender's mistake, not ours.

CKAN 2.12.0 answers 500 to it; text columns refuse it before a statement is sent.
"""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Response, jsonify, make_response
from werkzeug.exceptions import BadRequest

NUL = "\x00"
WORDS = "cannot contain NUL"
"""What psycopg2 says of it: a ``ValueError``, with nothing more of its own to know it by."""


def refuse_nul_in_api() -> Response | None:
    """409 that names the fields, before an action sees them: CKAN's API calls it its own fault."""
    request = tk.request
    if request.method != "POST" or not request.path.startswith("/api/"):
        return None
    fields = [name for name, value in _sent().items() if _holds(name) or _holds(value)]
    if not fields:
        return None
    error: dict[str, Any] = {"__type": "Validation Error"}
    error |= {name.replace(NUL, "\\u0000"): [_said()] for name in fields}
    return make_response(jsonify(success=False, error=error), 409)


def refuse_nul(error: ValueError) -> Response:
    """A page of status 400 that names the character; any other ``ValueError`` goes on."""
    if WORDS not in str(error):
        raise error
    model.Session.rollback()
    page = tk.render("error_document_template.html", {
        "code": 400, "content": _said(), "name": BadRequest().name,
        "show_login_redirect_link": False,
    })
    return make_response(page, 400)


def _said() -> str:
    return tk._("A text contains the character NUL (U+0000), which cannot be stored. Remove it.")


def _sent() -> dict[str, Any]:
    """The fields of the request; parsed only where the letters of a NUL stand in it at all."""
    request = tk.request
    if request.mimetype == "multipart/form-data":
        return dict(request.form.items(multi=False))
    text = request.get_data()
    if not any(sign in text for sign in (b"\\u0000", b"\x00", b"%00")):
        return {}
    sent = request.get_json(force=True, silent=True)
    return sent if isinstance(sent, dict) else dict(request.form.items(multi=False))


def _holds(value: Any) -> bool:
    """Whether a NUL stands anywhere in a value of JSON."""
    if isinstance(value, str):
        return NUL in value
    if isinstance(value, dict):
        return any(_holds(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(_holds(part) for part in value)
