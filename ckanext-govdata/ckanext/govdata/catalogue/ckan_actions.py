"""CKAN's own actions on departments: those above may reach them; making one gives no seat.

What exactly each may change is judged when it is kept (:mod:`.powers`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Action, AuthFunction, AuthResult, ChainedAction, Context, DataDict

from .. import settings
from ..access import gate
from ..departments import roles
from .entry import powers

REACHED = (
    "organization_update",
    "organization_member_create",
    "member_create",
)
"""Auth functions that let those above through; patching and deleting members ask the same."""


def auth() -> dict[str, Callable[..., AuthResult]]:
    """CKAN's auth functions, chained; its own answer comes first."""
    return {**{name: _reached(name) for name in REACHED}, "user_invite": user_invite}


def actions() -> dict[str, Action | ChainedAction]:
    """CKAN's actions, chained."""
    return {
        "member_create": member_create,
        "organization_create": organization_create,
        "organization_member_delete": _of_what_is_there(model.Group),
        "group_member_delete": _of_what_is_there(model.Group),
        "package_collaborator_delete": _of_what_is_there(model.Package),
    }


def _reached(name: str) -> Callable[..., AuthResult]:
    @tk.chained_auth_function
    def asked(next_auth: AuthFunction, context: Context, data_dict: Any) -> AuthResult:
        said = next_auth(context, data_dict)
        user = gate.reader_of(context)
        if said.get("success") or user is None or not settings.is_portal():
            return said
        body = model.Group.get(str((data_dict or {}).get("id") or "")) or context.get("group")
        reaches = body is not None and roles.stands_above(user.id, body.id)
        return {"success": True} if reaches else said

    asked.__name__ = name
    return asked


@tk.chained_auth_function
def user_invite(next_auth: AuthFunction, context: Context, data_dict: Any) -> AuthResult:
    """A head invites officers; a head is invited by those above, before an account is made."""
    said, user = next_auth(context, data_dict), gate.reader_of(context)
    body = model.Group.get(str((data_dict or {}).get("group_id") or ""))
    if user is None or body is None or not body.is_organization or not settings.is_portal():
        return said
    if not powers.powers().from_above([str(data_dict.get("role"))]):
        return said
    above = roles.stands_above(user.id, body.id)
    return {"success": above, "msg": tk._("A head is named by those above the department.")}


@tk.chained_action
def organization_create(
    original: Action, context: Context, data_dict: DataDict
) -> DataDict | str:
    """A department; CKAN's page names whoever makes it as its head, which the operator is not."""
    user = gate.reader_of(context)
    if "save" in context and settings.is_portal() and user is not None and user.sysadmin:
        named = data_dict.get("users") or ()
        data_dict["users"] = [one for one in named if one.get("name") != user.name]
    return original(context, data_dict)


@tk.chained_action
def member_create(
    original: Action, context: Context, data_dict: DataDict
) -> DataDict:
    """A member; but CKAN's own seat for the operator who makes a department is not given."""
    if settings.is_portal() and _is_founders_seat(context, data_dict):
        tk.check_access("member_create", context, data_dict)
        return {}
    return original(context, data_dict)


def _of_what_is_there(kind: type[model.Group | model.Package]) -> ChainedAction:
    """Take somebody off; CKAN answers 500 to a stranger, and where that is none of which it is."""

    @tk.chained_action
    def take_off(original: Action, context: Context, data_dict: DataDict) -> object:
        if gate.reader_of(context) is None and not context.get("ignore_auth"):
            raise tk.NotAuthorized
        if kind.get(str(data_dict.get("id") or "")) is None:
            raise tk.ObjectNotFound(tk._("Not found"))
        return original(context, data_dict)

    return take_off


def _is_founders_seat(context: Context, data_dict: DataDict) -> bool:
    """Whether CKAN itself seats the operator who has just made the department."""
    inner = context.get("ignore_auth") and data_dict.get("object_type") == "user"
    user = model.User.get(str(data_dict.get("object") or "")) if inner else None
    if user is None or not user.sysadmin or context.get("user") not in (user.name, user.id):
        return False
    group = model.Group.get(str(data_dict.get("id") or ""))
    return group is not None and group.is_organization
