"""The names that departments had 曾用名: their own, and those of departments that they succeeded.

The database keeps them whenever a name, a title, a short name or a credit code is given up
(migration 024). A name that somebody bears today is never read as another's former one.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, TypedDict

import ckan.model as model
import sqlalchemy as sa

from ..database import Session

KINDS = ("title", "short_name", "uscc", "name")
"""What is kept; ``name`` is the one in addresses."""


class FormerName(NamedTuple):
    """A name, who bore it until when, and the title of the bearer now (his last one)."""

    kind: str
    value: str
    until: datetime
    bearer: str
    own: bool
    """Whether the department bore it itself; else a department that it succeeded did."""


class ToldName(TypedDict):
    """A former name as actions answer it."""

    kind: str
    value: str
    until: str
    bearer: str
    own: bool


OF = sa.text("""
SELECT n.kind, n.value, n.until, coalesce(nullif(b.title, ''), b.name, '') AS bearer,
    n.bearer_id = n.organization_id AS own
FROM govdata_department_name n
JOIN "group" g ON g.id = n.organization_id
LEFT JOIN "group" b ON b.id = n.bearer_id
WHERE n.organization_id = :id AND n.value <> coalesce(
    CASE n.kind WHEN 'name' THEN g.name WHEN 'title' THEN g.title ELSE g.extras ->> n.kind END, '')
ORDER BY n.until DESC, n.kind, n.value
""")
BEARERS = sa.text("""
SELECT DISTINCT g.id FROM govdata_department_name n
JOIN "group" g ON g.id = n.organization_id AND g.state = 'active' AND g.is_organization
WHERE n.value = :value AND n.kind = ANY(CAST(:kinds AS text[])) AND NOT EXISTS (
    SELECT FROM "group" o WHERE o.is_organization AND o.state = 'active' AND :value = CASE n.kind
        WHEN 'name' THEN o.name WHEN 'title' THEN o.title ELSE o.extras ->> n.kind END)
ORDER BY g.id
""")
INHERIT = sa.text("""
INSERT INTO govdata_department_name (organization_id, kind, value, bearer_id, until)
SELECT :heir, n.kind, n.value, n.bearer_id, n.until FROM govdata_department_name n
WHERE n.organization_id = :id
UNION ALL
SELECT :heir, v.kind, v.value, g.id, :at FROM "group" g CROSS JOIN LATERAL (VALUES
    ('name', g.name), ('title', g.title), ('short_name', g.extras ->> 'short_name'),
    ('uscc', g.extras ->> 'uscc')) AS v (kind, value)
WHERE g.id = :id AND btrim(coalesce(v.value, '')) <> ''
ON CONFLICT (organization_id, kind, value) DO NOTHING
""")


def of(department_id: str) -> list[FormerName]:
    """The former names of a department, the latest first."""
    return [FormerName(*row) for row in model.Session.execute(OF, {"id": department_id})]


def bearers(value: str, kinds: tuple[str, ...] = KINDS) -> list[str]:
    """The ids of the active departments that a former name leads to; none where somebody bears
    the name today."""
    values = {"value": value.strip(), "kinds": list(kinds)}
    return list(model.Session.scalars(BEARERS, values)) if value.strip() else []


def heir_of(name: str) -> str:
    """The id of the department that a former name in addresses leads to; empty where it is not
    one, or more than one."""
    found = bearers(name, ("name",)) if name else []
    return found[0] if len(found) == 1 else ""


def inherit(session: Session, department_id: str, heir_id: str, at: datetime) -> None:
    """The successor is found by the names of the department, and by all that it was found by."""
    session.execute(INHERIT, {"id": department_id, "heir": heir_id, "at": at})


def told(department_id: str) -> list[ToldName]:
    """The same for answers of actions."""
    return [
        {"kind": one.kind, "value": one.value, "until": one.until.isoformat(),
         "bearer": one.bearer, "own": one.own}
        for one in of(department_id)
    ]
