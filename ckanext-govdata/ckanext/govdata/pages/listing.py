"""The list of entries: what the address asks for, one Solr call, one statement.

Solr gives ids, order and counts; titles and attributes are read from the
database, so a list never shows what was changed since it was indexed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search import SearchError, SolrConnectionError
from sqlalchemy import select

from .directory import directory, parents

FACETS = (
    "open_attribute",
    "domain",
    "region",
    "organization",
    "share_type",
    "update_period",
    "res_format",
)
"""Parameters of the address that narrow the list, in the order in which they are shown."""

SORTS = {
    "relevance": "score desc, metadata_modified desc",
    "newest": "metadata_modified desc",
    "title": "title_string asc",
}
PAGE_SIZES = (10, 20, 50)
MAX_QUERY = 200
MAX_START = 10_000
"""Solr slows down with depth; nobody reads the thousandth page."""

_SYNTAX = re.compile(r'[\\+&|!(){}\[\]^"~*?:/<>]|(?<!\w)-')


class SearchAway(Exception):
    """The search server does not answer."""


@dataclass(frozen=True)
class Wish:
    """What a reader asks of the list."""

    q: str = ""
    chosen: dict[str, str] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    size: int = 20

    def order(self) -> str:
        """The sort that is really used: relevance only makes sense with words."""
        if self.sort in SORTS and (self.q or self.sort != "relevance"):
            return self.sort
        return "relevance" if self.q else "newest"

    def query(self, **changes: Any) -> str:
        """The query string of this wish with changes; ``None`` takes a parameter away."""
        values: dict[str, Any] = {"q": self.q, **self.chosen, "sort": self.sort}
        values["size"] = self.size if self.size != 20 else ""
        values["page"] = self.page if self.page > 1 else ""
        if "page" not in changes:
            changes["page"] = ""
        values.update(changes)
        kept = {key: value for key, value in values.items() if value}
        return "?" + urlencode(kept) if kept else "?"


@dataclass(frozen=True)
class Choice:
    """One value of a facet."""

    value: str
    count: int


@dataclass(frozen=True)
class Found:
    """One page of the list."""

    count: int
    entries: list[dict[str, Any]]
    facets: dict[str, list[Choice]]


def wish(args: Any) -> Wish:
    """Read an address' parameters; what is not known or not sensible falls away."""
    chosen = {key: args[key][:100] for key in FACETS if args.get(key)}
    size = args.get("size", 20, type=int)
    size = size if size in PAGE_SIZES else 20
    page = max(1, min(args.get("page", 1, type=int), MAX_START // size))
    return Wish(args.get("q", "").strip()[:MAX_QUERY], chosen, args.get("sort", ""), page, size)


def plain(text: str) -> str:
    """A reader's words without the search server's own signs, which readers do not mean."""
    return " ".join(_SYNTAX.sub(" ", text).split())


def quoted(value: str) -> str:
    """One exact value for a filter."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def region_filter(code: str) -> str:
    """Entries whose provider belongs to the division or to one below it."""
    if not code.isdigit():
        return "-id:*"
    names = [d.name for d in directory().by_id.values() if d.region.startswith(code)]
    if not names:
        return "-id:*"
    return f"organization:({' OR '.join(quoted(name) for name in names)})"


def filters(chosen: dict[str, str]) -> list[str]:
    """The wish's choices as filters, each cached by the search server on its own."""
    return [
        region_filter(value) if key == "region" else f"{key}:{quoted(value)}"
        for key, value in chosen.items()
    ]


def search(asked: Wish, extra: tuple[str, ...] = ()) -> Found:
    """Run the wish. Raises ``SearchAway`` when the search server does not answer."""
    answer = ask(
        {
            "q": plain(asked.q),
            "fq": "+dataset_type:dataset",
            "fq_list": [*filters(asked.chosen), *extra],
            "fl": ["id", "res_format"],
            "facet.field": [key for key in FACETS if key != "region"],
            "facet.limit": 1000,
            "rows": asked.size,
            "start": (asked.page - 1) * asked.size,
            "sort": SORTS[asked.order()],
            "include_private": True,
        }
    )
    return Found(answer["count"], entries(answer["results"]), counted(answer["facets"], asked))


def ask(data: dict[str, Any]) -> dict[str, Any]:
    """``package_search`` for the present reader."""
    try:
        return tk.get_action("package_search")({"for_view": True}, data)
    except (SearchError, SolrConnectionError) as error:
        raise SearchAway from error


def counted(raw: dict[str, dict[str, int]], asked: Wish) -> dict[str, list[Choice]]:
    """Facets as choices, greatest first (``other`` last); regions summed up from departments."""
    facets = {
        key: sorted(
            (Choice(value, n) for value, n in raw.get(key, {}).items() if value),
            key=lambda choice: (choice.value == "other", -choice.count, choice.value),
        )
        for key in FACETS
        if key != "region"
    }
    facets["region"] = regions(raw.get("organization", {}), asked.chosen.get("region", ""))
    return {key: facets[key] for key in FACETS}


def regions(departments: dict[str, int], within: str = "") -> list[Choice]:
    """Counts of the divisions just below ``within`` (of the provinces when it is empty)."""
    known = directory()
    sums: dict[str, int] = {}
    for name, count in departments.items():
        code = known.by_name[name].region if name in known.by_name else ""
        if not code.startswith(within):
            continue
        for step in [*parents(code), code]:
            if step and step.startswith(within):
                sums[step] = sums.get(step, 0) + count
    below = sorted({len(code) for code in sums if len(code) > len(within)})
    shown = {within, *(code for code in sums if below and len(code) == below[0])}
    return [
        Choice(code, n)
        for code, n in sorted(sums.items(), key=lambda item: (len(item[0]), -item[1], item[0]))
        if code in shown
    ]


def entries(hits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The hits' titles and attributes from the database, in the hits' order."""
    ids = [hit["id"] for hit in hits]
    package = model.Package
    columns = (
        package.id,
        package.name,
        package.title,
        package.notes,
        package.owner_org,
        package.extras,
        package.metadata_modified,
        package.private,
    )
    rows = model.Session.execute(select(*columns).where(package.id.in_(ids))) if ids else []
    known = directory().by_id
    found = {
        row.id: {
            **(row.extras or {}),
            "id": row.id,
            "name": row.name,
            "title": row.title or row.name,
            "notes": row.notes or "",
            "department": known.get(row.owner_org),
            "metadata_modified": row.metadata_modified,
            "private": row.private,
        }
        for row in rows
    }
    formats = {hit["id"]: hit.get("res_format") or [] for hit in hits}
    return [{**found[id_], "res_format": sorted(set(formats[id_]))} for id_ in ids if id_ in found]


def pages(count: int, asked: Wish) -> list[int]:
    """Page numbers to offer: the ends and the neighbours; 0 marks a gap."""
    last = min(-(-count // asked.size), MAX_START // asked.size)
    near = {1, last, *range(asked.page - 2, asked.page + 3)}
    offered: list[int] = []
    for number in sorted(n for n in near if 1 <= n <= last):
        if offered and number > offered[-1] + 1:
            offered.append(0)
        offered.append(number)
    return offered if last > 1 else []
