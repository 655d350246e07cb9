"""Who may import and export."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.types import AuthResult, Context, DataDict

from ..access import operator_rights


@tk.auth_sysadmins_check
def govdata_catalogue_import(context: Context, data_dict: DataDict | None = None) -> AuthResult:
    """Editors and administrators of a department; into which departments is seen row by row.

    The operator imports on the command line.
    """
    if refusal := operator_rights.refusal(context):
        return refusal
    user = context.get("user") or ""
    if authz.has_user_permission_for_some_org(user, "create_dataset"):
        return {"success": True}
    return {"success": False, "msg": tk._("Only a department's officers import its catalogue")}


@tk.auth_sysadmins_check
def govdata_catalogue_import_show(
    context: Context, data_dict: DataDict | None = None
) -> AuthResult:
    """Who may import; his own imports only, which the action sees to."""
    return govdata_catalogue_import(context, data_dict)


@tk.auth_sysadmins_check
def govdata_catalogue_import_resume(
    context: Context, data_dict: DataDict | None = None
) -> AuthResult:
    """Who may import: whoever lost that right meanwhile lets nothing go on."""
    return govdata_catalogue_import(context, data_dict)


@tk.auth_sysadmins_check
def govdata_catalogue_import_map(
    context: Context, data_dict: DataDict | None = None
) -> AuthResult:
    """Who may import; his own imports only."""
    return govdata_catalogue_import(context, data_dict)


@tk.auth_sysadmins_check
def govdata_catalogue_import_undo(
    context: Context, data_dict: DataDict | None = None
) -> AuthResult:
    """Who may import; his own imports only, and of their entries those of his departments."""
    return govdata_catalogue_import(context, data_dict)


@tk.auth_sysadmins_check
def govdata_catalogue_headings_list(
    context: Context, data_dict: DataDict | None = None
) -> AuthResult:
    """Who may import; those of the departments for which he may."""
    return govdata_catalogue_import(context, data_dict)


@tk.auth_sysadmins_check
def govdata_catalogue_headings_forget(
    context: Context, data_dict: DataDict | None = None
) -> AuthResult:
    """Who may import for the department that keeps them, which the action sees to."""
    return govdata_catalogue_import(context, data_dict)


@tk.auth_allow_anonymous_access
def govdata_catalogue_export(context: Context, data_dict: DataDict | None = None) -> AuthResult:
    """Everybody; only entries that the reader may see come out."""
    return {"success": True}
