"""Who is what in a case: roles come from membership of organisations, never from being sysadmin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from flask import g, has_request_context, redirect
from werkzeug.exceptions import HTTPException

from .. import now, settings
from ..domain.case import Actor
from ..domain.procedure import Role
from ..rules import in_force
from .model import away
from .offices import JUDGES, OFFICES, objection_body_of, offices_of

CAPACITIES = {"admin": frozenset({Role.HEAD, Role.OFFICER}), "editor": frozenset({Role.OFFICER})}
"""CKAN's capacities; a head may also do what his officers may."""


def actor(user_id: str, row: Any) -> Actor:
    """The user in the roles that he has on this case."""
    seats, stands_for, close = _seats(user_id, row.applicant_id)
    own: set[Role] = {Role.APPLICANT} if user_id == row.applicant_id else set()
    places: dict[Role, str] = {}
    for seat in seats:
        for role in _roles_of(seat, row):
            if seat.user == user_id:
                own.add(role)
            else:
                places.setdefault(role, seat.user)
    roles = own | places.keys()
    if not roles and audits(user_id):
        roles.add(Role.AUDITOR)
    lent = {role: user for role, user in places.items() if role not in own}
    return Actor(user_id, frozenset(roles), lent, stands_for, close)


def _roles_of(seat: Seat, row: Any) -> Iterator[Role]:
    """The roles that a seat gives in a case."""
    if seat.capacity not in CAPACITIES:
        return
    if seat.organization == row.organization_id:
        yield from CAPACITIES[seat.capacity]
    office = OFFICES.get(seat.office)
    if office and in_force.jurisdiction_of(seat.organization) == row.jurisdiction:
        yield office
    if office in JUDGES and row.outcome and objection_body_of(row) == seat.organization:
        yield Role.OBJECTION_BODY


def memberships(user_id: str) -> dict[str, str]:
    """Organisation id to capacity, of an active user; one query.

    Whoever stands in for an absent colleague has the higher of both capacities where both work.
    """
    seats, _stands_for, _close = _seats(user_id)
    found: dict[str, str] = {}
    for seat in seats:
        found[seat.organization] = seat.capacity
    return found


class Seat(NamedTuple):
    """A user's place in an organisation with an office or none: ``user`` is whose place it is."""

    user: str
    organization: str
    capacity: str
    office: str


def _seats(user_id: str, applicant_id: str = "") -> tuple[list[Seat], frozenset[str], bool]:
    """The user's own seats, then the higher ones that absent colleagues lend him where he works;
    all for whom he stands in; whether any of them is of the applicant's side.
    """
    values = {"user": user_id, "today": now.today(), "applicant": applicant_id}
    rows = model.Session.execute(SEATS, values).all()
    own = [Seat(*row[:4]) for row in rows if row.hops == 0 and row.group_id]
    work = {seat.organization: seat.capacity for seat in own if seat.capacity in CAPACITIES}
    lent = [
        Seat(*row[:4])
        for row in rows
        if row.hops == 1 and row.capacity == "admin" and work.get(row.group_id) == "editor"
    ]
    stands_for = frozenset(row.user_id for row in rows if row.hops) - {user_id}
    return [*own, *lent], stands_for, any(row.close for row in rows)


SEATS = sa.text("""
WITH RECURSIVE place(user_id, hops) AS (
    SELECT CAST(:user AS text), 0
    UNION
    SELECT a.user_id, least(place.hops + 1, 2) FROM place
    JOIN govdata_away a ON a.deputy_id = place.user_id
        AND a.first <= :today AND a.last >= :today
), person AS MATERIALIZED (
    SELECT place.user_id, place.hops, place.user_id <> :applicant AND :applicant <> '' AND (
        EXISTS (
            SELECT FROM govdata_grant_member his
            JOIN govdata_grant_member other ON other.grant_id = his.grant_id
            WHERE his.user_id = :applicant AND other.user_id = place.user_id
        ) OR EXISTS (
            SELECT FROM govdata_identity his
            JOIN govdata_identity other ON other.number_digest = his.number_digest
            WHERE his.user_id = :applicant AND other.user_id = place.user_id
        )) AS close
    FROM place
)
SELECT p.user_id, s.group_id, s.capacity, s.office, p.hops, p.close
FROM person p
LEFT JOIN (
    SELECT m.table_id, m.group_id, m.capacity, coalesce(g.extras ->> 'role', '') AS office
    FROM member m
    JOIN "group" g ON g.id = m.group_id AND g.state = 'active' AND g.is_organization
    JOIN "user" u ON u.id = m.table_id AND u.state = 'active'
    WHERE m.table_name = 'user' AND m.state = 'active'
) s ON s.table_id = p.user_id
ORDER BY p.hops, p.user_id
""")
"""Own seats (0 hops), those of whom he stands in for (1), and those behind these (2), whose seats
are not lent on; and whether somebody among them is named in a grant with the applicant, or has
his identity number: then he is of the applicant's side.
"""


