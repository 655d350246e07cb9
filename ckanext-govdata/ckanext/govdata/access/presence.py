"""Which entries may be known of now, by the database: what a list, a title or a hit asks.

The index says what was true when it was written. Public to other slices.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.authz as authz
import ckan.model as model
import sqlalchemy as sa
from ckan.types import Context

ENTRIES = sa.select(
    model.Package.id,
    sa.and_(model.Package.state == "active", model.Package.private.is_(False)).label("public"),
    model.Package.extras["open_attribute"].astext.label("attribute"),  # pyright: ignore
).where(model.Package.id.in_(sa.bindparam("ids", expanding=True)))
"""Made once, as every search asks it."""


def public(ids: Iterable[str | None]) -> frozenset[str]:
    """Those of the entries of which everybody may know; one statement."""
    return frozenset(row.id for row in _asked(ids) if row.public)


def known(context: Context, ids: Iterable[str]) -> dict[str, str]:
    """Those of the entries of which the context's user may know, each with its open attribute now;
    one statement and, for each that is not public, CKAN's own answer."""
    asker = Context(user=context.get("user", ""))
    user = context.get("auth_user_obj")
    if user:
        asker["auth_user_obj"] = user
    return {
        row.id: row.attribute or ""
        for row in _asked(ids)
        if row.public
        or authz.is_authorized_boolean("package_show", Context(**asker), {"id": row.id})
    }


def _asked(ids: Iterable[str | None]) -> Iterable[Any]:
    wanted = [name for name in ids if name]
    return model.Session.execute(ENTRIES, {"ids": wanted}).all() if wanted else ()
