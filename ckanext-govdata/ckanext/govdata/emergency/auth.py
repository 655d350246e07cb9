"""Who may call the actions; who may do what to an event ``domain/emergency/acts.py`` decides."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ..access import gate
from .event import event_record, event_rules


def _signed_in(context: Context) -> AuthResult:
    return {"success": bool(context.get("auth_user_obj")), "msg": tk._("Please sign in.")}


def _sees(context: Context, data_dict: DataDict) -> AuthResult:
    """Somebody signed in who sees the event; a drill that he does not see is not there."""
    answer = _signed_in(context)
    if answer.get("success"):
        govdata_emergency_show(context, data_dict)
    return answer


@tk.auth_sysadmins_check
def govdata_emergency_declare(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users; the action says who of them, with the article."""
    return _signed_in(context)


@tk.auth_sysadmins_check
def govdata_emergency_update(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users who see the event."""
    return _sees(context, data_dict)


@tk.auth_sysadmins_check
def govdata_emergency_publish(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users who see the event."""
    return _sees(context, data_dict)


@tk.auth_sysadmins_check
def govdata_emergency_check(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users who see the event."""
    return _sees(context, data_dict)


@tk.auth_sysadmins_check
def govdata_emergency_end(context: Context, data_dict: DataDict) -> AuthResult:
    """Signed-in users who see the event."""
    return _sees(context, data_dict)


@tk.auth_allow_anonymous_access
def govdata_emergency_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody, of the events that he sees."""
    return {"success": True}


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def govdata_emergency_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; a drill those who take part. Raises ObjectNotFound for what is not seen."""
    row = event_record.row_of(str(data_dict.get("id") or ""))
    if row is None or not event_rules.visible(row, gate.reader_of(context)):
        raise tk.ObjectNotFound(tk._("There is no such event."))
    return {"success": True}
