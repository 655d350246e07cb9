"""The mark that an emergency leaves in the search index."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

from . import entry_mark


def ahead_of_emergency(titles: Mapping[str, str]) -> Sequence[AbstractContextManager[None]]:
    """The events of these entries, read at once."""
    return [entry_mark.held(list(titles))]


def fields_of_emergency(entry: Mapping[str, object]) -> dict[str, list[str]]:
    """The names of the events that publish the entry; no field where there are none."""
    return entry_mark.index_fields(entry)
