"""What no text column holds is the sender's mistake, not ours: NUL, and halves of characters.

JSON can spell both (``\\u0000``, ``\\ud800``). CKAN 2.12.0 answers 500 to them; the database's
driver refuses them before a statement is sent.
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Response, jsonify, make_response

from . import uncaught

_UNSTORABLE = re.compile("[\\x00\ud800-\udfff]")
_SIGNS = re.compile(rb"\\u(?:0000|d[89a-f])|\x00|%00", re.IGNORECASE)
"""How one may be written in a request's body."""
WORDS = "cannot contain NUL"
"""What psycopg2 says of it: a ``ValueError``, with nothing more of its own to know it by."""


def refuse_unstorable() -> Response | None:
    """409 that names the fields, before an action sees them: CKAN's API calls it its own fault."""
    request = tk.request
    if request.method != "POST" or not request.path.startswith("/api/"):
        return None
    found = {name: _found(name) or _found(value) for name, value in _sent().items()}
    said = {_spelled(name): [_said(character)] for name, character in found.items() if character}
    if not said:
        return None
    error: dict[str, Any] = {"__type": "Validation Error", **said}
    return make_response(jsonify(success=False, error=error), 409)


def refuse_nul(error: ValueError) -> Response:
    """A page of status 400 that names the character; any other ``ValueError`` goes on."""
    if WORDS not in str(error):
        raise error
    return uncaught.page(400, _said("\0"))


def _said(character: str) -> str:
    if character == "\0":
        return tk._(
            "A text contains the character NUL (U+0000), which cannot be stored. Remove it."
        )
    message = tk._("A text contains half of a character ({code}), which cannot be stored.")
    return message.format(code=f"U+{ord(character):04X}")


def _spelled(name: str) -> str:
    return _UNSTORABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", name)


def _sent() -> dict[str, Any]:
    """The fields of the request; parsed only where the letters of one stand in it at all."""
    request = tk.request
    if request.mimetype == "multipart/form-data":
        return dict(request.form.items(multi=False))
    text = request.get_data()
    if not _SIGNS.search(text):
        return {}
    sent = request.get_json(force=True, silent=True)
    return sent if isinstance(sent, dict) else dict(request.form.items(multi=False))


def _found(value: Any) -> str:
    """The first unstorable character anywhere in a value of JSON; empty if there is none."""
    if isinstance(value, str):
        found = _UNSTORABLE.search(value)
        return found[0] if found else ""
    parts: Iterable[Any] = ()
    if isinstance(value, dict):
        parts = (part for pair in value.items() for part in pair)
    elif isinstance(value, list):
        parts = value
    return next(filter(None, map(_found, parts)), "")
