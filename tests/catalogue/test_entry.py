"""Entries in a real CKAN: forms, API and import hear the same judge."""

from __future__ import annotations

import json
import re
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.govdata.catalogue.validators import GAPS_ALLOWED

DISCLOSURE = "《中华人民共和国政府信息公开条例》第十五条"


def act(name: str, data: dict[str, Any], **more: Any) -> Any:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return tk.get_action(name)({"ignore_auth": True, "user": user, **more}, data)


def errors_of(make: Any, **fields: Any) -> dict[str, Any]:
    with pytest.raises(tk.ValidationError) as caught:
        make(**fields)
    return caught.value.error_dict


def test_an_entry_comes_back_as_it_was_given(entry):
    made = entry(
        application_materials=[{"name": "申请表", "required": True, "description": "盖章"}],
        related_entries="一\n二\n一",
        imported_columns={"数据条数": "87", "联系人": "略"},
        issued="2021-03-01T00:00:00",
        modified="2024-02-29",
        sensitivity=1,
    )
    shown = act("package_show", {"id": made["id"]})
    assert shown["information_items"][0] == {
        "name": "线路名称",
        "type": "C",
        "length": "50",
        "opened": True,
        "key": True,
    }
    assert shown["application_materials"][0]["required"] is True
    assert shown["data_formats"] == ["csv", "xlsx"]
    assert shown["related_entries"] == ["一", "二"]
    assert shown["imported_columns"] == {"数据条数": "87", "联系人": "略"}
    assert (shown["issued"], shown["modified"]) == ("2021-03-01", "2024-02-29")
    assert shown["sensitivity"] == "1"
    assert shown["extras"] == [] if "extras" in shown else True
    from_database = act("package_show", {"id": made["id"]}, use_cache=False)
    assert from_database["information_items"] == shown["information_items"]


@pytest.mark.usefixtures("yaohai_in_force")
def test_a_gap_is_told_with_rule_and_article(entry, department):
    county = department(level="county", region="340102", jurisdiction="yaohai")
    found = errors_of(entry, owner_org=county["id"], open_attribute="conditional")
    assert set(found) == {"open_conditions", "open_basis"}
    (message,) = found["open_basis"]
    assert message == (
        "Missing value. Data that is not fully open needs a legal basis (the portal's own rule)"
    ), "Yaohai 15 says nothing of a basis"


@pytest.mark.usefixtures("yaohai_in_force")
def test_the_article_is_that_of_the_providers_jurisdiction(entry, department):
    """Yaohai asks a basis for non-shared data only; Anhui, above it, for conditional data too."""
    top = department(level="province", region="34", jurisdiction="anhui")
    county = department(top["name"], level="county", region="340102", jurisdiction="yaohai")
    office = department(county["name"], level="county", region="340102")
    shared = {"share_type": "non_shared", "owner_org": office["id"]}
    assert "第十三条" in errors_of(entry, **shared)["share_basis"][0]
    shared |= {"share_type": "conditional", "share_conditions": "履职"}
    assert "第二十二条" in errors_of(entry, **shared)["share_basis"][0]


def test_data_got_by_sharing_is_not_opened(entry, department):
    giver = department()
    xin = department(level="county", region="411523", jurisdiction="xinxian")
    shared = {
        "source_type": "shared_in",
        "shared_from": giver["name"],
        "owner_org": xin["id"],
        "information_items": [{"name": "名称"}],
    }
    (message,) = errors_of(entry, **shared)["open_attribute"]
    assert "is not allowed because of “Source”" in message
    assert "第二十七条" in message
    shared |= {"open_attribute": "non_open", "open_basis": DISCLOSURE}
    entry(**shared)
    (message,) = errors_of(entry, **{**shared, "shared_from": "no-such"})["shared_from"]
    assert message == "There is no department “no-such”"


def test_basic_data_in_xin_county_is_shared_without_conditions(entry, department):
    xin = department(level="county", region="411523", jurisdiction="xinxian")
    huaining = department(level="county", region="340822", jurisdiction="huaining")
    fields = {
        "base_database": "population",
        "share_type": "conditional",
        "share_reason": "含个人信息",
        "share_scope": "民政部门，用于核验",
        "share_conditions": "履职",
        "share_basis": "《中华人民共和国数据安全法》第三十八条",
    }
    assert "第二十三条" in errors_of(entry, owner_org=xin["id"], **fields)["share_type"][0]
    entry(owner_org=huaining["id"], application_materials=[{"name": "申请表"}], **fields)


def test_bad_values_are_refused_together_and_nothing_is_written(entry, department):
    owner = department()["id"]
    before = model.Session.query(model.Package).count()
    found = errors_of(
        entry,
        owner_org=owner,
        title="数" * 5_000,
        notes="<script>alert(1)</script>",
        domain="astrology",
        issued="2021-02-30",
        theme_database="a\x00b",
        catalogue_code="12",
        url="javascript:alert(1)",
        data_formats=["csv", "exe"],
        information_items=[{"name": "甲", "type": "C"}, {"name": "甲", "type": "Q"}],
    )
    assert set(found) == {
        "title",
        "notes",
        "domain",
        "issued",
        "theme_database",
        "catalogue_code",
        "url",
        "data_formats",
        "information_items",
    }
    assert found["title"] == ["Too long: at most 300 characters"]
    assert found["information_items"][1] == {
        "name": ["“甲” stands twice"],
        "type": ["“Q” is not one of the values of this field"],
    }
    assert model.Session.query(model.Package).count() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("imported_columns", "not json"),
        ("imported_columns", "[1]"),
        ("related_entries", [1, 2]),
        ("related_entries", ["x"] * 501),
        ("data_formats", {"a": 1}),
        ("data_formats", '["csv"'),
    ],
)
def test_values_of_the_wrong_kind(entry, field: str, value: Any):
    assert field in errors_of(entry, **{field: value})


