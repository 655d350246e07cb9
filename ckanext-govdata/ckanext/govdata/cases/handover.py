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


def hand_over(session: Session, act: Succession) -> int:
    """Each open case gets an event and is nobody's again; applicants and officers are told."""
    its = case.c.organization_id == act.department
    place, told = Provider(act.heir, act.heir_title), list[Telling]()
    query = sa.select(case).where(its, case.c.open).with_for_update()
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
