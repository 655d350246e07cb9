"""What templates show of the tables of files, to whoever provides them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from .. import settings
from . import load_rows, obstacles, sentences
from .answers import TableAnswer
from .model import TableLoad


class FileAsTable(TableAnswer):
    """With the file's ``name``, whether its table may be asked for (again), and else, of what is
    no table, ``why_not``."""

    name: str
    again: bool
    why_not: str


def govdata_tables(resources: Iterable[Mapping[str, Any]]) -> list[FileAsTable]:
    """How the tables of these files are; nothing for those who do not provide them."""
    kinds = ("upload", "", None) if settings.linked_hosts() else ("upload",)
    uploads = {str(one["id"]): one for one in resources if one.get("url_type") in kinds}
    if not uploads or not _provides(next(iter(uploads))):
        return []
    known = load_rows.of_files(model.Session, uploads)
    found: list[FileAsTable] = []
    for resource_id, resource in uploads.items():
        row = known.get(resource_id)
        shown = load_rows.seen(model.Session, row) if row else None
        told = sentences.answer(resource_id, shown)
        if shown is None and not _is_meant(resource):
            continue
        worth = shown is None or _may_be_other(resource, shown)
        obstacle = obstacles.of_file(resource_id) if worth else None
        why_not = sentences.say_obstacle(obstacle) if obstacle and shown is None else ""
        name = str(resource.get("name") or resource_id)
        found.append({**told, "name": name, "again": worth and not obstacle, "why_not": why_not})
    return found


def _may_be_other(resource: Mapping[str, Any], row: TableLoad) -> bool:
    """Whether it may help to ask for a table once more: what a link leads to may be other now."""
    if resource.get("url_type") != "upload" and row.state not in load_rows.RUNNING:
        return True
    return row.error is not None and obstacles.may_be_over(row)


def _is_meant(resource: Mapping[str, Any]) -> bool:
    """Whether it is no table and is meant to be one; where CKAN's own field holds no name, by the
    name that is held back."""
    if resource.get("datastore_active"):
        return False
    url, called = (str(resource.get(key) or "") for key in ("url", "format"))
    if load_rows.is_meant(url, called) or PurePath(url).suffix:
        return load_rows.is_meant(url, called)
    found = load_rows.wanted(model.Session, load_rows.OF_FILE, file=str(resource["id"]))
    return any(one.is_table for one in found)


def _provides(resource_id: str) -> bool:
    try:
        tk.check_access("govdata_table_show", Context(), {"resource_id": resource_id})
    except tk.NotAuthorized:
        return False
    return True
