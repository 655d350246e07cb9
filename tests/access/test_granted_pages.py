"""JSON pages, descriptions and views of granted tables: asked by everybody, in every state."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

from ckanext.govdata import now
from ckanext.govdata.access import grants
from tests.access.granted_world import as_table, fetch, give, make, site
from tests.access.granted_world import citizen as citizen  # a fixture
from tests.access.test_open_columns import ask

pytestmark = pytest.mark.usefixtures("fresh")
CANARIES = ("司机", "0路", "249路")


@pytest.fixture
def granted(citizen) -> dict[str, Any]:
    """A table of which the citizen got one column, for a hundred rows; and its token."""
    entry = make()
    table = as_table(entry)
    grant = give(entry, citizen, ("线路名称",), 100)
    token = tk.get_action("govdata_grant_token_create")(
        {"user": citizen["name"], "auth_user_obj": model.User.get(citizen["id"])},
        {"id": grant, "name": "程序"})["token"]
    return {"entry": entry, "table": table, "grant": grant, "token": token,
            "page": f"/api/govdata/granted/{table}?format=json"}


def bearer(token: str) -> dict[str, Any]:
    return {"headers": {"X-Grant-Token": token}}


def readers(granted: dict[str, Any]) -> dict[str, Any]:
    """Everybody who has no grant: nobody, a stranger, an officer elsewhere, the operator."""
    officer = factories.User()
    elsewhere = factories.Organization(level="county", region="340822", title="怀宁县水利局")
    tk.get_action("organization_member_create")(
        site(), {"id": elsewhere["id"], "username": officer["name"], "role": "admin"})
    found: dict[str, Any] = {"nobody": None, "forged": bearer("x" * 40)}
    for name, user in (("stranger", factories.User()), ("elsewhere", officer),
                       ("operator", factories.Sysadmin())):
        token = factories.APIToken(user=user["name"])["token"]
        found[name] = {"headers": {"Authorization": token}}
    return found


def test_pages_give_the_granted_columns_and_rows_and_end_there(app, granted) -> None:
    seen: list[str] = []
    for offset in (0, 50, 100, 240):
        page = fetch(app, {}, bearer(granted["token"]),
                     f"{granted['page']}&limit=50&offset={offset}")
        assert page.status_code == 200, page.get_data(as_text=True)
        for row in page.json["records"]:
            assert set(row) == {"线路名称"} or set(row) == {"line"}
            seen += row.values()
    assert len(seen) == 100
    assert "司机" not in str(seen)


def test_nobody_else_gets_a_page_whatever_he_asks(app, granted) -> None:
    for name, reader in readers(granted).items():
        for more in ("", "&limit=1", "&limit=1&offset=249", "&limit=-1", "&offset=x", "&limit=0"):
            answer = fetch(app, {}, reader, granted["page"] + more)
            assert answer.status_code in (400, 401, 403, 404, 409), (name, more)
            assert not any(one in answer.get_data(as_text=True) for one in CANARIES)


ENDS = {
    "revoked": lambda g: (grants.end(model.Session, g["grant"], "revoked", "转给他人使用", "",
                                     now.today()), model.Session.commit()),
    "suspended": lambda g: (grants.end(model.Session, g["grant"], "suspended", "核查中", "",
                                       now.today()), model.Session.commit()),
    "withdrawn": lambda g: tk.get_action("package_patch")(
        site(), {"id": g["entry"]["id"], "private": True}),
    "deleted": lambda g: tk.get_action("package_delete")(site(), {"id": g["entry"]["id"]}),
    "purged": lambda g: tk.get_action("dataset_purge")(site(), {"id": g["entry"]["id"]}),
    "moved": lambda g: tk.get_action("package_patch")(site(), {
        "id": g["entry"]["id"],
        "owner_org": factories.Organization(level="county", region="340102")["id"]}),
    "closed": lambda g: tk.get_action("package_patch")(site(), {
        "id": g["entry"]["id"], "open_attribute": "non_open", "information_items": []}),
    "file gone": lambda g: tk.get_action("resource_delete")(site(), {"id": g["table"]}),
    "table gone": lambda g: tk.get_action("datastore_delete")(
        site(), {"resource_id": g["table"], "force": True}),
    "item closed": lambda g: tk.get_action("package_patch")(site(), {
        "id": g["entry"]["id"], "information_items": [{"name": "线路名称", "type": "C"}]}),
}


@pytest.mark.parametrize("end", ENDS)
def test_when_it_is_over_no_page_is_given(app, granted, citizen, end) -> None:
    ENDS[end](granted)
    for path, reader in ((granted["page"], bearer(granted["token"])),
                         (f"/api/3/action/datastore_search?id={granted['table']}", citizen),
                         (f"/grants/{granted['grant']}/data/{granted['table']}", citizen)):
        answer = fetch(app, {}, reader, path)
        assert answer.status_code in (302, 400, 401, 403, 404, 409, 503), path
        assert not any(one in answer.get_data(as_text=True) for one in CANARIES), path


def test_what_the_table_is_tells_only_who_may_read_it_whole(app, granted, citizen) -> None:
    tk.get_action("datastore_create")(
        site(), {"resource_id": granted["table"], "force": True, "aliases": ["by_another_name"]})
    for name, reader in {**readers(granted), "citizen": citizen}.items():
        for named in ({"id": granted["table"]}, {"resource_id": granted["table"]},
                      {"id": "by_another_name"}, {"id": granted["table"], "include_meta": True,
                                                  "include_fields_schema": True}):
            answer = ask(app, "datastore_info", reader, **named)
            assert answer.status_code in (403, 404, 409), (name, named)
            text = answer.get_data(as_text=True)
            assert not any(one in text for one in ("driver", "riders", '"count"')), (name, named)


VIEW = {"title": "canary-view", "description": "canary-words", "view_type": "text_view"}


def test_views_of_a_granted_file_are_its_departments_alone(app, granted, citizen) -> None:
    made = model.ResourceView(resource_id=granted["table"], order=0, **VIEW)
    model.Session.add(made)
    model.Session.commit()
    view = made.id
    asked = {
        "resource_view_create": {"resource_id": granted["table"], "title": "x",
                                 "view_type": "text_view"},
        "resource_view_reorder": {"id": granted["table"], "order": [view]},
        "resource_view_delete": {"id": view},
        "resource_create_default_resource_views": {"resource": {
            "id": granted["table"], "format": "txt", "package_id": granted["entry"]["id"]}},
        "package_create_default_resource_views": {"package": granted["entry"]},
        "resource_view_show": {"id": view},
        "resource_view_list": {"id": granted["table"]},
    }
    for name, reader in {**readers(granted), "citizen": citizen}.items():
        for action, data in asked.items():
            answer = ask(app, action, reader, **data)
            refused = answer.status_code in (400, 403, 404, 409)
            assert refused or (action == "resource_view_list" and answer.json["result"] == []), (
                name, action, answer.status_code)
            assert "canary" not in answer.get_data(as_text=True), (name, action)
        page = f"/dataset/riders/resource/{granted['table']}/view/{view}"
        assert "canary" not in fetch(app, {}, reader, page).get_data(as_text=True), name
    model.Session.expire_all()
    assert model.ResourceView.get(view).title == "canary-view"
    assert model.Session.query(model.ResourceView).count() == 1
