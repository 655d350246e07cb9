"""Pages of the portal; the routes of CKAN's own home, lists and entry are answered here."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, Response, make_response

from ..access import gate
from ..departments import former_names, tree
from ..departments.directory import directory, parents, region_name, titles
from ..departments.tree import Department
from ..domain.locales import SIMPLIFIED, TRADITIONAL
from ..speech.script import fold
from ..web import sentences_of, sign_in_first
from . import dated_changes, entry_list
from . import entry_page as entry_facts
from .files_page import entry_files
from .kept_drafts import written

pages = Blueprint("govdata_pages", __name__)
HOME_FACETS = [
    entry_list.FACETS[key] for key in ("open_attribute", "domain", "organization", "region")
]
MOST = 12
"""How many departments and regions stand on the home page."""
CITY = 4
"""Digits of a city's division code; a province has two."""


def home() -> str | Response:
    """The front door: one Solr call for counts and the newest entries."""
    try:
        answer = entry_list.ask(
            {
                "fq": "+dataset_type:dataset",
                "fl": ["id"],
                "facet.field": HOME_FACETS,
                "facet.limit": 1000,
                "rows": 6,
                "sort": entry_list.SORTS["newest"],
            }
        )
    except entry_list.SearchAway:
        return _page("home", away=True, status=503)
    facets = entry_list.counted(answer["facets"], entry_list.Wish())
    titles(*(choice.value for choice in facets["organization"][:MOST]))
    return _page(
        "home",
        count=answer["count"],
        newest=entry_list.entries([hit["id"] for hit in answer["results"]]),
        facets=facets,
        open_counts={choice.value: choice.count for choice in facets["open_attribute"]},
        places=_places(answer["facets"].get(entry_list.FACETS["region"], {})),
        most=MOST,
    )


def _places(counts: dict[str, int]) -> list[entry_list.Choice]:
    """Provinces and then their cities, each by how many entries they have."""
    wide = [entry_list.Choice(code, n) for code, n in counts.items() if 0 < len(code) <= CITY]
    return sorted(wide, key=lambda c: (len(c.value), -c.count, c.value))


def entries(**_: object) -> str | Response:
    """The list with its facets."""
    asked = _wish()
    try:
        found = entry_list.search(asked)
    except entry_list.SearchAway:
        return _page("entries", asked=asked, away=True, status=503)
    return _page("entries", asked=asked, found=found, numbers=entry_list.pages(found.count, asked))


