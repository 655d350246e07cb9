"""Power is given from above: by every way by which a head could give himself some."""

from __future__ import annotations

import json
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan.tests import factories

from ckanext.govdata.access import gate
from ckanext.govdata.departments import roles
from ckanext.govdata.departments import seats as sitting
from ckanext.govdata.departments import tree as departments
from ckanext.govdata.domain.refusal import Refusal
from ckanext.govdata.ledger import book
from ckanext.govdata.ledger.model import ledger
from tests.cases.conftest import call, site
from tests.snapshots import restored

PLACE = {"level": "county", "region": "340102"}


@pytest.fixture
def tree(fresh):
    """A district: government, authority, two departments; a head each, an officer, an operator."""
    return restored("power", _tree)


def _tree() -> dict[str, Any]:
    made = {}
    for name, title, role, parent in (
        ("gov", "瑶海区人民政府", "government", ""),
        ("auth", "瑶海区数据资源管理局", "authority", "gov"),
        ("civil", "瑶海区民政局", "department", "gov"),
        ("traffic", "瑶海区交通运输局", "department", "gov"),
    ):
        more = {"groups": [{"name": parent}]} if parent else {"jurisdiction": "yaohai"}
        made[name] = tk.get_action("organization_create")(
            site(), {"name": name, "title": title, "role": role, **PLACE, **more}
        )
        _account(f"{name}-head", name, "admin")
    _account("clerk", "civil", "editor")
    _account("citizen")
    _account("operator", sysadmin=True)
    return made


def _account(name: str, department: str = "", role: str = "", **more: Any) -> None:
    factories.User(name=name, password="Correct-horse-7", **more)
    if department:
        _seat(department, name, role)


def _seat(department: str, name: str, role: str) -> None:
    wanted = {"id": department, "username": name, "role": role}
    tk.get_action("organization_member_create")(site(), wanted)


def refused(who: str, action: str, **data: Any) -> str:
    with pytest.raises((tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound)) as caught:
        call(who, action, **data)
    model.Session.rollback()
    return str(getattr(caught.value, "error_dict", None) or caught.value)


def seats(department: str) -> set[tuple[str, str]]:
    query = sa.text(
        'SELECT u.name, m.capacity FROM member m JOIN "user" u ON u.id = m.table_id '
        'JOIN "group" g ON g.id = m.group_id WHERE g.name = :name AND m.state = \'active\''
    )
    return {tuple(row) for row in model.Session.execute(query, {"name": department})}


POWER = [
    ("role", "authority"),
    ("role", "government"),
    ("role", "openness_office"),
    ("jurisdiction", "xinxian"),
    ("level", "township"),
    ("region", "340104"),
    ("groups", [{"name": "auth"}]),
    ("groups", []),
    ("title", "合肥市人民政府"),
    ("name", "another"),
    ("short_name", "区政府"),
    ("uscc", "11340102003089340B"),
    ("catalogue_prefix", "301234"),
    ("first_responsible_person", "王小明"),
    ("state", "deleted"),
    ("extras", [{"key": "anything", "value": "new"}]),
    ("users", [{"name": "clerk", "capacity": "admin"}]),
    ("users", []),
]


@pytest.mark.parametrize(("field", "value"), POWER, ids=[f"{f}={v}"[:40] for f, v in POWER])
@pytest.mark.parametrize("who", ["civil-head", "clerk", "traffic-head", "citizen"])
def test_nobody_below_sets_what_carries_power(tree, who, field, value):
    before = tk.get_action("organization_show")(site(), {"id": "civil", "include_users": True})
    message = refused(who, "organization_patch", id="civil", **{field: value})
    after = tk.get_action("organization_show")(site(), {"id": "civil", "include_users": True})
    assert after == before
    assert message


