"""The officer is told where he works which columns of his tables nobody else gets, and why."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

from tests.access.granted_world import as_table, make, site
from tests.access.test_open_columns import officer_of

pytestmark = pytest.mark.usefixtures("fresh")
ITEMS = [
    {"name": "线路名称", "name_en": "line", "type": "C", "opened": True},
    {"name": "客流量", "name_en": "riders", "type": "N"}]
NOTICE = "Readers do not get these columns"
UNDIVIDED = "Everybody gets all columns"


def pages(app, table: str, reader: dict[str, Any] | None = None) -> list[str]:
    """The entry's page and the file's, as somebody sees them."""
    headers = (reader or {}).get("headers")
    return [app.get(path, headers=headers).get_data(as_text=True)
            for path in ("/en/dataset/riders", f"/en/dataset/riders/resource/{table}")]


def asked(app, table: str, reader: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = app.post("/api/3/action/govdata_access_check", json={"resource_id": table},
                      headers=(reader or {}).get("headers"))
    return answer.json["result"]


@pytest.mark.parametrize("attribute", ["unconditional", "conditional"])
def test_the_officer_is_told_each_column_and_why(app, attribute) -> None:
    table = as_table(make(attribute, information_items=ITEMS))
    officer = officer_of(table)
    for page in pages(app, table, officer):
        assert NOTICE in page
        assert '<li><b>riders</b>: not declared open</li>' in page
        assert '<li><b>driver</b>: no information item has this name</li>' in page
        assert '<b>line</b>' not in page
        assert 'href="/en/dataset/edit/riders#field-information_items"' in page
    told = asked(app, table, officer)
    codes = {one["column"]: one["code"] for one in told["kept_back"]}
    assert codes == {"riders": "not_open", "driver": "undeclared"}
    assert told["undivided"] is False


def test_a_sensitive_item_is_told_as_such(app) -> None:
    items = [*ITEMS, {"name": "司机", "name_en": "driver", "type": "C",
                      "sensitive": True}]
    table = as_table(make("unconditional", information_items=items))
    for page in pages(app, table, officer_of(table)):
        assert "<li><b>driver</b>: declared sensitive</li>" in page


@pytest.mark.parametrize("attribute", ["unconditional", "conditional"])
def test_strangers_members_and_operators_are_told_nothing(app, attribute) -> None:
    table = as_table(make(attribute, information_items=ITEMS))
    owner = tk.get_action("package_show")(site(), {"id": "riders"})["owner_org"]
    member, other, root = (factories.User(), factories.User(), factories.Sysadmin())
    tk.get_action("organization_member_create")(
        site(), {"id": owner, "username": member["name"], "role": "member"})
    elsewhere = factories.Organization(users=[{"name": other["name"], "capacity": "admin"}])
    assert elsewhere["id"] != owner
    for user in (None, member, other, root):
        reader = user and {"headers": {
            "Authorization": factories.APIToken(user=user["name"])["token"]}}
        for page in pages(app, table, reader):
            assert NOTICE not in page
            assert "driver" not in page
        assert not {"kept_back", "undivided"} & set(asked(app, table, reader))


def test_an_open_entry_without_items_gives_everything_and_says_so(app) -> None:
    table = as_table(make("unconditional", information_items=[]))
    officer = officer_of(table)
    for page in pages(app, table, officer):
        assert UNDIVIDED in page
        assert NOTICE not in page
    assert asked(app, table, officer) | {"kept_back": [], "undivided": True} == asked(
        app, table, officer)
    for page in pages(app, table):
        assert UNDIVIDED not in page


def test_on_conditions_nothing_declared_is_nothing_given(app) -> None:
    table = as_table(make("conditional", information_items=[]))
    codes = {one["code"] for one in asked(app, table, officer_of(table))["kept_back"]}
    assert codes == {"undeclared"}


def test_where_all_is_declared_open_nothing_is_told(app) -> None:
    items = [ITEMS[0], {**ITEMS[1], "opened": True},
             {"name": "司机", "name_en": "Driver", "type": "C", "opened": True}]
    table = as_table(make("unconditional", information_items=items))
    for page in pages(app, table, officer_of(table)):
        assert NOTICE not in page
        assert UNDIVIDED not in page
    assert asked(app, table, officer_of(table))["kept_back"] == []


def test_of_data_that_is_not_open_nothing_is_told(app) -> None:
    table = as_table(make("non_open", information_items=ITEMS))
    for page in pages(app, table, officer_of(table)):
        assert NOTICE not in page
