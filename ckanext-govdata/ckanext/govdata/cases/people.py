"""Who is what in a case: roles come from membership of organisations, never from being sysadmin."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import sqlalchemy as sa
from flask import g, has_request_context

from ..domain.case import Actor
from ..domain.procedure import Role
from ..rules import current

OFFICES = {
    "authority": Role.AUTHORITY,
    "openness_office": Role.OPENNESS_OFFICE,
    "government": Role.GOVERNMENT,
}
"""An organisation's field ``role``, and what its members are in the cases of its jurisdiction."""

CAPACITIES = {"admin": frozenset({Role.HEAD, Role.OFFICER}), "editor": frozenset({Role.OFFICER})}
"""CKAN's capacities; a head may also do what his officers may."""


def actor(user_id: str, row: Any) -> Actor:
    """The user in the roles that he has on this case."""
    roles: set[Role] = set()
    if user_id == row.applicant_id:
        roles.add(Role.APPLICANT)
    offices = offices_of(row.jurisdiction)
    for organization, capacity in memberships(user_id).items():
        if organization == row.organization_id:
            roles |= CAPACITIES.get(capacity, frozenset())
        if organization in offices and capacity in CAPACITIES:
            roles.add(offices[organization])
    return Actor(user_id, frozenset(roles))


def memberships(user_id: str) -> dict[str, str]:
    """Organisation id to capacity, of an active user; one query."""
    query = (
        sa.select(model.Member.group_id, model.Member.capacity)
        .join(model.Group, model.Group.id == model.Member.group_id)
        .join(model.User, model.User.id == model.Member.table_id)
        .where(
            model.Member.table_name == "user",
            model.Member.table_id == user_id,
            model.Member.state == "active",
            model.Group.state == "active",
            model.Group.is_organization,
            model.User.state == "active",
        )
    )
    return {row[0]: row[1] for row in model.Session.execute(query)}


def offices_of(jurisdiction: str) -> dict[str, Role]:
    """The organisations with an office in a jurisdiction: the authority and its like."""
    return {
        organization: OFFICES[role]
        for organization, role in offices().items()
        if current.jurisdiction_of(organization) == jurisdiction
    }


def users_in(role: Role, row: Any) -> list[str]:
    """The ids of the users who have a role in a case."""
    if role is Role.APPLICANT:
        return [row.applicant_id]
    if role in (Role.OFFICER, Role.HEAD):
        found = members([row.organization_id], ("editor",)) if role is Role.OFFICER else []
        return found or members([row.organization_id], ("admin",))
    offices = [name for name, office in offices_of(row.jurisdiction).items() if office is role]
    return members(offices, ("admin", "editor"))


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


def names(user_ids: set[str]) -> dict[str, str]:
    """Full names by id; a user who is gone is not there."""
    query = sa.select(model.User.id, model.User.fullname, model.User.name)
    rows = model.Session.execute(query.where(model.User.id.in_(user_ids))) if user_ids else ()
    return {row[0]: row[1] or row[2] for row in rows}


def offices() -> dict[str, str]:
    """Organisations that hold an office, anywhere, with their ``role``; asked once a request."""
    if not has_request_context():
        return _read_offices()
    if "govdata_offices" not in g:
        g.govdata_offices = _read_offices()
    return g.govdata_offices


def _read_offices() -> dict[str, str]:
    role = model.group_table.c.extras["role"].astext
    query = sa.select(model.Group.id, role).where(
        model.Group.is_organization, model.Group.state == "active", role.in_(OFFICES)
    )
    return {row[0]: row[1] for row in model.Session.execute(query)}
