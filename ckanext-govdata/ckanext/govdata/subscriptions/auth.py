"""Letters are anybody's to ask for; webhooks are of those who are signed in, each his own."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ..security.callers import signed_in_only


@tk.auth_allow_anonymous_access
def govdata_emergency_subscribe(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; the address's owner decides."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_emergency_confirm(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has the letter."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_emergency_unsubscribe(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has the letter."""
    return {"success": True}


@tk.auth_sysadmins_check
def govdata_emergency_subscriptions(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users, of their own."""
    return signed_in_only(context)


@tk.auth_sysadmins_check
def govdata_emergency_hook_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users."""
    return signed_in_only(context)


@tk.auth_sysadmins_check
def govdata_emergency_hook_resume(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users, of their own."""
    return signed_in_only(context)


@tk.auth_sysadmins_check
def govdata_emergency_hook_delete(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users, of their own."""
    return signed_in_only(context)
