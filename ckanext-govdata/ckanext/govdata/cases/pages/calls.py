"""The files that are sent along with a command on a case."""

from __future__ import annotations

from collections.abc import Iterable

import ckan.model as model
import ckan.plugins.toolkit as tk

from ...domain.procedure import Field
from ...forms import attachments, form_reader
from ...web import act
from ..answers import CommandAnswer


def attached(
    case_id: str, command: str, values: dict[str, object], fields: Iterable[Field]
) -> dict[str, object]:
    """The values with the files that were sent along, which are kept only for what may be done.

    They belong to the first of the ``fields`` that takes files; without one nothing is kept.
    """
    name = next((field.name for field in fields if field.type == "attachments"), "")
    if not name:
        return values
    commands: list[CommandAnswer] = act("govdata_case_commands", id=case_id)
    possible = {one["name"] for one in commands}
    if command not in possible:
        return values  # the action says why not
    held = values.get(name)
    kept = list(held) if isinstance(held, list) else []
    for upload in form_reader.uploads():
        kept.append(attachments.keep(model.Session, case_id, tk.current_user.id, upload, name))
    return {**values, name: kept} if kept else values
