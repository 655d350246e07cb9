"""Password guessing: five failures in fifteen minutes lock the account and the address.

An attempt is counted before the password is looked at, so that a hundred attempts at once
are not all let through, and taken back after the request if nothing failed in it. What is
counted is the name that was typed, known or not: neither the answer nor its time tells which
accounts exist.
"""
from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import DataDict
from flask import Response, g, request
from passlib.hash import pbkdf2_sha512  # pyright: ignore[reportAttributeAccessIssue]
from redis import RedisError

from .. import settings
from . import counters
from .client_address import counted

log = logging.getLogger(__name__)


def _user_of(login: str) -> model.User | None:
    """Whose name or mail address was typed."""
    return model.User.by_name(login) or model.User.by_email(login)


def admit(identity: DataDict) -> None:
    """Count an attempt to sign in, or stop the request with 429 when there were too many.

    Without Valkey nothing can be counted, and nobody is let in: 503.
    """
    window, login = settings.login_window(), str(identity.get("login") or "")
    user = _user_of(login)
    counts = {
        "login-account": (user.id if user else login.strip().lower(),
                          settings.login_failures_per_account()),
        "login-address": (counted(request.remote_addr), settings.login_failures_per_address()),
    }
    try:
        waits = [_wait(kind, name, limit, window) for kind, (name, limit) in counts.items()]
    except RedisError:
        log.exception("Valkey does not answer: nobody can sign in")
        tk.abort(503, tk._("Signing in is not possible at the moment. Please try again later."))
    if any(waits):
        log.warning("Sign-in refused: too many failures from %s", counted(request.remote_addr))
        refuse(max(waits), tk._(
            "Too many failed attempts to sign in. Please try again in {minutes} minutes."
        ).format(minutes=-(-max(waits) // 60)))
    g.govdata_attempt = {kind: name for kind, (name, _) in counts.items()}
    _spend(user, str(identity.get("password") or ""))


def _spend(user: model.User | None, password: str) -> None:
    """The work of looking at a password where CKAN looks at none, as nobody has that name or may
    sign in with it: else the answer would come sooner."""
    if password and not (user and user.is_active and user.password):
        pbkdf2_sha512.hash(password)


def _wait(kind: str, name: str, limit: int, window: int) -> int:
    """Seconds to wait, 0 if this attempt is within the limit."""
    count, left = counters.add(kind, name, window)
    return left if limit and count > limit else 0


def refuse(seconds: int, message: str) -> None:
    """End the request with 429 and say when to come back."""
    g.govdata_retry_after = seconds
    tk.abort(429, message)


def failed(_login: object, **_: object) -> None:
    """The password was wrong: the count stays."""
    g.govdata_login_failed = True


def settle(response: Response) -> Response:
    """After the request: an attempt that did not fail is taken back; the account starts anew."""
    attempt = g.pop("govdata_attempt", None)
    if attempt and not g.pop("govdata_login_failed", False):
        try:
            counters.forget("login-account", attempt["login-account"])
            counters.take_back("login-address", attempt["login-address"])
        except RedisError:
            log.exception("The count of sign-in attempts could not be taken back")
    return response
