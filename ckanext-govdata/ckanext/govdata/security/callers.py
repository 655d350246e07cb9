"""Who is calling an action. Public to other slices."""

from __future__ import annotations

from typing import cast

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context


def signed_in(context: Context) -> model.User:
    """The signed-in user of an action whose access was checked."""
    return cast(model.User, cast("dict[str, object]", context)["auth_user_obj"])


def known(context: Context) -> model.User | None:
    """The signed-in user, or none: CKAN puts an object there for the public too."""
    user = context.get("auth_user_obj")
    return cast(model.User, user) if getattr(user, "id", "") else None


def signed_in_only(context: Context) -> AuthResult:
    """The answer of an auth function that asks for nothing but being signed in."""
    return {"success": known(context) is not None, "msg": tk._("Please sign in.")}
