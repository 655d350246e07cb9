"""Who is calling an action. Public to other slices."""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context


def signed_in(context: Context) -> Any:
    """The signed-in user of an action whose access was checked."""
    return cast("dict[str, Any]", context)["auth_user_obj"]


def known(context: Context) -> Any:
    """The signed-in user, or none: CKAN puts an object there for the public too."""
    user: Any = context.get("auth_user_obj")
    return user if user is not None and getattr(user, "id", "") else None


def signed_in_only(context: Context) -> dict[str, Any]:
    """The answer of an auth function that asks for nothing but being signed in."""
    return {"success": known(context) is not None, "msg": tk._("Please sign in.")}
