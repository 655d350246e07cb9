"""The tree of departments: CKAN's own group hierarchy, read with one statement each time.

A department's parent is the group that it is a member of (``groups`` of the organisation), as
CKAN itself and ckanext-hierarchy have it, so both see the same tree.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

DEPTH = 20
"""No tree is deeper; ends the recursion should somebody write a loop into the database."""

FIELDS = ("short_name", "uscc", "level", "region", "jurisdiction", "role", "catalogue_prefix")
"""Extras that the tree carries along."""


@dataclass(frozen=True)
class Department:
    """A department as the tree knows it; ``parent`` is an id, empty at the top."""

    id: str
    name: str
    title: str
    parent: str = ""
    depth: int = 0
    short_name: str = ""
    uscc: str = ""
    level: str = ""
    region: str = ""
    jurisdiction: str = ""
    role: str = ""
    catalogue_prefix: str = ""


_EXTRAS = "".join(f", coalesce(g.extras ->> '{field}', '') AS {field}" for field in FIELDS)
_COLUMNS = f"""g.id, g.name, coalesce(g.title, '') AS title,
    coalesce(t.parent, '') AS parent, t.depth{_EXTRAS}"""
_FROM = """JOIN "group" g ON g.id = t.id AND g.state = 'active' AND g.type = 'organization'"""
_LINK = "m.table_name = 'group' AND m.state = 'active'"

_UP = sa.text(f"""WITH RECURSIVE up(id, depth) AS (
    SELECT CAST(:id AS text), 0
    UNION SELECT m.table_id, up.depth + 1 FROM up
    JOIN member m ON m.group_id = up.id AND {_LINK} WHERE up.depth < {DEPTH}
), t AS (
    SELECT up.id, up.depth,
        (SELECT m.table_id FROM member m WHERE m.group_id = up.id AND {_LINK} LIMIT 1) AS parent
    FROM up
) SELECT {_COLUMNS} FROM t {_FROM} ORDER BY t.depth DESC""")  # noqa: S608

_DOWN = sa.text(f"""WITH RECURSIVE t(id, parent, depth) AS (
    SELECT CAST(:id AS text), CAST('' AS text), 0
    UNION SELECT m.group_id, m.table_id, t.depth + 1 FROM t
    JOIN member m ON m.table_id = t.id AND {_LINK} WHERE t.depth < {DEPTH}
) SELECT {_COLUMNS} FROM t {_FROM} ORDER BY t.depth, g.title""")  # noqa: S608

_ALL = sa.text(f"""WITH t AS (
    SELECT g.id, 0 AS depth,
        (SELECT m.table_id FROM member m WHERE m.group_id = g.id AND {_LINK} LIMIT 1) AS parent
    FROM "group" g WHERE g.type = 'organization' AND g.state = 'active'
) SELECT {_COLUMNS} FROM t {_FROM} ORDER BY g.title""")  # noqa: S608


_lines: ContextVar[dict[str, list[Department]] | None] = ContextVar("lines", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Within this block each department's line is read once: for making many documents."""
    token = _lines.set({})
    try:
        yield
    finally:
        _lines.reset(token)


def ancestors(department_id: str) -> list[Department]:
    """The department and those above it, the top first; empty for an unknown id."""
    lines = _lines.get()
    if lines is None:
        return _read(_UP, id=department_id)
    if department_id not in lines:
        lines[department_id] = _read(_UP, id=department_id)
    return lines[department_id]


def descendants(department_id: str) -> list[Department]:
    """The department and all below it, parents before children; empty for an unknown id."""
    return _read(_DOWN, id=department_id)


def every() -> list[Department]:
    """All departments by title, each with its parent; ``depth`` is not set."""
    return _read(_ALL)


_TITLES = sa.select(model.Group.name, model.Group.title).where(
    model.Group.name.in_(sa.bindparam("names", expanding=True)),
    model.Group.type == "organization",
    model.Group.state == "active",
)


def titles(names: Iterable[str]) -> dict[str, str]:
    """The titles of these departments by their names; a page asks for those that it shows."""
    rows = model.Session.execute(_TITLES, {"names": list(names)})
    return {row.name: row.title or "" for row in rows}


def get(name_or_id: str) -> Department | None:
    """One department by its name or id."""
    group = model.Group.get(name_or_id) if name_or_id else None
    line = ancestors(group.id) if group is not None and group.type == "organization" else []
    return line[-1] if line else None


def jurisdiction_of(department_id: str) -> str:
    """The id of the jurisdiction that binds a department: its own, else the nearest above it."""
    line = ancestors(department_id)
    return next((d.jurisdiction for d in reversed(line) if d.jurisdiction), "")


@dataclass(frozen=True)
class Branch:
    """A department and what stands below it."""

    department: Department
    children: tuple[Branch, ...]


def tree(departments: Iterable[Department] | None = None) -> list[Branch]:
    """The tree of these departments (all, when not given), in their order.

    One whose parent is not among them stands at the top.
    """
    known = {d.id: d for d in (every() if departments is None else departments)}
    children: dict[str, list[Department]] = {}
    for department in known.values():
        parent = department.parent if department.parent in known else ""
        children.setdefault(parent, []).append(department)
    return [_branch(top, children, frozenset()) for top in children.get("", ())]


def _branch(
    department: Department, children: Mapping[str, list[Department]], above: frozenset[str]
) -> Branch:
    line = above | {department.id}
    below = (child for child in children.get(department.id, ()) if child.id not in line)
    return Branch(department, tuple(_branch(child, children, line) for child in below))


def _read(statement: sa.TextClause, **parameters: Any) -> list[Department]:
    rows = model.Session.execute(statement, parameters)
    return [Department(**row) for row in rows.mappings()]
