"""What a list shows, as plain values: entries found, and choices that narrow the list.

Prepared here and not in the template: a list has some twenty entries and a hundred choices, and
each call from a template costs more than the work that it asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypedDict
from urllib.parse import quote_plus

import ckan.plugins.toolkit as tk
from ckan.types import DataDict
from markupsafe import Markup

from .. import vocabularies
from ..access import gate
from ..domain.publicity import ITEMS, is_closed, open_items
from ..domain.stored_value import rows
from . import entry_page, place_names
from .entry_list import PAGE_SIZES, Found, Wish

LONGEST_NOTE = 180
"""Characters of a description that a list shows; a few more where the end is near."""
LEEWAY = 5
MOST_FORMATS = 4


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
    """Domain, update period, files with their formats, items, rows, uses."""
    modified: str
    """The day of the last update."""
    late: bool
    """Whether an update is overdue."""
    due: str
    """The day on which the next update is promised."""
    preview: str
    """Where its first rows stand, if everybody may read them."""
    download: str
    """Where its file is taken, or its files are listed."""
    format: str
    """Of the one file that ``download`` takes."""


@dataclass(frozen=True)
class Narrowing:
    """One choice of a facet as a link; ``on`` where it is chosen, and the link takes it away."""

    url: str
    label: str
    count: int
    on: bool


def hits(entries: Sequence[DataDict], q: str = "") -> list[Hit]:
    """Entries of :func:`listing.entries` as they are shown, with the query's words marked."""
    marked: Callable[[str, str], Markup] = tk.h.govdata_search_highlight
    called = place_names.of_entries("open_attribute", {one["name"]: _owned(one) for one in entries})
    uses: dict[str, int] = tk.h.govdata_uses([one["id"] for one in entries])
    link, script = tk.h.govdata_link, tk.h.govdata_script

    def shown(item: DataDict) -> Hit:
        by, url = item["department"], link("dataset.read", item["name"])
        notes = item["notes"] if item["notes"] != item["title"] else ""
        fresh = entry_page.freshness_of_hit(item)
        return Hit(
            url=url,
            title=marked(script(item["title"]), q),
            notes=marked(script(shortened(notes)), q) if notes else Markup(""),
            open_attribute=item.get("open_attribute") or "",
            open_label=called[item["name"]],
            department_url=link("organization.read", by.name) if by else "",
            department=script(by.title) if by else "",
            facts=list(_facts(item, uses.get(item["id"], 0))),
            modified=fresh.updated.isoformat() if fresh.updated else "",
            late=fresh.late,
            due=fresh.due.isoformat() if fresh.due else "",
            **_taken(item, url),
        )

    return [shown(item) for item in entries]


def _facts(item: DataDict, uses: int) -> Iterator[str]:
    """What is known of an entry in a few words each."""
    locale, files = tk.h.lang(), item["files"]
    if item.get("domain"):
        yield vocabularies.vocabulary("domains").label(item["domain"], locale)
    if item.get("update_period"):
        period = vocabularies.vocabulary("update_periods").label(item["update_period"], locale)
        yield tk._("Updated: {period}").format(period=period)
    if files:
        said = tk.ungettext("{n} file", "{n} files", files.count).format(n=files.count)
        yield " ".join([said, *files.formats[:MOST_FORMATS]])
    if items := _items(item):
        yield tk.ungettext("{n} information item", "{n} information items", items).format(n=items)
    if files and files.rows and gate.entry_open(item):
        said = tk.ungettext("{rows} row", "{rows} rows", files.rows)
        yield said.format(rows=f"{files.rows:,}")
    if uses:
        yield tk.ungettext("used {n} time", "used {n} times", uses).format(n=f"{uses:,}")


def _items(item: DataDict) -> int:
    """How many information items of the entry strangers see."""
    found = rows(item.get(ITEMS))
    return len(open_items(found) if is_closed(item) else found)


class _Taken(TypedDict):
    preview: str
    download: str
    format: str


def _taken(item: DataDict, url: str) -> _Taken:
    """Where the data is looked at and taken, of an entry that everybody may read."""
    files = item["files"]
    if not files or not gate.entry_open(item):
        return {"preview": "", "download": "", "format": ""}
    preview = f"{url}#data" if files.has_table else ""
    if files.count > 1:
        return {"preview": preview, "download": f"{url}#files", "format": ""}
    one = {"id": files.id, "url": files.url, "url_type": files.url_type}
    download = tk.h.govdata_file_address(item, one) if files.url else ""
    kind = files.formats[0] if files.formats else ""
    return {"preview": preview, "download": download, "format": kind}


def _owned(item: DataDict) -> tuple[str, str]:
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
    chosen, label = asked.chosen.get(facet, ()), tk.h.govdata_facet_label
    at = asked.query()
    before = f"{at}{facet}=" if at == "?" else f"{at}&{facet}="
    return [
        Narrowing(
            asked.without(facet, choice.value)
            if choice.value in chosen
            else before + quote_plus(choice.value),
            label(facet, choice.value, asked.chosen),
            choice.count,
            choice.value in chosen,
        )
        for choice in found.facets[facet][: found.shown]
    ]


@dataclass(frozen=True)
class Chip:
    """One value to which the list is narrowed; ``url`` takes it away."""

    url: str
    label: str


def chips(asked: Wish) -> list[Chip]:
    """All values to which the list is narrowed, also those that no entry has."""
    label, title = tk.h.govdata_facet_label, tk.h.govdata_facet_title
    said = tk._("{name}: {value}")
    return [
        Chip(
            asked.without(facet, value),
            said.format(name=title(facet), value=label(facet, value, asked.chosen)),
        )
        for facet, values in asked.chosen.items()
        for value in values
    ]


class ListOrder(NamedTuple):
    """A way to order or cut the list, as a link; ``on`` is the present one."""

    url: str
    label: str
    on: bool


def orders(asked: Wish) -> list[ListOrder]:
    """The ways to order the list; the best match only where something was searched for."""
    called = {
        "relevance": tk._("Best match"),
        "newest": tk._("Last changed"),
        "used": tk._("Most used"),
        "title": tk._("Name"),
    }
    offered = called if asked.q else [key for key in called if key != "relevance"]
    now = asked.order()
    return [ListOrder(asked.query(sort=key), called[key], key == now) for key in offered]


def sizes(asked: Wish) -> list[ListOrder]:
    """How many entries a page may have."""
    return [ListOrder(asked.query(size=n), str(n), n == asked.size) for n in PAGE_SIZES]
