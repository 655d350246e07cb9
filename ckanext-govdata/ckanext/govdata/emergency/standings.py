"""Who is what to an event: by membership of organisations, never by being sysadmin."""

from __future__ import annotations

from typing import Any

from ..cases import people
from ..cases.offices import offices_of
from ..domain.emergency import Act, Standing, may
from ..domain.procedure import Role

OFFICES = {Role.AUTHORITY: Standing.AUTHORITY, Role.GOVERNMENT: Standing.GOVERNMENT}
CAPACITIES = {
    "admin": frozenset({Standing.HEAD, Standing.OFFICER}),
    "editor": frozenset({Standing.OFFICER}),
}


def standings(user_id: str, organization_id: str, jurisdiction: str) -> frozenset[Standing]:
    """The user's standings towards an event of that handling body."""
    found: set[Standing] = set()
    offices = offices_of(jurisdiction)
    for organization, capacity in people.memberships(user_id).items():
        if organization == organization_id:
            found |= CAPACITIES.get(capacity, frozenset())
        office = OFFICES.get(offices.get(organization, Role.OFFICER))
        if office and capacity in CAPACITIES:
            found.add(office)
    return frozenset(found)


def of(user: Any, row: Any) -> frozenset[Standing]:
    """The standings of a user, or of nobody, towards the event of that row."""
    if user is None or getattr(user, "is_anonymous", False):
        return frozenset()
    return standings(user.id, row.organization_id, row.jurisdiction)


def acting(found: frozenset[Standing], act: Act) -> str:
    """The standing by which somebody acts, the highest that allows it; empty for none."""
    order = (Standing.GOVERNMENT, Standing.AUTHORITY, Standing.HEAD, Standing.OFFICER)
    return next((s.value for s in order if s in found and may(act, {s})), "")


def users(standing: Standing, row: Any) -> list[str]:
    """The ids of the users with a standing towards the event, and of those who stand in for them
    today: whom an alarm reaches.
    """
    return people.with_deputies(_users(standing, row))


def _users(standing: Standing, row: Any) -> list[str]:
    if standing in (Standing.OFFICER, Standing.HEAD):
        heads = people.members([row.organization_id], ("admin",))
        editors = people.members([row.organization_id], ("editor",))
        return editors or heads if standing is Standing.OFFICER else heads
    offices = offices_of(row.jurisdiction)
    wanted = [name for name, role in offices.items() if OFFICES.get(role) is standing]
    return people.members(wanted, ("admin", "editor"))
