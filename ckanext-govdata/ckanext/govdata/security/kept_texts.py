"""What somebody wrote while his session ended is kept for him, and told.

A form of many words carries who it was made for, under a signature. When it comes back and he is
not signed in any more, what he wrote is put aside, encrypted, for a day; when he signs in again he
is shown it and sends it himself. Nobody else sees it, whoever signs in on that computer next.
"""
from __future__ import annotations

import json
import logging
from hashlib import sha256
from typing import TypedDict, cast
from urllib.parse import urlsplit, urlunsplit

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, URLSafeTimedSerializer
from redis.exceptions import RedisError

from .. import now, settings
from . import return_address, vault

log = logging.getLogger(__name__)
FIELD = "_written_by"
"""The form's field that says for whom it was made."""
SENT = "_written"
"""The field by which a text that was kept is sent: it is kept no more."""
SECONDS = 24 * 3600
MOST = 5
"""Texts of one person; the oldest goes."""
LARGEST = 512 * 1024
"""Bytes of one text; a form of an entry has some ten thousand."""
ONCE = "_once"
"""The form's field with its key, under which it is carried out once (slice ``repeats``)."""
UNASKED = "unasked"
"""By this field a script says that it saves what is still being written."""
NEVER = {
    *(FIELD, SENT, ONCE, UNASKED),
    *("number", "identity_name", "old_password", "password1", "password2"),
}
"""Fields that are not kept: identities and secrets are typed again."""


def guard(app: Flask) -> None:
    """Before the form's token is looked for, and after sessions that are over have been ended."""
    asked = app.before_request_funcs.setdefault(None, [])
    names = [getattr(one, "__name__", "") for one in asked]
    asked.insert(names.index("csrf_protect") if "csrf_protect" in names else len(asked), put_aside)
    app.before_request(sent)
    app.after_request(taken)
    app.register_error_handler(CSRFError, _other_session)


def mark(user_id: str, action: str) -> str:
    """The value of :data:`FIELD`: who writes in the form that is sent to this address, of which
    the query says what the form is about."""
    parts = urlsplit(action)
    return _signer().dumps([user_id, urlunsplit(("", "", parts.path, parts.query, ""))])


def put_aside() -> Response | None:
    """Put aside what comes from somebody who is not signed in any more, and say so."""
    if not _may_carry():
        return None
    writer = _writer()
    if writer is None or writer[0] == _present():
        return None
    return _kept(*writer)


def sent() -> None:
    """Remember which text is sent after all; the form's token has been checked before."""
    if _may_carry() and SENT in request.form and _present():
        g.govdata_sent = _present(), request.form[SENT]


def taken(response: Response) -> Response:
    """What was sent after all is kept no more, if it came to its page: carried out, or refused
    there with all that was typed. What met no page, or a mistake of ours, is kept."""
    text: tuple[str, str] | None = g.get("govdata_sent")
    if text and (response.status_code < 400 or response.status_code == 409):
        try:
            forget(*text)
        except RedisError:  # it was carried out; he is told so, and may throw it away himself
            log.exception("A text that was sent is still kept")
    return response


class KeptText(TypedDict):
    """What somebody wrote when his session had ended."""

    path: str
    at: str
    fields: list[tuple[str, str]]


def of(user_id: str) -> dict[str, KeptText]:
    """What was put aside for somebody, by its key, newest first: ``path`` to send it to, ``at``,
    ``fields`` (pairs of name and value, as they came)."""
    sealed = cast("dict[bytes, bytes]", connect_to_redis().hgetall(_place(user_id)))
    found: dict[str, KeptText] = {}
    for key, secret in sealed.items():
        try:
            found[key.decode()] = json.loads(vault.unseal(secret))
        except ValueError:  # of a key that is no more
            continue
    return dict(sorted(found.items(), key=lambda one: one[1]["at"], reverse=True))


def forget(user_id: str, key: str) -> None:
    """Throw one away."""
    connect_to_redis().hdel(_place(user_id), key)


def _may_carry() -> bool:
    """Whether the request may be such a form: sent by a page of ours, not by a program."""
    if request.method != "POST" or request.path.startswith("/api/"):
        return False
    if settings.token_header() in request.headers or "Authorization" in request.headers:
        return False
    return request.headers.get("Sec-Fetch-Site") != "cross-site"


def _writer() -> tuple[str, str] | None:
    """Who wrote the form that was sent, and to which address, if we made it for that."""
    try:
        user_id, path = _signer().loads(request.form.get(FIELD, ""), max_age=SECONDS)
    except (BadData, ValueError, TypeError):
        return None
    return (user_id, path) if urlsplit(str(path)).path.endswith(request.path) else None


def _present() -> str:
    """Who is signed in now, by his session; empty for nobody."""
    return str(tk.current_user.id) if tk.current_user.is_authenticated else ""


def _other_session(error: CSRFError) -> CSRFError | Response:
    """A page from before one signed in again has a token that is over; what was written is not."""
    writer = _writer() if _may_carry() else None
    return error if writer is None else _kept(*writer)


def _kept(user_id: str, path: str) -> Response:
    """Keep the form, and lead to signing in, or to what is kept."""
    whole = _keep(user_id, path)
    if UNASKED in request.form:  # the page stays as it is and says so
        return Response(status=401)
    present = _present()
    if present and present != user_id:
        said = tk._("What you sent was written while another account was signed in. It is kept for "
                    "that account for a day and nothing of it was carried out.")
    elif whole:
        said = tk._("You were signed out, so nothing was carried out yet. What you wrote is kept "
                    "for a day. Sign in again, look at it and send it.")
    else:
        said = tk._("You were signed out, and what you wrote is too long to be kept.")
    tk.h.flash_error(said)
    target = tk.h.url_for("govdata_pages.written")
    return tk.redirect_to(target) if present else tk.redirect_to("user.login", came_from=target)


def _keep(user_id: str, path: str) -> bool:
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in NEVER and name != settings.csrf_field()
    ]
    files = [name for upload in request.files.values() if (name := upload.filename)]
    text = json.dumps({
        "path": path if return_address.url_is_local(path) else "/",
        "at": now.now().isoformat(),
        "fields": fields,
        "files": files,
    }, ensure_ascii=False)  # fmt: skip
    if len(text.encode()) > LARGEST:
        return False
    key = sha256(path.encode()).hexdigest()[:16]
    place, connection = _place(user_id), connect_to_redis()
    connection.hset(place, key, cast("str", vault.seal(text)))
    connection.expire(place, SECONDS)
    for old in list(of(user_id))[MOST:]:
        forget(user_id, old)
    return True


def _place(user_id: str) -> str:
    return f"govdata:{settings.site_id()}:written:{user_id}"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.secret_key(), salt="govdata-written")
