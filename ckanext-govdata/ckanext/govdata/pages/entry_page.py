"""What the page of one entry shows beyond its fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import DataDict
from sqlalchemy import or_, select

from .. import now
from ..access import gate
from ..departments import tree
from ..departments.tree import Department
from ..domain import freshness as promise
from ..domain.stored_value import rows
from ..explorer.table_view import TableView
from ..pager import PageAnswer
from ..tables import entry_files
from ..web import page_of_address

FILES = 20
"""Files on one page of an entry."""


def file_page(pkg: DataDict) -> PageAnswer:
    """The files of the page that the address asks for: of an entry there may be hundreds."""
    return page_of_address(FILES).cut(list(pkg.get("resources") or ()))


@dataclass(frozen=True)
class KeyFacts:
    """The size of an entry's data as far as it is known and this reader may know it; 0 and empty
    where not."""

    files: int
    formats: list[str]
    bytes: int
    rows: int
    columns: int
    items: int
    uses: int


def key_facts(pkg: DataDict, shown: FirstTable | None) -> KeyFacts:
    """Rows and columns of tables are told of what everybody may read; two statements."""
    files: list[DataDict] = list(pkg.get("resources") or ())
    known = entry_files.of_entries(model.Session, [pkg["id"]]) if files else {}
    told = known.get(pkg["id"])
    sizes = (str(file.get("size") or "") for file in files)
    uses: dict[str, int] = tk.h.govdata_uses([pkg["id"]])
    return KeyFacts(
        len(files),
        list(dict.fromkeys(str(file["format"]).upper() for file in files if file.get("format"))),
        sum(int(size) for size in sizes if size.isdigit()),
        _row_count(told.rows if told and gate.entry_open(pkg) else 0, len(files), shown),
        len(shown.view.columns) if shown else 0,
        len(rows(pkg.get("information_items"))),
        uses.get(pkg["id"], 0),
    )


def _row_count(known: int, files: int, shown: FirstTable | None) -> int:
    """Of the one table that a program made nobody keeps how many rows it has: they were counted."""
    return known or (shown.rows or 0 if shown and files == 1 else 0)


@dataclass(frozen=True)
class FirstTable:
    """The first rows of a file's table, and whose they are."""

    file: DataDict
    view: TableView

    @property
    def resource_id(self) -> str:
        """Of the file."""
        return str(self.file["id"])

    @property
    def rows(self) -> int | None:
        """How many there are, where they were all counted."""
        page = self.view.page
        return page.count.number if page and page.count.exact else None


def day(text: object) -> date | None:
    """The day in an ISO date or time; None when there is none."""
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def updated(pkg: DataDict) -> date | None:
    """The last day on which the entry's data changed: its own date, else that of its files."""
    own = day(pkg.get("modified"))
    if own:
        return own
    days = [day(r.get("last_modified") or r.get("created")) for r in pkg.get("resources", [])]
    return max((d for d in days if d), default=day(pkg.get("issued")))


def freshness(pkg: DataDict) -> promise.Freshness:
    """The entry's promise, judged today."""
    return promise.freshness(pkg.get("update_period") or "", updated(pkg), now.today())


def freshness_of_hit(item: DataDict) -> promise.Freshness:
    """The same of an entry of a list, whose files were read together."""
    own, files = day(item.get("modified")), item["files"]
    last = own or (files.changed.date() if files and files.changed else day(item.get("issued")))
    return promise.freshness(item.get("update_period") or "", last, now.today())


def first_table(
    pkg: DataDict, files: Iterable[DataDict]
) -> FirstTable | None:
    """The first of these files that has rows to show to everybody."""
    for file in files:
        view: TableView | None = tk.h.govdata_first_table(pkg, file)
        if view is not None:
            return FirstTable(file, view)
    return None


def citation(pkg: Mapping[str, object], provider: str, url: str, site: str) -> str:
    """How to cite the entry, in the order of GB/T 7714 for data sets on line."""
    issued = day(pkg.get("issued")) or day(pkg.get("metadata_created"))
    parts = [provider, f"{pkg.get('title') or pkg['name']}[DS/OL]", site]
    dates = f"({issued.isoformat()})" if issued else ""
    return f"{'. '.join(part for part in parts if part)}. {dates}[{now.today().isoformat()}]. {url}"


def contact(organisation: str) -> dict[str, str]:
    """Who to turn to in the department: person first responsible, office, telephone."""
    group = model.Group.get(organisation) if organisation else None
    return dict(group.extras or {}) if group else {}  # pyright: ignore[reportAttributeAccessIssue]


def related(pkg: Mapping[str, object]) -> list[dict[str, str]]:
    """Active public entries that this one names by address or catalogue code."""
    named = pkg.get("related_entries") or []
    if isinstance(named, str):
        named = named.split()
    if not isinstance(named, list) or not named:
        return []
    package = model.Package
    found = model.Session.execute(
        select(package.name, package.title).where(
            package.state == "active",
            package.private.is_(False),
            or_(package.name.in_(named), package.extras["catalogue_code"].astext.in_(named)),
        )
    )
    return [{"name": row.name, "title": row.title or row.name} for row in found]


class OpenTerm(TypedDict):
    """A term: how many working days, the day if one came today, text and article, and notes."""

    number: int
    due: str
    source: str
    notes: list[str]


def open_term(department: Department) -> OpenTerm | None:
    """The term of answering an application for conditional data, by the provider's rules.

    None where the rules name no term in working days.
    """
    question = {
        "jurisdiction": tree.jurisdiction_of(department.id),
        "term": tk.h.govdata_usual_term(),
        "received": now.today().isoformat(),
    }
    try:
        answer = tk.get_action("govdata_deadline_explain")({}, question)
    except tk.ValidationError:
        return None
    if not answer["working_days"]:
        return None
    return {
        "number": answer["working_days"],
        "due": answer["due"],
        "source": " ".join(part for part in (answer["document"], answer["article"]) if part),
        "notes": answer["notes"],
    }
