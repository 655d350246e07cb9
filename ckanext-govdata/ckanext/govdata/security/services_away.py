"""A service that the portal needs does not answer: 503, in words, from this module alone.

PostgreSQL or Valkey away, a lock that somebody does not give back, a disk that is full: nothing
of it is the caller's fault, and it passes. CKAN's page of an error asks the database for the
reader and Valkey for his session, so it fails too, and what is left is a line of English; the
answer here needs neither. Programs know by the status that they may ask again.
"""
from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from functools import wraps
from html import escape

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict
from flask import Flask, Response, current_app, g, jsonify, make_response, request
from redis.exceptions import BusyLoadingError, RedisError, ResponseError
from redis.exceptions import ConnectionError as ValkeyAway
from redis.exceptions import TimeoutError as ValkeySlow
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from ..forms import form_reader
from ..speech.language import spoken
from . import kept_texts, uncaught_errors

log = logging.getLogger(__name__)
AGAIN = "30"
"""Seconds after which a caller may ask again."""
HEALTH = "govdata_health.show"
"""The page that says what is away; it asks each service by itself, and answers always."""
ANSWERED = "govdata.service_away"
"""In a request's environment: the error that was answered already."""
_FULL = ("OOM", "MISCONF", "LOADING", "READONLY")
"""What Valkey answers while it can take nothing."""
_LOCKED = frozenset({"55P03", "40P01"})
"""PostgreSQL's codes: a lock was waited for too long, or two waited for each other."""
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What a disk answers that takes no more; and PostgreSQL, of its own."""
_DISK_FULL = "53100"
KINDS: tuple[type[Exception], ...] = (
    OperationalError, InterfaceError, NoConnectionFree, ValkeyAway, ValkeySlow, BusyLoadingError,
    ResponseError, OSError,
)


def is_away(error: BaseException) -> bool:
    """Whether a service is to blame: for the error itself, or for one that it came of."""
    return any(map(_is_of_a_service, _chain(error)))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _is_of_a_service(error: BaseException) -> bool:
    if isinstance(error, ResponseError) and not isinstance(error, BusyLoadingError):
        return str(error).startswith(_FULL)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM
    return isinstance(error, KINDS)


def is_locked(error: BaseException) -> bool:
    """Whether somebody else kept what was to be written for too long."""
    return any(
        getattr(one.orig, "pgcode", None) in _LOCKED
        for one in _chain(error) if isinstance(one, DBAPIError)
    )


def is_full(error: BaseException) -> bool:
    """Whether there was no room for what was to be kept."""
    return any(
        one.errno in _NO_ROOM if isinstance(one, OSError)
        else isinstance(one, DBAPIError) and getattr(one.orig, "pgcode", None) == _DISK_FULL
        for one in _chain(error)
    )


def answer(app: Flask) -> None:
    """Once an application: also for what fails before a view is found and after it has answered."""
    for kind in KINDS:
        app.register_error_handler(kind, _refuse)
    otherwise = app.handle_exception

    def handle(error: Exception) -> Response:
        away = request.environ.get(ANSWERED, error)  # what followed the answer failed too
        if not is_away(away):
            try:
                return otherwise(error)
            except KINDS as failed:  # the page of the error asks for the reader
                away = failed
        return app.finalize_request(_refuse(away), from_error_handler=True)

    app.handle_exception = handle  # type: ignore[method-assign]
    app.after_request(_of_api)


def noticing(action: Action) -> Action:
    """An action that the API calls: CKAN's API answers whatever it raises with 500."""

    @wraps(action)
    def asked(context: Context, data_dict: DataDict) -> object:
        try:
            return action(context, data_dict)
        except KINDS as error:
            g.govdata_away = error
            raise

    return asked


def _of_api(response: Response) -> Response:
    error = g.pop("govdata_away", None)
    return _refuse(error) if error and response.status_code == 500 and is_away(error) else response


def _refuse(error: Exception) -> Response:
    if not is_away(error):
        raise error
    uncaught_errors.let_go()
    request.environ[ANSWERED] = error
    if request.endpoint == HEALTH:
        return make_response(current_app.ensure_sync(current_app.view_functions[HEALTH])())
    log.error("%s %s: %s", request.method, request.path, " ".join(_names(error)))
    said = _sentences(request.method not in ("GET", "HEAD"), error)
    if request.path.startswith("/api/"):
        told = {"__type": "Service Unavailable", "message": " ".join(said)}
        response = make_response(jsonify(success=False, error=told), 503)
    else:
        response = make_response(_page(said), 503)
    response.headers["Retry-After"] = AGAIN
    response.headers["Cache-Control"] = "no-store"
    return response


def _names(error: BaseException) -> Iterator[str]:
    """What went wrong, without a statement and its values."""
    for one in _chain(error):
        if isinstance(one, (SQLAlchemyError, RedisError, OSError)):
            cause = one.orig if isinstance(one, DBAPIError) else one
            yield f"{type(one).__name__} ({str(cause).strip().partition(chr(10))[0][:200]})"


def _sentences(sent: bool, error: Exception) -> list[str]:
    """What the reader is told: what is the matter, of what he sent, when to come back."""
    locked, full = is_locked(error), is_full(error)
    said = [
        tk._("Somebody else is writing here at the moment.") if locked else
        tk._("The portal has no room left at the moment and can keep nothing.") if full else
        tk._("A part of the portal does not answer at the moment.")
    ]
    if sent and (locked or full):
        said.append(tk._("Nothing of what you sent was kept."))
    elif sent:
        said.append(tk._(
            "Look whether what you sent is there before you send it again: it was kept whole or "
            "not at all."))
    if sent and not full and form_reader.pressed(kept_texts.ONCE):  # a full disk reads none
        said.append(tk._(
            "Loading this page anew sends it once more, and that is safe: it is carried out only "
            "once."))
    return [*said, tk._("Please try again in half a minute.")]


def page_of_503() -> str:
    """The whole page for whoever asks for something, in the reader's language."""
    return _page(_sentences(False, Exception()))


def on_a_copy(time: str) -> str:
    """What stands at the top of a page that is a copy of that time, in the reader's language."""
    title = tk._(
        "This page is a copy of {time}: the database does not answer at the moment. It shows what "
        "everybody sees; whoever is signed in stays so. Nothing can be sent until it answers.")
    tag = tk._("Saved copy")
    return (
        '<aside class="gd-banner gd-banner--blue" role="status"><div class="gd-wrap">'
        f'<strong class="gd-banner__tag">{escape(tag)}</strong>'
        f'<span class="gd-banner__text">{escape(title.format(time=time))}</span></div></aside>'
    )


def _page(said: list[str]) -> str:
    """The whole page: no style, script, picture or template, which would need what is away."""
    language, title = spoken().replace("_", "-"), tk._("Not available at the moment")
    words = "".join(f"<p>{escape(one)}</p>" for one in said)
    again, emergency = escape(tk._("Try again")), escape(tk._("Emergency information"))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>503 · {escape(title)}</title></head>'
        f"<body><main><h1>{escape(title)}</h1>{words}"
        f'<p><a href="">{again}</a></p><p><a href="/emergency">{emergency}</a></p>'
        "</main></body></html>"
    )
