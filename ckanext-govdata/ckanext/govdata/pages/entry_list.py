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
from sqlalchemy import and_, bindparam, select
from sqlalchemy.engine import Row
from werkzeug.datastructures import MultiDict

from ..departments.directory import titles
from ..departments.tree import Department
from ..domain.publicity import is_closed
from ..pager import page_numbers, read_page

FACETS = {
    "open_attribute": "vocab_gd_open_attribute",
    "domain": "vocab_gd_domain",
    "region": "vocab_gd_region",
    "organization": "organization",
    "share_type": "vocab_gd_share_type",
    "update_period": "vocab_gd_update_period",
    "format": "vocab_gd_formats",
    "emergency": "vocab_gd_emergency",
}
"""Parameter of the address that narrows the list -> field of the index, in the order shown.

A region's field also holds the divisions around it.
"""
DEPARTMENT = "vocab_gd_department"
"""Names of an entry's department and of those above it."""

SORTS = {
    "relevance": "score desc, metadata_modified desc",
    "newest": "metadata_modified desc",
    "used": "views_total desc, metadata_modified desc",
    "title": "title_string asc",
}
PAGE_SIZES = (10, 20, 50)
MOST_CHOICES = 40
"""Values of a facet that a page shows: the commonest."""
MAX_QUERY = 200
MAX_START = 10_000
"""Solr slows down with depth; nobody reads the thousandth page."""

_SYNTAX = re.compile(r'[\\+&|!(){}\[\]^"~*?:/<>]|(?<!\w)-')
_VALUE = re.compile(r"[\w][\w .+-]{0,99}")
"""What a filter's value looks like: a code, or a department's name."""


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
    exact: bool = False
    """The words as they are: neither mended nor read as pinyin."""

    def order(self) -> str:
        """The sort that is really used: relevance only makes sense with words."""
        if self.sort in SORTS and (self.q or self.sort != "relevance"):
            return self.sort
        return "relevance" if self.q else "newest"

    def query(self, **changes: object) -> str:
        """The query string of this wish with changes; ``None`` takes a parameter away."""
        values: dict[str, object] = {"q": self.q, **self.chosen, "sort": self.sort}
        values["size"] = self.size if self.size != 20 else ""
        values["exact"] = "1" if self.exact else ""
        values["page"] = self.page if self.page > 1 else ""
        if "page" not in changes:
            changes["page"] = ""
        values.update(changes)
        kept = {key: value for key, value in values.items() if value}
        return "?" + urlencode(kept) if kept else "?"

    def page_address(self, page: int) -> str:
        """The query string of another page."""
        return self.query(page=page)


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
    shown: int = MOST_CHOICES
    """Choices of each facet that the page shows."""


def wish(args: MultiDict[str, str]) -> Wish:
    """Read an address' parameters; what is not known or not sensible falls away.

    A page that is none is refused: ``ValidationError``.
    """
    chosen = {key: args[key] for key in FACETS if _VALUE.fullmatch(args.get(key, ""))}
    size = args.get("size", 20, type=int)
    size = size if size in PAGE_SIZES else 20
    page = read_page(args, size, MAX_START // size).page
    exact = bool(args.get("exact"))
    words = args.get("q", "").strip()[:MAX_QUERY]
    return Wish(words, chosen, args.get("sort", ""), page, size, exact)


def plain(text: str) -> str:
    """A reader's words without the search server's own signs, which readers do not mean."""
    return " ".join(_SYNTAX.sub(" ", text).split())


def quoted(value: str) -> str:
    """One exact value for a filter."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def filters(chosen: dict[str, str]) -> list[str]:
    """The wish's choices as filters, each cached by the search server on its own."""
    return [f"{FACETS[key]}:{quoted(value)}" for key, value in chosen.items()]


def search(asked: Wish, extra: tuple[str, ...] = ()) -> Found:
    """Run the wish. Raises ``SearchAway`` when the search server does not answer."""
    answer = ask(
        {
            "q": plain(asked.q),
            "fq": "+dataset_type:dataset",
            "fq_list": [*filters(asked.chosen), *extra],
            "fl": ["id", "res_format"],
            "facet.field": list(FACETS.values()),
            "facet.limit": 1000,
            "rows": asked.size,
            "start": (asked.page - 1) * asked.size,
            "sort": SORTS[asked.order()],
            "include_private": True,
        }
    )
    facets = counted(answer["facets"], asked)
    titles(*(choice.value for choice in facets["organization"][:MOST_CHOICES]))
    return Found(answer["count"], entries(answer["results"]), facets)


def ask(data: dict[str, object]) -> dict[str, Any]:
    """``package_search`` for the present reader."""
    try:
        return tk.get_action("package_search")({"for_view": True}, data)
    except (SearchError, SolrConnectionError) as error:
        raise SearchAway from error


def counted(raw: dict[str, dict[str, int]], asked: Wish) -> dict[str, list[Choice]]:
    """Facets as choices, greatest first (``other`` last); regions only one level down."""
    facets = {
        key: sorted(
            (Choice(value, n) for value, n in raw.get(field_, {}).items() if value),
            key=lambda choice: (choice.value == "other", -choice.count, choice.value),
        )
        for key, field_ in FACETS.items()
    }
    facets["region"] = nearest(facets["region"], asked.chosen.get("region", ""))
    return facets


def nearest(regions: list[Choice], within: str = "") -> list[Choice]:
    """The division ``within`` and those just below it; the widest when it is empty."""
    below = [c for c in regions if c.value.startswith(within) and c.value != within]
    size = min((len(choice.value) for choice in below), default=0)
    return [c for c in regions if c.value == within] + [c for c in below if len(c.value) == size]


_ENTRIES = (
    select(
        model.Package.id,
        model.Package.name,
        model.Package.title,
        model.Package.notes,
        model.Package.extras,
        model.Package.metadata_modified,
        model.Package.private,
        model.Group.id.label("department_id"),
        model.Group.name.label("department_name"),
        model.Group.title.label("department_title"),
    )
    .outerjoin(
        model.Group,
        and_(model.Group.id == model.Package.owner_org, model.Group.state == "active"),
    )
    .where(
        model.Package.id.in_(bindparam("ids", expanding=True)), model.Package.state == "active"
    )
)
"""What a list shows of its entries; built once, as it is read for every list."""


def entries(hits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The hits' titles and attributes from the database, in the hits' order."""
    ids = [hit["id"] for hit in hits]
    rows = model.Session.execute(_ENTRIES, {"ids": ids}) if ids else []
    found = {
        row.id: {
            **(row.extras or {}),
            "id": row.id,
            "name": row.name,
            "title": row.title or row.name,
            "notes": "" if is_closed(row.extras or {}) else row.notes or "",
            "department": _provider(row),
            "metadata_modified": row.metadata_modified,
            "private": row.private,
        }
        for row in rows
    }
    formats = {hit["id"]: hit.get("res_format") or [] for hit in hits}
    return [{**found[id_], "res_format": sorted(set(formats[id_]))} for id_ in ids if id_ in found]


def _provider(row: Row) -> Department | None:
    """The department of a hit, as far as a list shows it."""
    if not row.department_id:
        return None
    return Department(row.department_id, row.department_name, row.department_title or "")


def pages(count: int, asked: Wish) -> list[int]:
    """Page numbers to offer."""
    return page_numbers(count, asked.page, asked.size, MAX_START // asked.size)
