"""Entries open on conditions, with a table, and grants of them; for tests."""
from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.govdata import now
from ckanext.govdata.access import grants
from ckanext.govdata.domain.scope import Scope
from ckanext.govdata.ledger import book

SOURCE = "https://example.org/secret-place.csv"
TABLE = [{"line": f"{n}路", "riders": n, "driver": f"司机{n}"} for n in range(250)]


def site() -> dict[str, Any]:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"ignore_auth": True, "user": user["name"]}


def make(attribute: str = "conditional", **more: Any) -> dict[str, Any]:
    department = factories.Organization(level="county", region="340102")
    return tk.get_action("package_create")(site(), {
        "name": "riders", "title": "公交线路客流", "notes": "各线路的客流。",
        "owner_org": department["id"],
        "domain": "transport", "update_period": "yearly", "share_type": "unconditional",
        "open_attribute": attribute, "open_conditions": "仅限研究用途使用",
        "open_basis": "《中华人民共和国政府信息公开条例》第十五条", "data_formats": ["csv"],
        "information_items": [
            {"name": "线路名称", "name_en": "line", "type": "C", "opened": True},
            {"name": "客流量", "name_en": "riders", "type": "N", "opened": True}],
        "resources": [{"name": "客流", "url": SOURCE, "format": "CSV", "hash": "abc123"}], **more})


def as_table(entry: dict[str, Any]) -> str:
    resource_id = entry["resources"][0]["id"]
    tk.get_action("datastore_create")(site(), {
        "resource_id": resource_id, "force": True, "records": TABLE,
        "fields": [{"id": "line", "type": "text"}, {"id": "riders", "type": "int"},
                   {"id": "driver", "type": "text"}]})
    return resource_id


def case_for(entry: dict[str, Any], user: dict[str, Any]) -> str:
    """A decided case, for a grant to rest on."""
    case_id = str(uuid.uuid4())
    model.Session.execute(sa.text(
        "INSERT INTO govdata_case"
        " (id, kind, state, open, organization_id, jurisdiction, rules_day,"
        " applicant_id, opened, created, modified) VALUES (:id, 'open_application', 'granted',"
        " false, :department, 'yaohai', :day, :user, :day, now(), now())"),
        {"id": case_id, "department": entry["owner_org"], "user": user["id"], "day": now.today()})
    return case_id


def give(entry: dict[str, Any], user: dict[str, Any],
         columns: tuple[str, ...] = ("线路名称", "客流量"),
         row_limit: int | None = None, days: int = 30) -> str:
    """A grant as a decision opens it."""
    resources = tuple(r["id"] for r in entry["resources"])
    first, last = sorted((now.today(), now.today() + timedelta(days)))
    scope = Scope(resources, {r: columns for r in resources if columns}, first, last, row_limit)
    grant_id, opened = grants.open_grant(model.Session, grants.Opening(
        case_for(entry, user), "瑶民申〔2026〕7号", user["id"], entry["id"],
        entry["owner_org"], scope, "研究", "", "download", "2026-2"))
    book.write(model.Session, [opened])
    model.Session.commit()
    return grant_id


def address(entry: dict[str, Any]) -> str:
    return f"/dataset/{entry['name']}/resource/{entry['resources'][0]['id']}/download"


@pytest.fixture
def citizen() -> dict[str, Any]:
    user = factories.User()
    return {**user, "headers": {"Authorization": factories.APIToken(user=user["name"])["token"]}}


def fetch(app, entry, reader: dict[str, Any] | None = None, path: str = "") -> Any:
    return app.get(path or address(entry), headers=(reader or {}).get("headers"),
                   follow_redirects=False, status=None)
