"""The key that a request carries: a program's in a header, a form's in a hidden field.

The header is that of the IETF's draft (``Idempotency-Key``): it stands beside an action's
parameters and is none of them, so it fits every action, also one that takes a file.
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
from flask import Flask, Response, g
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from .. import settings
from ..ckan_uploads import digest_of
from ..forms import form_reader
from ..security import kept_texts, vault

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
"""In an answer: it was given before, and nothing was done now."""
UNREADABLE, USED_OTHERWISE, ANSWER_LOST = 400, 422, 409
VISIBLE = re.compile("[!-~]{1,255}")
UNSAID = {kept_texts.ONCE, kept_texts.FIELD, kept_texts.SENT}
"""Fields of a form that say nothing of what is asked."""


@dataclass(frozen=True)
class RequestKey:
    """A user's key of one act: ``key`` and ``request`` (all that is asked) as digests, so that
    neither is ever read in the database, in a copy of it, or in a log."""

    user_id: str
    key: str
    action: str
    request: str


def hang(app: Flask) -> None:
    """Once an application: answers say what became of their key."""
    app.after_request(_tell)


def hidden_field() -> Markup:
    """The field of a form with a key of its own, new each time that the form is shown."""
    field = Markup('<input type="hidden" name="{}" value="{}">')
    return field.format(kept_texts.ONCE, uuid.uuid4().hex)


def of_call(user_id: str, action: str, parameters: object) -> RequestKey | None:
    """The key of an action that a program or a page calls; None where there is none.

    Raises ``ValidationError`` where a program's is none that can be kept.
    """
    if not tk.request.path.startswith("/api/"):
        return of_form(user_id, action)
    said = tk.request.headers.get(HEADER)
    if said is None:
        return None
    key = said[1:-1] if len(said) > 1 and said[0] == said[-1] == '"' else said
    if not VISIBLE.fullmatch(key):
        raise _refusal(UNREADABLE, tk._("A key has 1 to 255 visible characters of ASCII."))
    return _key(user_id, key, action, parameters)


def of_form(user_id: str, action: str) -> RequestKey | None:
    """The key of an act that a form asks for; None where the form has none.

    A page may do several acts for one form, each under a key of its own. What a script saves
    while somebody still writes is not the form's act.
    """
    said = form_reader.pressed(kept_texts.ONCE) or ""
    if not VISIBLE.fullmatch(said) or form_reader.pressed(kept_texts.UNASKED) is not None:
        return None
    acts: dict[str, int] = g.setdefault("govdata_acts", {})
    acts[action] = acts.get(action, 0) + 1
    unsaid = UNSAID | {settings.csrf_field()}
    sent = [pair for pair in form_reader.everything() if pair[0] not in unsaid]
    return _key(user_id, f"form {said} {acts[action]} {action}", action, sent)


def replayed() -> None:
    """Have this request's answer say that it was given before."""
    g.govdata_replayed = True


def used_otherwise() -> tk.ValidationError:
    """That the key was of another request, which was carried out; for the caller to raise."""
    if tk.request.path.startswith("/api/"):
        words = tk._("Under this key something else was asked and done before. Nothing was done "
                     "now.")
    else:
        words = tk._("What you sent from this page before was carried out; what you sent now was "
                     "not. Look at what is there: if you want this too, send it again.")
    return _refusal(USED_OTHERWISE, words)


def answer_lost() -> tk.ValidationError:
    """That it was done under this key, and the answer lost; for the caller to raise."""
    return _refusal(ANSWER_LOST, tk._(
        "Under this key it was done before, but the answer was lost. Nothing was done now: look at "
        "what is there."))


def _refusal(status: int, words: str) -> tk.ValidationError:
    g.govdata_key_status = status
    return tk.ValidationError({HEADER: [words]})


def _key(user_id: str, key: str, action: str, asked: object) -> RequestKey:
    whole = json.dumps([action, asked], default=_content, sort_keys=True)
    return RequestKey(user_id, vault.digest(f"{user_id} {key}"), action, vault.digest(whole))


def _content(value: object) -> str:
    """What stands for a file: its name and a digest of what is in it."""
    if not isinstance(value, FileStorage):
        return str(value)
    value.stream.seek(0)
    digest = digest_of(value.stream)
    value.stream.seek(0)
    return f"{value.filename} {digest}"


def _tell(response: Response) -> Response:
    status = g.pop("govdata_key_status", None)
    if status and tk.request.path.startswith("/api/"):
        response.status_code = status
    if g.pop("govdata_replayed", False):
        response.headers[REPLAYED] = "true"
    return response
