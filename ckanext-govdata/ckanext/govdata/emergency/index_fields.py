"""The mark that an emergency leaves in the search index."""
from __future__ import annotations

from collections.abc import Mapping

from . import entry_mark


def fields_of_emergency(entry: Mapping[str, object]) -> dict[str, list[str]]:
    """The names of the events that publish the entry; no field where there are none."""
    return entry_mark.index_fields(entry)
