"""Everybody who is signed in keeps his own identity, and nobody else's."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context


def govdata_identity_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Signed-in users, of themselves."""
    return {"success": bool(context.get("auth_user_obj")), "msg": tk._("Please sign in.")}


def govdata_identity_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Signed-in users, of themselves."""
    return govdata_identity_show(context, data_dict)
