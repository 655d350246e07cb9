"""A file that an officer sends for an entry, or its address: read, and refused in words."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import ckan.plugins.toolkit as tk
from ckan.types import DataDict
from werkzeug.datastructures import FileStorage

from .. import settings
from ..domain import file_name
from ..forms import form_reader, refusals
from ..forms.asked_values import declared_values

FORM = "entry_file"
LONGEST = 200
"""Characters of a name that is made of a file's."""


def sent() -> DataDict:
    """What the form said, as it was sent."""
    return form_reader.sent(form_reader.declared(FORM).values())


def read(
    values: DataDict, pkg: DataDict, resource_id: str = ""
) -> DataDict:
    """The file as CKAN's actions take it; of one that is there (``resource_id``) only what changes.

    Raises ``ValidationError`` with all that is wrong.
    """
    asked, wrong = declared_values(FORM, values)
    errors: DataDict = refusals.invalid(wrong).error_dict if wrong else {}
    upload, url = asked.get("upload"), asked.get("url") or ""
    if url and url == address_of(pkg, resource_id):
        url = ""  # as it stood in the form
    if "upload" not in errors and "url" not in errors:
        errors.update(_wrong_source(upload, url, is_new=not resource_id))
    name = asked.get("name") or ("" if errors else _named_after(upload, url))
    if name and "name" not in errors and _is_taken(name, pkg, resource_id):
        errors["name"] = [tk._(
            "This entry has a file called “{name}” already. Give this one another name, or "
            "replace that one.").format(name=name[:LONGEST])]  # fmt: skip
    if errors:
        raise tk.ValidationError(errors)
    told = {"name": name, "description": asked.get("description") or ""}
    return {**told, **_source(upload, url)} if upload or url else told


def address_of(pkg: DataDict, resource_id: str) -> str:
    """Where a file of the entry stands that was not sent to us."""
    links = (one for one in pkg["resources"] if one.get("url_type") != "upload")
    return next((str(one.get("url") or "") for one in links if one["id"] == resource_id), "")


def _wrong_source(upload: object, url: str, is_new: bool) -> DataDict:
    """What is wrong with where the file comes from."""
    if upload and url:
        return {"url": [tk._("Send a file or give an address, not both.")]}
    if not upload and not url:
        return {"upload": [tk._("Choose a file, or give its address.")]} if is_new else {}
    if not upload:
        return {}
    if not isinstance(upload, FileStorage):
        return {"upload": [tk._("A file is wanted here.")]}
    size, most = _size_of(upload), settings.largest_file()
    if size == 0:
        return {"upload": [tk._("“{name}” is empty.").format(name=_name_of(upload))]}
    if size > most:
        return {"upload": [tk._("“{name}” is too large: a file may have {limit} MiB.").format(
            name=_name_of(upload), limit=most // 2**20)]}  # fmt: skip
    return {}


def _size_of(upload: FileStorage) -> int:
    size = upload.stream.seek(0, os.SEEK_END)
    upload.stream.seek(0)
    return size


def _name_of(upload: FileStorage) -> str:
    """The file's own name, without signs that nobody sees and without folders."""
    return file_name.clean(upload.filename or "")[:LONGEST] or tk._("File")


def _named_after(upload: object, url: str) -> str:
    if isinstance(upload, FileStorage):
        return _name_of(upload)
    last = PurePosixPath(unquote(urlsplit(url).path)).name if url else ""
    return file_name.clean(last)[:LONGEST] or url[:LONGEST]


def _is_taken(name: str, pkg: DataDict, resource_id: str) -> bool:
    """Whether another file of the entry is called so."""
    others = (one for one in pkg.get("resources") or () if one["id"] != resource_id)
    return name.casefold() in {str(one.get("name") or "").casefold() for one in others}


def _source(upload: object, url: str) -> DataDict:
    """The new file, with its format by the end of its name."""
    if isinstance(upload, FileStorage):
        name, source = _name_of(upload), {"upload": upload, "url": _name_of(upload)}
    else:
        name, source = urlsplit(url).path, {"url": url, "url_type": "", "clear_upload": "true"}
    end = PurePosixPath(name).suffix.lstrip(".").upper()
    return {**source, "format": end if end.isascii() and end.isalnum() and len(end) < 10 else ""}