def entry_page(id: str, **_: object) -> str | Response:  # noqa: A002 - CKAN's own name in its routes
    """One catalogue entry."""
    # The session does not ask twice for what somebody holds: actions and rights find both here.
    held = model.Package.get(id)
    try:
        shown = tk.get_action("package_show")({"for_view": True}, {"id": held.id if held else id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("There is no such entry, or it is not public."))
    if id == shown["id"] and id != shown["name"]:
        return tk.redirect_to("dataset.read", id=shown["name"])
    with tree.remembered():  # its line is asked for by names, badges and terms
        files = entry_facts.file_page(shown)
        table = entry_facts.first_table(shown, files["results"])
        return _page(
            "entry",
            pkg=shown,
            files=files,
            facts=entry_facts.key_facts(shown, table),
            changes=dated_changes.of_entry(shown),
            department=next(reversed(tree.ancestors(shown.get("owner_org") or "")), None),
            contact=entry_facts.contact(shown.get("owner_org") or ""),
            freshness=entry_facts.freshness(shown),
            table=table,
        )


def departments(**_: object) -> str | Response:
    """All departments as a tree."""
    counts = _counts(entry_list.DEPARTMENT)
    words = tk.request.args.get("q", "").strip()[: entry_list.MAX_QUERY]
    known = directory()
    matches = [d for d in known.by_id.values() if _matches(d, words)] if words else []
    return _page("departments", known=known, counts=counts, words=words, matches=matches)


def _matches(department: Department, words: str) -> bool:
    text = " ".join([department.title, department.short_name, *department.former])
    return fold(words, SIMPLIFIED) in fold(text, SIMPLIFIED)


def _counts(field: str) -> dict[str, int]:
    """Entries by value of an index field; empty when the search server does not answer."""
    try:
        answer = entry_list.ask(
            {
                "fq": "+dataset_type:dataset",
                "fl": ["id"],
                "facet.field": [field],
                "facet.limit": 10_000,
                "rows": 0,
            }
        )
    except entry_list.SearchAway:
        return {}
    return answer["facets"].get(field, {})


def department(id: str, **_: object) -> str | Response:  # noqa: A002
    """One department: who it is, what stands below it, its entries."""
    known = directory()
    own = known.by_name.get(id)
    if own is None:
        own = known.by_id.get(id)
        own = own or known.by_id.get(former_names.heir_of(id))
        if own is None:
            return tk.abort(404, tk._("There is no such department."))
        return tk.redirect_to("organization.read", id=own.name)
    shown = tk.get_action("organization_show")(
        {"for_view": True},
        {
            "id": own.id,
            "include_datasets": False,
            "include_dataset_count": False,
            "include_users": False,
            "include_groups": False,
            "include_tags": False,
            "include_followers": False,
        },
    )
    asked = _wish()
    shared = {
        "department": own,
        "org": shown,
        "known": known,
        "asked": asked,
        "above": known.ancestors(own),
    }
    try:
        found = entry_list.search(
            asked, (f"{entry_list.DEPARTMENT}:{entry_list.quoted(own.name)}",)
        )
    except entry_list.SearchAway:
        return _page("department", **shared, away=True, status=503)
    return _page("department", **shared, found=found, numbers=entry_list.pages(found.count, asked))


def regions() -> str | Response:
    """All divisions that have departments here."""
    return _page("regions", known=directory(), counts=_counts(entry_list.FACETS["region"]))


def region(code: str) -> str | Response:
    """One division: its government, departments, divisions below, entries."""
    known = directory()
    codes = known.regions()
    inside = [c for c in codes if c.startswith(code)] if code.isdigit() else []
    if not inside:
        return tk.abort(404, tk._("There is no such region here."))
    below = sorted({c for c in inside if len(c) > len(code)}, key=lambda c: (len(c), c))
    nearest = [c for c in below if len(c) == len(below[0])] if below else []
    asked = _wish()
    shared = {
        "code": code,
        "name": region_name(code),
        "own": sorted(codes.get(code, []), key=lambda d: d.name),
        "below": nearest,
        "counts": _counts(entry_list.FACETS["region"]),
        "above": [c for c in parents(code) if c in codes],
        "asked": asked,
        "known": known,
    }
    try:
        found = entry_list.search(
            asked, (f"{entry_list.FACETS['region']}:{entry_list.quoted(code)}",)
        )
    except entry_list.SearchAway:
        return _page("region", **shared, away=True, status=503)
    return _page("region", **shared, found=found, numbers=entry_list.pages(found.count, asked))


def own_work() -> Response:
    """Where whoever has signed in goes on: what there is for him to do, by what he is here."""
    sign_in_first()
    if tk.h.govdata_is_officer():
        return tk.redirect_to("govdata_cases.desk")
    if tk.h.govdata_is_auditor():
        return tk.redirect_to("govdata_supervision.audit")
    operates = gate.operates(gate.reader_of({}))
    return tk.redirect_to("govdata_search.desk" if operates else "govdata_cases.mine")


def about() -> str | Response:
    """What this portal is."""
    return _page("about")


def help_page() -> str | Response:
    """Help for citizens, officers and developers."""
    return _page("help")


def _wish() -> entry_list.Wish:
    """What the address asks of the list; 400 where its page is none."""
    try:
        return entry_list.wish(tk.request.args)
    except tk.ValidationError as error:
        raise tk.abort(400, sentences_of(error)) from None


def _page(template: str, status: int = 200, **variables: object) -> str | Response:
    text = tk.render(f"govdata/pages/{template}.html", variables)
    if status == 200:
        return text
    response = make_response(text, status)
    response.headers["Retry-After"] = "60"
    return response


pages.add_url_rule("/written", view_func=written, methods=["GET", "POST"])
pages.add_url_rule("/my", view_func=own_work)
pages.add_url_rule("/help", view_func=help_page)
pages.add_url_rule("/region/", view_func=regions)
pages.add_url_rule("/region/<code>", view_func=region)

for _locale in (SIMPLIFIED, TRADITIONAL):
    # CKAN's scripts ask by the page's `lang`, which is BCP 47 with us, its first hyphen replaced.
    pages.add_url_rule(
        f"/api/i18n/{'-'.join(_locale.rsplit('_', 1))}",
        endpoint=f"translations_{_locale}",
        redirect_to=f"/api/i18n/{_locale}",
    )

blueprints = [pages, entry_files]
