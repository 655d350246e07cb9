"""Files that belong to a case: judged by their content, kept outside of the web's reach."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import IO, TypedDict

import ckan.plugins.toolkit as tk
import magic
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from .. import kept_files, now, settings
from ..database import Session
from .model import attachment

TYPES: dict[str, tuple[str, ...]] = {
    "pdf": ("application/pdf",),
    "png": ("image/png",),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/zip",
    ),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/zip",
    ),
    "ofd": ("application/zip", "application/ofd"),
    "txt": ("text/plain",),
    "csv": ("text/plain", "text/csv"),
}
"""What may be attached, and the content that each ending may have."""
BLOCK = 64 * 1024
PERIOD = timedelta(days=30)
"""Within which it is counted what a person attaches."""
FOLDER = ("govdata", "attachments")
TURN = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


class Unkept(Exception):
    """An upload that is not kept; the message says why."""


def keep(
    session: Session, case_id: str, user_id: str, uploads: Iterable[object], field: str
) -> list[str]:
    """Keep uploads with the rows that the session writes; their ids. What is no upload, or not
    what a case may hold, raises ``ValidationError`` of the ``field``: then none is kept.

    A person's uploads take turns: his share is counted over all of them.
    """
    session.execute(TURN, {"key": f"attachments of {user_id}"})
    try:
        return [_kept(session, case_id, user_id, upload) for upload in uploads]
    except Unkept as unkept:
        raise tk.ValidationError({field: [str(unkept)]}) from None


def _kept(session: Session, case_id: str, user_id: str, upload: object) -> str:
    """Keep one upload; its id. Raises :class:`Unkept`."""
    if not isinstance(upload, FileStorage):
        raise Unkept(tk._("A file is wanted here."))
    name = _plain_name(named(upload.filename or "", _material(upload)))
    ending = name.rpartition(".")[2].lower()
    if ending not in TYPES:
        raise Unkept(
            tk._("'{name}': only {types} can be attached.").format(
                name=name, types=", ".join(TYPES)
            )
        )
    _room(session, case_id, user_id, 0, 1)
    path, size, digest = _store(upload.stream, name)
    kept_files.keep(session, path, _folder() / digest)
    _room(session, case_id, user_id, size, 1)
    found = magic.from_file(str(path), mime=True)
    if found not in TYPES[ending]:
        raise Unkept(
            tk._("'{name}' says that it is {ending}, but it is {found}.").format(
                name=name, ending=ending, found=found
            )
        )
    attachment_id = str(uuid.uuid4())
    session.execute(
        sa.insert(attachment).values(
            id=attachment_id,
            case_id=case_id,
            user_id=user_id,
            name=name,
            mimetype=found,
            size=size,
            sha256=digest,
            at=now.now(),
        )
    )
    return attachment_id


SLOT = "upload:"
"""How the input of a file is called that is sent as a certain material; its name follows."""


def _material(upload: FileStorage) -> str:
    return (upload.name or "").partition(SLOT)[2]


def named(name: str, material: str) -> str:
    """A file's name with the material that it is, which everybody reads then."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[/\\\"<>\x00-\x1f]", "", material)[:50]
    return last if not plain or is_of(last, plain) else f"{plain}-{last[-60:]}"


def is_of(name: str, material: str) -> bool:
    """Whether a file is that material, by its name."""
    def letters(text: str) -> str:
        return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).lower()

    wanted = letters(material)[:50]
    return bool(wanted) and wanted in letters(name)


def is_required(material: Mapping[str, object]) -> bool:
    """Whether an entry's material must be handed in."""
    return str(material.get("required")).lower() == "true"


class AttachmentTold(TypedDict):
    """A file that was sent along, by its name and size."""

    name: str
    size: int


def of_case(session: Session, case_id: str) -> dict[str, AttachmentTold]:
    """Name and size of the files of a case, by id."""
    rows = session.execute(sa.select(attachment).where(attachment.c.case_id == case_id))
    return {row.id: AttachmentTold(name=row.name, size=row.size) for row in rows}


def path_of(session: Session, case_id: str, attachment_id: str) -> tuple[Path, str] | None:
    """Where a file of this case stands, and its name."""
    row = session.execute(
        sa.select(attachment).where(
            attachment.c.id == attachment_id, attachment.c.case_id == case_id
        )
    ).first()
    return (_folder() / row.sha256, row.name) if row else None


def _room(session: Session, case_id: str, user_id: str, size: int, more: int) -> None:
    """Refuse what is beyond a case's or a person's share, with the share and what is used."""
    used = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(attachment.c.size), 0))
    of_case = used.where(attachment.c.case_id == case_id)
    since = attachment.c.at > now.now() - PERIOD
    of_user = used.where(attachment.c.user_id == user_id, since)
    shares = settings.attachment_shares()
    for query, share, words in (
        (of_case, shares.case, tk._("A case has at most {files} attachments of {size} MiB "
                                    "together; there are {had} of {used} MiB.")),
        (of_user, shares.person, tk._("A person attaches at most {files} files of {size} MiB "
                                      "together in 30 days; there are {had} of {used} MiB.")),
    ):  # fmt: skip
        had, taken = session.execute(query).one()
        if had + more > share.files or taken + size > share.size:
            raise Unkept(words.format(files=share.files, size=share.size // 1024**2, had=had,
                                      used=f"{int(taken) / 1024**2:.1f}"))  # fmt: skip


def _store(stream: IO[bytes], name: str) -> tuple[Path, int, str]:
    """Write block by block, so that a large upload costs no memory and stops at the limit."""
    path, hasher, size = _folder() / f"new-{uuid.uuid4()}", hashlib.sha256(), 0
    limit = settings.largest_attachment()
    try:
        with path.open("wb") as target:
            while block := stream.read(BLOCK):
                size += len(block)
                if size > limit:
                    raise Unkept(
                        tk._("'{name}' is larger than {most} MiB.").format(
                            name=name, most=limit // 1024**2
                        )
                    )
                hasher.update(block)
                target.write(block)
        if not size:
            raise Unkept(tk._("'{name}' is empty.").format(name=name))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, size, hasher.hexdigest()


def _folder() -> Path:
    folder = Path(settings.storage_path()).joinpath(*FOLDER)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _plain_name(name: str) -> str:
    """The last part of the name, without control characters and signs that turn writing around."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\"<>]", "", last).strip()
    return plain[-120:] or "file"
