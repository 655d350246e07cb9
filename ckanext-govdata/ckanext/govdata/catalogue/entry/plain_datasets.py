"""Datasets and organizations of a CKAN that is not the portal: judged and shown by CKAN alone.

ckanext-scheming takes every dataset and every organization for one of its schema's. Where the
plugin is loaded into a CKAN that goes on as before, what states nothing of ours is handed back:
``None`` from a form's ``validate`` is CKAN's own way of asking for its default schema.
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any

from ckan.types import Context, DataDict

from ckanext.scheming.plugins import SchemingDatasetsPlugin, SchemingOrganizationsPlugin

from ... import settings
from ...domain import catalogue, department

Validate = Callable[[Any, Any, Any, Any, str], Any]


def leave_to_ckan() -> None:
    """Once a process; harmless when repeated, or where the schemas are not loaded."""
    for form, fields, stored in (
        (SchemingDatasetsPlugin, catalogue.STATEMENTS, "package"),
        (SchemingOrganizationsPlugin, department.STATEMENTS, "group"),
    ):
        if not hasattr(form.validate, "__wrapped__"):
            judge: Any = _unless_plain(form.validate, fields, stored)
            form.validate = judge


def _unless_plain(judge: Validate, fields: Collection[str], stored: str) -> Validate:
    @wraps(judge)
    def validate(
        self: object, context: Context, data_dict: DataDict, schema: object, action: str
    ) -> Any:
        if not settings.is_portal() and not states(data_dict, fields):
            known = context.get(stored)
            if known is None or not states(known.extras or {}, fields):
                return None
        return judge(self, context, data_dict, schema, action)

    return validate


def states(data: Mapping[str, object], fields: Collection[str]) -> bool:
    """Whether what a form, the API or the database holds says anything in one of the fields."""
    if any(catalogue.says(data.get(name)) for name in fields):
        return True
    extras = data.get("extras")
    rows = [row for row in extras if isinstance(row, Mapping)] if isinstance(extras, list) else []
    if any(row.get("key") in fields and catalogue.says(row.get("value")) for row in rows):
        return True
    return any(  # a form's repeating rows, such as information_items-0001-name
        name.partition("-")[0] in fields and catalogue.says(value)
        for name, value in data.items() if "-" in name
    )
