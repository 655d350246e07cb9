"""What a department's successor takes over of grants: those that run go on without a break."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Row

from .. import now
from ..database import Session
from ..departments.succession import Succession
from ..ledger import actors, book
from ..notices.notice import Telling, gathered, tell
from . import grants

THINGS = "grants"
RUNNING = sa.text("""
SELECT g.id, g.reference, g.holder_id, g.valid_until, g.organization_id FROM govdata_grant g
LEFT JOIN package p ON p.id = g.package_id
WHERE g.revoked IS NULL AND g.valid_until >= :today
    AND coalesce(p.owner_org, g.organization_id) = :id
ORDER BY g.id
""")
CONFIRMED_BY = sa.text("""
UPDATE govdata_grant SET organization_id = :heir WHERE organization_id = :id
""")


def held(session: Session, department: str) -> int:
    """How many run."""
    return len(_running(session, department))


def hand_over(session: Session, act: Succession) -> int:
    """The successor stands in the department's place: what that confirmed, this one has.

    One that another department had given and that still waits to be confirmed waits on.
    """
    found = _running(session, act.department)
    actor = actors.actor().user_id
    session.execute(CONFIRMED_BY, {"id": act.department, "heir": act.heir})
    facts = {"from": act.department, "to": act.heir}
    book.write(session, [
        book.LedgerEntry("grant_taken_over", "grant", one.id, actor, facts)
        for one in found if one.organization_id == act.department
    ])  # fmt: skip
    tell(session, gathered(_told(session, found, act)))
    return len(found)


def _running(session: Session, department: str) -> list[Row]:
    return list(session.execute(RUNNING, {"id": department, "today": now.today()}))


def _told(session: Session, found: list[Row], act: Succession) -> list[Telling]:
    named, instant = grants.members(session, [one.id for one in found]), now.now().isoformat()
    return [
        Telling(
            f"grant:{one.id}:succeeded:{instant}:{user}", user, "grant_succeeded", None,
            {"reference": one.reference, "grant": one.id, "until": one.valid_until.isoformat(),
             "department": act.title, "successor": act.heir_title},
        )
        for one in found
        for user in sorted(named.get(one.id, frozenset()) | {one.holder_id})
    ]  # fmt: skip
