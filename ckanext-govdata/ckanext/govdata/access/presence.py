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

from . import gate

ENTRIES = sa.select(
    model.Package.id,
    model.Package.state,
    model.Package.owner_org,
    sa.and_(model.Package.state == "active", model.Package.private.is_(False)).label("public"),
    model.Package.extras["open_attribute"].astext.label("attribute"),  # pyright: ignore
).where(model.Package.id.in_(sa.bindparam("ids", expanding=True)))
"""Made once, as every search asks it."""


def public(ids: Iterable[str | None]) -> frozenset[str]:
    """Those of the entries of which everybody may know; one statement."""
    return frozenset(row.id for row in _asked(ids) if row.public)


def known(context: Context, ids: Iterable[str]) -> dict[str, str]:
    """Those of the entries of which the context's user may know, each with its open attribute now;
    one statement and, for each that is not public, who works for its department. What is deleted
    is found by nobody."""
    rows = _asked(ids)
    user = None if all(row.public for row in rows) else gate.reader_of(context)
    return {row.id: row.attribute or "" for row in rows if row.public or _may(user, row)}


def _may(user: Any, row: Any) -> bool:
    """Whether a user may know of an entry that is not public; a draft is its officers'."""
    if user is None or row.state == "deleted":
        return False
    if row.state != "active":
        return bool(user.sysadmin) or gate.provides(user, row.owner_org or "")
    asker = Context(user=user.name, auth_user_obj=user)
    return authz.is_authorized_boolean("package_show", asker, {"id": row.id})


def _asked(ids: Iterable[str | None]) -> list[Any]:
    wanted = [name for name in ids if name]
    return list(model.Session.execute(ENTRIES, {"ids": wanted})) if wanted else []
