"""Who is calling an action. Public to other slices."""

from __future__ import annotations

from typing import Any, cast

from ckan.types import Context


def signed_in(context: Context) -> Any:
    """The signed-in user of an action whose access was checked."""
    return cast("dict[str, Any]", context)["auth_user_obj"]
