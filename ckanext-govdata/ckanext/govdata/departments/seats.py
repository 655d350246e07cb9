"""Where a user sits: his own seats, and those that absent colleagues lend him where he works."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import ckan.model as model
import sqlalchemy as sa

from .. import now

HEAD, OFFICER = "admin", "editor"
CAPACITIES = (HEAD, OFFICER)
"""CKAN's capacities of those who work in a department 数长、经办人; any other only reads."""


class Seat(NamedTuple):
    """A user's place in a department with an office or none: ``user`` is whose place it is."""

    user: str
    organization: str
    capacity: str
    office: str


class Seating(NamedTuple):
    """All that a user sits on."""

    seats: list[Seat]
    """His own, then the higher ones that absent colleagues lend him where he works."""
    stands_for: frozenset[str]
    """All for whom he stands in."""
    marked: bool
    """Whether the statement's own condition holds of him or of one of those."""


def memberships(user_id: str) -> dict[str, str]:
    """Department id to capacity, of an active user; one query.

    Whoever stands in for an absent colleague has the higher of both capacities where both work.
    """
    return {seat.organization: seat.capacity for seat in seating(user_id).seats}


def works_in(user_id: str) -> dict[str, str]:
    """The same of the departments in which he works as officer or head."""
    return {one: held for one, held in memberships(user_id).items() if held in CAPACITIES}


def seating(user_id: str, query: sa.TextClause | None = None, **values: object) -> Seating:
    """Where the user sits; by a :func:`statement` of one's own, with its ``values``."""
    asked = {"user": user_id, "today": now.today(), **values}
    rows = model.Session.execute(statement() if query is None else query, asked).all()
    own = [Seat(*row[:4]) for row in rows if row.hops == 0 and row.group_id]
    work = {seat.organization: seat.capacity for seat in own if seat.capacity in CAPACITIES}
    lent = [
        Seat(*row[:4])
        for row in rows
        if row.hops == 1 and row.capacity == HEAD and work.get(row.group_id) == OFFICER
    ]
    stands_for = frozenset(row.user_id for row in rows if row.hops) - {user_id}
    return Seating([*own, *lent], stands_for, any(row.marked for row in rows))


@lru_cache
def statement(marked: str = "false") -> sa.TextClause:
    """Own seats (0 hops), those of whom the user stands in for (1), and those behind these (2),
    whose seats are not lent on; and of each user whether a condition holds (SQL, on
    ``place.user_id``), which a case needs to know together with his seats.
    """
    return sa.text(f"""
WITH RECURSIVE place(user_id, hops) AS (
    SELECT CAST(:user AS text), 0
    UNION
    SELECT a.user_id, least(place.hops + 1, 2) FROM place
    JOIN govdata_away a ON a.deputy_id = place.user_id
        AND a.first <= :today AND a.last >= :today
), person AS MATERIALIZED (
    SELECT place.user_id, place.hops, {marked} AS marked FROM place
)
SELECT p.user_id, s.group_id, s.capacity, s.office, p.hops, p.marked
FROM person p
LEFT JOIN (
    SELECT m.table_id, m.group_id, m.capacity, coalesce(g.extras ->> 'role', '') AS office
    FROM member m
    JOIN "group" g ON g.id = m.group_id AND g.state = 'active' AND g.is_organization
    JOIN "user" u ON u.id = m.table_id AND u.state = 'active'
    WHERE m.table_name = 'user' AND m.state = 'active'
) s ON s.table_id = p.user_id
ORDER BY p.hops, p.user_id
""")  # noqa: S608
