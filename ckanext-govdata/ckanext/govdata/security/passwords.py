"""A new password ends what the old one opened: every other session, every API token.

A session carries the mark of the password with which it was begun and is looked at with each
request, so it ends in whatever way the password was changed. Tokens go in the transaction that
writes the password, whoever writes it: page, API, key by mail, command line. Those of a deleted
account too.
"""
from __future__ import annotations

from hashlib import sha256
from typing import cast

import sqlalchemy as sa
from ckan import model
from ckan.common import logout_user
from flask import Flask, Response, g, has_request_context, request, session
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import InstanceState

from .. import settings, slices

MARK = "govdata_password"
CHANGED = "govdata_password_of"
"""In ``g``: whose password this request changed."""


def watch() -> None:
    """Look at every change of a user that is written. May be called again."""
    if not event.contains(model.User, "after_update", written):
        event.listen(model.User, "after_update", written)


def guard(app: Flask) -> None:
    """Before anything else asks who is signed in."""
    app.before_request_funcs.setdefault(None, []).insert(0, end_stale)
    app.after_request(renew)


def mark_of(user: model.User) -> str:
    """What a session keeps of a password's digest."""
    return sha256(str(user.password or "").encode()).hexdigest()[:32]


def begun(_app: object, user: model.User | None = None, **_: object) -> None:
    """Somebody signed in."""
    if user is not None:
        session[MARK] = mark_of(user)


def end_stale() -> None:
    """A session of another password than today's is over: the request goes on as anybody's."""
    if not settings.is_portal() or "_user_id" not in session:
        return
    user = model.User.get(session["_user_id"])
    if user is None or session.get(MARK) != mark_of(user):
        logout_user()
        session.clear()


def renew(response: Response) -> Response:
    """Whoever changed his own password goes on in the session in which he did."""
    user_id = g.pop(CHANGED, None)
    if user_id and "_user_id" in session:
        user = model.User.get(session["_user_id"])
        if user is not None and user.id == user_id:
            session[MARK] = mark_of(user)
    return response


def written(_mapper: object, connection: Connection, user: model.User) -> None:
    """A user was written: a new password, or deletion, ends his tokens, also those of grants.

    Signing in may write the same password with a dearer digest; that ends nothing.
    """
    if not settings.is_portal():
        return
    state = cast("InstanceState[model.User]", sa.inspect(user)).attrs
    fresh = state["_password"].history.has_changes() and not _signs_in()
    if fresh and has_request_context():
        setattr(g, CHANGED, user.id)
    if fresh or (state["state"].history.has_changes() and user.state == model.State.DELETED):
        table = sa.table("api_token", sa.column("user_id"))
        connection.execute(sa.delete(table).where(table.c.user_id == user.id))
        for one in slices.modules("accounts"):
            if end := getattr(one, "end_credentials", None):
                end(connection, user.id)


def _signs_in() -> bool:
    return has_request_context() and request.endpoint == "user.login"

