"""Who calls with an API token; that it was used is noted once a minute, not at every request.

CKAN notes it each time: a transaction of its own that waits for the disk, and requests with the
same token wait for each other's.
"""
from __future__ import annotations

import time
from hashlib import sha256
from typing import Any

from ckan.lib import api_token
from flask import g, request

from .. import settings

NOTED = 60.0
"""Seconds for which a process does not note again that a token was used."""
MOST = 10_000
"""Tokens that a process remembers."""

_noted: dict[bytes, float] = {}
"""When this process noted a token's use, by its digest."""


def identify() -> Any:
    """The user whose token came with the request; None where there is none that is good."""
    text = str(request.headers.get(settings.token_header()) or "")
    if not text:
        return None
    key, instant = sha256(text.encode()).digest(), time.monotonic()
    due = instant - _noted.get(key, -NOTED) >= NOTED
    user = api_token.get_user_from_token(text, update_access_time=due)
    if user is None:
        return None
    if due:
        if len(_noted) >= MOST:
            _noted.clear()
        _noted[key] = instant
    g.login_via_auth_header = True  # as CKAN says it: no form of a page, so no token of a form
    return user
