"""Files that CKAN stored for a resource or a picture whose row was never written."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from ckan import model

from ... import now, settings
from ...database import Session

FORGOTTEN = timedelta(days=7)
"""So long a file may be older than the row that is to name it, as after a restored backup."""


def sweep(session: Session) -> list[str]:
    """Delete them; their names below the storage folder."""
    root = Path(settings.storage_path())
    before = now.real().timestamp() - FORGOTTEN.total_seconds()
    gone: list[str] = []
    for path in [*_files(session, root), *_pictures(session, root)]:
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone.append(str(path.relative_to(root)))
    return gone


def _files(session: Session, root: Path) -> Iterator[Path]:
    """``resources/abc/def/…``: a file's id in three parts; a half one ends in ``~``."""
    known: set[str] | None = None
    for path in (root / "resources").glob("*/*/*"):
        if known is None:
            known = set(session.scalars(sa.select(model.Resource.id)))
        if path.is_file() and "".join(path.parts[-3:]) not in known:
            yield path


def _pictures(session: Session, root: Path) -> Iterator[Path]:
    """``storage/uploads/group|user``: logos and portraits by the name in the row."""
    for kind, column in (("group", model.Group.image_url), ("user", model.User.image_url)):
        folder = root / "storage" / "uploads" / kind
        found = [path for path in folder.glob("*") if path.is_file()]
        if found:
            named = set(session.scalars(sa.select(column).where(column.is_not(None))))
            yield from (path for path in found if path.name not in named)
