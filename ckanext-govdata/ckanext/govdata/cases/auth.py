"""Who may call the actions; what may be done to a case is decided by the permission table."""

from __future__ import annotations

from typing import cast

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ..access import gate
from ..domain.case import Actor
from ..security.callers import known, signed_in_only
from . import consequences, parties
from .engine import record, visibility
from .model import CaseRow


def _signed_in(context: Context) -> AuthResult:
    return signed_in_only(context)


def _sees(context: Context, data_dict: DataDict) -> AuthResult:
    """Somebody who sees the case. A case that he does not see is as if it were not there."""
    user = known(context)
    row = record.row_of(model.Session, str(data_dict.get("id") or ""))
    if user and row:
        actor = parties.actor(user.id, row)
        if visibility.may_see(actor, row):
            cast("dict[str, tuple[CaseRow, Actor]]", context)[visibility.SEEN] = row, actor
            return {"success": True}
    return {"success": False, "msg": tk._("You have no part in this case.")}


@tk.auth_sysadmins_check
def govdata_case_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users."""
    return _signed_in(context)


@tk.auth_sysadmins_check
def govdata_case_act(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever sees the case; the system administrator decides no case."""
    return _sees(context, data_dict)


@tk.auth_sysadmins_check
def govdata_case_rehearse(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever sees the case, as for the act itself."""
    return _sees(context, data_dict)


@tk.auth_sysadmins_check
def govdata_case_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever sees the case."""
    return _sees(context, data_dict)


@tk.auth_sysadmins_check
def govdata_case_commands(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever sees the case."""
    return _sees(context, data_dict)


@tk.auth_sysadmins_check
def govdata_case_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users, of the cases that they see."""
    return _signed_in(context)


@tk.auth_allow_anonymous_access
def govdata_procedure_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_procedure_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_letter_verify(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever holds a letter."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def govdata_decision_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody: decisions are published without identities."""
    return {"success": True}


@tk.auth_sysadmins_check
def govdata_consequences(context: Context, data_dict: DataDict) -> AuthResult:
    """Officers and heads of the department that provides the entry."""
    entry, _file = consequences.entry_of(str(data_dict.get("id") or ""))
    package = model.Package.get(entry) if entry else None
    may = package is not None and gate.provides(known(context), package.owner_org or "")
    return {"success": may, "msg": tk._("This data is not given to you.")}
