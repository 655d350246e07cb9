"""The language that is spoken where nobody reads a page: in jobs and commands."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Flask, has_app_context, has_request_context

from .. import settings
from ..domain.locales import LOCALES, SIMPLIFIED


def spoken() -> str:
    """The reader's language; in a job or command the portal's own; else English, as gettext has it.

    Where CKAN is only loaded and no application runs, gettext translates nothing.
    """
    if has_request_context():
        return tk.h.lang()
    return _portals_own() if has_app_context() else "en"


def of_labels() -> str:
    """The reader's language if labels have it, else Simplified Chinese."""
    return spoken() if spoken() in LOCALES else SIMPLIFIED


def speak_without_request(app: Flask) -> None:
    """Let ``_()`` work within an application context alone.

    CKAN 2.12 asks the request for its language, so that each message to an rq job or a command
    that holds such a context ends in ``RuntimeError: Working outside of request context``.
    """
    babel = app.extensions["babel"]
    of_request = babel.locale_selector
    babel.locale_selector = lambda: of_request() if has_request_context() else _portals_own()


def _portals_own() -> str:
    return settings.locale_default()
