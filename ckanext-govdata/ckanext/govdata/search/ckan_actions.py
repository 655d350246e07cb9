"""CKAN's own searches, asked with care: they would stumble over some of what is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchError, SearchQueryError, SolrConnectionError
from ckan.types import Action, ChainedAction, Context, DataDict

from ..access import descriptions, presence
from ..domain.lucene.printer import quoted
from . import solr_down

TEXTS = ("q", "fq", "sort", "qf", "bf", "boost", "defType", "df", "mm", "tie")
NUMBERS = ("rows", "start", "facet.limit", "facet.mincount")
SWITCHES = ("include_private", "include_drafts", "include_deleted", "use_default_schema")
LONGEST = 300
"""Characters of what the search server says that are passed on, and of a name's beginning."""
MOST_COMPLETED = 1000
_REASON = re.compile(r"\[Reason: (.+?)\](?:['\")]|$)", re.DOTALL)


def actions() -> dict[str, ChainedAction]:
    """Chained actions."""
    return {
        "package_search": package_search,
        "package_autocomplete": package_autocomplete,
        "current_package_list_with_resources": current_package_list_with_resources,
    }


@tk.side_effect_free
@tk.chained_action
def package_search(
    original: Action, context: Context, data_dict: DataDict
) -> DataDict:
    """Refuse values of other types than CKAN can read, and say what Solr says without repeating
    all that it was sent.
    """
    errors: dict[str, Any] = {key: [message] for key, message in _wrong(data_dict)}
    if errors:
        raise tk.ValidationError(errors)
    asked, added = _with_id(data_dict)
    try:
        return _as_it_is(context, original(context, asked), added)
    except SearchQueryError:
        raise
    except (SearchError, SolrConnectionError) as error:
        # CKAN looks for words in what Solr says, which repeats what the reader typed
        if solr_down.is_away(error.__context__):
            raise SolrConnectionError(str(error.__context__)) from error
        said = str(error)
        if isinstance(error, SolrConnectionError):
            said = f"SOLR returned an error running query: {error.__context__}"
        raise SearchError(_told(said)) from error


@tk.side_effect_free
@tk.chained_action
def current_package_list_with_resources(
    original: Action, context: Context, data_dict: DataDict
) -> list[DataDict]:
    """A list of entries, for which CKAN asks the index past what is chained to its search."""
    found = original(context, data_dict)
    return _as_it_is(context, {"results": found, "count": len(found)}, False)["results"]


def _with_id(data_dict: DataDict) -> tuple[DataDict, bool]:
    """The search with the hits' ids, by which the database is asked; and whether that is more
    than was wanted."""
    wanted = data_dict.get("fl")
    listed = re.split(r"[\s,]+", wanted) if isinstance(wanted, str) else list(wanted or ())
    if not listed or "id" in listed or "*" in listed:
        return data_dict, False
    return {**data_dict, "fl": [*listed, "id"]}, True


def _as_it_is(context: Context, answer: dict[str, Any], added: bool) -> DataDict:
    """The answer without what the reader may not know of any more, entries or parts of them: the
    index may be behind, the database is not. Counts and facets are the index's, less the hits
    left out.
    """
    hits = answer["results"]
    if not hits or context.get("ignore_auth"):
        kept = hits
    else:
        now = presence.known(context, [hit["id"] for hit in hits if hit.get("id")])
        kept = [hit for hit in hits if hit.get("id") in now]
        descriptions.cut(context, kept, now)
    left_out = len(hits) - len(kept)
    if added:
        kept = [{name: value for name, value in hit.items() if name != "id"} for hit in kept]
    return {**answer, "results": kept, "count": max(0, answer["count"] - left_out)}


@tk.side_effect_free
@tk.chained_action
def package_autocomplete(
    original: Action, context: Context, data_dict: DataDict
) -> list[DataDict]:
    """Names and titles that begin so. CKAN puts what was typed between quotes as it is."""
    typed, limit = data_dict.get("q"), data_dict.get("limit", 10)
    if typed in (None, ""):
        raise tk.ValidationError({"q": [tk._("Missing value")]})
    if not isinstance(typed, str):
        raise tk.ValidationError({"q": [_must_be("text")]})
    natural: Any = tk.get_validator("natural_number_validator")
    try:
        rows = min(natural(limit, context), MOST_COMPLETED)
    except tk.Invalid as error:
        raise tk.ValidationError({"limit": [error.error]}) from error
    asked = quoted(typed[:LONGEST].replace('"', ""))  # CKAN takes them out itself, but too late
    return original(context, {**data_dict, "q": asked, "limit": rows})


def _wrong(asked: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Parameters of a type that CKAN cannot read, each with what it must be."""
    for keys, is_right, kind in READ:
        for key in keys:
            if asked.get(key) not in (None, "") and not is_right(asked[key]):
                yield key, _must_be(kind)


def _must_be(kind: str) -> str:
    return {
        "text": tk._("Must be a text"),
        "number": tk._("Must be a number"),
        "switch": tk._("Must be true or false"),
        "texts": tk._("Must be a list of texts"),
        "object": tk._("Must be a JSON object"),
    }.get(kind) or tk._("Must be {value}").format(value=kind)


def _is_single(value: object) -> bool:
    return not isinstance(value, (list, dict))


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_switch(value: object) -> bool:
    try:
        tk.asbool(value)
    except ValueError:
        return False
    return _is_single(value)


def _is_text_or_texts(value: object) -> bool:
    return isinstance(value, str) or _is_texts(value)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _is_json(value: object) -> bool:
    return value == "json"


READ = (
    (TEXTS, _is_single, "text"),
    (NUMBERS, _is_single, "number"),
    (SWITCHES, _is_switch, "switch"),
    (("fl",), _is_text_or_texts, "texts"),
    (("fq_list",), _is_texts, "texts"),
    (("extras",), _is_object, "object"),
    (("wt",), _is_json, "json"),
)
"""Parameters, whether CKAN can read a value, and what it must be."""


def _told(message: str) -> str:
    """The search server's own reason; ours where CKAN refused before it was asked."""
    if not message.startswith("SOLR returned an error"):
        return message
    found = _REASON.search(message)
    said = tk._("The search server does not understand this search")
    return f"{said}: {found[1][:LONGEST]}" if found else said
