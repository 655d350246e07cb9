"""CKAN's own actions about users: whoever registered is a stranger to everybody else.

Signing in proves nothing, for anybody registers himself, so CKAN's "signed in" permits nothing. Who
an account is is told to itself, to the operator, and to whoever manages the members of a group or
department, of its members. A CKAN that is not the portal goes on as before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from .. import settings
from ..departments import former_names
from . import mail_addresses

Action = Callable[..., Any]

MEMBERS = ("id", "name", "fullname", "display_name", "state", "capacity")
"""What is told of a member to whoever manages the members; nothing else is."""
COUNTED = ("created", "num_followers", "number_created_packages")
"""What CKAN's page of a user cannot do without."""
SECRETS = ("password_hash", "apikey")
"""What CKAN tells a system administrator of others, and nobody needs."""
LISTS = (
    "dataset_followee_list",
    "followee_list",
    "group_followee_list",
    "organization_followee_list",
    "user_followee_list",
)
"""What a user follows: of oneself alone."""
ABOUT_USERS = (
    "am_following_user",
    "dataset_followee_count",
    "followee_count",
    "group_followee_count",
    "organization_followee_count",
    "user_followee_count",
    "user_follower_count",
    "user_show",
)
"""About a user whom ``id`` names: oneself, or a member of whom one manages."""
OPERATORS = ("user_list", "user_autocomplete", "follow_user")
"""Lists of users, and what tells whether a name exists: nobody but the operator."""


def actions() -> dict[str, Action]:
    """Chained actions."""
    found: dict[str, Action] = {"user_show": user_show, "user_update": mail_addresses.user_update}
    found |= {name: _group(name) for name in ("group_show", "organization_show")}
    found |= {name: _asked_first(name) for name in (*LISTS, "organization_list_for_user")}
    return found


def auth() -> dict[str, Action]:
    """Chained auth functions; CKAN's own answer comes first and may but refuse more."""
    return {
        "api_token_create": api_token_create,
        "organization_list_for_user": _only(
            lambda context, data: not data.get("id") or _may_see(context, data), anonymous=True
        ),
        **{name: _only(is_own) for name in LISTS},
        **{name: _only(_may_see) for name in ABOUT_USERS},
        **{name: _only(lambda _context, _data: False) for name in OPERATORS},
    }


@tk.chained_auth_function
@tk.auth_sysadmins_check
def api_token_create(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None
) -> AuthResult:
    """For oneself alone, whoever one is: with another's token one acts in his place, unseen."""
    if not settings.is_portal():
        user = _asking(context)
        return {"success": True} if user and user.sysadmin else next_auth(context, data_dict or {})
    if is_own(context, {"id": (data_dict or {}).get("user")}):
        return {"success": True}
    return {"success": False, "msg": tk._("A token is made by the person whose it is.")}


def _only(rule: Callable[[Context, DataDict], bool], anonymous: bool = False) -> Action:
    """An auth function that asks this rule beside CKAN's."""

    @tk.chained_auth_function
    @tk.auth_allow_anonymous_access
    def asked(
        next_auth: AuthFunction, context: Context, data_dict: DataDict | None
    ) -> AuthResult:
        if not settings.is_portal():
            return next_auth(context, data_dict or {})
        data: DataDict = data_dict or {}
        if (anonymous or _asking(context)) and rule(context, data):
            return next_auth(context, data_dict or {})
        return {"success": False, "msg": tk._("Users are not shown to others.")}

    return asked


def _asking(context: Context) -> model.User | None:
    """Who asks; CKAN's own pages give his name alone."""
    user: Any = context.get("auth_user_obj")
    if user is not None and getattr(user, "id", ""):
        return user
    return model.User.get(str(context.get("user") or ""))


def is_own(context: Context, data: DataDict) -> bool:
    """Whether ``id`` is the user himself; known and unknown names of others are alike."""
    user, name = _asking(context), str(data.get("id") or "")
    return user is not None and name in (user.id, user.name)


def _may_see(context: Context, data: DataDict) -> bool:
    return is_own(context, data) or _manages(context, data)


def _manages(context: Context, data: DataDict) -> bool:
    """Whether the user manages the members of a group or department to which ``id`` belongs."""
    user = _asking(context)
    if user is None:
        return False
    ids = _groups_of(str(data.get("id") or ""))
    return any(
        authz.has_user_permission_for_group_or_org(one, user.name, "membership") for one in ids
    )


def _groups_of(name: str) -> list[str]:
    query = (
        sa.select(model.Member.group_id)
        .join(model.User, model.User.id == model.Member.table_id)
        .where(
            sa.or_(model.User.id == name, model.User.name == name),
            model.Member.table_name == "user",
            model.Member.state == "active",
        )
    )
    return [str(one) for one in model.Session.scalars(query)]


def _sees_members(context: Context, group_id: str) -> bool:
    if not settings.is_portal() or context.get("ignore_auth"):
        return True
    user = _asking(context)
    if user is None:
        return False
    return user.sysadmin or bool(
        authz.has_user_permission_for_group_or_org(group_id, user.name, "membership")
    )


@tk.side_effect_free
@tk.chained_action
def user_show(original: Action, context: Context, data_dict: DataDict) -> DataDict:
    """A user: all of oneself, of a member of one's department what ``MEMBERS`` names.

    The other keys are there without their values, since CKAN's page of a user asks for them.
    """
    shown = original(context, data_dict)
    user = _asking(context)
    if not settings.is_portal() or context.get("ignore_auth") or user is None:
        return shown
    if shown["id"] == user.id:
        return shown
    if user.sysadmin:
        return {key: value for key, value in shown.items() if key not in SECRETS}
    told = (*MEMBERS, *COUNTED)
    return {**dict.fromkeys(shown), **{key: shown[key] for key in told if key in shown}}


def _group(name: str) -> Action:
    """``group_show`` or ``organization_show``: its users for whoever manages them."""

    @tk.side_effect_free
    @tk.chained_action
    def show(original: Action, context: Context, data_dict: DataDict) -> DataDict:
        shown = original(context, _borne_today(data_dict))
        if name == "organization_show" and settings.is_portal():
            shown = {**shown, "former_names": former_names.told(shown["id"])}
        if "users" not in shown or not settings.is_portal() or context.get("ignore_auth"):
            return shown
        if not _sees_members(context, shown["id"]):
            return {key: value for key, value in shown.items() if key != "users"}
        told = [{key: one[key] for key in MEMBERS if key in one} for one in shown["users"]]
        return {**shown, "users": told}

    show.__name__ = name
    return show


def _borne_today(data_dict: DataDict) -> DataDict:
    """What is asked for; of a former name of a department, the department that it leads to."""
    name = str(data_dict.get("id") or "")
    heir = former_names.heir_of(name) if name and model.Group.get(name) is None else ""
    return {**data_dict, "id": heir} if heir else data_dict


def shown_members(
    context: Context, group: model.Group | None, listed: list[tuple[str, str, str]]
) -> list[tuple[str, str, str]]:
    """Rows of ``member_list``; its users for whoever manages them, and oneself."""
    if group is not None and _sees_members(context, group.id):
        return listed
    user = _asking(context)
    own = user.id if user else ""
    return [row for row in listed if row[1] != "user" or row[0] == own]


def _asked_first(name: str) -> Action:
    """An action that looks for the user before it asks; here the question comes first."""

    @tk.side_effect_free
    @tk.chained_action
    def asked(original: Action, context: Context, data_dict: DataDict) -> object:
        tk.check_access(name, context, data_dict)
        return original(context, data_dict)

    asked.__name__ = name
    return asked
