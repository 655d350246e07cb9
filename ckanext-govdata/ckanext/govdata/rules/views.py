"""Pages: the rules side by side, one jurisdiction, and the deadline calculator."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from .. import now
from ..domain.instrument import NATIONAL
from ..forms import form_reader
from ..web import act, attempt, form
from . import in_force, sentences
from .deadline_view import depends_on
from .months import months_of
from .rule_reasons import share_types

rules = Blueprint("govdata_rules", __name__, url_prefix="/rules")


def index() -> str:
    """The rules of each place of which a text is at hand beside each other, all texts by rank, and
    where they contradict each other."""
    texts = act("govdata_jurisdiction_list")
    shown = [
        act("govdata_jurisdiction_show", id=text["id"])
        for text in texts
        if text["place"] and text["document"] and text["text_at_hand"] and text["id"] != NATIONAL
    ]
    national = next(text for text in texts if text["id"] == NATIONAL)
    return tk.render(
        "govdata/rules/index.html",
        extra_vars={
            "national": national,
            "texts": texts,
            "places": shown,
            "terms": _rows(shown, "terms", "term"),
            "clauses": _rows(shown, "requires", "name"),
        },
    )


def place(name: str) -> str:
    """One jurisdiction: its document, its terms and its rules with their sentences."""
    try:
        found = tk.get_action("govdata_jurisdiction_show")({}, {"id": name})
    except tk.ObjectNotFound as error:
        tk.abort(404, str(error))
    known = in_force.rulebook()
    chain = [act("govdata_jurisdiction_show", id=one) for one in found["chain"]]
    return tk.render(
        "govdata/rules/place.html",
        extra_vars={"place": found, "chain": chain, "versions": len(known.versions[name])},
    )


def deadline() -> Response:
    """The calculator: a form by GET, so that every result has an address."""
    fields = form_reader.declared("deadline")
    asked = form_reader.asked(fields.values())
    answer, why, errors = None, None, {}
    if "term" in tk.request.args:
        answer, errors = attempt("govdata_deadline_explain", **asked)
    if answer:
        same = ("jurisdiction", "term", "asker", "share_type")
        told = {one: answer[one] for one in same}
        why = act("govdata_rule_explain", on=answer["received"], **told)
    texts = act("govdata_jurisdiction_list")
    places = {one["id"]: one["title"] for one in texts if one["place"]}
    usual = {
        "jurisdiction": next(iter(places), ""),
        "term": tk.h.govdata_usual_term(),
        "received": now.today().isoformat(),
    }
    told = {"received": answer["received"]} if answer else {}
    return form(
        "govdata/rules/deadline.html",
        errors,
        fields=fields,
        values={**usual, **asked, **told},
        offered={
            "jurisdictions": places,
            "terms": _named_terms(),
            "askers": sentences.askers(),
            "share_types": share_types(),
        },
        depends_on=depends_on(asked),
        answer=answer,
        why=why,
        months=months_of(answer["days"]) if answer else [],
    )


def _named_terms() -> dict[str, str]:
    words = sentences.terms()
    return {name: words.get(name, name) for name in in_force.rulebook().term_names()}


def _rows(places: list[dict[str, Any]], part: str, key: str) -> list[dict[str, Any]]:
    """Rows of the comparison: a rule's title and, for each place, all that binds there.

    Rules that only the portal sets come last.
    """
    found: dict[str, dict[str, Any]] = {}
    for number, one in enumerate(places):
        for rule in one[part]:
            row = found.setdefault(
                rule[key],
                {"name": rule[key], "title": rule["title"], "cells": [[] for _ in places]},
            )
            row["cells"][number].append(rule)
    for row in found.values():
        row["own_rule"] = all(rule["own_rule"] for cell in row["cells"] for rule in cell)
    return sorted(found.values(), key=lambda row: (row["own_rule"], row["title"]))


rules.add_url_rule("", view_func=index, strict_slashes=False)
rules.add_url_rule("/deadline", view_func=deadline)
rules.add_url_rule("/<name>", view_func=place)
blueprints = [rules]
