"""Everybody reads his own notices."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context


def govdata_notice_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Signed-in users, of their own."""
    return {"success": bool(context.get("auth_user_obj")), "msg": tk._("Please sign in.")}


def govdata_notice_read(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Signed-in users, of their own."""
    return govdata_notice_list(context, data_dict)


def govdata_notice_preference_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Signed-in users, of their own."""
    return govdata_notice_list(context, data_dict)
