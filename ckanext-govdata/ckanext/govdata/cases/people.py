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
from ..domain.rulebook import find_jurisdiction
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
    for organization, (capacity, office) in _seats(user_id).items():
        if organization == row.organization_id:
            roles |= CAPACITIES.get(capacity, frozenset())
        watches = capacity in CAPACITIES and office in OFFICES
        if watches and current.jurisdiction_of(organization) == row.jurisdiction:
            roles.add(OFFICES[office])
    if not roles and audits(user_id):
        roles.add(Role.AUDITOR)
    return Actor(user_id, frozenset(roles))


def memberships(user_id: str) -> dict[str, str]:
    """Organisation id to capacity, of an active user; one query.

    Whoever stands in for an absent colleague has the higher of both capacities where both work.
    """
    return {name: capacity for name, (capacity, _office) in _seats(user_id).items()}


def _seats(user_id: str) -> dict[str, tuple[str, str]]:
    """Organisation id to the user's capacity there and the organisation's ``role``."""
    rows = model.Session.execute(SEATS, {"user": user_id, "today": now.today()}).all()
    found = {row[0]: (row[1], row[3]) for row in rows if row[2]}
    for organization, capacity, mine, office in rows:
        if not mine and found.get(organization, ("",))[0] in CAPACITIES and capacity == "admin":
            found[organization] = (capacity, office)
    return found


SEATS = sa.text("""
SELECT m.group_id, m.capacity, w.mine, coalesce(g.extras ->> 'role', '')
FROM (
    SELECT CAST(:user AS text) AS user_id, true AS mine
    UNION ALL
    SELECT user_id, false FROM govdata_away
    WHERE deputy_id = :user AND first <= :today AND last >= :today
) w
JOIN member m ON m.table_id = w.user_id AND m.table_name = 'user' AND m.state = 'active'
JOIN "group" g ON g.id = m.group_id AND g.state = 'active' AND g.is_organization
JOIN "user" u ON u.id = w.user_id AND u.state = 'active'
""")


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
    tree = current.organisation_tree()
    return {
        organization: OFFICES[role]
        for organization, role in offices().items()
        if find_jurisdiction(organization, tree)[0] == jurisdiction
    }


def users_in(role: Role, row: Any) -> list[str]:
    """The ids of the users who have a role in a case."""
    if role is Role.APPLICANT:
        return [row.applicant_id]
    if role in (Role.OFFICER, Role.HEAD):
        return _at_work(row.organization_id, role)
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
