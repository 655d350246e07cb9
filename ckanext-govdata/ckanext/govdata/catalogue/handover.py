"""What a department's successor takes over of the catalogue: every entry, drafts too."""

from __future__ import annotations

from datetime import timezone

import sqlalchemy as sa

from .. import now
from ..access import touched_entries
from ..bulk_sql import array
from ..database import Session
from ..departments.succession import Succession
from .index import index_outbox

THINGS = "entries"
HELD = sa.text("SELECT count(*) FROM package WHERE owner_org = :id AND state <> 'deleted'")
MOVE = sa.text("""
UPDATE package SET owner_org = :heir, metadata_modified = :at WHERE owner_org = :id
RETURNING id, state
""")
STAND = sa.text("""
UPDATE member SET group_id = :heir WHERE group_id = :id AND table_name = 'package'
AND table_id = ANY(CAST(:packages AS text[]))
""")


def held(session: Session, department: str) -> int:
    """How many it has; what is deleted goes along and is not counted."""
    return int(session.scalar(HELD, {"id": department}) or 0)


HOLD = sa.text("""
SELECT id FROM package WHERE owner_org = :id ORDER BY id FOR NO KEY UPDATE
""")


def hold(session: Session, department: str) -> None:
    """Lock the entries, before their cases."""
    session.execute(HOLD, {"id": department})


def hand_over(session: Session, act: Succession) -> int:
    """The entries are the successor's; their codes, files and attributes stay as they are."""
    at = now.now().astimezone(timezone.utc).replace(tzinfo=None)
    values = {"id": act.department, "heir": act.heir}
    found = session.execute(MOVE, {**values, "at": at}).all()
    ids = [row.id for row in found]
    session.execute(STAND, {**values, "packages": array(ids)})
    session.expire_all()
    touched_entries.note(session, ids)
    index_outbox.put(ids, session)
    return sum(row.state != "deleted" for row in found)
