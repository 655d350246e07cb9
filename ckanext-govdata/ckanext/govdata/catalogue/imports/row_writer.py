"""Write the planned rows of a batch: new entries with their codes, and changed ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import ckan.model as model

from ...departments import succession
from ...departments.tree import Department
from ..entry import bulk
from .row_plan import Planned


def write(
    planned: Sequence[Planned], known: Mapping[str, Department], user_id: str, instant: datetime
) -> None:
    """In the caller's transaction; ``known`` are the departments by id."""
    owners = {str(one.entry.get("owner_org") or "") for one in planned} - {""}
    succession.insist(model.Session, owners)
    new = [one for one in planned if one.existing is None]
    entries = [
        bulk.NewEntry(one.match.name, one.entry, known.get(one.entry["owner_org"])) for one in new
    ]
    bulk.create(entries, user_id, instant)
    changed = [
        bulk.ChangedEntry(one.existing.id, one.entry)
        for one in planned
        if one.existing is not None and not one.unchanged
    ]
    if changed:
        bulk.change(changed, instant)