def test_the_refusal_names_field_value_who_may_and_article(tree):
    message = refused("civil-head", "organization_patch", id="civil", jurisdiction="xinxian")
    for word in ("jurisdiction", "xinxian", "瑶海区人民政府", "瑶海区数据资源管理局", "第二十三条"):
        assert word in message
    message = refused("civil-head", "organization_member_create", id="civil", username="citizen",
                      role="admin")
    assert "瑶海区人民政府" in message


@pytest.mark.parametrize(
    ("action", "more"),
    [
        ("group_update", {"name": "civil", "title": "瑶海区民政局", "role": "authority"}),
        ("group_delete", {}),
        ("group_purge", {}),
        ("organization_delete", {}),
        ("organization_purge", {}),
        ("member_create", {"object": "clerk", "object_type": "user", "capacity": "admin"}),
        ("member_create", {"object": "auth", "object_type": "group", "capacity": "public"}),
        ("member_create", {"object": "gov", "object_type": "group", "capacity": "parent"}),
        ("member_create", {"object": "operator", "object_type": "user", "capacity": "editor"}),
        ("member_create", {"object": "clerk", "object_type": "user", "capacity": "invented"}),
        ("member_delete", {"object": "civil-head", "object_type": "user"}),
        ("member_delete", {"object": "gov", "object_type": "group"}),
        ("group_member_create", {"username": "clerk", "role": "admin"}),
        ("organization_member_create", {"username": "clerk", "role": "admin"}),
        ("organization_member_delete", {"username": "civil-head"}),
    ],
)
@pytest.mark.parametrize("who", ["civil-head", "clerk"])
def test_no_other_action_leads_around(tree, who, action, more):
    before = departments.get("civil"), seats("civil")
    refused(who, action, id="civil", **more)
    assert (departments.get("civil"), seats("civil")) == before


def test_inviting_a_head_makes_no_account(tree):
    wanted = {"email": "new@example.invalid", "group_id": "civil", "role": "admin"}
    refused("civil-head", "user_invite", **wanted)
    assert not model.Session.query(model.User).filter_by(email="new@example.invalid").count()


def test_an_entry_of_another_department_is_not_put_among_ones_own(tree):
    package = factories.Dataset(owner_org=tree["traffic"]["id"], **ENTRY)
    wanted = {"object": package["id"], "object_type": "package", "capacity": "organization"}
    refused("civil-head", "member_create", id="civil", **wanted)
    refused("civil-head", "package_owner_org_update", id=package["id"],
            organization_id=tree["civil"]["id"])
    assert model.Package.get(package["id"]).owner_org == tree["traffic"]["id"]


ENTRY = {
    "title": "公交线路",
    "notes": "瑶海区公交线路与站点",
    "domain": "transport",
    "update_period": "daily",
    "catalogue_class": "department",
    "share_type": "unconditional",
    "open_attribute": "conditional",
    "open_conditions": "仅限研究用途",
    "open_basis": "《中华人民共和国政府信息公开条例》第十五条",
    "data_formats": ["csv"],
    "information_items": [{"name": "线路名称", "type": "C"}],
}


def test_a_head_keeps_his_departments_contact_facts_and_names_its_officers(tree):
    call("civil-head", "organization_patch", id="civil", contact_phone="0551-1", description="救助")
    member = {"id": "civil", "username": "citizen"}
    call("civil-head", "organization_member_create", **member, role="editor")
    assert ("citizen", "editor") in seats("civil")
    call("civil-head", "organization_member_delete", **member)
    assert ("citizen", "editor") not in seats("civil")
    refused("traffic-head", "organization_patch", id="civil", contact_phone="0551-2")
    refused("clerk", "organization_patch", id="civil", contact_phone="0551-2")