def test_an_import_may_leave_gaps_and_later_changes_go_through(entry):
    made = entry({GAPS_ALLOWED: True}, open_attribute="conditional", share_type=None, domain=None)
    act("package_patch", {"id": made["id"], "title": "公交线路"})
    act("resource_create", {"package_id": made["id"], "url": "http://example.org/a.csv"})
    found = errors_of(
        lambda **data: act("package_patch", {"id": made["id"], **data}), share_type="non_shared"
    )
    assert set(found) == {"share_basis"}, "a new gap is not let through"
    act("package_patch", {"id": made["id"], "open_conditions": "登记", "open_basis": DISCLOSURE})
    found = errors_of(
        lambda **data: act("package_patch", {"id": made["id"], **data}), open_basis=""
    )
    assert set(found) == {"open_basis"}, "what was given cannot be taken away"


def test_gaps_are_let_through_but_nothing_else(entry):
    with pytest.raises(tk.ValidationError) as caught:
        entry({GAPS_ALLOWED: True}, domain=None, title="<b>", issued="x")
    assert set(caught.value.error_dict) == {"title", "issued"}


def test_facets_cover_the_places_and_departments_above(entry, department):
    top = department(level="province", region="34")
    city = department(top["name"], level="city", region="3408")
    county = department(city["name"], level="county", region="340822")
    made = entry(owner_org=county["id"])
    entry(owner_org=top["id"])

    def found(query: str) -> list[str]:
        answer = act("package_search", {"fq": query, "fl": ["id"]})
        return [row["id"] for row in answer["results"]]

    assert found("vocab_gd_region:3408") == [made["id"]]
    assert found(f"vocab_gd_department:{city['name']}") == [made["id"]]
    assert len(found("vocab_gd_region:34")) == 2
    assert len(found("vocab_gd_open_attribute:unconditional AND vocab_gd_formats:csv")) == 2


def test_very_many_items_can_be_indexed(entry):
    """A Solr string holds 32,766 bytes; an entry with 300 long items has more."""
    items = [{"name": f"信息项{n}", "description": "说明" * 100} for n in range(300)]
    made = entry(information_items=items)
    (found,) = act("package_search", {"fq": f"id:{made['id']}"})["results"]
    assert len(found["information_items"]) == 300


def test_the_form_shows_fields_in_groups_and_repeats_what_was_typed(app, entry, department):
    officer = factories.UserWithToken()
    users = [{"name": officer["name"], "capacity": "editor"}]
    owner = department(level="county", region="340822", users=users)
    headers = {"Authorization": officer["token"]}
    page = app.get("/en/dataset/new", headers=headers).body
    for text in (
        "Opening to the public",
        "Open attribute",
        "Information items",
        "Data grade",
        "Open on conditions",
        "Text (C)",
    ):
        assert text in page
    sent = {
        "name": "form-entry",
        "title": "表单条目",
        "notes": "说明",
        "owner_org": owner["id"],
        "domain": "transport",
        "update_period": "yearly",
        "share_type": "unconditional",
        "open_attribute": "conditional",
        "open_conditions": "<b>登记</b>",
        "information_items-0-name": "线路",
        "information_items-0-type": "C",
        "information_items-0-sensitive": "False",
        "data_formats": "csv",
        "save": "",
    }
    page = app.post("/en/dataset/new", data=sent, headers=headers).body
    assert "Contains HTML" in page
    assert "needs a legal basis" in page
    assert "<b>登记</b>" not in page
    assert "&lt;b&gt;登记" in page
    sent |= {"open_conditions": "登记", "open_basis": DISCLOSURE}
    app.post("/en/dataset/new", data=sent, headers=headers, follow_redirects=False)
    shown = act("package_show", {"id": "form-entry"})
    assert shown["information_items"] == [{"name": "线路", "type": "C", "sensitive": False}]
    assert shown["data_formats"] == ["csv"]
    page = app.get("/en/dataset/edit/form-entry", headers=headers).body
    assert re.search(r"checked> 《中华人民共和国政府信息公开条例》第十五条", page)


def test_messages_speak_the_readers_language(app, department):
    officer = factories.UserWithToken()
    headers = {"Authorization": officer["token"]}
    users = [{"name": officer["name"], "capacity": "editor"}]
    owner = department(jurisdiction="anhui", users=users)
    sent = {"name": "x-1", "title": "某", "owner_org": owner["id"]}
    for locale, word in (
        ("zh_Hans_CN", "编制目录时确定开放属性"),
        ("zh_Hant_TW", "編製目錄時確定開放屬性"),
        ("en", "The open attribute is set when the catalogue is compiled"),
    ):
        page = app.post(f"/{locale}/dataset/new", data=sent, headers=headers).body
        assert word in page
        assert json.dumps(word)  # the words are those of config/entry_rules.yaml
