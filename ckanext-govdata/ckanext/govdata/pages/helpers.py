"""Template helpers: language and script, labels, navigation, small facts for pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict
from urllib.parse import quote, unquote

import ckan.plugins.toolkit as tk
from flask import current_app
from markupsafe import Markup
from werkzeug.routing import BuildError

from .. import settings, slices, vocabularies
from ..access import locations
from ..departments.directory import region_name, titles
from ..departments.tree import Department
from ..domain.locales import SIMPLIFIED, TRADITIONAL
from ..domain.stored_value import Shape, read
from ..speech import phrases
from . import entry_list, entry_page, error_page, place_names
from . import results as listed

LANGUAGES = {SIMPLIFIED: "简体", TRADITIONAL: "繁體", "en": "English"}
PLACE = "govdata-here"
"""Stands for the name in an address that is made for many."""
SECTIONS = {
    "": "home.index",
    "/dataset": "dataset.search",
    "/organization": "organization.index",
    "/region": "govdata_pages.regions",
    "/emergency": "govdata_emergency.index",
    "/rules": "govdata_rules.index",
    "/decisions": "govdata_cases.decisions",
    "/help": "govdata_pages.help_page",
    "/about": "home.about",
}
"""Beginning of the addresses of each section of the main navigation -> its first page."""
MOST_KEPT = 500
"""Parts of pages that a process keeps."""
DOMAIN_ICONS = {
    "credit": "credit",
    "health": "health",
    "employment": "work",
    "public_safety": "safety",
    "housing": "house",
    "transport": "traffic",
    "education_culture": "education",
    "science": "science",
    "resources": "resources",
    "environment": "nature",
    "industry_agriculture": "farm",
    "trade": "trade",
    "finance": "money",
    "work_safety": "industry",
    "market": "market",
    "social_aid": "people",
    "legal": "law",
    "living": "living",
    "weather": "weather",
    "geospatial": "globe",
    "organisations": "city",
    "statistics": "chart",
    "government": "building",
}
"""Code of a domain -> icon."""
FACET_VOCABULARIES = {
    "domain": "domains",
    "open_attribute": "open_attributes",
    "share_type": "share_types",
    "update_period": "update_periods",
    "format": "formats",
}
"""Facet -> file of ``config/vocabularies`` that names its values."""


class OfferedLanguage(TypedDict):
    """A language of the utility bar: its own name, its tag (BCP 47), whether the page is in it, and
    the page's address in it."""

    name: str
    tag: str
    current: bool
    url: str


class ShownBanner(TypedDict):
    """What a notice above every page has at least, in the reader's language; ``url`` may be
    empty."""

    tag: str
    title: str
    url: str


class Section(TypedDict):
    """A section of the main navigation; ``here`` on its first page, ``current`` on all of it."""

    label: str
    url: str
    here: bool
    current: bool


def govdata_lang_tag() -> str:
    """The page's language as BCP 47, script and region included: ``zh-Hans-CN``."""
    return tk.h.lang().replace("_", "-")


def govdata_languages() -> list[OfferedLanguage]:
    """The languages of the utility bar with this page's address in each."""
    here = tk.h.lang()
    query = tk.request.query_string.decode("utf-8", "replace")
    path = tk.request.environ.get("CKAN_CURRENT_URL", tk.request.path).partition("?")[0]
    address = path + (f"?{query}" if query else "")
    offered = settings.locales_offered() or list(LANGUAGES)
    return [
        {
            "name": name,
            "tag": locale.replace("_", "-"),
            "current": locale == here,
            "url": tk.h.url_for(address, locale=locale),
        }
        for locale, name in LANGUAGES.items()
        if locale in offered
    ]


def govdata_responsible_body() -> str:
    """Who answers for the portal, in the reader's script."""
    return phrases.in_script(settings.responsible_body())


