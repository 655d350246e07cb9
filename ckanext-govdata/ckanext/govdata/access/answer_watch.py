"""A long answer asks the gate again while it is on its way, and breaks off where it says no.

What was withdrawn in the meantime must not go on leaving the portal because its download began
before. The reader sees that the answer is broken and not that it is complete.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import ckan.model as model
from flask import Response, has_app_context, request

from ..domain.access import Permitted
from ..domain.refusal import Refusal
from . import gate, grant_tokens

SECONDS = 0.05
"""The gate is asked again when so much time has passed since it was asked last,"""
BYTES = 4 * 1024 * 1024
"""or when so much was given out since."""

Asks = Callable[[], Permitted | Refusal]
ASKED = "govdata_asked_again"
"""In the environ of a request whose answer is data: how the gate is asked for it."""
ONE_FILE = "govdata_one_file"
"""In the environ of a request whose answer comes of one file that is open already."""


class WithdrawnError(Exception):
    """The reader may not have the rest. Raised while the answer is on its way, so it is cut off:
    the status has long been sent."""


def reading(resource_id: str, user_id: str, first: Permitted) -> None:
    """From now on what this request answers is the data of a resource, as the gate ``first`` gave
    it to the user (nobody: the public)."""

    def ask() -> Permitted | Refusal:
        user = model.Session.get(model.User, user_id) if user_id else None
        if user_id and (user is None or user.state != "active"):
            return Refusal("sign_in_and_apply", "user", user_id)
        return gate.judged(resource_id, user)

    _watch(resource_id, first, ask)


def reading_under(grant_id: str, user_id: str, resource_id: str, first: Permitted,
                  token_id: str = "") -> None:
    """As :func:`reading`, under one grant, and with one of its tokens."""

    def ask() -> Permitted | Refusal:
        user = model.Session.get(model.User, user_id)
        if user is None or user.state != "active":
            return Refusal("sign_in_and_apply", "user", user_id)
        if token_id and not grant_tokens.stands(model.Session, token_id):
            return Refusal("no_grant", "token", token_id)
        return gate.under(grant_id, user_id, resource_id)

    _watch(resource_id, first, ask)


def from_one_file() -> None:
    """The answer is an uploaded file: when it is replaced, this reader gets the one that he began
    to the end, and no half of each. What comes of a table, batch by batch, breaks off."""
    request.environ[ONE_FILE] = True


def follow(response: Response) -> None:
    """For ``after_request``: watch an answer that goes out piece by piece."""
    gate.stop_remembering()
    ask: Asks | None = request.environ.get(ASKED)
    streamed = response.is_streamed or response.direct_passthrough
    if ask and streamed and response.status_code in (200, 206):
        passed: Any = response.response
        response.response = watched(passed, ask)


def watched(pieces: Iterable[bytes], ask: Asks) -> Iterator[bytes]:
    """The pieces, as long as the gate lets the reader have them; raises ``WithdrawnError``.

    The gate is asked before the first piece too: what is open now may be a file that came with the
    closing of its entry, after the gate was asked for the request.
    """
    asked, given = 0.0, BYTES
    try:
        for piece in pieces:
            if given >= BYTES or time.monotonic() - asked >= SECONDS:
                _check(ask)
                asked, given = time.monotonic(), 0
            given += len(piece)
            yield piece
    finally:
        close = getattr(pieces, "close", None)
        if close:
            close()


def _watch(resource_id: str, first: Permitted, ask: Asks) -> None:
    known = gate.facts(resource_id)
    version, environ = known.version if known else "", request.environ

    def again() -> Permitted | Refusal:
        now = gate.facts(resource_id)
        same_file = now is not None and not now.link and ONE_FILE in environ
        if now is None or not (same_file or now.version == version):
            return Refusal("no_such_resource", "resource", resource_id)
        answer = ask()
        less = not isinstance(answer, Refusal) and answer != first and not answer.whole
        return Refusal("no_grant", "resource", resource_id) if less else answer

    environ[ASKED] = again


def _check(ask: Asks) -> None:
    """Ask in a transaction of its own, so that it sees what was written meanwhile."""
    model.Session.rollback()
    try:
        answer = ask()
    finally:
        model.Session.rollback()
        if not has_app_context():
            model.Session.remove()
    if isinstance(answer, Refusal):
        raise WithdrawnError(answer.code)
