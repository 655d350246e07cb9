"""For which departments somebody may import, and undo what was imported."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context


def allowed_departments(user: str) -> frozenset[str]:
    """The ids of the departments for which the user may write entries."""
    found = tk.get_action("organization_list_for_user")(
        {"user": user}, {"permission": "create_dataset"}
    )
    return frozenset(organization["id"] for organization in found)


def departments_of(context: Context) -> frozenset[str] | None:
    """The same of whoever acts; None for all, of the portal itself and its operator."""
    user = model.User.get(context.get("user")) if context.get("user") else None
    if context.get("ignore_auth") or (user and user.sysadmin):
        return None
    return allowed_departments(str(context.get("user")))
