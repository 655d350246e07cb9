"""What a department's successor takes over of emergencies: those that run."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa

from ..database import Session
from ..departments.succession import Succession
from ..ledger import actors, book

THINGS = "events"
HELD = sa.text("""
SELECT count(*) FROM govdata_emergency_event WHERE organization_id = :id AND ended IS NULL
""")
MOVE = sa.text("""
UPDATE govdata_emergency_event SET organization_id = :heir
WHERE organization_id = :id AND ended IS NULL RETURNING id, name
""")


def held(session: Session, department: str) -> int:
    """How many run."""
    return int(session.scalar(HELD, {"id": department}) or 0)


def hand_over(session: Session, act: Succession) -> int:
    """The successor handles them from now on; what has ended keeps who handled it."""
    moved = session.execute(MOVE, {"id": act.department, "heir": act.heir}).all()
    actor = actors.actor().user_id
    facts = {"from": act.department, "to": act.heir}
    told = [(one.id, {"event": one.name, **facts}) for one in moved]
    entry = partial(book.LedgerEntry, "emergency_taken_over", "emergency")
    book.write(session, [entry(event_id, actor, said) for event_id, said in told])
    return len(moved)
