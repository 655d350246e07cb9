"""What no column holds is the sender's mistake: NUL, halves of characters, numbers without end.

JSON, as Python reads it, can spell them (``\\u0000``, ``\\ud800``, ``NaN``, ``1e400``). CKAN 2.12.0
answers 500 to them: the database's driver refuses the first two before a statement is sent, and
an infinite number cannot be written in the answer that would refuse it.
"""
from __future__ import annotations

import math
import re

import ckan.plugins.toolkit as tk
from flask import Response, jsonify, make_response

from . import uncaught_errors

_UNSTORABLE = re.compile("[\\x00\ud800-\udfff]")
_SIGNS = re.compile(
    rb"\\u(?:0000|d[89a-f])|\x00|%00|infinity|nan|\de\+?\d\d|\d{300}", re.IGNORECASE)
"""How one may be written in a request's body."""
DEEPEST = 40
"""Objects and lists inside each other; no action takes more than a handful."""
WORDS = "cannot contain NUL"
"""What psycopg2 says of it: a ``ValueError``, with nothing more of its own to know it by."""


def refuse_unstorable() -> Response | None:
    """409 that names the fields, before an action sees them: CKAN's API calls it its own fault."""
    request = tk.request
    if request.method != "POST" or not request.path.startswith("/api/"):
        return None
    try:
        found = {name: _fault([name, value]) for name, value in _sent().items()}
    except RecursionError:  # Python's reader gives up at some thousand levels
        found = {"data": _too_deep()}
    said = {_spelled(name): [words] for name, words in found.items() if words}
    if not said:
        return None
    error: dict[str, object] = {"__type": "Validation Error", **said}
    return make_response(jsonify(success=False, error=error), 409)


def refuse_nul(error: ValueError) -> Response:
    """A page of status 400 that names the character; any other ``ValueError`` goes on."""
    if WORDS not in str(error):
        raise error
    return uncaught_errors.page(400, _said("\0"))


def _said(character: str) -> str:
    if character == "\0":
        return tk._(
            "A text contains the character NUL (U+0000), which cannot be stored. Remove it."
        )
    message = tk._("A text contains half of a character ({code}), which cannot be stored.")
    return message.format(code=f"U+{ord(character):04X}")


def _spelled(name: str) -> str:
    return _UNSTORABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", name)


def _sent() -> dict[str, object]:
    """The fields of the request; parsed only where something in it may be wrong at all."""
    request = tk.request
    if request.mimetype == "multipart/form-data":
        return dict(request.form.items(multi=False))
    text = request.get_data()
    if not _SIGNS.search(text) and text.count(b"[") + text.count(b"{") <= DEEPEST:
        return {}
    sent = request.get_json(force=True, silent=True)
    return sent if isinstance(sent, dict) else dict(request.form.items(multi=False))


def _fault(sent: object) -> str:
    """What is to be said of the first thing in a value of JSON that cannot be; else nothing."""
    level, below = 0, [sent]
    while below:
        level, values, below = level + 1, below, []
        if level > DEEPEST:
            return _too_deep()
        for value in values:
            if words := _wrong(value):
                return words
            if isinstance(value, dict):
                below += [*value.keys(), *value.values()]
            elif isinstance(value, list):
                below += value
    return ""


def _wrong(value: object) -> str:
    if isinstance(value, str):
        found = _UNSTORABLE.search(value)
        return _said(found[0]) if found else ""
    if isinstance(value, float) and not math.isfinite(value):
        return tk._("A number is too large, or is none (NaN, Infinity).")
    return ""


def _too_deep() -> str:
    return tk._("Lists and objects stand inside each other more than {most} deep.").format(
        most=DEEPEST)
