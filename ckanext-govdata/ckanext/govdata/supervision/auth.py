"""Figures of answers are everybody's; what auditors read is theirs."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ..ledger.auditors import may_audit


@tk.auth_allow_anonymous_access
def govdata_supervision_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody: numbers only."""
    return {"success": True}


@tk.auth_sysadmins_check
def govdata_audit_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Auditors."""
    return may_audit(context)
