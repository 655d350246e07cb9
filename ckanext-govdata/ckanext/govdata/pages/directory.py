"""The departments as a tree, read in one statement per request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import func, select

from .. import vocabularies

EXTRAS = (
    "level",
    "region",
    "role",
    "short_name",
    "jurisdiction",
    "first_responsible_person",
    "contact_office",
    "contact_phone",
)
LEVELS = {2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}
"""Length of a division code (GB/T 2260 and its extensions) -> level."""


@dataclass
class Department:
    """One organisation with what pages show of it."""

    id: str
    name: str
    title: str
    parent_id: str | None = None
    level: str = ""
    region: str = ""
    role: str = ""
    short_name: str = ""
    jurisdiction: str = ""
    first_responsible_person: str = ""
    contact_office: str = ""
    contact_phone: str = ""
    children: list[Department] = field(default_factory=list)

    def walk(self) -> Iterator[Department]:
        """This department and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Directory:
    """All active departments, by id and by name, with the roots of the tree."""

    by_id: dict[str, Department]
    by_name: dict[str, Department]
    roots: list[Department]

    def ancestors(self, department: Department) -> list[Department]:
        """From the root down to the parent; stops at a loop."""
        line: list[Department] = []
        parent = self.by_id.get(department.parent_id or "")
        while parent and parent not in line:
            line.insert(0, parent)
            parent = self.by_id.get(parent.parent_id or "")
        return line

    def government(self, code: str) -> Department | None:
        """The people's government of a division, if it is in the tree."""
        return next(
            (d for d in self.by_id.values() if d.region == code and d.role == "government"), None
        )

    def regions(self) -> dict[str, list[Department]]:
        """Division code -> its own departments (not those of divisions below it)."""
        found: dict[str, list[Department]] = {}
        for department in self.by_id.values():
            if department.region:
                found.setdefault(department.region, []).append(department)
        return found


def _rows() -> list[Any]:
    group, member = model.Group, model.Member
    parent = (
        select(member.group_id, func.min(member.table_id).label("parent_id"))
        .where(member.table_name == "group", member.state == "active")
        .group_by(member.group_id)
        .subquery()
    )
    columns = (group.id, group.name, group.title, group.extras, parent.c.parent_id)
    return list(
        model.Session.execute(
            select(*columns)
            .outerjoin(parent, parent.c.group_id == group.id)
            .where(group.is_organization, group.state == "active")
            .order_by(group.name)
        )
    )


def directory() -> Directory:
    """The tree as it stands now; kept for the rest of the request."""
    kept = tk.g.get("govdata_directory") if tk.request else None
    if kept is None:
        kept = _read()
        if tk.request:
            tk.g.govdata_directory = kept
    return kept


def _read() -> Directory:
    by_id = {
        row.id: Department(
            row.id,
            row.name,
            row.title or row.name,
            row.parent_id,
            **{key: (row.extras or {}).get(key, "") for key in EXTRAS},
        )
        for row in _rows()
    }
    roots = []
    for department in by_id.values():
        parent = by_id.get(department.parent_id or "")
        if parent and parent is not department:
            parent.children.append(department)
        else:
            roots.append(department)
    for department in by_id.values():
        department.children.sort(key=_order)
    return Directory(by_id, {d.name: d for d in by_id.values()}, sorted(roots, key=_order))


def _order(department: Department) -> tuple[bool, str, str]:
    """A government's own departments first, then the governments below it by code."""
    return (department.role == "government", department.region, department.name)


def parents(code: str) -> list[str]:
    """Codes of the divisions above ``code``, outermost first: 340111 -> 34, 3401."""
    return [code[:size] for size in LEVELS if size < len(code)]


def region_name(code: str) -> str:
    """What a division is called; the code itself where nothing names it."""
    division = vocabularies.divisions().get(code)
    if division:
        return division.name
    government = directory().government(code)
    if not government:
        return code
    return government.short_name or government.title.removesuffix("人民政府")
