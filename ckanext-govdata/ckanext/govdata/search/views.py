"""Pages and API of the search: suggestions, columns, and the operator's desk."""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import Blueprint, Response, jsonify, make_response

from ..domain.search.knowledge import Kind
from . import demands, store
from .item_search import LONGEST
from .solr_down import AGAIN

search = Blueprint("govdata_search", __name__)
MOST_SHOWN = 40
MOST_BYTES = 4_000_000
"""Of an import; a longer file is cut and therefore refused."""
MOST_FIRST = 20
"""Searches that found nothing which the desk shows at once."""


def _context() -> Context:
    user = tk.current_user
    known = user if not user.is_anonymous else None
    return Context(user=known.name if known else "", auth_user_obj=known)


def suggest() -> Response:
    """Suggestions as JSON, in the script of the page that asks; always 200."""
    told = tk.get_action("govdata_search_suggest")(_context(), {"q": tk.request.args.get("q", "")})
    for shown, key in ((told["words"], "text"), (told["entries"], "title")):
        for one in shown:
            one[key] = tk.h.govdata_script(one[key])
    answer = jsonify(told)
    answer.headers["Cache-Control"] = "private, max-age=30"
    return answer


def click() -> Response:
    """Count a click; nothing comes back."""
    told = {key: tk.request.args.get(key, "") for key in ("q", "entry")}
    tk.get_action("govdata_search_click")(_context(), told)
    return make_response("", 204)


def items() -> str | Response:
    """Find a dataset by its column."""
    found = tk.get_action("govdata_search_item_list")(
        _context(), {"q": tk.request.args.get("q", "")})
    typed = tk.request.args.get("q", "").strip()[:LONGEST]
    page = tk.render("govdata/search/items.html", {"found": found, "typed": typed})
    return make_response(page, 503, {"Retry-After": AGAIN}) if found["away"] else page


def ask() -> Any:
    """Ask for data that is not in the catalogue; what others asked for and what became of it."""
    values = {"subject": tk.request.args.get("subject", "").strip()[:demands.LONGEST_SUBJECT]}
    errors: dict[str, Any] = {}
    if tk.request.method == "POST":
        values = {key: tk.request.form.get(key, "") for key in ("subject", "purpose")}
        try:
            tk.get_action("govdata_search_demand_create")(_context(), values)
        except tk.ValidationError as error:
            errors = error.error_dict
        else:
            tk.h.flash_success(tk._("Thank you. The operator reads what is asked for."))
            return tk.redirect_to("govdata_search.ask")
    page = tk.render("govdata/search/ask.html", {
        "values": values, "errors": errors, "answered": demands.listed(is_open=False, limit=20),
    })
    return make_response(page, 400) if errors else page


def answer() -> Any:
    """Answer a demand."""
    _operators_only("govdata_search_demand_answer")
    told = {key: tk.request.form.get(key, "") for key in ("id", "answer")}
    try:
        tk.get_action("govdata_search_demand_answer")(_context(), told)
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(error.error_summary.values()))
    except tk.ObjectNotFound as error:
        tk.h.flash_error(str(error))
    else:
        tk.h.flash_success(tk._("Answered. Everybody may read it under “Ask for data”."))
    return tk.redirect_to("govdata_search.desk", _anchor="demands")


def desk() -> str:
    """The operator's desk: what was asked, what found nothing, the knowledge."""
    _operators_only("govdata_search_query_list")
    return _desk(tk.request.args)


def _desk(args: Mapping[str, str], faults: Iterable[str] = ()) -> str:
    """The desk; ``faults`` are what is wrong with the line ``draft``."""
    context = _context()
    word, kind = args.get("word", "").strip(), args.get("kind", "")
    kind = kind if kind in {k.value for k in Kind} else ""
    rules = tk.get_action("govdata_search_rule_list")(context, {"kind": kind, "word": word})
    return tk.render("govdata/search/desk.html", {
        "empty": tk.get_action("govdata_search_query_list")(context, {"empty": True}),
        "asked": tk.get_action("govdata_search_query_list")(context, {})[:50],
        "rules": rules[:MOST_SHOWN], "rules_count": len(rules),
        "changes": store.changes(20), "demands": demands.listed(),
        "word": word, "kind": kind, "kinds": [k.value for k in Kind],
        "draft": args.get("draft", ""), "edited": args.get("edited", ""), "faults": list(faults),
        "kept": args.get("kept", ""), "first": MOST_FIRST if not args.get("all") else None,
        "offer": tk.get_action("govdata_search_seed_list")(context, {}),
    })


