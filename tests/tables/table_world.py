"""Entries with uploaded files, and what became of them; for tests."""
from __future__ import annotations

import io
import uuid
from typing import Any

import ckan.plugins.toolkit as tk
import psycopg2
import sqlalchemy as sa
from ckan.tests import factories
from ckanext.datastore.backend.postgres import get_write_engine
from werkzeug.datastructures import FileStorage

ITEMS = [
    {"name": "线路名称", "name_en": "line", "type": "C", "opened": True, "description": "如1路"},
    {"name": "客流量", "name_en": "riders", "type": "N", "opened": True},
    {"name": "司机", "type": "C", "opened": False},
]
CSV = "线路名称,客流量,司机\n1路,12,张三\n2路,7,李四\n"


def site(**more: Any) -> dict[str, Any]:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"ignore_auth": True, "user": user["name"], **more}


def make(attribute: str = "unconditional", **more: Any) -> dict[str, Any]:
    """An entry without files."""
    department = factories.Organization(level="county", region="340102")
    limits = {"open_conditions": "仅限研究用途使用",
              "open_basis": "《中华人民共和国政府信息公开条例》第十五条"}
    return tk.get_action("package_create")(site(), {
        "name": f"e-{uuid.uuid4().hex[:12]}", "title": "公交线路客流", "notes": "各线路的客流。",
        "owner_org": department["id"], "domain": "transport", "update_period": "yearly",
        "share_type": "unconditional", "open_attribute": attribute, "data_formats": ["csv"],
        "information_items": ITEMS, **({} if attribute == "unconditional" else limits), **more})


def upload(entry: dict[str, Any], content: str | bytes = CSV, name: str = "a.csv",
           **more: Any) -> str:
    """Put up a file; its id."""
    data = content.encode() if isinstance(content, str) else content
    return tk.get_action("resource_create")(site(), {
        "package_id": entry["id"], "name": name, "format": name.rpartition(".")[2].upper(),
        "url_type": "upload", "url": name, "upload": FileStorage(io.BytesIO(data), name),
        **more})["id"]


def replace(resource_id: str, content: str | bytes, name: str = "a.csv") -> None:
    """Put another file in the place of one."""
    data = content.encode() if isinstance(content, str) else content
    known = tk.get_action("resource_show")(site(), {"id": resource_id})
    tk.get_action("resource_update")(site(), {
        **known, "url_type": "upload", "url": name, "upload": FileStorage(io.BytesIO(data), name)})


def show(resource_id: str) -> dict[str, Any]:
    """How its table is, as its department is told."""
    return tk.get_action("govdata_table_show")(site(), {"resource_id": resource_id})


def codes(resource_id: str) -> dict[str, list[str]]:
    """The codes of what was found, with their columns."""
    found: dict[str, list[str]] = {}
    for one in show(resource_id)["findings"]:
        found.setdefault(one["code"], []).append(one["column"])
    return found


def table(resource_id: str) -> list[list[Any]]:
    """The rows that the department gets, without their numbers."""
    answer = tk.get_action("datastore_search")(
        site(), {"resource_id": resource_id, "limit": 1000, "records_format": "lists"})
    return [row[1:] for row in answer["records"]]


def types(resource_id: str) -> dict[str, str]:
    """The table's columns and their types."""
    answer = tk.get_action("datastore_info")(site(), {"id": resource_id})
    return {one["id"]: one["type"] for one in answer["fields"] if one["id"] != "_id"}


def in_database(config: Any) -> set[str]:
    """The names of all tables of data, whoever may see them, without those that were replaced and
    are kept for who reads them."""
    url = config["ckan.datastore.write_url"]
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = {name for (name,) in cursor.fetchall()}
    return {name for name in names if not name.startswith(("_table_stats", "_govdata_old_"))}


def set_aside() -> list[str]:
    """The names of the tables that were replaced and are kept for a while."""
    with get_write_engine().connect() as connection:
        return list(connection.scalars(sa.text(
            "SELECT tablename FROM pg_tables WHERE starts_with(tablename, '_govdata_old_')")))
