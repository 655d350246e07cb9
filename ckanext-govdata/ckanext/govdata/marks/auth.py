"""Marks that are open are shown beside the data, to whoever reads it."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def govdata_mark_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the entry; of its data only marks of what he reads are told."""
    try:
        tk.check_access("package_show", context, {"id": str(data_dict.get("dataset_id") or "")})
    except tk.NotAuthorized as error:
        return {"success": False, "msg": str(error)}
    return {"success": True}
