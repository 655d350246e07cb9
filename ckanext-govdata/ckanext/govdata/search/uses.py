"""How often entries are opened from a list: what "most used" sorts by.

Openings are counted at once and reach the index with the entry's next writing, or within the hour.
"""
from __future__ import annotations

import sqlalchemy as sa
from ckan import model
from ckan.lib.search import common
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from ..catalogue.indexing import documents_of
from .model import EntryUse

USES = EntryUse.__table__
FIELD = "views_total"
"""CKAN's own field for it."""
PAGE = 200


def opened(name: str) -> None:
    """Count that somebody opened the public entry of that name; unknown names count nothing."""
    package = model.package_table
    found = sa.select(package.c.id, sa.literal(1), sa.literal(0)).where(
        package.c.name == name, package.c.state == "active", package.c.private.is_(False))
    new = insert(USES).from_select(["package_id", "uses", "indexed"], found)
    new = new.on_conflict_do_update(
        index_elements=["package_id"], set_={"uses": USES.c.uses + 1})
    with model.ensure_engine().begin() as connection:
        connection.execute(new)


def of_entry(package_id: str) -> int:
    """How often an entry was opened."""
    query = sa.select(USES.c.uses).where(USES.c.package_id == package_id)
    try:
        with model.ensure_engine().connect() as connection:
            return int(connection.execute(query).scalar() or 0)
    except SQLAlchemyError:
        return 0


def publish() -> int:
    """Index the entries that were opened since they were indexed; how many."""
    done = 0
    query = sa.select(USES.c.package_id, USES.c.uses).where(USES.c.uses != USES.c.indexed)
    while rows := model.Session.execute(query.limit(PAGE)).all():
        common.make_connection().add(documents_of([row.package_id for row in rows]), commit=False)
        for row in rows:
            model.Session.execute(
                USES.update().where(USES.c.package_id == row.package_id).values(indexed=row.uses))
        model.Session.commit()
        done += len(rows)
    if done:
        common.make_connection().commit(waitSearcher=True, softCommit=True)
    return done
