"""What is known of the table that readers of a file have; public to the slices above."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from ckan import model

from . import load_rows


class LoadedTable(NamedTuple):
    """Since when it is there, of which file (its digest), and how many rows it had then."""

    at: datetime
    digest: str
    rows: int


def of_file(resource_id: str) -> LoadedTable | None:
    """None where there is no table of ours."""
    row = load_rows.find(model.Session, resource_id)
    if row is None or row.loaded is None:
        return None
    return LoadedTable(row.loaded, row.loaded_digest, row.row_count)
