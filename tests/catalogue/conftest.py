"""Departments and entries to judge, in a real CKAN."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from catalogue_sheets import at_once, fgw, run  # noqa: F401 - fixtures of the imports

Make = Callable[..., dict[str, Any]]


def context(**more: Any) -> dict[str, Any]:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"ignore_auth": True, "user": user["name"], **more}


@pytest.fixture
def department(fresh: None) -> Make:
    """Make a department; ``parent`` is a name."""

    def make(parent: str = "", **fields: Any) -> dict[str, Any]:
        name = fields.pop("name", None) or f"d-{uuid.uuid4().hex[:12]}"
        groups = [{"name": parent}] if parent else []
        data = {"name": name, "title": f"部门 {name}", "groups": groups, **fields}
        return tk.get_action("organization_create")(context(), data)

    return make


@pytest.fixture
def entry(department: Make) -> Make:
    """Make a good entry; fields given replace those of it, ``None`` leaves one out."""

    def make(more: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
        if "owner_org" not in fields:
            fields["owner_org"] = department(level="county", region="340822")["id"]
        data = {**good_entry(), **fields}
        data = {name: value for name, value in data.items() if value is not None}
        return tk.get_action("package_create")(context(**(more or {})), data)

    return make


def good_entry() -> dict[str, Any]:
    return {
        "name": f"e-{uuid.uuid4().hex[:12]}",
        "title": "公交线路信息",
        "notes": "全县公交线路的名称、起点、终点和站点。",
        "domain": "transport",
        "update_period": "yearly",
        "share_type": "unconditional",
        "open_attribute": "unconditional",
        "data_formats": ["csv", "xlsx"],
        "information_items": [
            {"name": "线路名称", "type": "C", "length": "50", "opened": True, "key": True},
            {"name": "站点数", "name_en": "stops", "type": "N", "sensitive": False},
        ],
    }
