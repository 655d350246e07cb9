"""Everybody reads his own notices."""

from __future__ import annotations

from ckan.types import AuthResult, Context, DataDict

from ..security.callers import signed_in_only


def govdata_notice_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users, of their own."""
    return signed_in_only(context)


def govdata_notice_read(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users, of their own."""
    return govdata_notice_list(context, data_dict)


def govdata_notice_preference_update(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users, of their own."""
    return govdata_notice_list(context, data_dict)
