"""Which entries may be known of now, by the database: what a list, a title or a hit asks.

The index says what was true when it was written. Public to other slices.
"""

from __future__ import annotations

from collections.abc import Iterable

import ckan.authz as authz
import ckan.model as model
import sqlalchemy as sa
from ckan.types import Context
from sqlalchemy.engine import Row

from .. import settings
from ..bulk_sql import array
from ..departments import tree
from ..domain.catalogue import is_entry
from . import gate

ENTRIES = sa.text("""
SELECT p.id, p.state, p.state = 'active' AND p.private IS false AS public,
    p.extras ->> 'open_attribute' AS attribute,
    CASE WHEN p.state = 'deleted' THEN p.extras END AS extras
FROM package p WHERE p.id = ANY(CAST(:ids AS text[]))
""")
"""Every search asks it: what else stands in the extras is read of deleted entries alone."""


def public(ids: Iterable[str | None]) -> frozenset[str]:
    """Those of the entries of which everybody may know; one statement."""
    return frozenset(row.id for row in _asked(ids) if row.public)


SEATED = sa.text(f"""
WITH RECURSIVE wanted AS (
    SELECT p.id, p.owner_org, p.creator_user_id, p.state FROM package p WHERE p.id IN :ids
), {tree.LINE}
SELECT w.id FROM wanted w
WHERE w.owner_org IS NULL AND w.creator_user_id = :user
OR w.state = 'active' AND :shared AND EXISTS (
    SELECT FROM package_member c WHERE c.package_id = w.id AND c.user_id = :user)
OR EXISTS (
    SELECT FROM line
    JOIN "group" g ON g.id = line.place AND g.is_organization AND g.state = 'active'
    JOIN member m ON m.group_id = line.place AND m.table_name = 'user' AND m.state = 'active'
        AND m.table_id = :user
    WHERE line.thing = w.id AND (line.own OR m.capacity = ANY(CAST(:cascading AS text[])))
    AND (w.state = 'active' OR m.capacity IN ('admin', 'editor')))
""").bindparams(sa.bindparam("ids", expanding=True))  # noqa: S608
"""Those of the entries, none of them public, in whose department the user has a seat. As CKAN's own
labels: a seat of any capacity, also that of a body above where its capacity reaches down,
or whoever made what is nobody's, or is named in it. A draft is its officers' alone."""


def known(context: Context, ids: Iterable[str]) -> dict[str, str]:
    """Those of the entries of which the context's user may know, each with its open attribute now;
    one statement, and one more for all those that are not public. A deleted entry is found by
    nobody; in a CKAN that is no portal a plain dataset by whom CKAN lets find it."""
    rows = _asked(ids)
    hidden = [row.id for row in rows if not row.public and not _gone(row)]
    seen = _seen(gate.reader_of(context), hidden) if hidden else frozenset()
    return {row.id: row.attribute or "" for row in rows if row.public or row.id in seen}


def _seen(user: model.User | None, hidden: list[str]) -> frozenset[str]:
    """Those of the entries that are not public of which the user may know all the same."""
    if user is None:
        return frozenset()
    if user.sysadmin:
        return frozenset(hidden)
    said = authz.check_config_permission("roles_that_cascade_to_sub_groups")
    cascading = list(said) if isinstance(said, (list, tuple)) else []
    values = {
        "ids": hidden,
        "user": user.id,
        "cascading": array(cascading),
        "climbs": bool(cascading),
        "shared": bool(authz.check_config_permission("allow_dataset_collaborators")),
    }
    return frozenset(model.Session.scalars(SEATED, values))


def _gone(row: Row) -> bool:
    """Whether it is deleted for everybody, as an entry is."""
    kept = not settings.is_portal() and not is_entry(row.extras or {})
    return row.state == "deleted" and not kept


def _asked(ids: Iterable[str | None]) -> list[Row]:
    wanted = [name for name in ids if name]
    return list(model.Session.execute(ENTRIES, {"ids": wanted})) if wanted else []
