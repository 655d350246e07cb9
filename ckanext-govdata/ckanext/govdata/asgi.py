"""The portal as an ASGI application, for granian; reads ``CKAN_INI``.

Emergencies are answered from memory (see ``front``); everything else is the WSGI application.
"""
from __future__ import annotations

import gc
import sys
from typing import cast

from a2wsgi.wsgi_typing import WSGIApp
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from . import settings, web_workers
from .emergency.public.downloads import FRONT, add
from .emergency.version_watch import look
from .front.application import Front
from .front.page_cache import Answer, Unmade, packed
from .front.portal_outage import outage
from .search import vectors
from .search.live_reader import understand
from .wsgi import application as ckan

DROPPED = {
    *("set-cookie", "content-length", "etag", "vary", "date", "server", "connection"),
    "cache-control",
}
FRESH = (b"cache-control", b"public, max-age=1")
"""CKAN's own setting lets browsers and proxies keep a page for a minute: too long for these."""

OBJECTS = 50_000
"""New objects after which the young ones are looked through (Python's own: 700): a page makes some
thousands that all go with it."""
TURN = 0.001
"""Seconds after which a computing thread lets the loop have the interpreter (Python's own: 0.005);
the loop's readers wait for that at every answer."""


def render(target: str) -> Answer | None:
    """What somebody unknown gets from CKAN at that address; None unless everybody may keep it.

    Raises ``Unmade`` while CKAN cannot make it.
    """
    builder = EnvironBuilder(path=target, base_url=settings.site_url())
    environ = {**builder.get_environ(), FRONT: True}
    pieces, status, headers = run_wsgi_app(ckan, environ, buffered=True)
    body = b"".join(pieces)
    if status.startswith("5"):
        raise Unmade
    private = any(word in headers.get("Cache-Control", "") for word in ("private", "no-store"))
    if not status.startswith("200") or private or "Set-Cookie" in headers:
        return None
    kept = tuple(
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in headers
        if name.lower() not in DROPPED
    )
    return packed(200, (*kept, FRESH), body)


def warm() -> None:
    """Build what the first search and the first publishing would wait for."""
    with cast("Flask", ckan).app_context():
        understand("gongjiao")  # whoever types pinyin first would wait for its index
        vectors.available()
    gc.collect()
    gc.set_threshold(OBJECTS)
    gc.freeze()  # a collection that goes through all of CKAN stops the event's readers for long


def _application() -> Front:
    sys.setswitchinterval(TURN)
    threads = web_workers.threads()
    cookies = settings.signed_in_cookies()
    away = outage(cast("Flask", ckan))
    return Front(cast("WSGIApp", ckan), render, look, cookies, threads, warm, add, away)


application = _application()
