"""What templates ask the gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

import ckan.plugins.toolkit as tk

from ..domain.refusal import Refusal
from . import gate, withheld_columns


class PartialTable(TypedDict):
    """A table of which readers do not get every column (name and why), or get all undivided."""

    name: str
    columns: list[tuple[str, str]]
    undivided: bool


def govdata_data_open(entry: Mapping[str, object]) -> bool:
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


def govdata_kept_back(resources: Iterable[Mapping[str, object]]) -> list[PartialTable]:
    """Tables of which readers do not get every column, or get all because nothing is declared.

    For whoever provides them; each with its ``name``, ``columns`` (name and why), ``undivided``.
    """
    found: list[PartialTable] = []
    for resource in resources:
        told = (
            withheld_columns.of_table({}, str(resource["id"]))
            if resource.get("datastore_active")
            else None
        )
        if told is not None and told.worth_telling:
            listed = [(name, withheld_columns.why(code)) for name, code in told.columns.items()]
            name = str(resource.get("name") or resource["id"])
            found.append({"name": name, "columns": listed, "undivided": told.undivided})
    return found


def govdata_act(action: str) -> str:
    """An entry of the ledger that is no event of a case, in words."""
    return {
        "grant_opened": tk._("Grant opened"),
        "grant_files_named": tk._("Files of a grant named, which are there now"),
        "grant_revoked": tk._("Grant revoked"),
        "grant_suspended": tk._("Grant suspended"),
        "grant_suspended_lifted": tk._("Suspension lifted"),
        "grant_expired": tk._("Grant expired"),
        "grant_member_added": tk._("User named"),
        "grant_member_removed": tk._("User taken off"),
        "grant_token_issued": tk._("Token made"),
        "grant_token_revoked": tk._("Token revoked"),
        "data_delivered": tk._("Data downloaded"),
        "data_read": tk._("Rows read"),
        "table_loaded": tk._("File made a table"),
        "table_withdrawn": tk._("Table of a file withdrawn"),
        "use_reported": tk._("Use report"),
        "letter_written": tk._("Letter written"),
        "identity_kept": tk._("Identity kept"),
        "identity_held": tk._("Identity number of another account"),
        "identity_released": tk._("Identity released"),
        "away_declared": tk._("Deputy named"),
        "away_ended": tk._("Deputy no longer needed"),
        "grant_taken_over": tk._("Grant renewed"),
        "import_undone": tk._("Import of a catalogue undone"),
        "department_succeeded": tk._("Department ended, another took over"),
        "emergency_taken_over": tk._("Event taken over"),
        "open_attribute_settled": tk._("Open attribute decided"),
        "emergency_declare": tk._("Event declared"),
        "emergency_update": tk._("Event updated"),
        "emergency_level": tk._("Level of the event changed"),
        "emergency_publish": tk._("Emergency data published"),
        "emergency_override": tk._("Emergency data published against a warning"),
        "emergency_end": tk._("Event ended"),
        "emergency_late": tk._("Emergency data late, told"),
    }.get(action, action)
