"""Who is what to an event: by membership of organisations, never by being sysadmin."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..departments import roles
from ..domain.emergency import Act, Standing, may
from ..domain.procedure import Role

STANDINGS = {Role(one.value): one for one in Standing}
"""Roles towards what a department answers for, as an event calls them."""


class Handled(NamedTuple):
    """An event that is not declared yet: whose it would be."""

    organization_id: str
    jurisdiction: str


def standings(user_id: str, organization_id: str, jurisdiction: str) -> frozenset[Standing]:
    """The user's standings towards an event of that handling body."""
    held = roles.of_user(user_id, Handled(organization_id, jurisdiction))
    return frozenset(STANDINGS[role] for role in held if role in STANDINGS)


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
    return roles.users_in(Role(standing.value), row)
