"""Who sits where, read once a sweep instead of asked once a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any

from ..domain.procedure import Role
from ..domain.rulebook import find_jurisdiction
from . import members, offices, tree
from .members import Sitting

WHERE = {
    Role.APPLICANT: ("applicant_id",),
    Role.OFFICER: ("organization_id", "assigned_id"),
    Role.HEAD: ("organization_id",),
    Role.OBJECTION_BODY: ("organization_id", "jurisdiction"),
}
"""The columns of a case that say who has a role in it; of an office it is the jurisdiction."""


class Desks:
    """The users in each role of each department and jurisdiction; three queries in all."""

    def __init__(self) -> None:
        self._sitting: dict[str, list[Sitting]] | None = None
        self._offices: dict[tuple[Role, str], list[str]] | None = None
        self._known: dict[tuple[Role, str, str], list[str]] = {}

    def concerned(
        self, roles: tuple[Role, ...], rows: Iterable[object]
    ) -> Iterator[tuple[list[str], list[Any]]]:
        """The users in any of these roles, each once, with the cases that concern them.

        Asked once for all cases of a desk, of which there are thousands.
        """
        columns = {name for role in roles for name in WHERE.get(role, ("jurisdiction",))}
        for same in by(rows, *sorted(columns)) if columns else ():
            users = dict.fromkeys(user for role in roles for user in self.users(role, same[0]))
            yield list(users), same

    def users(self, role: Role, row: Any) -> list[str]:
        """As a case is asked alone (``cases.parties``); one that is assigned is its officer's."""
        if role is Role.APPLICANT:
            return [row.applicant_id]
        place = row.organization_id if role in WHERE else ""
        key = (role, place, (row.assigned_id or "") if role is Role.OFFICER else row.jurisdiction)
        if key not in self._known:
            self._known[key] = self._of_role(role, row)
        return self._known[key]

    def _of_role(self, role: Role, row: Any) -> list[str]:
        own = self._people(row.organization_id)
        if role is Role.HEAD:
            return members.heads_among(own)
        if role is Role.OFFICER:
            his = members.told(one for one in own if one.user == row.assigned_id)
            return his or members.officers_among(own)
        if role is Role.OBJECTION_BODY:
            return members.told(self._people(offices.objection_body_of(row) or ""))
        if self._offices is None:
            self._offices = self._read_offices()
        return self._offices.get((role, row.jurisdiction), [])

    def _people(self, organization: str) -> list[Sitting]:
        if self._sitting is None:
            self._sitting = {}
            for one in members.sitting_anywhere():
                self._sitting.setdefault(one.organization, []).append(one)
        return self._sitting.get(organization, [])

    def _read_offices(self) -> dict[tuple[Role, str], list[str]]:
        """Users by office and jurisdiction."""
        places = tree.outline()
        found: dict[tuple[Role, str], list[Sitting]] = {}
        for organization, role in offices.offices().items():
            key = (offices.OFFICES[role], find_jurisdiction(organization, places)[0])
            found.setdefault(key, []).extend(self._people(organization))
        return {key: members.told(sitting) for key, sitting in found.items()}


def by(rows: Iterable[object], *names: str) -> list[list[Any]]:
    """The rows, those together that are the same in these columns."""
    found: dict[Any, list[Any]] = {}
    key = attrgetter(*names)
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return list(found.values())
