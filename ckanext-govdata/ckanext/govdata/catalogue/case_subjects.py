"""What of the catalogue a case can be about: an entry, a department; files and their parts are of
the slice ``marks``, which asks the gate."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.lib.plugins import get_permission_labels
from ckan.types import Context

from ..domain.topic import CaseSubject, Topic


def entry(context: Context, asked: Mapping[str, object]) -> CaseSubject:
    """An entry that the present user sees."""
    found = model.Package.get(str(asked.get("dataset_id") or ""))
    if found is None or found.state != model.State.ACTIVE or not _seen(context, found):
        raise tk.ValidationError({"dataset_id": [tk._("There is no such entry.")]})
    return CaseSubject(Topic.ENTRY, found.title or found.name, found.owner_org or "", found.id)


def department(_context: Context, asked: Mapping[str, object]) -> CaseSubject:
    """A department."""
    found = model.Group.get(str(asked.get("department_id") or ""))
    if found is None or found.state != model.State.ACTIVE or not found.is_organization:
        raise tk.ValidationError({"department_id": [tk._("There is no such department.")]})
    place = {"department": found.id}
    return CaseSubject(Topic.DEPARTMENT, found.title or found.name, found.id, "", place)


def nothing(context: Context, asked: Mapping[str, object]) -> CaseSubject:
    """Nothing: the department that is named only answers."""
    whole = department(context, asked)
    return CaseSubject(Topic.NOTHING, whole.title, whole.organization_id)


def _seen(context: Context, found: model.Package) -> bool:
    """Whether the user sees the entry; what everybody sees needs no list of his departments."""
    if "public" in get_permission_labels().get_dataset_labels(found):
        return True
    try:
        tk.check_access("package_show", Context(**context), {"id": found.id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True
