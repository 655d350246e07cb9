"""What a department's successor takes over of cases: the open ones to go on with, at the day that
they are due, and those that are closed to keep, under the name that the department had.
"""

from __future__ import annotations

import sqlalchemy as sa

from .. import database
from ..database import Session
from ..departments.succession import Succession
from ..notices.notice import Telling, gathered, tell
from .engine import declared_procedures
from .entry_changes import Provider, move
from .model import CaseRow, case

THINGS = "cases"
HELD = sa.text("SELECT count(*) FROM govdata_case WHERE organization_id = :id AND open")


def held(session: Session, department: str) -> int:
    """How many are open."""
    return int(session.scalar(HELD, {"id": department}) or 0)


HOLD = sa.text("""
SELECT id FROM govdata_case c WHERE (c.organization_id = :id AND c.open) OR c.id IN (
    SELECT g.case_id FROM govdata_grant g LEFT JOIN package p ON p.id = g.package_id
    WHERE g.revoked IS NULL AND coalesce(p.owner_org, g.organization_id) = :id)
ORDER BY c.id FOR UPDATE OF c
""")


def hold(session: Session, department: str) -> None:
    """Lock the open cases, and those of the grants that run, before the ledger."""
    session.execute(HOLD, {"id": department})


def hand_over(session: Session, act: Succession) -> int:
    """Each open case gets an event and is nobody's again; applicants and officers are told."""
    its = case.c.organization_id == act.department
    place, told = Provider(act.heir, act.heir_title), list[Telling]()
    query = sa.select(case).where(its, case.c.open).order_by(case.c.id).with_for_update()
    waiting = database.rows(session, query, CaseRow)
    for found in waiting:
        try:
            move(session, found, declared_procedures.procedure_of(found), place, told)
        except declared_procedures.Undeclared:
            values = {"organization_id": place.id, "organization_title": place.title}
            session.execute(sa.update(case).where(case.c.id == found.id).values(values))
    session.execute(sa.update(case).where(its).values(organization_id=act.heir))
    tell(session, gathered(told))
    return len(waiting)
