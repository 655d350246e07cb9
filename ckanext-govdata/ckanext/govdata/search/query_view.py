"""What a query means and finds, for the operator: understood parts, preview, explained scores."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import common
from ckan.lib.search.common import SearchQueryError, SolrConnectionError
from pysolr import SolrError

from .. import settings
from ..domain.search.knowledge import Rule
from ..domain.search.query import Query
from ..domain.search.reader import build
from ..pages import entry_list
from . import lists, live_reader, query_parameters, solr_down, store, vectors

ROWS = 10
MOST_EXPLAINED = 100
PUBLIC = ("+state:active", "+capacity:public")
PATIENCE = 2.0
"""Seconds that the operator's pages wait for a query's vector."""


def fault(code: str) -> str:
    """What is wrong with a line, in the reader's language."""
    return {
        "too_long": tk._("A word may have 40 characters"),
        "too_many": tk._("A line may have 200 words"),
        "no_letter": tk._("A word must have a letter or a digit"),
        "once": tk._("Write > and ~ once at most, > before ~"),
        "same": tk._("These are one word to the search: it reads both scripts alike"),
        "plain_words": tk._("This kind takes words only, without > and ~"),
        "two_words": tk._("Write at least two words; what follows > or ~ must not be empty"),
    }.get(code, code)


def described(query: Query) -> dict[str, Any]:
    """An understood query as plain data."""
    return {
        "typed": query.typed,
        "text": query.text,
        "read_as_pinyin": query.read,
        "repaired": query.repaired,
        "places": [{"name": place.name, "codes": list(place.codes)} for place in query.places],
        "concepts": [
            {
                "word": concept.word,
                "synonyms": list(concept.synonyms),
                "near": list(concept.near),
                "weight": round(concept.weight, 3),
            }
            for concept in query.concepts
        ],
    }


def preview(text: str, rule: Rule | None) -> dict[str, Any]:
    """First results with the knowledge as it is, and with one more rule."""
    now = live_reader.reader().understand(text)
    told: dict[str, Any] = {"understood": described(now), "now": _found(now, text)}
    if rule:
        from ckan import model

        with model.ensure_engine().connect() as connection:
            rules = store.rules(connection)
        then = build(
            lists.lexicon(), lists.gazetteer(), [*rules, rule], live_reader.vocabulary()
        ).understand(text)
        told["then_understood"] = described(then)
        told["then"] = _found(then, text)
    return told


def explain(text: str) -> dict[str, Any]:
    """How a query was understood, what is sent, and each result's score with its parts."""
    query = query_parameters.understand(text)
    sent = _sent(query, text)
    return {"understood": described(query), "sent": sent, "results": _scored(sent, PUBLIC)}


def debugged(query: Query, sent: Mapping[str, Any], hits: Iterable[Mapping[str, Any]]) -> Any:
    """:func:`explain` of a search that was made: for its own results, at most a hundred."""
    names = [entry_list.quoted(hit["name"]) for hit in hits if hit.get("name")][:MOST_EXPLAINED]
    which = f"name:({' OR '.join(names)})" if names else "-*:*"
    results = _scored(sent, (which,), rows=MOST_EXPLAINED)
    return {"understood": described(query), "sent": sent, "results": results}


def _scored(sent: Mapping[str, Any], which: Sequence[str], rows: int = ROWS) -> list[Any]:
    answer = _answer(
        sent, which, rows=rows, debugQuery="true", **{"debug.explain.structured": "false"})
    told = answer.raw_response.get("debug", {}).get("explain", {})
    return [
        {"name": hit["name"], "title": hit["title"], "score": hit["score"],
         "explained": told.get(hit["index_id"], "")}
        for hit in answer.docs
    ]


def _found(query: Query, text: str) -> list[dict[str, Any]]:
    return [
        {"name": hit["name"], "title": hit["title"], "score": round(hit["score"], 2)}
        for hit in _answer(_sent(query, text), PUBLIC, rows=ROWS).docs
    ]


def _sent(query: Query, text: str) -> dict[str, Any]:
    with vectors.patience(PATIENCE):
        return query_parameters.parameters(query, text)


def _answer(sent: Mapping[str, Any], which: Sequence[str], **more: Any) -> Any:
    ours = [f'+site_id:"{settings.site_id()}"', *which]
    asked = {"q.op": "AND", "df": "text", **sent, "fq": ours, **more}
    try:
        return common.make_connection().search(**asked, fl="name title score index_id")
    except SolrError as error:
        if solr_down.is_away(error):
            raise SolrConnectionError(str(error)) from error
        message = tk._("The search server cannot read this query; try a shorter one.")
        raise SearchQueryError(message) from error


def rewritten(query: Query) -> str | None:
    """What the query was read as, when that is not what was typed."""
    return query.text if query.repaired or query.read else None



