"""The ledger is read by auditors; its head is public, so that anybody can hold the owner to it."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context

from .. import settings


def _auditor(context: Context) -> dict[str, Any]:
    name = context.get("user") or ""
    user = model.User.get(name) if name in settings.auditors() else None
    if user is not None and not (user.sysadmin and settings.is_portal()):
        return {"success": True}
    return {"success": False, "msg": tk._("Only auditors read the ledger.")}


@tk.auth_sysadmins_check
def govdata_ledger_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Auditors."""
    return _auditor(context)


def govdata_ledger_verify(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Auditors, and the system administrator, who runs the check by a job."""
    return _auditor(context)


@tk.auth_allow_anonymous_access
def govdata_ledger_head(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_ledger_day_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Everybody."""
    return {"success": True}


@tk.auth_sysadmins_check
def govdata_audit_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Auditors."""
    return _auditor(context)
