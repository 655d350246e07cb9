"""Who sits where, read once a sweep instead of asked once a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ..domain.procedure import Role
from ..domain.rulebook import find_jurisdiction
from ..rules import in_force
from . import offices, people

Seats = dict[str, list[str]]
"""Users by organisation."""
WHERE = {
    Role.APPLICANT: ("applicant_id",),
    Role.OFFICER: ("organization_id", "assigned_id"),
    Role.HEAD: ("organization_id",),
    Role.OBJECTION_BODY: ("organization_id", "jurisdiction"),
}
"""The columns of a case that say who has a role in it; of an office it is the jurisdiction."""


class Desks:
    """The users in each role of each department and jurisdiction; four queries in all."""

    def __init__(self) -> None:
        self._seats: dict[str, Seats] | None = None
        self._offices: dict[tuple[Role, str], list[str]] | None = None
        self._deputies: dict[str, str] | None = None

    def concerned(
        self, roles: tuple[Role, ...], rows: Iterable[Any]
    ) -> Iterator[tuple[list[str], list[Any]]]:
        """The users in any of these roles, each once, with the cases that concern them.

        Asked once for all cases of a desk, of which there are thousands.
        """
        columns = {name for role in roles for name in WHERE.get(role, ("jurisdiction",))}
        for same in by(rows, *sorted(columns)) if columns else ():
            users = dict.fromkeys(user for role in roles for user in self.users(role, same[0]))
            yield list(users), same

    def users(self, role: Role, row: Any) -> list[str]:
        """As :func:`people.users_in`; a case that is assigned is its officer's."""
        if role is Role.APPLICANT:
            return [row.applicant_id]
        if self._deputies is None:
            self._deputies = people.deputies()
        found = self._of_role(role, row)
        stand_ins = [self._deputies[user] for user in found if user in self._deputies]
        return list(dict.fromkeys([*found, *stand_ins])) if stand_ins else found

    def _of_role(self, role: Role, row: Any) -> list[str]:
        if role is Role.OFFICER and row.assigned_id:
            return [row.assigned_id]
        if self._seats is None:
            self._seats = _seats()
        if role is Role.HEAD:
            return self._seats["admin"].get(row.organization_id, [])
        if role is Role.OFFICER:
            editors = self._seats["editor"].get(row.organization_id, [])
            return editors or self._seats["admin"].get(row.organization_id, [])
        if role is Role.OBJECTION_BODY:
            body = offices.objection_body_of(row) or ""
            return sorted({user for seats in self._seats.values() for user in seats.get(body, [])})
        if self._offices is None:
            self._offices = _offices(self._seats)
        return self._offices.get((role, row.jurisdiction), [])


def by(rows: Iterable[Any], *names: str) -> list[list[Any]]:
    """The rows, those together that are the same in these columns."""
    found: dict[Any, list[Any]] = {}
    key = attrgetter(*names)
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return list(found.values())


def _seats() -> dict[str, Seats]:
    """Users by capacity and organisation."""
    query = (
        sa.select(model.Member.capacity, model.Member.group_id, model.User.id)
        .join(model.User, model.Member.table_id == model.User.id)
        .where(
            model.Member.table_name == "user",
            model.Member.capacity.in_(people.CAPACITIES),
            model.Member.state == "active",
            model.User.state == "active",
        )
        .distinct()
        .order_by(model.User.id)
    )
    found: dict[str, Seats] = {capacity: {} for capacity in people.CAPACITIES}
    for capacity, organization, user in model.Session.execute(query):
        found[capacity].setdefault(organization, []).append(user)
    return found


def _offices(seats: dict[str, Seats]) -> dict[tuple[Role, str], list[str]]:
    """Users by office and jurisdiction."""
    tree = in_force.organisation_tree()
    found: dict[tuple[Role, str], list[str]] = {}
    for organization, role in offices.offices().items():
        place = find_jurisdiction(organization, tree)[0]
        known = found.setdefault((offices.OFFICES[role], place), [])
        for capacity in people.CAPACITIES:
            known += [u for u in seats[capacity].get(organization, []) if u not in known]
    return found
