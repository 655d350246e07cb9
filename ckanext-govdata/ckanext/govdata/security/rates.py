"""What is open to everyone and costs much: so many searches a minute, so many subscriptions."""
from __future__ import annotations

import logging
import re

import ckan.plugins.toolkit as tk
from flask import Response, jsonify, request
from redis import RedisError

from .. import settings
from . import counters, lockout
from .client_address import counted, is_this_machine

log = logging.getLogger(__name__)
_PARAMETER = re.compile("<[^>]*>")

# By address, since a slice may answer there in place of CKAN.
SEARCH_PAGES = {
    "/dataset/", "/organization/<id>", "/group/<id>", "/region/<code>", "/catalogue/export",
    "/search/items", "/feeds/custom.atom", "/feeds/dataset.atom", "/feeds/tag/<string:id>.atom",
    "/feeds/group/<string:id>.atom", "/feeds/organization/<string:id>.atom",
}
SEARCH_ACTIONS = {
    "package_search", "resource_search", "govdata_search", "govdata_catalogue_export",
    "govdata_search_item_list", "current_package_list_with_resources", "group_package_show",
}
SUGGESTION_PAGES = {
    "/api/govdata/suggest", "/api/util/dataset/autocomplete",
    "/api/<int(min=1, max=2):ver>/util/dataset/autocomplete",
}
SUGGESTION_ACTIONS = {"package_autocomplete", "govdata_search_suggest"}
CASE_PAGES = {"/begin/<kind>", "/apply/<dataset>"}
REHEARSING_PAGES = {"/cases/<case_id>/do/<command>", "/cases/<case_id>/step/<name>"}
TABLE_PAGES = "/dataset/<id>/data/"
"""Addresses that begin so read tables: pages, pictures, files."""
TABLE_ACTIONS = {"govdata_table_rows"}
READINGS = 2
"""As many readings of tables as searches, times this."""
SUGGESTIONS = 5
"""As many suggestions as searches, times this: a search is typed letter by letter."""
WINDOW = 60
HOUR = 3600


def is_search() -> bool:
    """Does this request search?"""
    return _asks(SEARCH_ACTIONS, SEARCH_PAGES)


def is_suggestion() -> bool:
    """Does this request ask what a search may go on with?"""
    return _asks(SUGGESTION_ACTIONS, SUGGESTION_PAGES)


def is_reading() -> bool:
    """Does this request ask a table?"""
    rule = request.url_rule.rule if request.url_rule else ""
    return _asks(TABLE_ACTIONS, set()) or _PARAMETER.sub("<id>", rule).startswith(TABLE_PAGES)


def _asks(actions: set[str], pages: set[str]) -> bool:
    if request.endpoint == "api.action":
        return _action() in actions
    return request.url_rule is not None and request.url_rule.rule in pages


def _action() -> str:
    """The action that a program calls."""
    return str((request.view_args or {}).get("logic_function"))


def is_subscription() -> bool:
    """Does this request ask for letters, for whatever address?"""
    if request.endpoint == "api.action":
        return _action() == "govdata_emergency_subscribe"
    return request.endpoint == "govdata_emergency_mail.ask" and request.method == "POST"


def is_beginning() -> bool:
    """Does this request begin a case, whatever it is about?"""
    return request.method == "POST" and _asks({"govdata_case_create"}, CASE_PAGES)


def is_rehearsal() -> bool:
    """Does this request carry out an act, or look at what it would write? Pages do both by the same
    address."""
    if request.method != "POST":
        return False
    return _asks({"govdata_case_rehearse"}, REHEARSING_PAGES)


def is_about_accounts() -> bool:
    """Does this request make an account, or ask for a new password?"""
    if request.method != "POST":
        return False
    if request.endpoint == "api.action":
        return _action() == "user_create"
    return request.endpoint in ("user.register", "user.request_reset")


def limit_accounts() -> Response | None:
    """Refuse accounts and new passwords over the limit; known and unknown names count alike."""
    if not settings.is_portal() or not is_about_accounts():
        return None
    count, left = _count("accounts", settings.accounts_per_client(), HOUR)
    if not count:
        return None
    message = tk._("Too many requests of this kind. Please try again in {minutes} minutes.")
    return _refuse(left, message.format(minutes=-(-left // 60)))


def limit_cases() -> Response | None:
    """Refuse beginning cases over the limit, whoever is signed in and whatever they are about."""
    if not is_beginning():
        return None
    count, left = _count("cases", settings.cases_per_client(), HOUR)
    if not count:
        return None
    message = tk._("Too many requests of this kind. Please try again in {minutes} minutes.")
    return _refuse(left, message.format(minutes=-(-left // 60)))


def limit_rehearsals() -> Response | None:
    """Refuse looking at letters over the limit: each look costs as much as the act, and holds the
    case for as long. Who is signed in is counted by his account, for an office has one address."""
    if not is_rehearsal():
        return None
    who = "" if tk.current_user.is_anonymous else tk.current_user.name
    count, left = _count("rehearse", settings.rehearsals_per_minute(), WINDOW, who)
    if not count:
        return None
    message = tk._("Too many requests of this kind. Please try again in {seconds} seconds.")
    return _refuse(left, message.format(seconds=left))


def limit_search() -> Response | None:
    """Refuse an anonymous reader's search or suggestion over the limit, with 429 and Retry-After.

    The machine itself is not limited; without Valkey nobody is.
    """
    searches = is_search()
    if not (searches or is_suggestion()) or not tk.current_user.is_anonymous:
        return None
    limit = settings.searches_per_minute()
    kind, limit = ("search", limit) if searches else ("suggest", SUGGESTIONS * limit)
    count, left = _count(kind, limit, WINDOW)
    if not count:
        return None
    message = tk._("Too many searches. Please try again in {seconds} seconds.")
    return _refuse(left, message.format(seconds=left))


def limit_readings() -> Response | None:
    """Refuse asking tables over the limit: each question may keep the database for seconds. Who is
    signed in is counted by his account, for an office has one address."""
    if not is_reading():
        return None
    who = "" if tk.current_user.is_anonymous else tk.current_user.name
    count, left = _count("tables", READINGS * settings.searches_per_minute(), WINDOW, who)
    if not count:
        return None
    message = tk._("Too many requests of this kind. Please try again in {seconds} seconds.")
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


def _count(kind: str, limit: int, window: int, who: str = "") -> tuple[int, int]:
    """Count the request, by its address or as that of ``who``; how many more than allowed there
    were, and the seconds to wait."""
    if not limit or is_this_machine(request.remote_addr):
        return 0, 0
    try:
        count, left = counters.add(kind, who or counted(request.remote_addr), window)
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
