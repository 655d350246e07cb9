"""What was done under a grant, from the ledger: every use can be traced (Xin 33)."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ..ledger import book

SHOWN = 20
USED = ("data_delivered", "data_read")


def of_grant(session: Any, grant_id: str) -> dict[str, Any]:
    """How often data was taken, and the latest entries of the ledger on this grant."""
    entries = book.of_object(session, "grant", grant_id)
    return {
        "times": sum(one["action"] in USED for one in entries),
        "entries": entries[:SHOWN],
    }


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
    ]
