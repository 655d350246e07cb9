"""The members of a department: for whoever manages them, as a page and as a table.

CKAN 2.12.0 answers the table with 500 (a header of bytes), and shows its page of members to
everybody; without the names, which strangers are not told, that said "0 members".
"""
from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import wraps
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from flask import Flask, Response

from ... import settings
from ...security.headers import PRIVATE


def take_over(app: Flask) -> None:
    """Answer CKAN's own routes. Once an application."""
    for kind in ("organization", "group"):
        app.view_functions[f"{kind}.member_dump"] = dump
        app.view_functions[f"{kind}.members"] = _managed(app.view_functions[f"{kind}.members"])


def _managed(page: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(page)
    def members(id: str, group_type: str, is_organization: bool) -> Any:  # noqa: A002
        if settings.is_portal():
            _group(id, is_organization)
        return page(id=id, group_type=group_type, is_organization=is_organization)

    return members


def _group(name: str, is_organization: bool) -> model.Group:
    """The department or group, for those who may add members; for others there is no such page."""
    group = model.Group.get(name)
    may = "organization_member_create" if is_organization else "group_member_create"
    try:
        tk.check_access(may, {"user": tk.current_user.name}, {"id": name})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        group = None
    if group is None or group.is_organization != is_organization:
        raise tk.abort(404, tk._("There is no such page, or it is not for you."))
    return group


def dump(  # CKAN's own names
    id: str, group_type: str, is_organization: bool  # noqa: A002
) -> Response:
    """CSV with name, address, full name and role, for those who may add members."""
    group = _group(id, is_organization)
    context = Context(user=tk.current_user.name)
    members = tk.get_action("member_list")(context, {"id": id, "object_type": "user"})
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([tk._("Username"), tk._("Email"), tk._("Name"), tk._("Role")])
    for user_id, _kind, role in members:
        if user := model.User.get(user_id):
            table.writerow([_plain(one) for one in (user.name, user.email, user.fullname, role)])
    name = f'attachment; filename="{group.name}-members.csv"'
    headers = {**PRIVATE, "Content-Disposition": name}
    table_type = "text/csv; charset=utf-8"
    return Response("\N{BOM}" + out.getvalue(), headers=headers, content_type=table_type)


def _plain(value: str | None) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = value or ""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
