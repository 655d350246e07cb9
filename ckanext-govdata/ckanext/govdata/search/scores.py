"""An understood query in plain words, and each hit's score with its parts."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import ckan.plugins.toolkit as tk
from ckan.lib.search import common
from ckan.lib.search.common import SearchQueryError, SolrConnectionError
from pysolr import Results, SolrError

from .. import settings
from ..domain.search.query import Query
from ..pages import entry_list
from . import solr_down
from .answers import ExplainAnswer, ExplainedEntry, UnderstoodQuery

ROWS = 10
MOST_EXPLAINED = 100


def described(query: Query) -> UnderstoodQuery:
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


def debugged(
    query: Query, sent: Mapping[str, str], hits: Iterable[Mapping[str, str]]
) -> ExplainAnswer:
    """:func:`explain` of a search that was made: for its own results, at most a hundred."""
    names = [entry_list.quoted(hit["name"]) for hit in hits if hit.get("name")][:MOST_EXPLAINED]
    which = f"name:({' OR '.join(names)})" if names else "-*:*"
    results = scored(sent, (which,), rows=MOST_EXPLAINED)
    return {"understood": described(query), "sent": dict(sent), "results": results}


def scored(sent: Mapping[str, str], which: Sequence[str], rows: int = ROWS) -> list[ExplainedEntry]:
    """Hits with score and, as Solr tells it, how the score came to be."""
    found = answer(
        sent, which, rows=rows, debugQuery="true", **{"debug.explain.structured": "false"})
    told = found.raw_response.get("debug", {}).get("explain", {})
    return [
        {"name": hit["name"], "title": hit["title"], "score": hit["score"],
         "explained": told.get(hit["index_id"], "")}
        for hit in found.docs
    ]


def answer(sent: Mapping[str, str], which: Sequence[str], **more: str | int) -> Results:
    """Ask Solr for those of the query's hits that ``which`` allows. Raises CKAN's search errors."""
    ours = [f'+site_id:"{settings.site_id()}"', *which]
    asked = {"q.op": "AND", "df": "text", **sent, "fq": ours, **more}
    try:
        return common.make_connection().search(**asked, fl="name title score index_id")
    except SolrError as error:
        if solr_down.is_away(error):
            raise SolrConnectionError(str(error)) from error
        message = tk._("The search server cannot read this query; try a shorter one.")
        raise SearchQueryError(message) from error
