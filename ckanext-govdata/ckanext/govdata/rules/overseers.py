"""Who reads the rules: whoever operates the portal sees what there is to do, and a data authority
where texts contradict each other."""

from __future__ import annotations

from typing import cast

import ckan.authz as authz
import ckan.model as model
from ckan.types import Context

from ..departments.offices import OFFICES
from ..departments.seats import seating
from ..domain.procedure import Role


def sees_to_dos(context: Context) -> bool:
    """Whether the reader operates the portal, so that he can enter texts."""
    return authz.is_sysadmin(str(context.get("user") or ""))


def oversees(context: Context) -> bool:
    """Whether the reader operates the portal or has a seat in a data authority."""
    if sees_to_dos(context):
        return True
    user = cast("model.User | None", model.User.get(str(context.get("user") or "")))
    seats = seating(user.id).seats if user else ()
    return any(OFFICES.get(seat.office) is Role.AUTHORITY for seat in seats)
