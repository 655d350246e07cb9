"""Everybody may search; the knowledge and the log are the operator's."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def govdata_search_suggest(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_search_item_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; only entries that the reader may see are told."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_search_click(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; nothing about the person is kept."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_search_demand_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; so many an hour from one address."""
    return {"success": True}


def govdata_search_demand_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Operators; the public page shows what was answered."""
    return _operator(context, data_dict)


def govdata_search_demand_answer(context: Context, data_dict: DataDict) -> AuthResult:
    """Operators."""
    return _operator(context, data_dict)


def _operator(context: Context, data_dict: DataDict) -> AuthResult:
    """Operators (sysadmins) only: they pass before this is asked."""
    return {"success": False, "msg": tk._("Only the portal's operator may do this.")}


def govdata_search_rule_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Operators."""
    return _operator(context, data_dict)


def govdata_search_rule_change(context: Context, data_dict: DataDict) -> AuthResult:
    """Operators."""
    return _operator(context, data_dict)


def govdata_search_rule_import(context: Context, data_dict: DataDict) -> AuthResult:
    """Operators."""
    return _operator(context, data_dict)


def govdata_search_rule_export(context: Context, data_dict: DataDict) -> AuthResult:
    """Operators."""
    return _operator(context, data_dict)


def govdata_search_seed_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Operators."""
    return _operator(context, data_dict)


def govdata_search_seed_merge(context: Context, data_dict: DataDict) -> AuthResult:
    """Operators."""
    return _operator(context, data_dict)


def govdata_search_preview(context: Context, data_dict: DataDict) -> AuthResult:
    """Operators."""
    return _operator(context, data_dict)


def govdata_search_explain(context: Context, data_dict: DataDict) -> AuthResult:
    """Operators."""
    return _operator(context, data_dict)


def govdata_search_query_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Operators."""
    return _operator(context, data_dict)
