"""Files tied to the transaction of their rows: refused or rolled back, nothing changed on the disk.

A new file waits under another name beside its place; it takes the place, or an old one goes, when
the session commits.
"""
from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from ckan import model
from ckan import plugins as p
from ckan.lib import files, helpers, uploader
from ckan.types import DataDict
from sqlalchemy import event, orm

from . import settings
from .database import Session

_PENDING = "govdata_kept_files"
_WAITING = "~new-"


def keep(session: Session, waiting: Path, place: Path) -> None:
    """The file takes its place with the commit, and is gone without one."""
    _pending(session).append((waiting, place))


def drop(session: Session, place: Path) -> None:
    """The file goes with the commit."""
    _pending(session).append((None, place))


def _pending(session: Session) -> list[tuple[Path | None, Path]]:
    session.connection()  # without a transaction, none would end
    return session.info.setdefault(_PENDING, [])


def waiting(place: Path) -> Path:
    """A name beside the place, where nobody looks."""
    return place.with_name(f"{place.name[:100]}{_WAITING}{uuid.uuid4().hex}")


def watch() -> None:
    """Once a process, after all who may refuse a commit: what is moved then has its rows."""
    if not event.contains(orm.Session, "before_commit", _settle):
        event.listen(orm.Session, "before_commit", _settle)
        event.listen(orm.Session, "after_transaction_end", _forget)


def _settle(session: orm.Session) -> None:
    """Before the rows are there: a file without a row is swept, a row without a file is a loss."""
    if session.in_nested_transaction() or not session.info.get(_PENDING):
        return
    session.flush()  # the last that may refuse
    for new, place in session.info.pop(_PENDING, ()):
        if new:
            new.replace(place)
        else:
            place.unlink(missing_ok=True)


def _forget(session: orm.Session, transaction: orm.SessionTransaction) -> None:
    if transaction.parent is None:
        for new, _place in session.info.pop(_PENDING, ()):
            if new:
                new.unlink(missing_ok=True)


class KeptPicture(uploader.Upload):
    """CKAN's uploads of logos and portraits."""

    def upload(self, max_size: int = 2) -> None:
        """Write it where it waits; the old one goes when the new one is there."""
        session, old = model.Session(), self.old_filename
        if self.filename and self.filepath:
            place = Path(self.filepath)
            self.filepath = str(waiting(place))
            self.tmp_filepath = self.filepath
            self.old_filename = None  # CKAN would take it away now
            super().upload(max_size)
            keep(session, Path(self.filepath), place)
            self.clear = True
        if self.clear and old and not old.startswith(("http://", "https://")):
            drop(session, Path(str(self.old_filepath)))
        self.old_filename = old


class KeptFile(uploader.ResourceUpload):
    """CKAN's uploads of the files of entries."""

    _waits: str = ""

    def get_path(self, id: str) -> str:  # noqa: A002 - CKAN's name
        """Where the file stands, or waits while it is written."""
        return self._waits or super().get_path(id)

    def upload(self, id: str, max_size: int = 10) -> None:  # noqa: A002 - CKAN's name
        """Write it where it waits; one that a link replaces goes with the commit."""
        if not self.storage_path:
            return
        session, place = model.Session(), Path(self.get_path(id))
        if not self.filename:
            if self.clear:
                drop(session, place)
            return
        new = waiting(place)
        self._waits = str(new)
        try:
            super().upload(id, max_size)
        finally:
            self._waits = ""
        keep(session, new, place)


class Uploads(p.IUploader):
    """CKAN's interface, for the plugin to inherit; storages of other kinds are CKAN's own."""

    def get_uploader(self, upload_to: str, old_filename: str | None) -> KeptPicture | None:
        """For pictures."""
        return KeptPicture(upload_to, old_filename) if _are_ours(upload_to) else None

    def get_resource_uploader(self, data_dict: DataDict) -> KeptFile | None:
        """For files of entries."""
        return KeptFile(data_dict) if _are_ours("resource") else None


def uploads_enabled(storage_name: str | None = None) -> bool:
    """CKAN's helper, which takes any plugin with uploads of its own for a storage: ours follow
    CKAN's path, and without one there are none."""
    others = [one for one in p.PluginImplementations(p.IUploader) if not isinstance(one, Uploads)]
    usable = settings.storage_path() or others or (storage_name and not _by_file(storage_name))
    return bool(usable) and helpers.uploads_enabled(storage_name)


def place_of(resource_id: str) -> Path | None:
    """Where the file of an entry's resource stands, if it has one; none in storages of CKAN's."""
    uploads: Any = uploader.get_resource_uploader({})
    return Path(uploads.get_path(resource_id)) if isinstance(uploads, KeptFile) else None


def _are_ours(kind: str) -> bool:
    return _by_file(kind) and bool(settings.storage_path())


def _by_file(kind: str) -> bool:
    """Whether uploads of this kind are ours: CKAN has no storage that is called so."""
    try:
        files.get_storage(settings.default_storage(kind))
    except files.exc.UnknownStorageError:
        return True
    return False
