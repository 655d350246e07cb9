"""What stands against a file's becoming a table, as far as that is seen without loading it.

A button is offered, and a load is asked for, only where nothing of this is so.
"""

from __future__ import annotations

from collections.abc import Mapping

from ckan import model

from .. import ckan_uploads, settings
from ..sheets import sheet_files
from ..sheets.refused_files import TextLimits, Unreadable
from . import follow, load_rows, open_document
from .findings import Unloadable
from .model import TableLoad

_OF_LIMIT: Mapping[str, str] = {
    "too_many_rows": "rows", "too_many_columns": "columns", "too_many_bad_rows": "bad_rows",
    "too_many_nul_rows": "bad_rows",
}  # fmt: skip
"""Failures that are none any more when the operator allows more, with the option's name."""
_MAY_PASS = frozenset({
    "died", "unexpected", "too_slow", "file_gone", "sheet.too_large",
    "no_headings", "sheet.no_headings", "bad_value",
    "database_full", "database_memory", "database_limit", "own_disk",
})  # fmt: skip
"""Failures that may be none the next time, though the file is the same: what the entry declares
of it, or what the operator allows, may be other by now."""


def of_file(resource_id: str) -> Unloadable | None:
    """Why no table can be made of a file; None where nothing is seen that stands against it."""
    resource = model.Resource.get(resource_id)
    if not follow.is_on() or resource is None:
        return Unloadable("off")
    if resource.url_type != "upload" and not settings.linked_hosts():
        return Unloadable("link")
    if not load_rows.gives(model.Session, resource_id):
        return Unloadable("not_open")
    files = load_rows.wanted(model.Session, load_rows.OF_FILE, file=resource_id)
    if not files:
        return Unloadable("file_gone" if resource.url_type == "upload" else "link_scheme")
    if not files[0].is_table:
        return Unloadable("other_host" if files[0].link and not load_rows.is_listed(files[0].url)
                          else "other_name")
    return None if files[0].link else _of_content(resource_id)


def _of_content(resource_id: str) -> Unloadable | None:
    """What stands against an uploaded file by its bytes."""
    path = ckan_uploads.place_of(resource_id)
    if path is None or not path.is_file():
        return Unloadable("file_gone")
    try:
        if open_document.is_one(path):
            open_document.check_size(path)
            return None
        sheet_files.kind_to_read(path, TextLimits(settings.of_tables("size") * 2**20))
    except Unreadable as error:
        return Unloadable(f"sheet.{error.code}", **error.detail)
    return None


def may_be_over(row: TableLoad) -> bool:
    """Whether it may help to try again what failed, or waits to be tried again."""
    error = row.error or {}
    code, detail = error.get("code", ""), error.get("detail") or {}
    if code in _OF_LIMIT:
        return settings.of_tables(_OF_LIMIT[code]) > int(detail["limit"])
    return row.state == load_rows.WAITING or code in _MAY_PASS