def seeds() -> Any:
    """What this version ships and the portal does not have; taken over when it is sent."""
    if tk.request.method == "POST":
        _operators_only("govdata_search_seed_merge")
        told = tk.get_action("govdata_search_seed_merge")(_context(), {})
        tk.h.flash_success(tk._("Lines added: {added}, taken away: {gone}.").format(
            added=len(told["new"]), gone=len(told["retired"])))
        return tk.redirect_to("govdata_search.desk")
    _operators_only("govdata_search_seed_list")
    told = tk.get_action("govdata_search_seed_list")(_context(), {})
    return tk.render("govdata/search/seeds.html", {"offer": told})


def preview() -> str:
    """What a line of knowledge would do to a query."""
    _operators_only("govdata_search_preview")
    asked = {key: tk.request.args.get(key, "").strip() for key in ("q", "kind", "line")}
    told, errors = None, {}
    if asked["q"]:
        try:
            told = tk.get_action("govdata_search_preview")(_context(), asked)
        except tk.ValidationError as error:
            errors = error.error_dict
    return tk.render("govdata/search/preview.html", {
        "asked": asked, "told": told, "errors": errors, "kinds": [k.value for k in Kind],
    })


def explain() -> str:
    """Where the scores of a query's results come from."""
    _operators_only("govdata_search_explain")
    text = tk.request.args.get("q", "").strip()
    told = tk.get_action("govdata_search_explain")(_context(), {"q": text}) if text else None
    return tk.render("govdata/search/explain.html", {"q": text, "told": told})


def change() -> Any:
    """Add, change or take away a line of knowledge."""
    _operators_only("govdata_search_rule_change")
    form = tk.request.form
    given = {key: form.get(key, "") for key in ("kind", "before", "after", "word")}
    try:
        done = tk.get_action("govdata_search_rule_change")(_context(), given)
    except tk.ValidationError as error:
        edited = "" if "before" in error.error_dict else given["before"]
        page = _desk(
            {"kind": given["kind"], "word": given["word"], "draft": given["after"],
             "edited": edited},
            [str(m) for told in error.error_dict.values() for m in cast("list[str]", told)])
        return make_response(page, 400)
    return tk.redirect_to("govdata_search.desk", kind=given["kind"], word=given["word"],
                          kept=done["version"], _anchor="knowledge")


def export() -> Response:
    """The knowledge as a JSON file."""
    _operators_only("govdata_search_rule_export")
    answer = jsonify(tk.get_action("govdata_search_rule_export")(_context(), {}))
    answer.headers["Content-Disposition"] = "attachment; filename=search-knowledge.json"
    return answer


def take_in() -> Any:
    """Read a file of :func:`export`; all its lines or none."""
    _operators_only("govdata_search_rule_import")
    sent = tk.request.files.get("file")
    try:
        read = json.loads(sent.read(MOST_BYTES)) if sent else None
        told = tk.get_action("govdata_search_rule_import")(_context(), {
            "rules": read.get("rules") if isinstance(read, dict) else None,
            "replace": bool(tk.request.form.get("replace"))})
    except ValueError:
        tk.h.flash_error(tk._("This is no file of an export"))
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(map(str, cast("list[str]", error.error_dict["rules"]))))
    else:
        tk.h.flash_success(tk._("Lines added: {added}, taken away: {gone}.").format(
            added=told["added"], gone=told["removed"]))
    return tk.redirect_to("govdata_search.desk")


def _operators_only(action: str) -> None:
    try:
        tk.check_access(action, _context(), {})
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
