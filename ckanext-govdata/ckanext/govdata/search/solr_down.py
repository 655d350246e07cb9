"""The search server does not answer: 503 and when to ask again, by page and API alike.

CKAN 2.12 answers 500 wherever a view or action asked Solr: lists of its own, feeds, dashboard, API.
"""
from __future__ import annotations

import re

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SolrConnectionError
from flask import Flask, Response, make_response, request
from pysolr import SolrError
from werkzeug.exceptions import ServiceUnavailable

AGAIN = "60"
"""Seconds after which a caller may ask again."""
_AWAY = re.compile(
    r"Failed to connect to server|Connection to server"
    r"|Solr responded with an error \(HTTP (?:404|502|503|504)\)"
)
"""No answer, a proxy's, or that of a server that has no core (yet)."""


def is_away(error: BaseException | None) -> bool:
    """Whether an error of the client means that nobody searches, not that the search is wrong."""
    return isinstance(error, SolrError) and bool(_AWAY.match(str(error)))


def hang(app: Flask) -> None:
    """Answer for the search server; once an application."""
    app.register_error_handler(SolrConnectionError, lambda error: _page(app))
    app.after_request(_api)


def _page(app: Flask) -> Response:
    response = make_response(app.handle_http_exception(ServiceUnavailable(_told())))
    response.headers["Retry-After"] = AGAIN
    return response


def _told() -> str:
    return tk._(
        "Lists and counts are not available for the moment. Entries, departments and rules can "
        "still be opened. Please try again in a minute."
    )


def _api(response: Response) -> Response:
    """CKAN's own answer in the API's form, with the status that programs wait at."""
    if response.status_code != 500 or request.endpoint != "api.action":
        return response
    told = response.get_json(silent=True) or {}
    if (told.get("error") or {}).get("__type") == "Search Connection Error":
        response.status_code = 503
        response.headers["Retry-After"] = AGAIN
    return response
