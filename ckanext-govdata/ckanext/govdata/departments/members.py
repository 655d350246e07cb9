"""Who sits in a department: its heads, its officers, and who stands in for one of them today.

Whoever is told something about a department's things is found here: officers, where there are
none the heads, and their deputies as far as these work there too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import ckan.model as model
import sqlalchemy as sa

from .. import now
from ..bulk_sql import array
from .seats import HEAD, OFFICER

_SITTING = """
SELECT DISTINCT u.id, m.group_id, m.capacity, d.id AS deputy
FROM member m
JOIN "group" g ON g.id = m.group_id AND g.state = 'active' AND g.is_organization
JOIN "user" u ON u.id = m.table_id AND u.state = 'active'
LEFT JOIN govdata_away a ON a.user_id = u.id AND a.first <= :today AND a.last >= :today
LEFT JOIN member s ON s.table_id = a.deputy_id AND s.group_id = m.group_id
    AND s.table_name = 'user' AND s.state = 'active' AND s.capacity IN ('admin', 'editor')
LEFT JOIN "user" d ON d.id = s.table_id AND d.state = 'active'
WHERE m.table_name = 'user' AND m.state = 'active' AND m.capacity IN ('admin', 'editor')
"""
SITTING = sa.text(f"{_SITTING} AND m.group_id = ANY(CAST(:where AS text[])) ORDER BY u.id")
SITTING_ANYWHERE = sa.text(f"{_SITTING} ORDER BY u.id")
HEADED = sa.text("""
SELECT m.group_id FROM member m JOIN "user" u ON u.id = m.table_id AND u.state = 'active'
JOIN "group" g ON g.id = m.group_id AND g.state = 'active'
WHERE m.table_id = :user AND m.table_name = 'user' AND m.state = 'active'
    AND m.capacity = 'admin'
""")


class Sitting(NamedTuple):
    """Somebody who works in a department, and who stands in for him there today."""

    user: str
    organization: str
    capacity: str
    deputy: str | None


def officers(organization: str) -> list[str]:
    """Whom the department's daily work concerns: its officers, where there are none its heads,
    and who stands in for them today."""
    return officers_among(_sitting([organization]))


def heads(organization: str) -> list[str]:
    """The department's heads and who stands in for them today."""
    return heads_among(_sitting([organization]))


def everybody(organizations: Iterable[str]) -> list[str]:
    """Officers and heads of these departments and who stands in for them today."""
    return told(_sitting(organizations))


def officers_among(sitting: Sequence[Sitting]) -> list[str]:
    """The same of a department's people who were read before."""
    return told([one for one in sitting if one.capacity == OFFICER] or sitting)


def heads_among(sitting: Sequence[Sitting]) -> list[str]:
    """The same of a department's people who were read before."""
    return told([one for one in sitting if one.capacity == HEAD])


def told(sitting: Iterable[Sitting]) -> list[str]:
    """Themselves, then their deputies, each once."""
    found = list(sitting)
    deputies = [one.deputy for one in found if one.deputy]
    return list(dict.fromkeys([*(one.user for one in found), *deputies]))


def with_deputy(user_id: str, organization: str) -> list[str]:
    """Whose a department's matter is, and who stands in for him there today; nobody once he
    works there no more."""
    return told(one for one in _sitting([organization]) if one.user == user_id)


def colleagues(organizations: Iterable[str]) -> list[str]:
    """The ids of those who work in these departments, whether they are here today or not."""
    return list(dict.fromkeys(one.user for one in _sitting(organizations)))


def headed_by(user_id: str, connection: Any = None) -> frozenset[str]:
    """The departments that the user heads himself: power is not lent."""
    asked = model.Session if connection is None else connection
    return frozenset(asked.scalars(HEADED, {"user": user_id}))


def names(user_ids: Iterable[str]) -> dict[str, str]:
    """Full names by id; a user who is gone is not there."""
    wanted = set(user_ids)
    query = sa.select(model.User.id, model.User.fullname, model.User.name)
    rows = model.Session.execute(query.where(model.User.id.in_(wanted))) if wanted else ()
    return {row[0]: row[1] or row[2] for row in rows}


def sitting_anywhere() -> list[Sitting]:
    """Everybody who works in any department; one statement."""
    rows = model.Session.execute(SITTING_ANYWHERE, {"today": now.today()})
    return [Sitting(*row) for row in rows]


def _sitting(organizations: Iterable[str]) -> list[Sitting]:
    wanted = [one for one in organizations if one]
    if not wanted:
        return []
    values = {"where": array(wanted), "today": now.today()}
    return [Sitting(*row) for row in model.Session.execute(SITTING, values)]
