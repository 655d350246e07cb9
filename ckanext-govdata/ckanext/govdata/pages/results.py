"""What a list shows, as plain values: entries found, and choices that narrow the list.

Prepared here and not in the template: a list has some twenty entries and a hundred choices, and
each call from a template costs more than the work that it asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import ckan.plugins.toolkit as tk
from markupsafe import Markup

from .. import vocabularies
from . import place_names
from .entry_list import Found, Wish

LONGEST_NOTE = 180
"""Characters of a description that a list shows; a few more where the end is near."""
LEEWAY = 5


@dataclass(frozen=True)
class Hit:
    """One entry of a list in the reader's language and script; empty where nothing is known."""

    url: str
    title: Markup
    notes: Markup
    open_attribute: str
    open_label: str
    """What it is called in the entry's place."""
    department_url: str
    department: str
    facts: list[str]
    """Domain and update period."""
    modified: str
    formats: str


@dataclass(frozen=True)
class Narrowing:
    """One choice of a facet as a link; ``on`` where it is chosen, and the link takes it away."""

    url: str
    label: str
    count: int
    on: bool


def hits(entries: Sequence[dict[str, Any]], q: str = "") -> list[Hit]:
    """Entries of :func:`listing.entries` as they are shown, with the query's words marked."""
    locale, period = tk.h.lang(), tk._("Updated: {period}")
    marked: Callable[[str, str], Markup] = tk.h.govdata_search_highlight
    domains = vocabularies.vocabulary("domains")
    periods = vocabularies.vocabulary("update_periods")

    called = place_names.of_entries("open_attribute", {one["name"]: _owned(one) for one in entries})

    def shown(item: dict[str, Any]) -> Hit:
        by, link, script = item["department"], tk.h.govdata_link, tk.h.govdata_script
        notes = item["notes"] if item["notes"] != item["title"] else ""
        facts = []
        if item.get("domain"):
            facts.append(domains.label(item["domain"], locale))
        if item.get("update_period"):
            facts.append(period.format(period=periods.label(item["update_period"], locale)))
        return Hit(
            url=link("dataset.read", item["name"]),
            title=marked(script(item["title"]), q),
            notes=marked(script(shortened(notes)), q) if notes else Markup(""),
            open_attribute=item.get("open_attribute") or "",
            open_label=called[item["name"]],
            department_url=link("organization.read", by.name) if by else "",
            department=script(by.title) if by else "",
            facts=facts,
            modified=item.get("modified") or "",
            formats=" · ".join(item["res_format"]).upper(),
        )

    return [shown(item) for item in entries]


def _owned(item: dict[str, Any]) -> tuple[str, str]:
    """The open attribute of an entry and the id of its department; empty where there is none."""
    by = item["department"]
    return item.get("open_attribute") or "", by.id if by else ""


def shortened(notes: str) -> str:
    """The beginning of a long description."""
    if len(notes) <= LONGEST_NOTE + LEEWAY:
        return notes
    return notes[: LONGEST_NOTE - 1] + "…"


def narrowings(found: Found, asked: Wish, facet: str) -> list[Narrowing]:
    """The choices of a facet that the page shows."""
    chosen, label = asked.chosen.get(facet), tk.h.govdata_facet_label
    without = asked.query(**{facet: ""})
    before = f"{without}{facet}=" if without == "?" else f"{without}&{facet}="
    return [
        Narrowing(
            without if choice.value == chosen else before + quote_plus(choice.value),
            label(facet, choice.value, asked.chosen),
            choice.count,
            choice.value == chosen,
        )
        for choice in found.facets[facet][: found.shown]
    ]
