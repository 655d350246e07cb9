"""Rules are public: everybody may read them and count with them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def govdata_jurisdiction_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_jurisdiction_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_deadline_explain(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_rule_explain(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody."""
    return {"success": True}
