"""Organisations that hold an office, and which of them judges objections in a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import ckan.model as model
import sqlalchemy as sa
from flask import g, has_request_context

from ..domain.duties import objection_body
from ..domain.procedure import Role
from ..domain.rulebook import find_jurisdiction
from . import tree

OFFICES = {
    "authority": Role.AUTHORITY,
    "openness_office": Role.OPENNESS_OFFICE,
    "government": Role.GOVERNMENT,
}
"""An organisation's field ``role``, and what its members are in the cases of its jurisdiction."""

JUDGES = frozenset({Role.AUTHORITY, Role.GOVERNMENT})
"""Offices that may have to judge objections."""


def offices_of(jurisdiction: str) -> dict[str, Role]:
    """The organisations with an office in a jurisdiction: the authority and its like."""
    known = tree.outline()
    return {
        organization: OFFICES[role]
        for organization, role in offices().items()
        if find_jurisdiction(organization, known)[0] == jurisdiction
    }


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


class OfficesHeld(NamedTuple):
    """Who judges an objection in a case, and the organisations that hold an office with their
    ``role``, read once."""

    objection_body: str | None
    held: Mapping[str, str]


def standing_of(row: Any) -> OfficesHeld:
    """Where the provider of a case stands among the offices."""
    held = offices()
    return OfficesHeld(_body_of(row.organization_id, row.jurisdiction, held), held)


def objection_body_of(row: Any) -> str | None:
    """The id of the organisation that judges an objection in a case, found by the tree."""
    return standing_of(row).objection_body


def judged_by(organizations: Iterable[str]) -> list[str]:
    """The providers of whose decisions one of these organisations judges the objections though
    their cases are not of its jurisdiction's authority: as the government above an office.
    """
    own = {name for name in organizations if OFFICES.get(offices().get(name, "")) in JUDGES}
    known = tree.outline() if own else {}
    return [
        name
        for name in (offices() if own else ())
        if _body_of(name, find_jurisdiction(name, known)[0], offices()) in own
    ]


def title_of(organization: str) -> str:
    """The title of an organisation, with which its letters are headed."""
    return str(model.Session.scalar(TITLE, {"id": organization}) or "")


TITLE = sa.text("""SELECT coalesce(nullif(title, ''), name) FROM "group" WHERE id = :id""")


def contact_of(organization: str) -> tuple[str, str]:
    """The office that answers questions for it and its telephone; empty where none is entered."""
    found = model.Session.execute(CONTACT, {"id": organization}).first()
    return (found.office or "", found.phone or "") if found else ("", "")


def first_responsible_of(organization: str) -> str:
    """Who is first responsible in a department (Yaohai 22, Huaining 5, Xin 5); empty where nobody
    is entered."""
    return model.Session.scalar(FIRST, {"id": organization}) or ""


FIRST = sa.text("""
SELECT extras ->> 'first_responsible_person' FROM "group" WHERE id = :id
""")
CONTACT = sa.text("""
SELECT extras ->> 'contact_office' AS office, extras ->> 'contact_phone' AS phone
FROM "group" WHERE id = :id
""")


def _body_of(provider: str, jurisdiction: str, held: Mapping[str, str]) -> str | None:
    known = tree.outline()
    return objection_body(
        provider,
        {name: place.parent for name, place in known.items()},
        {name: OFFICES[role] for name, role in held.items()},
        lambda name: find_jurisdiction(name, known)[0] == jurisdiction,
    )
