"""Rules are public: everybody may read them and count with them."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


@tk.auth_allow_anonymous_access
def govdata_jurisdiction_list(context: dict[str, Any], data_dict: dict[str, Any]) -> dict[str, Any]:
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_jurisdiction_show(context: dict[str, Any], data_dict: dict[str, Any]) -> dict[str, Any]:
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_deadline_explain(context: dict[str, Any], data_dict: dict[str, Any]) -> dict[str, Any]:
    """Everybody."""
    return {"success": True}
