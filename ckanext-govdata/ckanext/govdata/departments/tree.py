"""The tree of departments: CKAN's own group hierarchy, read with one statement each time.

A department's parent is the group that it is a member of (``groups`` of the organisation), as
CKAN itself and ckanext-hierarchy have it, so both see the same tree. A deleted department ends
the line: what stood below it has nothing above it any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from ckan import model
from flask import g, has_request_context

from ..domain.instrument import NATIONAL
from ..domain.power import Body
from ..domain.rulebook import find_jurisdiction

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
    former: tuple[str, ...] = ()
    """Titles and short names that it had, or that a department had which it succeeded."""
    former_codes: tuple[str, ...] = ()
    """The same of its credit code and its name in addresses."""


class Place(NamedTuple):
    """Where a department stands: the id of what is above it, and the jurisdiction of its own."""

    parent: str
    jurisdiction: str


Outline = Mapping[str, Place]
"""Every active department's id and place."""

_EXTRAS = "".join(f", btrim(coalesce(g.extras ->> '{field}', '')) AS {field}" for field in FIELDS)
_FORMER = """ARRAY(SELECT n.value FROM govdata_department_name n
    WHERE n.organization_id = g.id AND n.kind IN ({kinds}) ORDER BY n.until DESC, n.value)"""
_COLUMNS = f"""g.id, g.name, coalesce(g.title, '') AS title,
    coalesce(t.parent, '') AS parent, t.depth{_EXTRAS},
    {_FORMER.format(kinds="'title', 'short_name'")} AS former,
    {_FORMER.format(kinds="'uscc', 'name'")} AS former_codes"""
_THERE = "g.state = 'active' AND g.type = 'organization'"
_FROM = f"""JOIN "group" g ON g.id = t.id AND {_THERE}"""
LINK = "m.table_name = 'group' AND m.state = 'active'"
"""Of a row of ``member`` that puts the department ``group_id`` below ``table_id``."""
LINE = f"""line (thing, place, own) AS (
    SELECT w.id, w.owner_org, true FROM wanted w
    UNION SELECT line.thing, m.table_id, false FROM line
    JOIN member m ON m.group_id = line.place AND {LINK} WHERE :climbs
)"""  # noqa: S608
"""For a statement of others that has ``wanted (id, owner_org)``: each thing with the department
that has it (``own``) and, where ``:climbs``, all above that. A loop in the tree ends by itself."""
_PARENT = f"(SELECT m.table_id FROM member m WHERE m.group_id = g.id AND {LINK} LIMIT 1)"  # noqa: S608

_UP = sa.text(f"""WITH RECURSIVE t(id, depth, parent) AS (
    SELECT g.id, 0, {_PARENT} FROM "group" g WHERE g.id = :id AND {_THERE}
    UNION SELECT g.id, t.depth + 1, {_PARENT} FROM t
    JOIN member m ON m.group_id = t.id AND {LINK}
    JOIN "group" g ON g.id = m.table_id AND {_THERE} WHERE t.depth < {DEPTH}
) SELECT {_COLUMNS} FROM t {_FROM} ORDER BY t.depth DESC""")  # noqa: S608

_DOWN = sa.text(f"""WITH RECURSIVE t(id, parent, depth) AS (
    SELECT g.id, CAST('' AS text), 0 FROM "group" g WHERE g.id = :id AND {_THERE}
    UNION SELECT g.id, m.table_id, t.depth + 1 FROM t
    JOIN member m ON m.table_id = t.id AND {LINK}
    JOIN "group" g ON g.id = m.group_id AND {_THERE} WHERE t.depth < {DEPTH}
) SELECT {_COLUMNS} FROM t {_FROM} ORDER BY t.depth, g.title""")  # noqa: S608

_ALL = sa.text(f"""WITH t AS (
    SELECT g.id, 0 AS depth, {_PARENT} AS parent FROM "group" g WHERE {_THERE}
) SELECT {_COLUMNS} FROM t {_FROM} ORDER BY g.title""")  # noqa: S608

_OUTLINE = sa.text(f"""SELECT g.id, coalesce({_PARENT}, ''),
    btrim(coalesce(g.extras ->> 'jurisdiction', '')) FROM "group" g WHERE {_THERE}""")  # noqa: S608

_JURISDICTIONS = sa.text(f"""WITH RECURSIVE t(start, id, depth) AS (
    SELECT g.id, g.id, 0 FROM "group" g WHERE g.id = ANY(:ids) AND {_THERE}
    UNION SELECT t.start, g.id, t.depth + 1 FROM t
    JOIN member m ON m.group_id = t.id AND {LINK}
    JOIN "group" g ON g.id = m.table_id AND {_THERE} WHERE t.depth < {DEPTH}
) SELECT DISTINCT ON (t.start) t.start, btrim(g.extras ->> 'jurisdiction')
FROM t JOIN "group" g ON g.id = t.id
WHERE btrim(coalesce(g.extras ->> 'jurisdiction', '')) <> '' ORDER BY t.start, t.depth
""")  # noqa: S608

