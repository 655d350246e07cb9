"""What an application is filled in with from the start, by the names that procedures use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import ckan.plugins.toolkit as tk

from . import grantable


def renewal(asked: Mapping[str, str]) -> dict[str, Any]:
    """What led to the grant that ``renews`` names, for the time after it; without files and
    columns that cannot be asked for any more. Nothing where none is named."""
    grant_id = asked.get("renews")
    if not grant_id:
        return {}
    held = tk.get_action("govdata_grant_show")({}, {"id": grant_id})
    before = tk.get_action("govdata_case_show")({}, {"id": held["case_id"]})["answers"]
    kept = {
        key: value
        for key, value in before.items()
        if key not in ("period_from", "period_until", "terms_version", "commitment", "materials")
    }
    after = date.fromisoformat(held["valid_until"]) + timedelta(days=1)
    there = grantable.files(held["dataset_id"])
    kept["resources"] = [name for name in kept.get("resources", ()) if name in there]
    kept["columns"] = {
        name: [one for one in columns if one in there[name][1]]
        for name, columns in kept.get("columns", {}).items()
        if name in there
    }
    return {**kept, "period_from": after.isoformat(), "renews": grant_id}
