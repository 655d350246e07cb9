"""How often entries are opened from a list and their files taken: what "most used" sorts by.

Both are counted at once and reach the index with the entry's next writing, or within the hour.
Nothing is kept of who it was.
"""
from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa
from ckan import model
from flask import Flask, Response, request
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from ..ahead import Ahead
from ..catalogue.index import writer
from .model import EntryUse

log = logging.getLogger(__name__)
USES = EntryUse.__table__
FIELD = "views_total"
"""CKAN's own field for it."""
PAGE = 200
_AHEAD: Ahead[str, int] = Ahead("uses of entries")


TAKEN = {"datastore.dump", "govdata_grants.download", "govdata_grants.data",
         "govdata_downloads.table"}
"""Routes that hand out a file, beside those that end in ``resource.download``."""


def hang(app: Flask) -> None:
    """Count the files that an application hands out; once an application."""
    app.after_request(_count_download)


def _count_download(response: Response) -> Response:
    """A file from its beginning, or the way to it; the parts that follow are no second use."""
    endpoint, named = request.endpoint or "", request.view_args or {}
    resource_id = named.get("resource_id")
    asked = request.method == "GET" and response.status_code in (200, 302)
    if asked and resource_id and (endpoint in TAKEN or endpoint.endswith("resource.download")):
        try:
            downloaded(str(resource_id))
        except SQLAlchemyError as error:  # the file matters more than its count
            log.warning("A download was not counted: %s", error)
    return response


def opened(name: str) -> None:
    """Count that somebody opened the public entry of that name; unknown names count nothing."""
    _count(model.package_table.c.name == name)


def downloaded(resource_id: str) -> None:
    """Count that somebody took a file of a public entry; unknown ids count nothing."""
    owner = sa.select(model.Resource.package_id).where(model.Resource.id == resource_id)
    _count(model.package_table.c.id == owner.scalar_subquery())


def _count(which: Any) -> None:
    package = model.package_table
    found = sa.select(package.c.id, sa.literal(1), sa.literal(0)).where(
        which, package.c.state == "active", package.c.private.is_(False))
    new = insert(USES).from_select(["package_id", "uses", "indexed"], found)
    new = new.on_conflict_do_update(
        index_elements=["package_id"], set_={"uses": USES.c.uses + 1})
    with model.ensure_engine().begin() as connection:
        connection.execute(new)


def of_entry(package_id: str) -> int:
    """How often an entry was opened or taken."""
    return _AHEAD.of(package_id, lambda: _uses([package_id]).get(package_id, 0))


def of_entries(package_ids: Sequence[str]) -> dict[str, int]:
    """Those of a list's entries that were ever used."""
    if not package_ids:
        return {}
    query = sa.select(USES.c.package_id, USES.c.uses).where(USES.c.package_id.in_(package_ids))
    return dict(model.Session.execute(query).tuples().all())


def held(package_ids: Sequence[str]) -> AbstractContextManager[None]:
    """A block in which the uses of these entries are read once."""
    return _AHEAD.held({**dict.fromkeys(package_ids, 0), **_uses(package_ids)})


def _uses(package_ids: Sequence[str]) -> dict[str, int]:
    """Those of these entries that were ever used."""
    query = sa.select(USES.c.package_id, USES.c.uses).where(USES.c.package_id.in_(package_ids))
    try:
        with model.ensure_engine().connect() as connection:
            return dict(connection.execute(query).tuples().all())
    except SQLAlchemyError:
        return {}


def publish() -> int:
    """Index the entries that were used since they were indexed; how many."""
    done = 0
    query = sa.select(USES.c.package_id, USES.c.uses).where(USES.c.uses != USES.c.indexed)
    while rows := model.Session.execute(query.limit(PAGE)).all():
        for row in rows:
            model.Session.execute(
                USES.update().where(USES.c.package_id == row.package_id).values(indexed=row.uses))
        writer.refresh([row.package_id for row in rows])
        done += len(rows)
    return done
