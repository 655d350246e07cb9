"""Rows of a table are read by whom the gate lets."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ..access import gate, sentences
from ..domain.refusal import Refusal


@tk.auth_allow_anonymous_access
@tk.auth_sysadmins_check
def govdata_table_rows(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the entry and whom the gate gives the data."""
    resource_id = str(data_dict.get("resource_id") or "")
    try:
        tk.check_access("resource_show", Context(**context), {"id": resource_id})
    except tk.NotAuthorized:
        return {"success": False, "msg": tk._("This data is not given to you.")}
    answer = gate.allows(context, resource_id)
    if isinstance(answer, Refusal):
        return {"success": False, "msg": sentences.say(answer)}
    return {"success": True}
