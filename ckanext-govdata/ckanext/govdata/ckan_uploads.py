"""CKAN's uploads, tied to their rows: each file of an entry has a place of its own by its content.

CKAN knows one place for a resource; ours is that place, ``~`` and the digest. Which one is meant
says :data:`stored_file`, in the transaction of the resource's row; without a row it is CKAN's own
place, where files uploaded before stand.
"""
from __future__ import annotations

import glob
import hashlib
from pathlib import Path
from typing import IO

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan import plugins as p
from ckan.lib import files, helpers, uploader
from ckan.types import DataDict
from sqlalchemy.dialects.postgresql import insert

from . import kept_files, now, settings
from .database import Session

stored_file = sa.Table(
    "govdata_stored_file",
    tk.BaseModel.metadata,
    sa.Column("resource_id", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("kept", sa.DateTime(timezone=True), nullable=False),
)
"""No foreign key: CKAN removes resources without asking; a row of one that is gone is harmless."""


def digest_of(file: IO[bytes]) -> str:
    """SHA-256 of what is in an open file, from where it stands, however long it is."""
    digest = hashlib.sha256()
    while piece := file.read(2**20):
        digest.update(piece)
    return digest.hexdigest()


def named(place: Path, digest: str) -> Path:
    """Where the file with this content stands whose resource has that place."""
    return place.with_name(f"{place.name}~{digest}")


class KeptPicture(uploader.Upload):
    """CKAN's uploads of logos and portraits."""

    def upload(self, max_size: int = 2) -> None:
        """Write it where it waits; the old one goes when the new one is there."""
        session, old = model.Session(), self.old_filename
        if self.filename and self.filepath:
            place = Path(self.filepath)
            new = kept_files.waiting(place)
            kept_files.keep(session, new, place)
            self.filepath = self.tmp_filepath = str(new)
            self.old_filename = None  # CKAN would take it away now
            super().upload(max_size)
            self.clear = True
        if self.clear and old and not old.startswith(("http://", "https://")):
            kept_files.drop(session, Path(str(self.old_filepath)))
        self.old_filename = old


class KeptFile(uploader.ResourceUpload):
    """CKAN's uploads of the files of entries."""

    _waits: str = ""

    def get_path(self, id: str) -> str:  # noqa: A002 - CKAN's name
        """Where the file stands that the session sees, or waits while it is written."""
        if self._waits:
            return self._waits
        place = super().get_path(id)
        query = sa.select(stored_file.c.digest).where(stored_file.c.resource_id == id)
        digest = model.Session.scalar(query)
        return str(named(Path(place), digest)) if digest else place

    def own_place(self, id: str) -> Path:  # noqa: A002 - CKAN's name
        """The one place that CKAN knows."""
        return Path(super().get_path(id))

    def upload(self, id: str, max_size: int = 10) -> None:  # noqa: A002 - CKAN's name
        """Write it where it waits; the one before is left to the sweep, for who reads it now."""
        if not self.storage_path or not (self.filename or self.clear):
            return
        session, place = model.Session(), self.own_place(id)
        kept_files.leave(session, Path(self.get_path(id)))
        if not self.filename:
            _unname(session, id)
            kept_files.drop(session, place)  # where it would be found without a row
            return
        new = kept_files.waiting(place)
        self._waits = str(new)
        try:
            super().upload(id, max_size)
        except BaseException:
            Path(f"{new}~").unlink(missing_ok=True)  # CKAN's half
            raise
        finally:
            self._waits = ""
        kept_files.keep(session, new, named(place, _name(session, id, new)))


def _name(session: Session, resource_id: str, new: Path) -> str:
    """Have the row mean this content; its digest."""
    with new.open("rb") as file:
        digest = digest_of(file)
    told = {"digest": digest, "size": new.stat().st_size, "kept": now.now()}
    statement = insert(stored_file).values(resource_id=resource_id, **told)
    session.execute(statement.on_conflict_do_update(index_elements=["resource_id"], set_=told))
    return digest


def _unname(session: Session, resource_id: str) -> None:
    session.execute(sa.delete(stored_file).where(stored_file.c.resource_id == resource_id))


def forget(session: Session, resource_id: str) -> None:
    """The resource is purged: all that was uploaded for it goes with the commit."""
    uploads = _of_files()
    if uploads is None:
        return
    place = uploads.own_place(resource_id)
    _unname(session, resource_id)
    every = glob.escape(place.name) + "~" + "[0-9a-f]" * 64
    for each in [place, *place.parent.glob(every)]:
        kept_files.drop(session, each)


class Uploads(p.IUploader):
    """CKAN's interface, for the plugin to inherit; storages of other kinds are CKAN's own."""

    def get_uploader(self, upload_to: str, old_filename: str | None) -> KeptPicture | None:
        """For pictures."""
        return KeptPicture(upload_to, old_filename) if are_ours(upload_to) else None

    def get_resource_uploader(self, data_dict: DataDict) -> KeptFile | None:
        """For files of entries."""
        return KeptFile(data_dict) if are_ours("resource") else None


def uploads_enabled(storage_name: str | None = None) -> bool:
    """CKAN's helper, which takes any plugin with uploads of its own for a storage: ours follow
    CKAN's path, and without one there are none."""
    others = [one for one in p.PluginImplementations(p.IUploader) if not isinstance(one, Uploads)]
    usable = settings.storage_path() or others or (storage_name and not _by_file(storage_name))
    return bool(usable) and helpers.uploads_enabled(storage_name)


def place_of(resource_id: str) -> Path | None:
    """Where the file of an entry's resource stands, if it has one; none in storages of CKAN's."""
    uploads = _of_files()
    return Path(uploads.get_path(resource_id)) if uploads else None


def _of_files() -> KeptFile | None:
    uploads: object = uploader.get_resource_uploader({})
    return uploads if isinstance(uploads, KeptFile) else None


def are_ours(kind: str) -> bool:
    """Whether what is uploaded of this kind stands where this module puts it."""
    return _by_file(kind) and bool(settings.storage_path())


def _by_file(kind: str) -> bool:
    """Whether uploads of this kind are ours: CKAN has no storage that is called so."""
    try:
        files.get_storage(settings.default_storage(kind))
    except files.exc.UnknownStorageError:
        return True
    return False