def govdata_site_title() -> str:
    """The portal's name in the reader's language and script."""
    title = settings.site_title()
    if tk.h.lang() == "en":
        return settings.english_title() or title
    return phrases.in_script(title)


def govdata_banners() -> list[ShownBanner]:
    """Emergency notices of all slices: each offers a helper ``banners_<slice>``."""
    sources: dict[str, Callable[[], list[ShownBanner]]] = slices.functions("helpers", "banners_")
    return [banner for source in sources.values() for banner in source()]


def govdata_route(endpoint: str, **values: object) -> str:
    """The address of a page that may not be there; empty when it is not."""
    if endpoint not in current_app.view_functions:
        return ""
    try:
        return tk.h.url_for(endpoint, **values)
    except BuildError:
        return ""


def govdata_link(endpoint: str, name: str, argument: str = "id") -> str:
    """The address of an entry or a department; a list shows forty, and each by ``url_for`` would
    take a tenth of the page's time. ``argument`` is what the route calls the name.
    """
    known: dict[str, str] = tk.g.setdefault("govdata_links", {})
    if endpoint not in known:
        known[endpoint] = tk.h.url_for(endpoint, **{argument: PLACE})
    return known[endpoint].replace(PLACE, quote(name, safe=""))


def govdata_kept(name: str, *depends: object, caller: Callable[[], Markup]) -> Markup:
    """A part of a page that is the same for everybody who reads in this language: made once.

    ``depends`` is all that it shows and that may change, such as the portal's name; for a ``call``
    block of a template. Each application keeps its own.
    """
    kept: dict[tuple[object, ...], Markup] = current_app.extensions.setdefault("govdata_kept", {})
    environ = tk.request.environ
    key = (name, environ.get("CKAN_LANG"), environ.get("CKAN_LANG_IS_DEFAULT"), *depends)
    if key not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = caller()
    return kept[key]


def govdata_here() -> tuple[str, bool]:
    """Which section of the portal this page belongs to, and whether it is the section's first."""
    path = ("/" + tk.request.path.lstrip("/")).rstrip("/")
    section = "/" + path.lstrip("/").partition("/")[0] if path else ""
    return (section if section in SECTIONS else "?"), path == section


def govdata_navigation() -> list[Section]:
    """The main navigation, with the place where the reader is."""
    section, first = govdata_here()
    labels = {
        "": tk._("Home"),
        "/dataset": tk._("Data catalogue"),
        "/organization": tk._("Departments"),
        "/region": tk._("Regions"),
        "/emergency": tk._("Emergency publication"),
        "/rules": tk._("Rules and deadlines"),
        "/decisions": tk._("Decisions"),
        "/help": tk._("Help"),
        "/about": tk._("About"),
    }
    urls = {prefix: govdata_route(endpoint) for prefix, endpoint in SECTIONS.items()}
    return [
        {"label": labels[prefix], "url": url, "here": prefix == section and first,
         "current": prefix == section}
        for prefix, url in urls.items()
        if url
    ]


def govdata_domain_icon(code: str) -> str:
    """The icon of a domain; a plain one where none fits."""
    return DOMAIN_ICONS.get(code, "data")


def govdata_label(vocabulary: str, code: object) -> str:
    """The label of a code of ``config/vocabularies`` in the reader's language."""
    return vocabularies.vocabulary(vocabulary).label(str(code or ""), tk.h.lang())


def govdata_region_name(code: str) -> str:
    """What a division is called, in the reader's script."""
    return phrases.in_script(region_name(code))


def govdata_department_title(name: str) -> str:
    """A department's title by its name, in the reader's script."""
    return phrases.in_script(titles(name)[name])


def govdata_attribute_label(attribute: str, value: str, department_id: str = "") -> str:
    """An entry's open attribute or share type as the place of its department calls it."""
    return place_names.of_entry(attribute, value, department_id)


