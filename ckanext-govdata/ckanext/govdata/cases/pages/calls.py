"""The files that are sent along with a command on a case."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ...web import act
from .. import attachments


def attached(case_id: str, command: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values with the files that were sent along, which are kept only for what may be done."""
    possible = {one["name"] for one in act("govdata_case_commands", id=case_id)}
    if command not in possible:
        return values  # the action says why not
    kept = list(values.get("materials", []))
    for upload in tk.request.files.getlist("upload"):
        if upload.filename:
            kept.append(attachments.keep(model.Session, case_id, tk.current_user.id, upload))
    return {**values, "materials": kept} if kept else values
