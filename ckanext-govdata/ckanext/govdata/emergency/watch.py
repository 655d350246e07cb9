"""What web processes look at several times a second: the version of each public event."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.model as model
import sqlalchemy as sa

from . import model as tables

QUERY = sa.select(
    tables.event.c.name, tables.event.c.version, tables.event.c.ended.is_(None)
).where(tables.event.c.drill.is_(False))


def look() -> Mapping[str, tuple[int, bool]]:
    """Each public event's version, and whether it runs. One short statement, no session."""
    with model.ensure_engine().connect() as connection:
        return {name: (version, running) for name, version, running in connection.execute(QUERY)}
