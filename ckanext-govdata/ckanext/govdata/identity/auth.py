"""Everybody who is signed in keeps his own identity, and nobody else's."""

from __future__ import annotations

from ckan.types import AuthResult, Context, DataDict

from ..security.callers import signed_in_only


def govdata_identity_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users, of themselves."""
    return signed_in_only(context)


def govdata_identity_update(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users, of themselves."""
    return govdata_identity_show(context, data_dict)


def govdata_identity_release(context: Context, data_dict: DataDict) -> AuthResult:
    """The operator alone, who sees nothing of the identity."""
    return {"success": False}


def govdata_identity_held_list(context: Context, data_dict: DataDict) -> AuthResult:
    """The operator alone: names of accounts."""
    return {"success": False}
