"""What somebody is towards a thing that a department answers for: a case, an entry, an event.

Roles come from seats in departments, never from being sysadmin: officers and heads of the
department itself, and those who hold an office in the jurisdiction that binds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import ckan.model as model

from .. import settings
from ..domain import power
from ..domain.procedure import Role
from . import members, tree
from .offices import OFFICES, offices_of
from .seats import HEAD, OFFICER, Seat, seating

ROLES = {HEAD: frozenset({Role.HEAD, Role.OFFICER}), OFFICER: frozenset({Role.OFFICER})}
"""What a seat in the department itself makes of its holder; a head may do what officers may."""


class Thing(Protocol):
    """What a department answers for, such as the row of a case or of an emergency."""

    @property
    def organization_id(self) -> str:
        """The id of the department."""
        ...

    @property
    def jurisdiction(self) -> str:
        """The jurisdiction by which its offices are found."""
        ...


def of_seat(seat: Seat, thing: Thing) -> Iterator[Role]:
    """The roles that a seat gives towards the thing."""
    if seat.capacity not in ROLES:
        return
    if seat.organization == thing.organization_id:
        yield from ROLES[seat.capacity]
    office = OFFICES.get(seat.office)
    if office and tree.jurisdiction_of(seat.organization) == thing.jurisdiction:
        yield office


def of_user(user_id: str, thing: Thing) -> frozenset[Role]:
    """The user's roles towards the thing, those that an absent colleague lends him included."""
    return frozenset(role for seat in seating(user_id).seats for role in of_seat(seat, thing))


def users_in(role: Role, thing: Thing) -> list[str]:
    """The ids of the users who have a role towards the thing, and of their deputies today.

    Officers are the heads where a department has none.
    """
    if role is Role.OFFICER:
        return members.officers(thing.organization_id)
    if role is Role.HEAD:
        return members.heads(thing.organization_id)
    offices = offices_of(thing.jurisdiction)
    return members.everybody(name for name, office in offices.items() if office is role)


def above(body: str) -> frozenset[str]:
    """The ids of those who give power to a department, from above."""
    return power.above(tree.bodies(model.Session), body)


def stands_above(user_id: str, body: str) -> bool:
    """Whether the user heads a body above the department."""
    mine = members.headed_by(user_id)
    return bool(mine) and bool(mine & above(body))


def audits(user_id: str) -> bool:
    """Whether the user is an auditor: reads everything that was received, decides nothing.

    The operator of a portal is none, whatever his account is called.
    """
    names_of_auditors = settings.auditors()
    user = model.User.get(user_id) if names_of_auditors else None
    if user is None or (user.sysadmin and settings.is_portal()):
        return False
    return bool(user.is_active and user.name in names_of_auditors)
