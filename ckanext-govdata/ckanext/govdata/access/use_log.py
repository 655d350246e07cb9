"""What was done under a grant, from the ledger: every use can be traced (Xin 33)."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ..database import Session
from ..domain.items import folded
from ..ledger import book
from .grantable import WHOLE_ENTRY

SHOWN = 20
USED = ("data_delivered", "data_read")


def of_grant(session: Session, grant_id: str) -> dict[str, Any]:
    """How often data was taken, and the latest entries of the ledger on this grant."""
    entries = book.of_object(session, "grant", grant_id)
    return {
        "times": sum(one["action"] in USED for one in entries),
        "entries": entries[:SHOWN],
    }


def readers_of(
    session: Session, package_id: str, file: str = "", column: Collection[str] = ()
) -> set[str]:
    """Who has taken data of an entry under a grant: of any file or of this one, and where a
    ``column`` is given by all its names, only who was given it.

    Holders and members, by the ledger: whoever was granted it and never took it is none of them.
    """
    values = {"package": package_id, "file": file, "used": list(USED)}
    wanted = set(map(folded, column))
    found: set[str] = set()
    for row in session.execute(READERS, values):
        granted: dict[str, list[str]] = json.loads(row.columns)
        given = [granted.get(one) for one in ([file] if file else json.loads(row.resources))]
        if not wanted or any(not names or wanted & set(map(folded, names)) for names in given):
            found |= {row.holder_id, *row.members}
    return found


READERS = sa.text("""
SELECT g.holder_id, g.columns, g.resources,
    ARRAY(SELECT m.user_id FROM govdata_grant_member m WHERE m.grant_id = g.id) AS members
FROM govdata_grant g
WHERE g.package_id = :package AND EXISTS (
    SELECT FROM govdata_ledger l
    WHERE l.object_type = 'grant' AND l.object_id = g.id AND l.action = ANY(:used)
    AND (:file = '' OR CAST(l.content AS json) -> 'facts' ->> 'resource' = :file))
""")


def files(grant: dict[str, Any]) -> list[dict[str, Any]]:
    """The granted files: name, columns, and whether each is still there."""
    query = sa.select(model.Resource.id, model.Resource.name, model.Resource.state).where(
        model.Resource.id.in_(grant["resources"])
    )
    known = {row.id: row for row in model.Session.execute(query)}
    return [
        {
            "id": name,
            "name": (known[name].name or name) if name in known else "",
            "there": name in known and known[name].state == model.State.ACTIVE,
            "columns": grant["columns"].get(name, []),
        }
        for name in grant["resources"]
        if name != WHOLE_ENTRY  # its files are named as they come
    ]
