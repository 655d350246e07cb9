"""The files that are sent along with a command on a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ...domain.procedure import Field
from ...forms import attachments, form_reader
from ...web import act


def attached(
    case_id: str, command: str, values: dict[str, Any], fields: Iterable[Field]
) -> dict[str, Any]:
    """The values with the files that were sent along, which are kept only for what may be done.

    They belong to the first of the ``fields`` that takes files; without one nothing is kept.
    """
    name = next((field.name for field in fields if field.type == "attachments"), "")
    if not name:
        return values
    possible = {one["name"] for one in act("govdata_case_commands", id=case_id)}
    if command not in possible:
        return values  # the action says why not
    kept = list(values.get(name, []))
    for upload in form_reader.uploads():
        kept.append(attachments.keep(model.Session, case_id, tk.current_user.id, upload))
    return {**values, name: kept} if kept else values
