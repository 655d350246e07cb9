"""What web processes look at several times a second: the version of each public event."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.model as model
import sqlalchemy as sa

QUERY = sa.text("""
SELECT e.name, e.version, e.ended IS NULL, coalesce(string_agg(
    concat_ws(' ', d.name, p.state, p.private, p.extras ->> 'open_attribute'), ',' ORDER BY d.name
), '')
FROM govdata_emergency_event e
LEFT JOIN govdata_emergency_dataset d ON d.event_id = e.id
LEFT JOIN package p ON p.id = d.package_id
WHERE NOT e.drill GROUP BY e.id
""")


def look() -> Mapping[str, tuple[int, bool, str]]:
    """Each public event's version, whether it runs, and how the entries of its data stand: what
    is withdrawn or closed is not given out of memory. One short statement, no session."""
    with model.ensure_engine().connect() as connection:
        return {row[0]: (row[1], row[2], row[3]) for row in connection.execute(QUERY)}
