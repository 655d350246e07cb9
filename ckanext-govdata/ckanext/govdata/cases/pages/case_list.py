"""Find cases: one's own, one's department's, those due soon."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import ckan.model as model
import sqlalchemy as sa

from ... import database, now
from ...database import Session
from ...departments import absences, offices, roles, seats, tree
from ...domain.procedure import Role
from ...pager import Pager
from ...parameters import flag
from ..engine import declared_procedures
from ..model import CaseRow, case

PAGE = 20
SOON = timedelta(days=5)


def find(
    session: Session, user_id: str, wanted: Mapping[str, object], page: Pager
) -> tuple[int, list[CaseRow]]:
    """How many cases the user sees that are as wanted, and one page of them."""
    query = sa.select(case).where(_seen(user_id, wanted))
    for condition in _conditions(session, user_id, wanted):
        query = query.where(condition)
    count = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    order = (case.c.open.desc(), case.c.due.asc().nulls_last(), case.c.modified.desc())
    listed = query.order_by(*order).limit(page.size).offset(page.offset)
    return count, database.rows(session, listed, CaseRow)


def desk_of(user_id: str) -> tuple[list[str], list[str]]:
    """The organisations whose cases a user handles, and the jurisdictions he watches over."""
    own = set(seats.works_in(user_id))
    places = {tree.jurisdiction_of(name) for name in own}
    watched = [
        place
        for place in places
        if any(
            name in own and office in (Role.AUTHORITY, Role.GOVERNMENT)
            for name, office in offices.offices_of(place).items()
        )
    ]
    return sorted(own), watched


def reviewed_by(user_id: str) -> list[str]:
    """The jurisdictions of whose openness office a user is: of their cases some wait for it."""
    own = set(seats.works_in(user_id))
    return [
        place
        for place in {tree.jurisdiction_of(name) for name in own}
        if any(
            name in own and office is Role.OPENNESS_OFFICE
            for name, office in offices.offices_of(place).items()
        )
    ]


def _seen(user_id: str, wanted: Mapping[str, object]) -> sa.ColumnElement[bool]:
    mine = sa.or_(
        case.c.applicant_id == user_id,
        case.c.applicant_organization_id.in_(OF_USER.bindparams(user=user_id)),
    )
    if flag(wanted, "mine"):
        return mine
    if roles.audits(user_id):
        return sa.or_(mine, case.c.received.is_not(None))
    organizations, watched = desk_of(user_id)
    judged = offices.judged_by(organizations)
    handled = sa.and_(
        case.c.received.is_not(None),
        sa.or_(
            case.c.organization_id.in_(organizations),
            case.c.jurisdiction.in_(watched),
            sa.and_(
                case.c.jurisdiction.in_(reviewed_by(user_id)),
                case.c.kind.in_(declared_procedures.acted_in_by(Role.OPENNESS_OFFICE)),
            ),
            sa.and_(case.c.outcome.is_not(None), case.c.organization_id.in_(judged)),
        ),
    )
    if flag(wanted, "desk"):
        return sa.and_(handled, case.c.applicant_id != user_id)
    return sa.or_(mine, handled)


OF_USER = sa.text("""
SELECT group_id FROM member WHERE table_name = 'user' AND table_id = :user AND state = 'active'
    AND capacity IN ('admin', 'editor')
""").columns(sa.column("group_id"))
"""The departments in which a user works."""


def _conditions(
    session: Session, user_id: str, wanted: Mapping[str, object]
) -> list[sa.ColumnElement[bool]]:
    today = now.today()
    found: list[sa.ColumnElement[bool]] = []
    for name in ("kind", "state", "organization_id"):
        if wanted.get(name):
            found.append(case.c[name] == str(wanted[name]))
    if wanted.get("handler") == "me":
        found.append(case.c.assigned_id.in_([user_id, *absences.stands_in_for(session, user_id)]))
    elif wanted.get("handler"):  # who handles one's own application is not for the applicant
        officer = model.User.get(str(wanted["handler"]))
        found.append(case.c.assigned_id == (officer.id if officer else ""))
        found.append(case.c.applicant_id != user_id)
    if flag(wanted, "overdue"):
        found.append(case.c.due < today)
    if flag(wanted, "due_soon"):
        found.append(case.c.due.between(today, today + SOON))
    if flag(wanted, "open"):
        mine = flag(wanted, "mine")  # a closed case may have a letter to a third party to serve
        found.append(case.c.open if mine else sa.or_(case.c.open, case.c.due.is_not(None)))
    if wanted.get("q"):
        pattern = "%" + str(wanted["q"])[:100].replace("%", r"\%").replace("_", r"\_") + "%"
        found.append(sa.or_(case.c.reference.ilike(pattern), case.c.package_title.ilike(pattern)))
    return found
