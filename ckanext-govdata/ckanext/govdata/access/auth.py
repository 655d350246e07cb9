"""A grant is seen by its holder and members and by the provider; the provider ends it."""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import AuthResult, Context, DataDict
from sqlalchemy.engine import Row

from ..departments import seats
from ..security.callers import known, signed_in_only
from . import gate, grants
from .model import grant


@tk.auth_allow_anonymous_access
def govdata_access_check(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the entry may ask what he may have of it."""
    return _of_resource("resource_show", context, data_dict)


@tk.auth_sysadmins_check
def govdata_access_location(context: Context, data_dict: DataDict) -> AuthResult:
    """Officers and heads of the provider."""
    if gate.operates(known(context)):
        return {"success": False, "msg": tk._("This data is not given to you.")}
    return _of_resource("resource_update", context, data_dict)


def _of_resource(name: str, context: Context, data_dict: DataDict) -> AuthResult:
    try:
        tk.check_access(name, Context(**context), {"id": data_dict["resource_id"]})
    except tk.NotAuthorized:
        return {"success": False, "msg": tk._("This data is not given to you.")}
    return {"success": True}


@tk.auth_sysadmins_check
def govdata_grant_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users, of the grants that they see."""
    return signed_in_only(context)


@tk.auth_sysadmins_check
def govdata_grant_given_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users, of what their departments gave."""
    return signed_in_only(context)


@tk.auth_sysadmins_check
def govdata_grant_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Holder, members, and the people of the department that provides the entry now."""
    user, row = known(context), _row(data_dict)
    if not user or not row:
        return {"success": False, "msg": tk._("You have no part in this grant.")}
    members = grants.members(model.Session, [row.id]).get(row.id, frozenset())
    seen = user.id in members or row.provider in seats.works_in(user.id)
    return {"success": seen, "msg": tk._("You have no part in this grant.")}


@tk.auth_sysadmins_check
def govdata_grant_report_create(context: Context, data_dict: DataDict) -> AuthResult:
    """The holder, who owes it."""
    return _holds(context, data_dict)


@tk.auth_sysadmins_check
def govdata_grant_member_create(context: Context, data_dict: DataDict) -> AuthResult:
    """The holder."""
    return _holds(context, data_dict)


@tk.auth_sysadmins_check
def govdata_grant_member_delete(context: Context, data_dict: DataDict) -> AuthResult:
    """The holder."""
    return _holds(context, data_dict)


@tk.auth_sysadmins_check
def govdata_grant_token_create(context: Context, data_dict: DataDict) -> AuthResult:
    """The holder."""
    return _holds(context, data_dict)


@tk.auth_sysadmins_check
def govdata_grant_token_revoke(context: Context, data_dict: DataDict) -> AuthResult:
    """The holder."""
    return _holds(context, data_dict)


@tk.auth_sysadmins_check
def govdata_grant_revoke(context: Context, data_dict: DataDict) -> AuthResult:
    """The head of the department that provides the entry now."""
    user, row = known(context), _row(data_dict)
    heads = False
    if user is not None and row is not None:
        heads = seats.memberships(user.id).get(row.provider) == "admin"
    return {"success": heads, "msg": tk._("Only the head of the department ends a grant.")}


def _holds(context: Context, data_dict: DataDict) -> AuthResult:
    user, row = known(context), _row(data_dict)
    holds = user is not None and row is not None and user.id == row.holder_id
    return {"success": holds, "msg": tk._("You have no part in this grant.")}


def _row(data_dict: DataDict) -> Row | None:
    """A grant by its id; ``provider`` is the department that provides its entry now."""
    query = sa.select(grant.c.id, grants.provider().label("provider"), grant.c.holder_id)
    query = query.select_from(grants.with_entry())
    return model.Session.execute(query.where(grant.c.id == str(data_dict.get("id") or ""))).first()
