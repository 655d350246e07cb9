"""What files entries have, and how many rows their tables: one statement for a whole list.

Of entries whose files are public by name; who asks has seen to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from ..database import Session

_ACTIVE = r"r.extras ~ '\"datastore_active\"\s*\:\s*true'"
"""By its text, which may be no JSON any more."""
_TEXTS = (f"coalesce(r.{name}, '')" for name in ("id", "name", "url", "url_type"))
_FIRST = ", ".join(f"(array_agg({text} ORDER BY r.position))[1]" for text in _TEXTS)
_OF_ENTRIES = sa.text(f"""
SELECT r.package_id, count(*),
    coalesce(array_agg(DISTINCT upper(r.format)) FILTER (WHERE r.format <> ''), '{{}}'),
    coalesce(sum(t.row_count), 0), coalesce(bool_or({_ACTIVE}), false),
    max(coalesce(r.last_modified, r.created)), {_FIRST}
FROM resource r LEFT JOIN govdata_table t ON t.resource_id = r.id
WHERE r.package_id IN :ids AND r.state = 'active' GROUP BY r.package_id
""").bindparams(sa.bindparam("ids", expanding=True))  # noqa: S608


class FilesOfEntry(NamedTuple):
    """How many files, their formats, how many ``rows`` their tables have (0 where nobody knows),
    whether one is a table, when the last was changed, and the first of them."""

    count: int
    formats: list[str]
    rows: int
    has_table: bool
    changed: datetime | None
    id: str
    name: str
    url: str
    url_type: str


def of_entries(session: Session, ids: Sequence[str]) -> dict[str, FilesOfEntry]:
    """The files of each of these entries that has any."""
    rows = session.execute(_OF_ENTRIES, {"ids": list(ids)})
    return {entry: FilesOfEntry(count, formats, int(total), *more)
            for entry, count, formats, total, *more in rows}