def today_away() -> Any:
    """The condition that an absence covers today."""
    return sa.and_(away.c.first <= now.today(), away.c.last >= now.today())


def deputies() -> dict[str, str]:
    """Who stands in today, by whom he stands in for; asked once a request."""
    if has_request_context() and "govdata_deputies" in g:
        return g.govdata_deputies
    query = sa.select(away.c.user_id, away.c.deputy_id).where(today_away())
    found = {row[0]: row[1] for row in model.Session.execute(query)}
    if has_request_context():
        g.govdata_deputies = found
    return found


def with_deputies(users: list[str]) -> list[str]:
    """The users and whoever stands in for one of them today."""
    stand_ins = deputies()
    return list(dict.fromkeys([*users, *(stand_ins[user] for user in users if user in stand_ins)]))


def audits(user_id: str) -> bool:
    """Whether the user is an auditor: reads everything that was received, decides nothing.

    The operator of a portal is none, whatever his account is called.
    """
    names_of_auditors = settings.auditors()
    user = model.User.get(user_id) if names_of_auditors else None
    if user is None or (user.sysadmin and settings.is_portal()):
        return False
    return bool(user.is_active and user.name in names_of_auditors)


def users_in(role: Role, row: Any) -> list[str]:
    """The ids of the users who have a role in a case."""
    if role is Role.APPLICANT:
        return [row.applicant_id]
    if role in (Role.OFFICER, Role.HEAD):
        return _at_work(row.organization_id, role)
    if role is Role.OBJECTION_BODY:
        body = objection_body_of(row)
        return with_deputies(members([body] if body else [], ("admin", "editor")))
    offices = [name for name, office in offices_of(row.jurisdiction).items() if office is role]
    return with_deputies(members(offices, ("admin", "editor")))


def _at_work(organization: str, role: Role) -> list[str]:
    """Officers (where there is none, heads) or heads of a department, and who stands in today."""
    rows = model.Session.execute(AT_WORK, {"where": organization, "today": now.today()}).all()
    editors = [row for row in rows if row.capacity == "editor"] if role is Role.OFFICER else []
    wanted = editors or [row for row in rows if row.capacity == "admin"]
    stand_ins = [row.deputy_id for row in wanted if row.deputy_id]
    return list(dict.fromkeys([*(row.id for row in wanted), *stand_ins]))


AT_WORK = sa.text("""
SELECT DISTINCT u.id, m.capacity, a.deputy_id
FROM member m
JOIN "user" u ON u.id = m.table_id AND u.state = 'active'
LEFT JOIN govdata_away a ON a.user_id = u.id AND a.first <= :today AND a.last >= :today
WHERE m.group_id = :where AND m.table_name = 'user' AND m.state = 'active'
    AND m.capacity IN ('admin', 'editor')
ORDER BY u.id
""")


def members(organizations: list[str], capacities: tuple[str, ...]) -> list[str]:
    """The ids of the active users with one of these capacities."""
    query = (
        sa.select(model.User.id)
        .join(model.Member, model.Member.table_id == model.User.id)
        .where(
            model.Member.table_name == "user",
            model.Member.group_id.in_(organizations),
            model.Member.capacity.in_(capacities),
            model.Member.state == "active",
            model.User.state == "active",
        )
        .distinct()
    )
    return list(model.Session.scalars(query)) if organizations else []


def sign_in_first() -> HTTPException:
    """Signing in comes first, and leads back here."""
    target = tk.h.url_for("user.login", came_from=tk.request.full_path)
    return HTTPException(response=redirect(target))


def names(user_ids: set[str]) -> dict[str, str]:
    """Full names by id; a user who is gone is not there."""
    query = sa.select(model.User.id, model.User.fullname, model.User.name)
    rows = model.Session.execute(query.where(model.User.id.in_(user_ids))) if user_ids else ()
    return {row[0]: row[1] or row[2] for row in rows}
