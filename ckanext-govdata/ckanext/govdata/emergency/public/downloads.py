"""How often the data of an event was fetched: numbers only, nothing about who.

Counted where the answer is given: by a web process for what it keeps in memory, by the view for
the rest. An answer that a browser or a proxy still had is not fetched and not counted.
"""

from __future__ import annotations

from collections.abc import Mapping

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from .. import model as tables

COUNTED = tables.download
FRONT = "govdata.front"
"""In the environ of a request by which a web process makes the answer that it keeps and counts."""


def add(counts: Mapping[tuple[str, str], int]) -> None:
    """Add what was fetched, by names of event and dataset; unknown names count nothing.

    A transaction of its own, in one order whoever counts at the same time.
    """
    event, dataset = tables.event, tables.dataset
    with model.ensure_engine().begin() as connection:
        for (event_name, name), count in sorted(counts.items()):
            found = (
                sa.select(event.c.id, dataset.c.name, sa.literal(count))
                .join(dataset, dataset.c.event_id == event.c.id)
                .where(event.c.name == event_name, dataset.c.name == name, ~event.c.drill)
            )
            new = insert(COUNTED).from_select(["event_id", "dataset", "downloads"], found)
            connection.execute(
                new.on_conflict_do_update(
                    index_elements=["event_id", "dataset"],
                    set_={"downloads": COUNTED.c.downloads + new.excluded.downloads},
                )
            )


def of_event(event_id: str) -> dict[str, int]:
    """How often each dataset was fetched; those that never were are left out."""
    query = sa.select(COUNTED.c.dataset, COUNTED.c.downloads).where(
        COUNTED.c.event_id == event_id
    )
    return {row.dataset: row.downloads for row in model.Session.execute(query)}
