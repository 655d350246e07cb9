"""What templates ask the gate."""

from __future__ import annotations

from typing import Any

from ..domain.refusal import Refusal
from . import gate


def govdata_data_open(entry: dict[str, Any]) -> bool:
    """Whether everybody may read the entry's data."""
    return gate.entry_open(entry)


def govdata_data_shown(entry: dict[str, Any], resource: dict[str, Any] | None = None) -> bool:
    """Whether the present reader may read the entry's data, or one file of it.

    An open entry costs nothing; others one statement a file and request.
    """
    if gate.entry_open(entry):
        return True
    if resource is None:
        listed = entry.get("resources") or ()
        return any(govdata_data_shown(entry, one) for one in listed)
    return not isinstance(gate.allows({}, resource), Refusal)
