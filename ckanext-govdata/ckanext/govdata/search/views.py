"""Pages and API of the search: suggestions, columns, and the operator's desk."""
from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify, make_response

from ..domain.search.knowledge import KnowledgeKind
from ..forms import form_reader
from ..web import Errors, act, attempt, form, page_of_address, refusal_of
from . import demands, store
from .item_search import LONGEST
from .solr_down import AGAIN

search = Blueprint("govdata_search", __name__)
MOST_SHOWN = 40
MOST_BYTES = 4_000_000
"""Of an import; a longer file is cut and therefore refused."""
DESK_FORMS = ("knowledge_line", "knowledge_file", "demand_answer")
ANSWERED = 20
"""Answered demands on a page."""
MOST_FIRST = 20
"""Searches that found nothing which the desk shows at once."""


def suggest() -> Response:
    """Suggestions as JSON, in the script of the page that asks; always 200."""
    told = act("govdata_search_suggest", q=tk.request.args.get("q", ""))
    for shown, key in ((told["words"], "text"), (told["entries"], "title")):
        for one in shown:
            one[key] = tk.h.govdata_script(one[key])
    answer = jsonify(told)
    answer.headers["Cache-Control"] = "private, max-age=30"
    return answer


def click() -> Response:
    """Count a click; nothing comes back."""
    told = {key: tk.request.args.get(key, "") for key in ("q", "entry")}
    act("govdata_search_click", **told)
    return make_response("", 204)


def items() -> str | Response:
    """Find a dataset by its column."""
    found = act("govdata_search_item_list", q=tk.request.args.get("q", ""))
    typed = tk.request.args.get("q", "").strip()[:LONGEST]
    page = tk.render("govdata/search/items.html", {"found": found, "typed": typed})
    return make_response(page, 503, {"Retry-After": AGAIN}) if found["away"] else page


def ask() -> Response | str:
    """Ask for data that is not in the catalogue; what others asked for and what became of it."""
    fields = form_reader.declared("demand")
    values, errors = form_reader.asked(fields.values()), dict[str, Any]()
    if tk.request.method == "POST":
        values = form_reader.sent(fields.values())
        done, errors = attempt("govdata_search_demand_create", **values)
        if done:
            tk.h.flash_success(tk._("Thank you. The operator reads what is asked for."))
            return tk.redirect_to("govdata_search.ask")
    page = page_of_address(ANSWERED)
    answered = page.answer(demands.count(is_open=False), demands.listed(False, page))
    return form("govdata/search/ask.html", errors, fields=fields, values=values, answered=answered)


def answer() -> Response | str:
    """Answer a demand."""
    _operators_only("govdata_search_demand_answer")
    told = form_reader.sent(form_reader.declared("demand_answer").values())
    try:
        tk.get_action("govdata_search_demand_answer")({}, dict(told))
    except tk.ValidationError as error:
        kept = {"answered": told.get("id", ""), "answer": told.get("answer", "")}
        return _desk(kept, refusal_of(error))
    except tk.ObjectNotFound as error:  # somebody else was faster
        return _desk({}, {"id": [str(error)]})
    tk.h.flash_success(tk._("Answered. Everybody may read it under “Ask for data”."))
    return tk.redirect_to("govdata_search.desk", _anchor="demands")


def desk() -> Response:
    """The operator's desk: what was asked, what found nothing, the knowledge."""
    _operators_only("govdata_search_query_list")
    return _desk(tk.request.args, {})


def _desk(args: Mapping[str, str], errors: Errors) -> Response:
    """The desk; ``errors`` are what is wrong with the line ``draft``, or with an answer."""
    page = page_of_address(demands.PAGE)
    word, kind = args.get("word", "").strip(), args.get("kind", "")
    kind = kind if kind in {k.value for k in KnowledgeKind} else ""
    rules = act("govdata_search_rule_list", kind=kind, word=word)
    return form(
        "govdata/search/desk.html",
        errors,
        empty=act("govdata_search_query_list", empty=True),
        asked=act("govdata_search_query_list")[:50],
        rules=rules[:MOST_SHOWN],
        rules_count=len(rules),
        changes=store.changes(20),
        demands=page.answer(demands.waiting(), demands.listed(True, page)),
        answered=args.get("answered", ""),
        answer=args.get("answer", ""),
        word=word,
        kind=kind,
        forms_of={name: form_reader.declared(name) for name in DESK_FORMS},
        kinds={k.value: tk.h.govdata_search_kind(k.value) for k in KnowledgeKind},
        draft=args.get("draft", ""),
        edited=args.get("edited", ""),
        kept=args.get("kept", ""),
        first=MOST_FIRST if not args.get("all") else None,
        offer=act("govdata_search_seed_list"),
    )


