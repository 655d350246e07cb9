"""What of the catalogue a case can be about: an entry, a file, a column, a row, a department."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.lib.plugins import get_permission_labels
from ckan.types import Context

from ..access.grantable import items_of
from ..domain.topic import CaseSubject, Topic

LONGEST = 200
"""Characters of what names a row or a column."""


def entry(context: Context, asked: Mapping[str, Any]) -> CaseSubject:
    """An entry that the present user sees."""
    found = model.Package.get(str(asked.get("dataset_id") or ""))
    if found is None or found.state != model.State.ACTIVE or not _seen(context, found):
        raise tk.ValidationError({"dataset_id": [tk._("There is no such entry.")]})
    return CaseSubject(Topic.ENTRY, found.title or found.name, found.owner_org or "", found.id)


def resource(context: Context, asked: Mapping[str, Any]) -> CaseSubject:
    """A file of an entry."""
    found = model.Resource.get(str(asked.get("resource_id") or ""))
    if found is None or found.state != model.State.ACTIVE:
        raise tk.ValidationError({"resource_id": [tk._("There is no such file.")]})
    whole = entry(context, {"dataset_id": found.package_id})
    title = f"{whole.title}: {found.name}" if found.name else whole.title
    place = {"resource": found.id}
    return CaseSubject(Topic.RESOURCE, title, whole.organization_id, whole.package_id, place)


def column(context: Context, asked: Mapping[str, Any]) -> CaseSubject:
    """A column of a file, or of the entry where no file is named."""
    whole = resource(context, asked) if asked.get("resource_id") else entry(context, asked)
    name = str(asked.get("column") or "").strip()
    if name not in items_of(whole.package_id):
        raise tk.ValidationError({"column": [tk._("This entry has no such column.")]})
    place = {**whole.place, "column": name}
    title = f"{whole.title}: {name}"
    return CaseSubject(Topic.COLUMN, title, whole.organization_id, whole.package_id, place)


def row(context: Context, asked: Mapping[str, Any]) -> CaseSubject:
    """A row of a file by its key, with a column of it (a cell) or without."""
    whole = column(context, asked) if asked.get("column") else resource(context, asked)
    key = str(asked.get("row") or "").strip()
    if not key or len(key) > LONGEST:
        raise tk.ValidationError({"row": [tk._("Name the row by its key.")]})
    place = {**whole.place, "row": key}
    return CaseSubject(Topic.ROW, whole.title, whole.organization_id, whole.package_id, place)


def department(_context: Context, asked: Mapping[str, Any]) -> CaseSubject:
    """A department."""
    found = model.Group.get(str(asked.get("department_id") or ""))
    if found is None or found.state != model.State.ACTIVE or not found.is_organization:
        raise tk.ValidationError({"department_id": [tk._("There is no such department.")]})
    place = {"department": found.id}
    return CaseSubject(Topic.DEPARTMENT, found.title or found.name, found.id, "", place)


def nothing(context: Context, asked: Mapping[str, Any]) -> CaseSubject:
    """Nothing: the department that is named only answers."""
    whole = department(context, asked)
    return CaseSubject(Topic.NOTHING, whole.title, whole.organization_id)


def _seen(context: Context, found: Any) -> bool:
    """Whether the user sees the entry; what everybody sees needs no list of his departments."""
    if "public" in get_permission_labels().get_dataset_labels(found):
        return True
    try:
        tk.check_access("package_show", Context(**context), {"id": found.id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True
