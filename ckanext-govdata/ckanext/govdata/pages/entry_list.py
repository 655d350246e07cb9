"""The list of entries: what the address asks for, one Solr call, one statement.

Solr gives ids, order and counts; titles and attributes are read from the
database, so a list never shows what was changed since it was indexed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from ..domain.publicity import has_public_files, is_closed
from ..pager import page_numbers, read_page
from ..tables import entry_files

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
MOST_VALUES = 20
"""Values of one facet that an address may name."""
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
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values of each facet; an entry has one of them."""
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
        return "?" + urlencode(kept, doseq=True) if kept else "?"

    def without(self, facet: str, value: str) -> str:
        """The query string without one value of a facet."""
        return self.query(**{facet: tuple(v for v in self.chosen[facet] if v != value)})

    def other(self, facet: str) -> Wish:
        """The same wish without a facet: what its values are counted among."""
        return replace(self, chosen={k: v for k, v in self.chosen.items() if k != facet})

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
    chosen = {key: values for key in FACETS if (values := _values(key, args.getlist(key)))}
    size = args.get("size", 20, type=int)
    size = size if size in PAGE_SIZES else 20
    page = read_page(args, size, MAX_START // size).page
    exact = bool(args.get("exact"))
    words = args.get("q", "").strip()[:MAX_QUERY]
    return Wish(words, chosen, args.get("sort", ""), page, size, exact)


def _values(facet: str, sent: Sequence[str]) -> tuple[str, ...]:
    """The values of a facet, each once. Of divisions within each other the smallest is meant: one
    that holds another would make it say nothing."""
    values = list(dict.fromkeys(value for value in sent if _VALUE.fullmatch(value)))[:MOST_VALUES]
    if facet == "region":
        values = [v for v in values if not any(w != v and w.startswith(v) for w in values)]
    return tuple(values)


def plain(text: str) -> str:
    """A reader's words without the search server's own signs, which readers do not mean."""
    return " ".join(_SYNTAX.sub(" ", text).split())


def quoted(value: str) -> str:
    """One exact value for a filter."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def filters(chosen: Mapping[str, Sequence[str]]) -> list[str]:
    """The wish's choices as filters, each cached by the search server on its own."""
    return [f"{FACETS[key]}:{any_of(values)}" for key, values in chosen.items()]


def any_of(values: Sequence[str]) -> str:
    """One of several exact values, for a filter."""
    one, *more = map(quoted, values)
    return f"({' OR '.join([one, *more])})" if more else one


def search(asked: Wish, extra: tuple[str, ...] = ()) -> Found:
    """Run the wish. Raises ``SearchAway`` when the search server does not answer."""
    answer = ask(
        {
            **_wanted(asked, extra),
            "fl": ["id"],
            "facet.field": [name for key, name in FACETS.items() if key not in asked.chosen],
            "rows": asked.size,
            "start": (asked.page - 1) * asked.size,
            "sort": SORTS[asked.order()],
        }
    )
    counts = answer["facets"]
    for facet in asked.chosen:
        counts |= _counts_without(facet, asked, extra)
    facets = counted(counts, asked)
    titles(*(choice.value for choice in facets["organization"][:MOST_CHOICES]))
    return Found(answer["count"], entries([hit["id"] for hit in answer["results"]]), facets)


def _counts_without(facet: str, asked: Wish, extra: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """The values of a chosen facet, counted as if none of them was: what adding one would bring."""
    wanted = _wanted(asked.other(facet), extra)
    return ask({**wanted, "fl": ["id"], "rows": 0, "facet.field": [FACETS[facet]]})["facets"]


def _wanted(asked: Wish, extra: tuple[str, ...]) -> dict[str, object]:
    return {
        "q": plain(asked.q),
        "fq": "+dataset_type:dataset",
        "fq_list": [*filters(asked.chosen), *extra],
        "facet.limit": 1000,
        "include_private": True,
    }


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
    facets["region"] = nearest(facets["region"], asked.chosen.get("region", ()))
    return facets


def nearest(regions: list[Choice], within: Sequence[str] = ()) -> list[Choice]:
    """The divisions ``within``, and those just below each; the widest when it is empty."""
    if not within:
        return _below(regions, "")
    chosen = [choice for choice in regions if choice.value in within]
    beside = [choice for code in within for choice in _beside(regions, code)]
    below = [choice for code in within for choice in _below(regions, code)]
    return list(dict.fromkeys([*chosen, *below, *beside]))


def _below(regions: list[Choice], code: str) -> list[Choice]:
    inside = [c for c in regions if c.value.startswith(code) and c.value != code]
    size = min((len(choice.value) for choice in inside), default=0)
    return [choice for choice in inside if len(choice.value) == size]


def _beside(regions: list[Choice], code: str) -> Iterator[Choice]:
    """Those of the same size in the division that holds it; of none within the whole."""
    parents = [c.value for c in regions if code.startswith(c.value) and c.value != code]
    if parents:
        holder = max(parents, key=len)
        yield from (c for c in _below(regions, holder) if len(c.value) == len(code))


_ENTRIES = (
    select(
        model.Package.id,
        model.Package.name,
        model.Package.title,
        model.Package.notes,
        model.Package.extras,
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


def entries(ids: list[str]) -> list[dict[str, Any]]:
    """Titles, attributes and files of these entries from the database, in this order."""
    rows = model.Session.execute(_ENTRIES, {"ids": ids}).all() if ids else []
    public = [row.id for row in rows if has_public_files(row.extras or {})]
    files = entry_files.of_entries(model.Session, public) if public else {}
    found = {
        row.id: {
            **(row.extras or {}),
            "id": row.id,
            "name": row.name,
            "title": row.title or row.name,
            "notes": "" if is_closed(row.extras or {}) else row.notes or "",
            "department": _provider(row),
            "private": row.private,
            "files": files.get(row.id),
        }
        for row in rows
    }
    return [found[id_] for id_ in ids if id_ in found]


def _provider(row: Row) -> Department | None:
    """The department of a hit, as far as a list shows it."""
    if not row.department_id:
        return None
    return Department(row.department_id, row.department_name, row.department_title or "")


def pages(count: int, asked: Wish) -> list[int]:
    """Page numbers to offer."""
    return page_numbers(count, asked.page, asked.size, MAX_START // asked.size)
