"""Whoever changes entries in a form is warned first of what depends on it, with numbers.

A change by which grants end or are suspended, or open cases cannot be answered or move on, is
kept after a tick at these numbers; other numbers than those that were ticked are asked again.
Programs are not stopped (decision 301): they ask ``govdata_consequences``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict
from flask import Flask, Response, current_app, has_request_context, make_response, request

from ..forms import form_reader
from . import consequences
from .consequences import Count

FIELD = "govdata_confirmed"
FORMS = frozenset({"dataset.edit", "dataset.new"})
DELETING = frozenset({"dataset.delete", "dataset_resource.delete"})
MANY = "organization.bulk_process"
MANY_CHANGES = {
    "private": {"private": True},
    "public": {"private": False},
    "delete": {"there": False},
}
"""CKAN's page for many entries: the name of a button, and what it does to each."""
TICKED = "dataset_"
Kept = TypeVar("Kept")


def hang(app: Flask) -> None:
    """Once an application."""
    app.before_request(confirm)


def confirm() -> Response | None:
    """CKAN's page again, with what would happen, where nobody has ticked that; else None."""
    if request.method != "POST" or request.endpoint not in {*DELETING, MANY}:
        return None
    if form_reader.pressed("cancel") is not None:
        return None
    if request.endpoint == MANY:
        found = sum(of_many().values(), Count())
    else:
        found = of_deletion(request.view_args or {})
    if not asks(found):
        return None
    page = getattr(current_app.view_functions[request.endpoint], "view_class")()  # noqa: B009
    return make_response(page.get(**(request.view_args or {})), 409)


def of_deletion(named: Mapping[str, object]) -> Count:
    """What deleting the entry or the file that an address names would do."""
    entry, _file = consequences.entry_of(str(named.get("id") or ""))
    resource = str(named.get("resource_id") or "")
    package = model.Package.get(entry) if entry else None
    if package is None or not _may(package, resource):
        return Count()
    standing = consequences.of_entry(model.Session, entry)
    if resource:
        left = standing.files - {resource}
        return consequences.of_change(standing, standing.subject, left)
    return consequences.of_change(standing, replace(standing.subject, there=False))


def many() -> str:
    """Which of the buttons of CKAN's page for many entries was pressed; empty for none."""
    sent = form_reader.names()
    pressed = (name for name in MANY_CHANGES if f"bulk_action.{name}" in sent)
    return next(pressed, "")


def of_many() -> dict[str, Count]:
    """What the pressed button does to each ticked entry on which others depend."""
    named = str((request.view_args or {}).get("id") or "")
    group, kind = model.Group.get(named), many()
    if group is None or not kind or request.method != "POST" or request.endpoint != MANY:
        return {}
    try:
        asking = Context(user=tk.current_user.name)
        tk.check_access(f"bulk_update_{kind}", asking, {"org_id": group.id})
    except tk.NotAuthorized:
        return {}
    ticked = [name.removeprefix(TICKED) for name in form_reader.names() if name.startswith(TICKED)]
    found: dict[str, Count] = {}
    for package_id in consequences.depended_on(model.Session, ticked):
        standing = consequences.of_entry(model.Session, package_id)
        if standing.subject.provider == group.id:  # CKAN leaves out what is another's
            changed = replace(standing.subject, **MANY_CHANGES[kind])
            found[package_id] = consequences.of_change(standing, changed)
    return found


def _may(package: model.Package, resource: str) -> bool:
    name, thing = ("resource_delete", resource) if resource else ("package_delete", package.id)
    try:
        tk.check_access(name, {"user": tk.current_user.name}, {"id": thing})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def of_form(package: model.Package | None, data: FlattenDataDict) -> Count:
    """What keeping the form's values would do; nothing outside of a form."""
    if package is None or not has_request_context() or request.endpoint not in FORMS:
        return Count()
    standing = consequences.of_entry(model.Session, package.id)
    was = standing.subject
    state = _value(data, "state", package.state)
    changed = replace(
        was,
        attribute=_value(data, "open_attribute", was.attribute),
        provider=_value(data, "owner_org", was.provider),
        private=tk.asbool(_value(data, "private", was.private)),
        there=state == "active",
    )
    return consequences.of_change(standing, changed)


def asks(found: Count) -> bool:
    """Whether there is something to confirm that is not ticked yet."""
    return bool(found.grants or found.cases) and form_reader.pressed(FIELD) != mark(found)


def mark(found: Count) -> str:
    """What a tick says: the numbers to which it was put."""
    return f"{found.revoked}-{found.suspended}-{found.hindered}-{found.moved}"


def _value(data: FlattenDataDict, name: str, otherwise: Kept) -> Kept:
    value = data.get((name,), tk.missing)
    return otherwise if value is tk.missing or value is None else value