def seeds() -> Response | str:
    """What this version ships and the portal does not have; taken over when it is sent."""
    if tk.request.method == "POST":
        _operators_only("govdata_search_seed_merge")
        told = act("govdata_search_seed_merge")
        tk.h.flash_success(tk._("Lines added: {added}, taken away: {gone}.").format(
            added=len(told["new"]), gone=len(told["retired"])))
        return tk.redirect_to("govdata_search.desk")
    _operators_only("govdata_search_seed_list")
    told = act("govdata_search_seed_list")
    return tk.render("govdata/search/seeds.html", {"offer": told})


def preview() -> Response:
    """What a line of knowledge would do to a query."""
    _operators_only("govdata_search_preview")
    asked = {key: tk.request.args.get(key, "").strip() for key in ("q", "kind", "line")}
    told, errors = None, {}
    if asked["q"]:
        told, errors = attempt("govdata_search_preview", **asked)
    kinds = [kind.value for kind in KnowledgeKind]
    return form("govdata/search/preview.html", errors, asked=asked, told=told, kinds=kinds)


def explain() -> str:
    """Where the scores of a query's results come from."""
    _operators_only("govdata_search_explain")
    text = tk.request.args.get("q", "").strip()
    told = act("govdata_search_explain", q=text) if text else None
    return tk.render("govdata/search/explain.html", {"q": text, "told": told})


def change() -> Response | str:
    """Add, change or take away a line of knowledge."""
    _operators_only("govdata_search_rule_change")
    sent = form_reader.sent(form_reader.declared("knowledge_line").values())
    given = {"kind": "", "before": "", "after": "", **sent}
    word = form_reader.pressed("word") or ""
    done, errors = attempt("govdata_search_rule_change", **given)
    if errors:
        edited = "" if "before" in errors else given["before"]
        kept = {"kind": given["kind"], "word": word, "draft": given["after"], "edited": edited}
        at_line = {"after" if name == "before" else name: said for name, said in errors.items()}
        return _desk(kept, at_line)
    return tk.redirect_to("govdata_search.desk", kind=given["kind"], word=word,
                          kept=done["version"], _anchor="knowledge")


def export() -> Response:
    """The knowledge as a JSON file."""
    _operators_only("govdata_search_rule_export")
    answer = jsonify(act("govdata_search_rule_export"))
    answer.headers["Content-Disposition"] = "attachment; filename=search-knowledge.json"
    return answer


def take_in() -> Response | str:
    """Read a file of :func:`export`; all its lines or none."""
    _operators_only("govdata_search_rule_import")
    sent = form_reader.sent(form_reader.declared("knowledge_file").values())
    try:
        read = json.loads(sent["rules"].stream.read(MOST_BYTES)) if "rules" in sent else None
    except ValueError:
        return _desk({}, {"rules": [tk._("This is no file of an export")]})
    rules = read.get("rules") if isinstance(read, dict) else None
    wanted = {**sent, "rules": rules}
    told, errors = attempt("govdata_search_rule_import", **wanted)
    if errors:
        return _desk({}, errors)
    tk.h.flash_success(tk._("Lines added: {added}, taken away: {gone}.").format(
        added=told["added"], gone=told["removed"]))
    return tk.redirect_to("govdata_search.desk")


def _operators_only(action: str) -> None:
    try:
        tk.check_access(action, {}, {})
    except tk.NotAuthorized:
        tk.abort(403, tk._("Only the portal's operator may do this."))


search.add_url_rule("/api/govdata/suggest", view_func=suggest)
search.add_url_rule("/api/govdata/search/click", view_func=click)
search.add_url_rule("/search/items", view_func=items)
search.add_url_rule("/search/ask", view_func=ask, methods=["GET", "POST"])
search.add_url_rule("/govdata/search/answer", view_func=answer, methods=["POST"])
search.add_url_rule("/govdata/search", view_func=desk)
search.add_url_rule("/govdata/search/preview", view_func=preview)
search.add_url_rule("/govdata/search/explain", view_func=explain)
search.add_url_rule("/govdata/search/change", view_func=change, methods=["POST"])
search.add_url_rule("/govdata/search/seeds", view_func=seeds, methods=["GET", "POST"])
search.add_url_rule("/govdata/search/export", view_func=export)
search.add_url_rule("/govdata/search/import", view_func=take_in, methods=["POST"])
blueprints = [search]
