"""Who reads the ledger: those whom the operator names, and no system administrator."""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from .. import settings


def may_audit(context: Context) -> AuthResult:
    """Whether whoever asks is one of them."""
    name = context.get("user") or ""
    user = model.User.get(name) if name in settings.auditors() else None
    if user is not None and not (user.sysadmin and settings.is_portal()):
        return {"success": True}
    return {"success": False, "msg": tk._("Only auditors read the ledger.")}
