"""Search costs more than anything else that is open to everyone: so many a minute."""
from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk
from flask import Response, jsonify, request
from redis import RedisError

from .. import settings
from . import counters, lockout
from .addresses import counted, is_this_machine

log = logging.getLogger(__name__)

# By address, since a slice may answer there in place of CKAN.
SEARCH_PAGES = {"/dataset/", "/organization/<id>", "/group/<id>", "/region/<code>"}
SEARCH_ACTIONS = {"package_search", "resource_search", "govdata_search"}
WINDOW = 60


def is_search() -> bool:
    """Does this request search?"""
    if request.endpoint == "api.action":
        return (request.view_args or {}).get("logic_function") in SEARCH_ACTIONS
    return request.url_rule is not None and request.url_rule.rule in SEARCH_PAGES


def limit_search() -> Response | None:
    """Refuse an anonymous reader's search over the limit, with 429 and Retry-After.

    The machine itself is not limited; without Valkey nobody is.
    """
    limit = settings.searches_per_minute()
    if not limit or not is_search() or is_this_machine(request.remote_addr):
        return None
    if not tk.current_user.is_anonymous:
        return None
    try:
        count, left = counters.add("search", counted(request.remote_addr), WINDOW)
    except RedisError:
        log.exception("Valkey does not answer: searches are not counted")
        return None
    if count <= limit:
        return None
    message = tk._("Too many searches. Please try again in {seconds} seconds.").format(seconds=left)
    if request.endpoint == "api.action":
        answer = jsonify(
            success=False, error={"__type": "Too Many Requests", "message": message})
        answer.status_code = 429
        answer.headers["Retry-After"] = str(left)
        return answer
    lockout.refuse(left, message)
    return None
