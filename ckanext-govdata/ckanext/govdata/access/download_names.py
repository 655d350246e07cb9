"""Files that everybody may take leave with their name, their ending and their encoding."""

from __future__ import annotations

import codecs
from functools import lru_cache
from pathlib import Path

import ckan.lib.munge as munge
import ckan.model as model
from ckan.lib import uploader
from flask import Flask, Response, request

from ..domain import file_name
from . import locations

PIECE = 2**20
MOST_LOOKED_AT = 64 * 2**20
"""Bytes of a text that are looked at for its encoding; what is longer names none."""
_munge = munge.munge_filename


def keep_names() -> None:
    """Have CKAN keep the names of uploaded files that are not in ASCII (ckan/ckan#1820)."""
    munge.munge_filename = _kept


def _kept(name: str | bytes) -> str:
    text = name.decode("utf-8", "replace") if isinstance(name, bytes) else name
    return file_name.munged(text, _munge(text))


def hang(app: Flask) -> None:
    """Once an application."""
    app.after_request(_name)


def _name(response: Response) -> Response:
    """CKAN's own downloads and dumps; what the gate delivers has its name already."""
    endpoint = request.endpoint or ""
    resource_id = str((request.view_args or {}).get("resource_id", ""))
    if not resource_id or response.status_code not in (200, 206, 304):
        return response
    if request.environ.get("govdata_guarded"):
        return response
    if endpoint == "datastore.dump":
        said = response.headers.get("Content-Disposition", "")
        ending = file_name.split(said.rstrip('"'))[1]
        _say(response, resource_id, ending)
    elif endpoint.endswith("resource.download"):
        _say(response, resource_id)
        if response.status_code == 200 and (response.mimetype or "").startswith("text/"):
            _say_encoding(response, resource_id)
    return response


def _say(response: Response, resource_id: str, ending: str = "") -> None:
    """Name the answer after the file; with an ``ending``, in that form."""
    resource = model.Resource.get(resource_id)
    package = resource.package if resource else None
    plain = package.name if package else ""
    name = name_of(resource, ending) if resource else f"data{ending}"
    response.headers["Content-Disposition"] = file_name.disposition(name, plain)


def name_of(resource: model.Resource, ending: str = "") -> str:
    """What a file of an entry is called: as it was uploaded, as far as CKAN kept that name, else
    by its title and its format."""
    kept = str(resource.url or "") if resource.url_type == "upload" else ""
    kept = file_name.clean("" if kept in (locations.HELD, locations.HELD_FILE) else kept)
    stem, own = file_name.split(kept)
    ending = ending or own or _ending_of(resource.format)
    if file_name.tells(kept):
        return file_name.recalled(f"{stem}{ending}", str(resource.name or ""))
    title = str(resource.name or (resource.package.title if resource.package else "") or "")
    if title.lower().endswith(ending.lower()):
        ending = ""
    return file_name.of(title, ending)


def _ending_of(written: str | None) -> str:
    text = (written or "").strip().lower()
    return f".{text}" if text.isascii() and text.isalnum() and len(text) < 10 else ""


def _say_encoding(response: Response, resource_id: str) -> None:
    """A text without its encoding is guessed at, and a guess makes Chinese unreadable."""
    try:
        path = Path(str(uploader.get_resource_uploader({}).get_path(resource_id)))
        stat = path.stat()
    except OSError:
        return
    found = encoding_of(str(path), stat.st_mtime_ns, stat.st_size)
    said = f"; charset={found}" if found else ""
    response.headers["Content-Type"] = f"{response.mimetype}{said}"


@lru_cache(maxsize=512)
def encoding_of(path: str, _changed: int, size: int) -> str:
    """``utf-8``, ``gb18030``, ``utf-16`` by its mark, or empty when none of them fits."""
    if size > MOST_LOOKED_AT:
        return ""
    with Path(path).open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    return next((name for name in ("utf-8", "gb18030") if _decodes(path, name)), "")


def _decodes(path: str, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with Path(path).open("rb") as file:
        try:
            while piece := file.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
