"""What an application is filled in with from the start, by the names that procedures use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import ckan.plugins.toolkit as tk

from ..domain.field_part import FieldPart, needs
from ..domain.procedure import Procedure
from . import grantable


@needs(FieldPart.RENEWS, FieldPart.FILES, FieldPart.ITEMS, FieldPart.BEGINS, FieldPart.ENDS)
def renewal(procedure: Procedure, asked: Mapping[str, str]) -> dict[str, object]:
    """What led to the grant that ``renews`` names, for the time after it; without attachments,
    and files and columns that cannot be asked for any more. Nothing where none is named."""
    grant_id, form = asked.get(FieldPart.RENEWS.value), procedure.form
    if not grant_id or form is None:
        return {}
    held = tk.get_action("govdata_grant_show")({}, {"id": grant_id})
    before = tk.get_action("govdata_case_show")({}, {"id": held["case_id"]})["answers"]
    asks = [procedure.fields[name] for name in form.fields]
    names = {field.part: field.name for field in asks}
    again = {field.name for field in asks if field.type != "attachments"} - {names[FieldPart.ENDS]}
    kept = {name: value for name, value in before.items() if name in again}
    files, items = names[FieldPart.FILES], names[FieldPart.ITEMS]
    there = grantable.files(held["dataset_id"])
    kept[files] = [name for name in kept.get(files, ()) if name in there]
    kept[items] = {
        name: [one for one in listed if one in there[name][1]]
        for name, listed in kept.get(items, {}).items()
        if name in there
    }
    after = date.fromisoformat(held["valid_until"]) + timedelta(days=1)
    return {**kept, names[FieldPart.BEGINS]: after.isoformat(), names[FieldPart.RENEWS]: grant_id}