def test_those_above_set_what_carries_power_but_give_no_more_than_they_have(tree):
    call("auth-head", "organization_patch", id="civil", catalogue_prefix="301234")
    call("gov-head", "organization_member_create", id="civil", username="citizen", role="admin")
    call("auth-head", "organization_member_delete", id="civil", username="citizen")
    call("gov-head", "organization_patch", id="auth", contact_phone="1")
    refused("auth-head", "organization_patch", id="civil", role="government")
    refused("auth-head", "organization_patch", id="auth", title="另一个局")
    refused("auth-head", "organization_patch", id="gov", jurisdiction="anhui")
    refused("auth-head", "organization_patch", id="civil", groups=[])
    refused("gov-head", "organization_patch", id="gov", level="city")
    call("gov-head", "organization_patch", id="auth", role="department")
    refused("auth-head", "organization_patch", id="civil", short_name="民")


def test_a_place_has_one_authority_whoever_says_so(tree):
    with pytest.raises(tk.ValidationError) as caught:
        tk.get_action("organization_patch")(site(), {"id": "civil", "role": "authority"})
    assert "瑶海区数据资源管理局" in str(caught.value.error_dict["role"])


def test_by_the_web_form_too(tree, app):
    headers = signed_in("civil-head")
    page = app.get("/en/organization/edit/civil", headers=headers).body
    assert 'name="contact_phone"' in page
    assert '<select id="field-role"' not in page
    assert "瑶海区数据资源管理局" in page
    form = {
        "name": "civil", "title": "瑶海区民政局", "role": "authority", "contact_phone": "9",
        "groups__0__name": "gov", **PLACE, "save": "",
    }
    answer = app.post("/en/organization/edit/civil", headers=headers, data=form,
                      follow_redirects=False)
    assert answer.status_code == 200
    assert departments.get("civil").role == "department"
    form = {**form, "role": "department"}
    answer = app.post("/en/organization/edit/civil", headers=headers, data=form,
                      follow_redirects=False)
    assert answer.status_code == 302
    assert model.Group.get("civil").extras["contact_phone"] == "9"


def signed_in(who: str) -> dict[str, str]:
    user = model.User.get(who)
    token = tk.get_action("api_token_create")(
        {"ignore_auth": True, "user": who}, {"user": user.id, "name": "t"}
    )
    return {"Authorization": token["token"]}


# --- the operator -------------------------------------------------------------------------------


def test_the_operator_sets_up_the_tree_and_holds_no_seat(tree, app):
    call("operator", "organization_create", name="school", title="瑶海区教育局", **PLACE,
         role="department", groups=[{"name": "gov"}])
    assert seats("school") == set()
    form = {"name": "web", "title": "瑶海区体育局", **PLACE, "groups__0__name": "gov", "save": ""}
    app.post("/en/organization/new", headers=signed_in("operator"), data=form)
    assert departments.get("web") is not None
    assert seats("web") == set()
    for who in ("gov", "auth", "civil"):
        assert not {name for name, _ in seats(who)} & {"operator", site()["user"]}
    refused("operator", "organization_member_create", id="civil", username="operator", role="admin")
    refused("operator", "user_patch", id="clerk", sysadmin=True)
    assert sitting.memberships(model.User.get("operator").id) == {}
    call("operator", "organization_member_create", id="civil", username="citizen", role="admin")


