"""Files that belong to a case: judged by their content, kept outside of the web's reach."""

from __future__ import annotations

import hashlib
import re
import uuid
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import magic
import sqlalchemy as sa

from .. import now, settings
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
MOST = 20
BLOCK = 64 * 1024


def keep(session: Any, case_id: str, user_id: str, upload: Any) -> str:
    """Keep one upload; its id. Raises ``ValidationError`` with the field ``materials``."""
    name = _plain_name(upload.filename or "")
    ending = name.rpartition(".")[2].lower()
    if ending not in TYPES:
        _refuse(
            tk._("'{name}': only {types} can be attached.").format(
                name=name, types=", ".join(TYPES)
            )
        )
    count = session.scalar(sa.select(sa.func.count()).where(attachment.c.case_id == case_id))
    if count >= MOST:
        _refuse(tk._("At most {most} files can be attached.").format(most=MOST))
    path, size, digest = _store(upload.stream, name)
    found = magic.from_file(str(path), mime=True)
    if found not in TYPES[ending]:
        path.unlink()
        _refuse(
            tk._("'{name}' says that it is {ending}, but it is {found}.").format(
                name=name, ending=ending, found=found
            )
        )
    path.replace(_folder() / digest)
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


def of_case(session: Any, case_id: str) -> dict[str, dict[str, Any]]:
    """Name and size of the files of a case, by id."""
    rows = session.execute(sa.select(attachment).where(attachment.c.case_id == case_id))
    return {row.id: {"name": row.name, "size": row.size} for row in rows}


def path_of(session: Any, case_id: str, attachment_id: str) -> tuple[Path, str] | None:
    """Where a file of this case stands, and its name."""
    row = session.execute(
        sa.select(attachment).where(
            attachment.c.id == attachment_id, attachment.c.case_id == case_id
        )
    ).first()
    return (_folder() / row.sha256, row.name) if row else None


def _store(stream: Any, name: str) -> tuple[Path, int, str]:
    """Write block by block, so that a large upload costs no memory and stops at the limit."""
    path, hasher, size = _folder() / f"new-{uuid.uuid4()}", hashlib.sha256(), 0
    limit = settings.largest_attachment()
    try:
        with path.open("wb") as target:
            while block := stream.read(BLOCK):
                size += len(block)
                if size > limit:
                    _refuse(
                        tk._("'{name}' is larger than {most} MiB.").format(
                            name=name, most=limit // 1024**2
                        )
                    )
                hasher.update(block)
                target.write(block)
        if not size:
            _refuse(tk._("'{name}' is empty.").format(name=name))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, size, hasher.hexdigest()


def _folder() -> Path:
    folder = Path(settings.storage_path()) / "govdata" / "attachments"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _plain_name(name: str) -> str:
    """The last part of the name, without control characters and signs that turn writing around."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\"<>]", "", last).strip()
    return plain[-120:] or "file"


def _refuse(words: str) -> None:
    raise tk.ValidationError({"materials": [words]})