def govdata_facet_label(
    facet: str, value: str, chosen: Mapping[str, Sequence[str]] | None = None
) -> str:
    """One value of a facet in the reader's language; in a list of one place by its own name."""
    if chosen and facet in place_names.VOCABULARIES:
        return place_names.in_place(facet, value, place_names.narrowed_to(chosen))
    if facet == "organization":
        return govdata_department_title(value)
    if facet == "region":
        return govdata_region_name(value)
    if facet == "emergency":
        return tk.h.govdata_emergency_title(value)
    vocabulary = FACET_VOCABULARIES.get(facet)
    return govdata_label(vocabulary, value) if vocabulary else value


def govdata_hits(entries: list[dict[str, Any]], q: str = "") -> list[listed.Hit]:
    """Entries of a list as they are shown, with the query's words marked."""
    return listed.hits(entries, q)


def govdata_narrowings(
    found: entry_list.Found, asked: entry_list.Wish, facet: str
) -> list[listed.Narrowing]:
    """The choices of a facet that a page shows, each with the list that it leads to."""
    return listed.narrowings(found, asked, facet)


def govdata_chips(asked: entry_list.Wish) -> list[listed.Chip]:
    """All to which a list is narrowed, each with the list without it."""
    return listed.chips(asked)


def govdata_orders(asked: entry_list.Wish) -> list[listed.ListOrder]:
    """The ways to order a list, as links."""
    return listed.orders(asked)


def govdata_list_sizes(asked: entry_list.Wish) -> list[listed.ListOrder]:
    """How many entries a page of a list may have, as links."""
    return listed.sizes(asked)


def govdata_facet_title(facet: str) -> str:
    """What a facet is called."""
    called = {
        "open_attribute": lambda: tk._("Open attribute"),
        "domain": lambda: tk._("Domain"),
        "region": lambda: tk._("Region"),
        "organization": lambda: tk._("Department"),
        "share_type": lambda: tk._("Share type"),
        "update_period": lambda: tk._("Update period"),
        "format": lambda: tk._("Format"),
        "emergency": lambda: tk._("Emergency"),
    }
    return called[facet]() if facet in called else facet


def govdata_citation(pkg: Mapping[str, object], provider: str) -> str:
    """How to cite an entry."""
    url = tk.h.url_for("dataset.read", id=pkg["name"], _external=True, locale="default")
    return phrases.in_script(
        entry_page.citation(pkg, provider, url, settings.site_title())
    )


def govdata_day(value: object) -> str:
    """A day as ISO text, whatever date or time was given; empty when there is none."""
    found = entry_page.day(value)
    return found.isoformat() if found else ""


def govdata_labels(vocabulary: str, codes: object) -> str:
    """The labels of several codes, joined; a list may also come as JSON text."""
    listed = read(Shape.TEXTS, codes).value
    return "、".join(govdata_label(vocabulary, code) for code in listed)


def govdata_file_address(pkg: Mapping[str, object], resource: Mapping[str, object]) -> str:
    """Where a file is fetched: always through the portal's own route, never its true place."""
    last = str(resource.get("url") or "").rpartition("/download/")[2]
    named = resource.get("url_type") == "upload" and last not in ("", locations.HELD_FILE)
    more = {"filename": unquote(last)} if named else {}
    return tk.h.url_for(
        "dataset_resource.download", id=pkg["name"], resource_id=resource["id"], **more
    )


def govdata_related(pkg: Mapping[str, object]) -> list[dict[str, str]]:
    """Public entries that an entry names by address or catalogue code."""
    return entry_page.related(pkg)


def govdata_open_term(department: Department | None) -> entry_page.OpenTerm | None:
    """How long the department has to answer an application for conditional data.

    ``number`` of working days, ``due`` if it came today, ``source`` in words; None
    where no rule can be found.
    """
    return entry_page.open_term(department) if department else None


def govdata_mishap(code: object, content: object) -> error_page.ErrorWords:
    """Heading and words of an error page."""
    return error_page.told(code, content)
