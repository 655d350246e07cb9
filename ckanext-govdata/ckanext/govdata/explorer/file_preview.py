"""The beginning of a file that is no table: a text's first lines, or a picture, by its content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .. import ckan_uploads
from ..access import gate, rows
from ..domain.access import Permitted
from ..domain.text import visible
from ..security.uploaded_files import picture_type

SHOWN = 12_000
"""Bytes of a text that are shown."""
LARGEST_PICTURE = 3_000_000
"""Bytes of a picture that a page loads without being asked."""
_ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
_CONTROL = frozenset(chr(n) for n in range(32)) - frozenset("\t\n\r\f")


@dataclass(frozen=True)
class FilePreview:
    """``text`` is how a text begins, with ``more`` where it goes on; else it is a picture."""

    text: str = ""
    more: bool = False
    picture: bool = False


def preview_of(resource: Mapping[str, object]) -> FilePreview | None:
    """How an uploaded file begins, for who may read all of it at this moment; None where nothing
    can be shown."""
    is_table = resource.get("datastore_active") or rows.in_datastore(str(resource["id"]))
    if resource.get("url_type") != "upload" or is_table:
        return None  # some of its columns may be kept back
    allowed = gate.allows({}, str(resource["id"]))
    given = isinstance(allowed, Permitted) and (allowed.whole or allowed.undivided)
    path = ckan_uploads.place_of(str(resource["id"])) if given else None
    if path is None or (isinstance(allowed, Permitted) and allowed.grant):
        return None
    try:
        with path.open("rb") as file:
            head, size = file.read(SHOWN + 1), path.stat().st_size
    except OSError:
        return None
    if picture_type(head):
        return FilePreview(picture=True) if size <= LARGEST_PICTURE else None
    return _text(head)


def _text(head: bytes) -> FilePreview | None:
    for encoding in _ENCODINGS:
        if encoding == "utf-16" and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        said = _decoded(head[:SHOWN], encoding)
        if said and not _CONTROL & frozenset(said):
            return FilePreview("\n".join(map(visible, said.splitlines())), len(head) > SHOWN)
    return None


def _decoded(head: bytes, encoding: str) -> str:
    """The text; a character that the end cuts is left out."""
    for cut in range(4):
        try:
            return head[: len(head) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""
