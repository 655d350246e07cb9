"""What is open to everyone and costs much: so many searches a minute, so many subscriptions."""
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
HOUR = 3600


def is_search() -> bool:
    """Does this request search?"""
    if request.endpoint == "api.action":
        return (request.view_args or {}).get("logic_function") in SEARCH_ACTIONS
    return request.url_rule is not None and request.url_rule.rule in SEARCH_PAGES


def is_subscription() -> bool:
    """Does this request ask for letters, for whatever address?"""
    if request.endpoint == "api.action":
        return (request.view_args or {}).get("logic_function") == "govdata_emergency_subscribe"
    return request.endpoint == "govdata_emergency_mail.ask" and request.method == "POST"


def limit_search() -> Response | None:
    """Refuse an anonymous reader's search over the limit, with 429 and Retry-After.

    The machine itself is not limited; without Valkey nobody is.
    """
    if not is_search() or not tk.current_user.is_anonymous:
        return None
    count, left = _count("search", settings.searches_per_minute(), WINDOW)
    if not count:
        return None
    message = tk._("Too many searches. Please try again in {seconds} seconds.")
    return _refuse(left, message.format(seconds=left))


def limit_subscriptions() -> Response | None:
    """Refuse subscriptions over the limit; who is signed in is no exception."""
    if not is_subscription():
        return None
    count, left = _count("subscribe", settings.subscriptions_per_client(), HOUR)
    if not count:
        return None
    message = tk._("Too many subscriptions. Please try again in {minutes} minutes.")
    return _refuse(left, message.format(minutes=-(-left // 60)))


def _count(kind: str, limit: int, window: int) -> tuple[int, int]:
    """Count the request; how many more than allowed there were, and the seconds to wait."""
    if not limit or is_this_machine(request.remote_addr):
        return 0, 0
    try:
        count, left = counters.add(kind, counted(request.remote_addr), window)
    except RedisError:
        log.exception("Valkey does not answer: requests are not counted")
        return 0, 0
    return max(0, count - limit), left


def _refuse(left: int, message: str) -> Response | None:
    if request.endpoint != "api.action":
        lockout.refuse(left, message)
        return None
    answer = jsonify(success=False, error={"__type": "Too Many Requests", "message": message})
    answer.status_code = 429
    answer.headers["Retry-After"] = str(left)
    return answer
