"""A request that is too large is refused by what it says of itself, before a byte of it is read."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Flask, Response, jsonify, request

from .. import settings

MIB = 1024**2
FORM = 10 * MIB
"""Room for the form around a file."""
OF_CASES = frozenset({"govdata_cases", "govdata_grants"})
AT_ONCE = 4
"""Attachments of the largest size that one form of a case may carry."""


def guard(app: Flask) -> None:
    """Before the form's token is looked for: reading a form stores all of it."""
    asked = app.before_request_funcs.setdefault(None, [])
    names = [getattr(one, "__name__", "") for one in asked]
    asked.insert(names.index("csrf_protect") if "csrf_protect" in names else len(asked), limit)


def limit() -> Response | None:
    """Refuse what says it is too large; of what does not say so only so much is read."""
    request.max_content_length = most()
    if (request.content_length or 0) > most():
        return refused()
    return None


def most() -> int:
    """Bytes that this request may have."""
    if request.blueprint in OF_CASES:
        return AT_ONCE * settings.largest_attachment() + FORM
    return settings.largest_file() + FORM


def refused() -> Response:
    """413 in words, with the limit; the rest of what is being sent is not waited for."""
    text = tk._("What was sent is too large: at most {most} MiB.").format(most=most() // MIB)
    if request.path.startswith("/api/"):
        error = {"__type": "Request Entity Too Large", "message": text}
        answer = jsonify({"success": False, "error": error})
    else:
        answer = Response(f"{text}\n", content_type="text/plain; charset=utf-8")
    answer.status_code = 413
    answer.headers["Connection"] = "close"
    return answer
