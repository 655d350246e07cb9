"""Who may call the actions: names are public; a department is ended from above;
absences are one's own."""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ..security.callers import known, signed_in_only
from . import roles, sentences


@tk.auth_allow_anonymous_access
def govdata_department_find(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody."""
    return {"success": True}


@tk.auth_sysadmins_check
def govdata_department_holdings(context: Context, data_dict: DataDict) -> AuthResult:
    """A head of a body above it."""
    return _from_above(context, data_dict)


@tk.auth_sysadmins_check
def govdata_department_succeed(context: Context, data_dict: DataDict) -> AuthResult:
    """A head of a body above it; whoever operates the portal does not touch entries."""
    return _from_above(context, data_dict)


@tk.auth_sysadmins_check
def govdata_away_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users, of their own."""
    return signed_in_only(context)


@tk.auth_sysadmins_check
def govdata_away_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users, of their own; only officers have colleagues to choose from."""
    return signed_in_only(context)


@tk.auth_sysadmins_check
def govdata_away_delete(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users, of their own."""
    return signed_in_only(context)


def _from_above(context: Context, data_dict: DataDict) -> AuthResult:
    user, group = known(context), model.Group.get(str(data_dict.get("id") or ""))
    if user is None or group is None or not group.is_organization:
        return {"success": False, "msg": tk._("There is no such department for you.")}
    if roles.stands_above(user.id, group.id):
        return {"success": True}
    return {"success": False, "msg": sentences.not_above(roles.above(group.id))}
