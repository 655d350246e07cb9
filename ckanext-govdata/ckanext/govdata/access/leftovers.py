"""What CKAN stored for a resource or a picture and no row names: replaced, or never finished."""
from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from ckan import model

from ..ckan_uploads import are_ours, named, stored_file
from ..database import Session

OURS = re.compile(
    r"([0-9A-Fa-f]{8}(?:-?[0-9A-Fa-f]{4}){3}-?[0-9A-Fa-f]{12})"
    r"(?:~|~[0-9a-f]{64}|~(?:new|gone)-\w+~?)?"
)
"""A resource's id, which a program may have chosen and written in its way, and behind it nothing,
CKAN's half, a digest, or what waits or goes."""


def unnamed(session: Session, storage: Path) -> Iterator[Path]:
    """Of both kinds."""
    yield from _files(session, storage)
    yield from _pictures(session, storage)


def _files(session: Session, storage: Path) -> Iterator[Path]:
    """``resources/abc/def/…``: a file's id in three parts, and the digest that its row means.

    What has another name was put there by somebody else, and is his.
    """
    if not are_ours("resource"):
        return
    lying = [path for path in (storage / "resources").glob("*/*/*") if path.is_file()]
    if not lying:
        return
    table = model.resource_table
    digests = dict(session.execute(
        sa.select(table.c.id, stored_file.c.digest)
        .outerjoin(stored_file, stored_file.c.resource_id == table.c.id)
    ).tuples().all())
    for path in lying:
        ours = OURS.fullmatch("".join(path.parts[-3:]))
        if ours is None:
            continue
        place, digest = path.with_name(path.name.partition("~")[0]), digests.get(ours[1])
        if ours[1] not in digests or path != (named(place, digest) if digest else place):
            yield path


def _pictures(session: Session, storage: Path) -> Iterator[Path]:
    """``storage/uploads/group|user``: logos and portraits by the name in the row."""
    for kind, column in (("group", model.Group.image_url), ("user", model.User.image_url)):
        if not are_ours(kind):
            continue
        folder = storage / "storage" / "uploads" / kind
        found = [path for path in folder.glob("*") if path.is_file()]
        if found:
            shown = set(session.scalars(sa.select(column).where(column.is_not(None))))
            yield from (path for path in found if path.name not in shown)