def test_nobody_takes_the_name_of_an_auditor(tree, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.govdata.auditors", ["inspector"])
    wanted = {"name": "inspector", "email": "i@example.invalid", "password": "Correct-horse-7"}
    refused("", "user_create", **wanted)
    assert model.User.get("inspector") is None


def test_the_operator_reads_no_data_that_is_not_open(tree, app):
    package = factories.Dataset(owner_org=tree["civil"]["id"], **ENTRY)
    resource = tk.get_action("resource_create")(
        site(), {"package_id": package["id"], "name": "a", "url": "https://x.example/secret-key"}
    )
    headers = signed_in("operator")
    user = model.User.get("operator")
    context = {"user": user.name, "auth_user_obj": user}
    assert isinstance(gate.allows(context, resource["id"]), Refusal)
    place = f"/dataset/{package['id']}/resource/{resource['id']}/download"
    assert app.get(place, headers=headers, follow_redirects=False).status_code == 403
    shown = tk.get_action("package_show")({**context, "for_edit": True}, {"id": package["id"]})
    assert "secret-key" not in json.dumps(shown)
    refused("operator", "govdata_access_location", resource_id=resource["id"])


def test_a_token_is_made_by_the_person_whose_it_is(tree):
    refused("operator", "api_token_create", user="civil-head", name="t")
    refused("clerk", "api_token_create", user="civil-head", name="t")
    refused("clerk", "api_token_create", user="nobody-at-all", name="t")
    assert call("operator", "api_token_create", user="operator", name="t")["token"]


def test_the_operator_does_not_become_an_auditor_by_a_name(tree, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.govdata.auditors", ["citizen", "operator"])
    refused("operator", "govdata_ledger_list")
    refused("operator", "govdata_audit_show")
    assert not roles.audits(model.User.get("operator").id)
    assert roles.audits(model.User.get("citizen").id)
    refused("operator", "user_patch", id="citizen", name="nobody")
    monkeypatch.setitem(ckan_config, "ckanext.govdata.auditors", ["inspector"])
    refused("operator", "user_patch", id="operator", name="inspector")
    refused("operator", "user_patch", id="clerk", name="inspector")


def test_writing_to_a_table_gives_no_rows_back_to_whom_may_not_read_it(tree):
    package = factories.Dataset(owner_org=tree["civil"]["id"], **ENTRY)
    resource = tk.get_action("resource_create")(site(), {"package_id": package["id"], "name": "a"})
    table = {"resource_id": resource["id"], "force": True}
    call("civil-head", "datastore_create", **table, records=[{"a": "canary"}],
         fields=[{"id": "a", "type": "text"}])
    gone = {"filters": {"a": "canary"}, "include_deleted_records": True}
    refused("operator", "datastore_records_delete", **table, **gone)
    refused("operator", "datastore_delete", **table, **gone)
    again = {"records": [{"a": "b"}], "method": "insert", "include_records": True}
    refused("operator", "datastore_upsert", **table, **again, dry_run=True)
    assert call("civil-head", "datastore_upsert", **table, **again)["records"]


# --- the level above: supervision, not the data ---------------------------------------------------


def test_a_governments_head_neither_reads_nor_edits_the_data_below(tree):
    package = factories.Dataset(owner_org=tree["civil"]["id"], private=True, **ENTRY)
    resource = tk.get_action("resource_create")(
        site(), {"package_id": package["id"], "name": "a", "url": "https://x.example/a"}
    )
    user = model.User.get("gov-head")
    context = {"user": user.name, "auth_user_obj": user}
    assert isinstance(gate.allows(context, resource["id"]), Refusal)
    refused("gov-head", "package_show", id=package["id"])
    refused("gov-head", "package_patch", id=package["id"], open_attribute="unconditional")


# --- the ledger -----------------------------------------------------------------------------------


def test_what_was_done_is_in_the_ledger_with_who_from_and_to(tree):
    call("auth-head", "organization_patch", id="civil", role="openness_office")
    call("civil-head", "organization_member_create", id="civil", username="citizen", role="editor")
    rows = model.Session.execute(sa.select(ledger).order_by(ledger.c.number.desc()).limit(2)).all()
    member, role = (json.loads(row.content)["facts"] for row in rows)
    assert role["changes"] == {"role": {"from": "department", "to": "openness_office"}}
    assert rows[1].actor_id == model.User.get("auth-head").id
    assert member["table_id"] == model.User.get("citizen").id
    assert member["changes"]["capacity"]["to"] == "editor"
    assert rows[0].actor_id == model.User.get("civil-head").id
    assert book.verify(model.Session)[2] is None


def test_what_is_refused_leaves_no_entry(tree):
    before = book.head(model.Session)
    refused("civil-head", "organization_patch", id="civil", role="openness_office")
    assert book.head(model.Session) == before
    assert model.Session.scalar(sa.text("SELECT count(*) FROM govdata_change")) == 0
