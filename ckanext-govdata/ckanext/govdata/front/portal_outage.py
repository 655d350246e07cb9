"""What the front gives while the database is away, put together for a portal (``asgi.py``)."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask

from .. import settings
from ..catalogue.entry.public_changes import PublicChanges
from ..security import services_away
from ..security.database_connections import BrokenOff
from .copies import Copies
from .outage import TIME, Database, Outage, OutageWords


def outage(app: Flask) -> Outage:
    """Copies, their notices in each language in which they may be asked for, and the database."""
    languages, words = settings.locales_offered(), {}
    for language in ("", *languages):
        chosen = {"CKAN_LANG": language or settings.locale_default()}
        with app.test_request_context(environ_overrides=chosen):
            notice, page = services_away.on_a_copy(TIME), services_away.page_of_503()
            words[language] = OutageWords(notice, page)
    host, tokens = urlsplit(settings.site_url()).netloc, [settings.token_header().lower()]
    connections = BrokenOff()
    connections.watch()
    changes = PublicChanges(settings.database_url()).taken
    return Outage(Database(changes, connections.let_go), Copies(languages, host, tokens), words)
