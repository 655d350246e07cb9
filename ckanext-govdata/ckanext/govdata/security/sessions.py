"""Who is signed in cannot be known while Valkey is away; what is public is read all the same."""
from __future__ import annotations

import logging
from typing import cast

from flask import Flask, Request, Response, has_request_context, request
from flask.sessions import SessionInterface, SessionMixin
from flask_session.base import ServerSideSession, ServerSideSessionInterface
from redis.exceptions import RedisError

from ..web import READER_UNKNOWN

log = logging.getLogger(__name__)


def outlast(app: Flask) -> None:
    """Once an application whose sessions stand in Valkey."""
    if isinstance(app.session_interface, ServerSideSessionInterface):
        app.session_interface = _Outlasting(app.session_interface)


def are_unknown() -> bool:
    """Whether the reader of this page may be somebody whom we cannot recognise at the moment."""
    return has_request_context() and bool(request.environ.get(READER_UNKNOWN))


class _Outlasting(SessionInterface):
    """The sessions as they are; while they cannot be read, whoever reads a page is a stranger.

    His cookie is left alone: with Valkey back he is signed in as before. What writes is not done
    for a stranger who may be somebody: the error goes on, and he is told.
    """

    def __init__(self, kept: ServerSideSessionInterface) -> None:
        self._kept = kept

    def __getattr__(self, name: str) -> object:
        return getattr(self._kept, name)

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        """The reader's session, or an empty one that is not kept."""
        try:
            return self._kept.open_session(app, request)
        except RedisError:
            if request.method not in ("GET", "HEAD") or request.path.startswith("/api/"):
                raise
            log.warning("Sessions cannot be read: readers are strangers until Valkey answers")
            request.environ[READER_UNKNOWN] = True
            return ServerSideSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep it. A stranger's page does not fail because nothing can be noted of him."""
        if request.environ.get(READER_UNKNOWN):
            response.headers["Cache-Control"] = "no-store"
            return
        try:
            self._kept.save_session(app, cast("ServerSideSession", session), response)
        except RedisError:
            if request.method not in ("GET", "HEAD"):
                raise
            log.warning("A session cannot be kept: Valkey does not answer")
