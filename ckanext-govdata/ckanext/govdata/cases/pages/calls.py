"""What the pages of cases ask of the actions, as the reader whose page it is."""

from __future__ import annotations

from typing import Any, cast

import ckan.model as model
import ckan.plugins.toolkit as tk

from .. import attachments, parties


def ask(action: str, **data: Any) -> Any:
    """An action as the signed-in user; what he may not see is not there."""
    try:
        return tk.get_action(action)({}, data)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        if not tk.current_user.is_authenticated:
            raise parties.sign_in_first() from None
        raise tk.abort(404, tk._("There is no such page, or it is not for you.")) from None
    except tk.ValidationError as error:
        if "procedure" in error.error_dict:
            said = cast("list[str]", error.error_dict["procedure"])
            raise tk.abort(409, said[0]) from None
        raise


def attached(case_id: str, command: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values with the files that were sent along, which are kept only for what may be done."""
    possible = {one["name"] for one in ask("govdata_case_commands", id=case_id)}
    if command not in possible:
        return values  # the action says why not
    kept = list(values.get("materials", []))
    for upload in tk.request.files.getlist("upload"):
        if upload.filename:
            kept.append(attachments.keep(model.Session, case_id, tk.current_user.id, upload))
    return {**values, "materials": kept} if kept else values
