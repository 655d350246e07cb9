"""Who is what in a case: roles towards its department, and the two sides that a case has beside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import ckan.model as model
import ckan.plugins.toolkit as tk

from ..departments import members, roles, seats
from ..departments.offices import JUDGES, OFFICES, objection_body_of
from ..departments.seats import Seat
from ..domain.case import Actor
from ..domain.procedure import Role
from .model import CaseRow

_NUMBERS = """(
            SELECT user_id, number_digest FROM govdata_identity
            UNION ALL SELECT user_id, number_digest FROM govdata_case_identity
        )"""
"""The numbers that accounts have, and those that stand with their cases: an account whose number
was released is the same person's all the same."""
CLOSE = f"""place.user_id <> :applicant AND :applicant <> '' AND (
        EXISTS (
            SELECT FROM govdata_grant_member his
            JOIN govdata_grant_member other ON other.grant_id = his.grant_id
            WHERE his.user_id = :applicant AND other.user_id = place.user_id
        ) OR EXISTS (
            SELECT FROM {_NUMBERS} his
            JOIN {_NUMBERS} other ON other.number_digest = his.number_digest
            WHERE his.user_id = :applicant AND other.user_id = place.user_id
        ))"""  # noqa: S608
"""Whether somebody is named in a grant with the applicant, or has his identity number: then he is
of the applicant's side."""


def actor(user_id: str, row: CaseRow) -> Actor:
    """The user in the roles that he has on this case."""
    found = seats.seating(user_id, seats.statement(CLOSE), applicant=row.applicant_id)
    own: set[Role] = {Role.APPLICANT} if user_id == row.applicant_id else set()
    places: dict[Role, str] = {}
    if any(_applies(seat, row) for seat in found.seats if seat.user == user_id):
        own.add(Role.APPLICANT)
    for seat in found.seats:
        for role in _roles_of(seat, row):
            if seat.user == user_id:
                own.add(role)
            else:
                places.setdefault(role, seat.user)
    held = own | places.keys()
    if not held and roles.audits(user_id):
        held.add(Role.AUDITOR)
    lent = {role: user for role, user in places.items() if role not in own}
    heads = [seat for seat in found.seats if seat.capacity == seats.HEAD]
    leads = {role for seat in heads for role in _roles_of(seat, row)}
    if any(_applies(seat, row) for seat in heads if seat.user == user_id):
        leads.add(Role.APPLICANT)
    return Actor(user_id, frozenset(held), lent, found.stands_for, found.marked, frozenset(leads))


def portal_user() -> str:
    """The id of the portal's own user, who applies for people without an account."""
    name = str(tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"])
    return str(cast("Any", model.User.get(name)).id)


def is_represented(row: CaseRow) -> bool:
    """Whether somebody without an account stands behind a case, whom an officer wrote down."""
    return row.applicant_id == portal_user()


def _applies(seat: Seat, row: CaseRow) -> bool:
    """Whether the department in which this seat is applies."""
    here = seat.organization == row.applicant_organization_id
    return here and seat.capacity in seats.CAPACITIES


def _roles_of(seat: Seat, row: CaseRow) -> Iterator[Role]:
    """The roles that a seat gives in a case."""
    yield from roles.of_seat(seat, row)
    judges = seat.capacity in seats.CAPACITIES and OFFICES.get(seat.office) in JUDGES
    if judges and row.outcome and objection_body_of(row) == seat.organization:
        yield Role.OBJECTION_BODY


def users_in(role: Role, row: CaseRow) -> list[str]:
    """The ids of the users who have a role in a case, and of their deputies."""
    if role is Role.APPLICANT:
        department = row.applicant_organization_id
        colleagues = members.officers(department) if department else []
        return list(dict.fromkeys([row.applicant_id, *colleagues]))
    if role is Role.OBJECTION_BODY:
        return members.everybody([objection_body_of(row) or ""])
    return roles.users_in(role, row)


def handlers(row: CaseRow, assigned: str | None) -> list[str]:
    """Whom the daily work on a case concerns: its officer and his deputy, else all officers."""
    held = members.with_deputy(assigned, row.organization_id) if assigned else []
    return held or members.officers(row.organization_id)
