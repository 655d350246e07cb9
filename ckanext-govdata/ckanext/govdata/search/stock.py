"""CKAN's own ``package_search``, asked with care: it would stumble over some of what is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchError, SearchQueryError

TEXTS = ("q", "fq", "sort", "qf", "bf", "boost", "defType", "df", "mm", "tie")
NUMBERS = ("rows", "start", "facet.limit", "facet.mincount")
SWITCHES = ("include_private", "include_drafts", "include_deleted", "use_default_schema")
LONGEST = 300
"""Characters of what the search server says that are passed on."""
_REASON = re.compile(r"\[Reason: (.+?)\](?:['\")]|$)", re.DOTALL)


def actions() -> dict[str, Callable[..., Any]]:
    """Chained actions."""
    return {"package_search": package_search}


@tk.side_effect_free
@tk.chained_action
def package_search(
    original: Callable[..., Any], context: Any, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Refuse values of other types than CKAN can read, and say what Solr says without repeating
    all that it was sent.
    """
    errors: dict[str, Any] = {key: [message] for key, message in _wrong(data_dict)}
    if errors:
        raise tk.ValidationError(errors)
    try:
        return original(context, data_dict)
    except SearchQueryError:
        raise
    except SearchError as error:
        raise SearchError(_told(str(error))) from error


def _wrong(asked: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Parameters of a type that CKAN cannot read, each with what it must be."""
    for keys, is_right, message in (
        (TEXTS, _is_single, tk._("Must be a text")),
        (NUMBERS, _is_single, tk._("Must be a number")),
        (SWITCHES, _is_switch, tk._("Must be true or false")),
        (("fl",), lambda value: isinstance(value, str) or _is_texts(value), _texts()),
        (("fq_list",), _is_texts, _texts()),
        (("extras",), lambda value: isinstance(value, dict), tk._("Must be a JSON object")),
        (("wt",), lambda value: value == "json", tk._("Must be {value}").format(value="json")),
    ):
        for key in keys:
            if asked.get(key) not in (None, "") and not is_right(asked[key]):
                yield key, message


def _texts() -> str:
    return tk._("Must be a list of texts")


def _is_single(value: Any) -> bool:
    return not isinstance(value, (list, dict))


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_switch(value: Any) -> bool:
    try:
        tk.asbool(value)
    except ValueError:
        return False
    return _is_single(value)


def _told(message: str) -> str:
    """The search server's own reason; ours where CKAN refused before it was asked."""
    if not message.startswith("SOLR returned an error"):
        return message
    found = _REASON.search(message)
    said = tk._("The search server does not understand this search")
    return f"{said}: {found[1][:LONGEST]}" if found else said
