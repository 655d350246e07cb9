"""Who has a file's table loaded, and who is told how it is."""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ..access import gate, operator_rights


@tk.auth_sysadmins_check
def govdata_table_load(context: Context, data_dict: DataDict) -> AuthResult:
    """Officers and heads of the department that provides the entry; the operator has a command."""
    if refusal := operator_rights.refusal(context):
        return refusal
    return _provider(context, data_dict)


@tk.auth_sysadmins_check
def govdata_table_show(context: Context, data_dict: DataDict) -> AuthResult:
    """The same: what is told quotes the file."""
    return _provider(context, data_dict)


def _provider(context: Context, data_dict: DataDict) -> AuthResult:
    resource = model.Resource.get(str(data_dict.get("resource_id") or ""))
    package = model.Package.get(resource.package_id) if resource else None
    user = gate.reader_of(context)
    if package and package.owner_org and gate.provides(user, package.owner_org):
        return {"success": True}
    if user and user.sysadmin and not gate.operates(user):
        return {"success": True}  # in a CKAN that is no portal its administrator is everything
    return {"success": False, "msg": tk._("This is told to the department that provides the data")}
