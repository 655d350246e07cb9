"""The ledger is read by auditors; its head is public, so that anybody can hold the owner to it."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from .auditors import may_audit


@tk.auth_sysadmins_check
def govdata_ledger_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Auditors."""
    return may_audit(context)


def govdata_ledger_verify(context: Context, data_dict: DataDict) -> AuthResult:
    """Auditors, and the system administrator, who runs the check by a job."""
    return may_audit(context)


@tk.auth_allow_anonymous_access
def govdata_ledger_head(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_ledger_day_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody."""
    return {"success": True}
