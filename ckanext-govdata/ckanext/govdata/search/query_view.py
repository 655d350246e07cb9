"""What a query means and finds, for the operator: understood parts, preview, explained scores."""
from __future__ import annotations

import ckan.plugins.toolkit as tk

from ..domain.search.knowledge import KnowledgeRule
from ..domain.search.query import Query
from ..domain.search.reader import build
from . import lists, live_reader, query_parameters, scores, store, vectors
from .answers import ExplainAnswer, PreviewAnswer, ScoredEntry

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


def preview(text: str, rule: KnowledgeRule | None) -> PreviewAnswer:
    """First results with the knowledge as it is, and with one more rule."""
    now = live_reader.reader().understand(text)
    told: PreviewAnswer = {"understood": scores.described(now), "now": _found(now, text)}
    if rule:
        from ckan import model

        with model.ensure_engine().connect() as connection:
            rules = store.rules(connection)
        then = build(
            lists.lexicon(), lists.gazetteer(), [*rules, rule], live_reader.vocabulary()
        ).understand(text)
        told["then_understood"] = scores.described(then)
        told["then"] = _found(then, text)
    return told


def explain(text: str) -> ExplainAnswer:
    """How a query was understood, what is sent, and each result's score with its parts."""
    query = query_parameters.understand(text)
    sent = _sent(query, text)
    return {
        "understood": scores.described(query),
        "sent": sent,
        "results": scores.scored(sent, PUBLIC),
    }


def _found(query: Query, text: str) -> list[ScoredEntry]:
    return [
        {"name": hit["name"], "title": hit["title"], "score": round(hit["score"], 2)}
        for hit in scores.answer(_sent(query, text), PUBLIC, rows=scores.ROWS).docs
    ]


def _sent(query: Query, text: str) -> dict[str, str]:
    with vectors.patience(PATIENCE):
        return query_parameters.parameters(query, text)
