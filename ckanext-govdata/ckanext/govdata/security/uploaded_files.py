"""Files that people brought: handed out to be kept, never to be opened by the browser.

Logos and portraits alone are shown in pages; what one is, is read in its content. The name and the
type that it was stored with decide nothing.
"""
from __future__ import annotations

import posixpath
from pathlib import Path

from flask import Response, request
from werkzeug.security import safe_join

from .. import settings

POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
"""Whatever somebody opens all the same runs nothing and loads nothing."""
FOLDER = "uploads/"
_SIGNS = (
    ("image/png", b"\x89PNG\r\n\x1a\n"),
    ("image/jpeg", b"\xff\xd8\xff"),
    ("image/gif", b"GIF87a"),
    ("image/gif", b"GIF89a"),
)
"""With what a picture that may be shown begins; WebP beside them, whose sign has a gap."""


def is_upload(endpoint: str) -> bool:
    """Is the answer a file that a user brought?"""
    return endpoint.endswith(".download") or endpoint.startswith("file.") or bool(_picture())


def guard(response: Response) -> None:
    """Make it an attachment, or a picture of the type that it is."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    if response.status_code not in (200, 206, 304):
        return
    kind = _kind(_picture())
    if kind:
        response.headers["Content-Type"] = kind
        return
    said = response.headers.get("Content-Disposition", "attachment")
    if not said.lower().startswith("attachment"):
        said = f"attachment;{said.partition(';')[2]}".rstrip(";")
    response.headers["Content-Disposition"] = said


def _picture() -> str:
    """The place among logos and portraits that is asked for, whatever detours the address takes."""
    place = posixpath.normpath("/" + request.path.lstrip("/")).lstrip("/")
    return place if place.startswith(FOLDER) else ""


def _kind(place: str) -> str:
    """The type of a picture that may be shown, by its content; empty for everything else."""
    path = safe_join(str(Path(settings.storage_path()) / "storage"), place) if place else None
    try:
        with Path(path or "").open("rb") as file:
            begin = file.read(12)
    except OSError:
        return ""
    return picture_type(begin)


def picture_type(begin: bytes) -> str:
    """The type of a picture that may be shown, by how it begins (twelve bytes); else empty."""
    if begin[:4] == b"RIFF" and begin[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for kind, sign in _SIGNS if begin.startswith(sign)), "")
