"""Who is what to an event, by seats in departments: the body that handles it, and the offices of
its place. Nobody else has a part in it, system administrators no more than others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import ckan.model as model

from ...departments import members, offices, roles, seats, tree
from ...domain.procedure import Role
from .event_record import EventRow

OFFICES = frozenset({Role.AUTHORITY, Role.GOVERNMENT})
"""The offices of the event's place that have a part in it."""
PARTS = OFFICES | {Role.HEAD, Role.OFFICER}


class Handled(NamedTuple):
    """An event that is not declared yet: whose it would be."""

    organization_id: str
    jurisdiction: str


def towards(user_id: str, event: Handled | EventRow) -> frozenset[Role]:
    """The user's roles towards an event."""
    return roles.of_user(user_id, event) & PARTS


def towards_each(user_id: str, rows: Sequence[EventRow]) -> list[frozenset[Role]]:
    """The user's roles towards each of these events; his seats are read once."""
    seated = seats.seating(user_id).seats
    return [
        frozenset(role for seat in seated for role in roles.of_seat(seat, row)) & PARTS
        for row in rows
    ]


def desk_of(user_id: str) -> tuple[set[str], set[str]]:
    """The bodies in which the user works, and the jurisdictions of whose offices he is: whose
    events he has a role towards.
    """
    own = set(seats.works_in(user_id))
    known = offices.offices()
    watched = {name for name in own if offices.OFFICES.get(known.get(name, "")) in OFFICES}
    return own, {tree.jurisdiction_of(name) for name in watched}


def of(user: model.User | None, row: EventRow) -> frozenset[Role]:
    """The roles of a user, or of nobody, towards the event of that row."""
    if user is None or user.is_anonymous:
        return frozenset()
    return towards(user.id, row)


def users(role: Role, row: EventRow) -> list[str]:
    """The ids of the users with a role towards the event, and of those who stand in for them
    today: whom an alarm reaches.
    """
    return roles.users_in(role, row)


def publisher(user_id: str, row: EventRow) -> list[str]:
    """Who published, and who stands in for him today where he has a part in the event: in the
    handling body, or in an office of its place. Nobody once he works there no more.
    """
    held = offices.offices_of(row.jurisdiction)
    where = [row.organization_id, *(name for name, office in held.items() if office in OFFICES)]
    found = (members.with_deputy(user_id, one) for one in dict.fromkeys(where))
    return list(dict.fromkeys(user for users in found for user in users))
