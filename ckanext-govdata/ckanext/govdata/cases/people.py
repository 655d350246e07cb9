"""Who is what in a case: roles come from membership of organisations, never from being sysadmin."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from flask import g, has_request_context, redirect
from werkzeug.exceptions import HTTPException

from .. import now, settings
from ..domain.case import Actor
from ..domain.procedure import Role
from ..rules import current
from .model import away

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
    if not roles and audits(user_id):
        roles.add(Role.AUDITOR)
    return Actor(user_id, frozenset(roles))


def memberships(user_id: str) -> dict[str, str]:
    """Organisation id to capacity, of an active user; one query.

    Whoever stands in for an absent colleague has the higher of both capacities where both work.
    """
    own = _memberships(sa.literal(True), model.Member.table_id == user_id)
    lent = _memberships(
        sa.literal(False),
        model.Member.table_id.in_(
            sa.select(away.c.user_id).where(away.c.deputy_id == user_id, today_away())
        ),
    )
    rows = list(model.Session.execute(own.union_all(lent)))
    found = {row[0]: row[1] for row in rows if row[2]}
    for organization, capacity, mine in rows:
        if not mine and found.get(organization) in CAPACITIES and capacity == "admin":
            found[organization] = capacity
    return found


def _memberships(mine: Any, whose: Any) -> Any:
    return (
        sa.select(model.Member.group_id, model.Member.capacity, mine)
        .join(model.Group, model.Group.id == model.Member.group_id)
        .join(model.User, model.User.id == model.Member.table_id)
        .where(
            whose,
            model.Member.table_name == "user",
            model.Member.state == "active",
            model.Group.state == "active",
            model.Group.is_organization,
            model.User.state == "active",
        )
    )


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
    """Whether the user is an auditor: reads everything that was received, decides nothing."""
    names_of_auditors = settings.auditors()
    user = model.User.get(user_id) if names_of_auditors else None
    return bool(user and user.is_active and user.name in names_of_auditors)


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
        return with_deputies(found or members([row.organization_id], ("admin",)))
    offices = [name for name, office in offices_of(row.jurisdiction).items() if office is role]
    return with_deputies(members(offices, ("admin", "editor")))


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