_BODIES = sa.text(f"""
SELECT g.id, array_remove(array_agg(m.table_id ORDER BY m.table_id), NULL),
    coalesce(g.extras ->> 'role', ''), g.state = 'active',
    coalesce(g.extras ->> 'region', ''), coalesce(g.extras ->> 'jurisdiction', '')
FROM "group" g LEFT JOIN member m ON m.group_id = g.id AND {LINK}
WHERE g.is_organization GROUP BY g.id
""")  # noqa: S608

_TITLES = sa.select(model.Group.name, model.Group.title).where(
    model.Group.name.in_(sa.bindparam("names", expanding=True)),
    model.Group.type == "organization",
    model.Group.state == "active",
)

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


def bodies(connection: Any) -> dict[str, Body]:
    """Every department, also those that are deleted, as the core judges power by it."""
    return {
        row[0]: Body(row[0], tuple(row[1]), *row[2:]) for row in connection.execute(_BODIES)
    }


def titles(names: Iterable[str]) -> dict[str, str]:
    """The titles of these departments by their names; a page asks for those that it shows."""
    rows = model.Session.execute(_TITLES, {"names": list(names)})
    return {row.name: row.title or "" for row in rows}


def get(name_or_id: str) -> Department | None:
    """One active department by its name or id."""
    group = model.Group.get(name_or_id) if name_or_id else None
    line = ancestors(group.id) if group is not None and group.type == "organization" else []
    return line[-1] if line else None


def outline() -> Outline:
    """Every active department's place; read once a request."""
    if not has_request_context():
        return _read_outline()
    if "govdata_outline" not in g:
        g.govdata_outline = _read_outline()
    return g.govdata_outline


def jurisdiction_of(department_id: str) -> str:
    """The jurisdiction that binds a department: its own, else the nearest above it, else the
    national texts. Reads those above it only, unless this request has read the whole tree already.
    """
    if has_request_context() and "govdata_outline" in g:
        return find_jurisdiction(department_id, outline())[0]
    return jurisdiction_in(ancestors(department_id))


def jurisdictions_of(department_ids: Iterable[str]) -> dict[str, str]:
    """The same of many departments, such as those of a list, by one statement; only of those of
    which they or one above them names one."""
    ids = sorted(set(department_ids))
    rows = model.Session.execute(_JURISDICTIONS, {"ids": ids}) if ids else ()
    return {row[0]: row[1] for row in rows}


def jurisdiction_in(line: Sequence[Department]) -> str:
    """The jurisdiction that binds the last department of a line, the top first."""
    return _stated_in(line) or NATIONAL


def common_jurisdiction(first: str, second: str) -> str:
    """The jurisdiction of the lowest place above two departments: that of both where they have the
    same, the national texts where nothing that is known here stands above both."""
    one, other = ancestors(first), ancestors(second)
    if jurisdiction_in(one) == jurisdiction_in(other):
        return jurisdiction_in(one)
    common = [above for above, also in zip(one, other, strict=False) if above.id == also.id]
    return jurisdiction_in(common)


def stated_jurisdiction(department_id: str) -> str:
    """The jurisdiction that a department or one above it names; empty where nobody names one."""
    return _stated_in(ancestors(department_id))


def region_in(line: Sequence[Department]) -> str:
    """The division code of the last department of a line: its own, else the nearest above it."""
    return next((one.region for one in reversed(line) if one.region), "")


def region_of(department_id: str) -> str:
    """The same of a department by its id; empty where nobody in its line has one."""
    return region_in(ancestors(department_id))


def provider(department_id: str) -> tuple[str, str] | None:
    """The title of an active department, and the jurisdiction that binds it."""
    line = ancestors(department_id)
    return (line[-1].title or line[-1].name, jurisdiction_in(line)) if line else None


def _stated_in(line: Sequence[Department]) -> str:
    return next((one.jurisdiction for one in reversed(line) if one.jurisdiction), "")


def _read_outline() -> Outline:
    return {row[0]: Place(row[1], row[2]) for row in model.Session.execute(_OUTLINE)}


def _read(statement: sa.TextClause, **parameters: object) -> list[Department]:
    rows = model.Session.execute(statement, parameters)
    return [
        Department(**{**row, "former": tuple(row["former"]),
                      "former_codes": tuple(row["former_codes"])})
        for row in rows.mappings()
    ]
