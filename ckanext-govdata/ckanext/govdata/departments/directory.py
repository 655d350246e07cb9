"""All departments as a tree, and the divisions that they stand in; read once a request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ckan.plugins.toolkit as tk

from .. import vocabularies
from ..domain import lineage
from . import tree
from .tree import Department

LEVELS = (2, 4, 6, 9)
"""Lengths of division codes: province, city, county, township (GB/T 2260, 10114)."""


@dataclass(frozen=True)
class Directory:
    """All active departments by id and by name, with those directly below each."""

    by_id: dict[str, Department]
    by_name: dict[str, Department]
    below: dict[str, list[Department]]
    """Id (empty for the top) -> departments directly below, in the order of pages."""

    @property
    def roots(self) -> list[Department]:
        """Departments that stand below none."""
        return self.below.get("", [])

    def children(self, department: Department) -> list[Department]:
        """Departments directly below one."""
        return self.below.get(department.id, [])

    def ancestors(self, department: Department) -> list[Department]:
        """From the top down to the parent."""
        found = lineage.above(department.id, self._parents)
        return [self.by_id[one] for one in found if one in self.by_id][::-1]

    def walk(self) -> Iterator[tuple[Department, int]]:
        """Every department in the order of the tree, each with its depth."""
        waiting = [(one, 0) for one in reversed(self.roots)]
        while waiting:
            department, depth = waiting.pop()
            yield department, depth
            waiting += [(one, depth + 1) for one in reversed(self.children(department))]

    def regions(self) -> dict[str, list[Department]]:
        """Division code -> its own departments (not those of divisions below it)."""
        found: dict[str, list[Department]] = {}
        for department in self.by_id.values():
            if department.region:
                found.setdefault(department.region, []).append(department)
        return found

    def _parents(self, department_id: str) -> list[str]:
        known = self.by_id.get(department_id)
        return [known.parent] if known else []


def directory() -> Directory:
    """The departments as they stand now; kept for the rest of the request."""
    kept: Directory | None = tk.g.get("govdata_directory") if tk.request else None
    if kept is None:
        kept = arrange(tree.every())
        if tk.request:
            tk.g.govdata_directory = kept
    return kept


def titles(*names: str) -> dict[str, str]:
    """Titles of departments by name, as they are now; a name that nobody bears stands for itself.

    What a page asks for together is read by one statement, and each name once a request: a list
    shows some dozens of thousands.
    """
    known: dict[str, str] = tk.g.setdefault("govdata_department_titles", {})
    if missing := [name for name in names if name not in known]:
        known.update({name: name for name in missing}, **tree.titles(missing))
    return known


def arrange(found: list[Department]) -> Directory:
    """Put departments under their parents; one whose parent is not here stands at the top."""
    by_id = {department.id: department for department in found}
    below: dict[str, list[Department]] = {}
    for department in sorted(found, key=_order):
        parent = department.parent if department.parent in by_id else ""
        below.setdefault("" if parent == department.id else parent, []).append(department)
    return Directory(by_id, {department.name: department for department in found}, below)


def _order(department: Department) -> tuple[bool, str, str]:
    """A government's own departments first, then the governments below it by code."""
    return (department.role == "government", department.region, department.name)


def parents(code: str) -> list[str]:
    """Codes of the divisions around ``code``, outermost first: 340111 -> 34, 3401."""
    return [code[:size] for size in LEVELS if size < len(code)]


def region_name(code: str) -> str:
    """What a division is called; the code itself where nothing names it."""
    division = vocabularies.divisions().get(code)
    return division.name if division else code
