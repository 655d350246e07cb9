"""What an imported sheet has beside our fields is the department's own; whoever filled it in and
how to reach him is not kept (K03)."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from catalogue_sheets import act
from ckan import model
from ckan.lib import search
from ckan.tests import factories
from test_reconcile import index as indexed

DATA = Path(__file__).parent / "data"
CANARY = "内部研判备注七七"
ID, MOBILE, MAIL = "11010519491231002X", "13900000001", "zhao@example.com"


@pytest.fixture
def edu(fresh: None) -> dict[str, Any]:
    return act("organization_create", name="edu", title="合肥市瑶海区教育体育局(场测)",
               role="department", level="county", region="340102")


def rows(**more: str) -> list[dict[str, str]]:
    return [{"id": "pupils", "信息资源名称": "学生数",
             "信息资源提供方": "合肥市瑶海区教育体育局(场测)",
             "信息资源摘要": "各校的学生数。", "浏览量": CANARY, **more}]


def stored(name: str) -> str:
    return str(model.Package.get(name).extras)


def test_the_contacts_of_a_sheet_are_reported_and_not_kept(edu, run):
    answer = run(DATA / "K03-contact-columns.xlsx")
    assert {one["column"]: (one["count"], one["kept"]) for one in answer["personal"]} == {
        "填报人": (1, False), "填报人手机": (1, False), "联系邮箱": (1, False),
        "负责人身份证号": (1, False)}
    assert answer["created"] == 1
    everything = "".join(str(one.extras) for one in model.Session.query(model.Package))
    for canary in ("王某某", MOBILE, MAIL, ID):
        assert canary not in everything


@pytest.mark.parametrize("heading", [
    "备用1", "说明二", "聯絡人", "提供機關聯絡人電話", "orgEmail", "联系电话（办公室）",
    "departmentContactTel", "資料集聯絡人電子郵件", "Contact Person", "经办人姓名：",
])
@pytest.mark.parametrize("value", [
    "1 3 9 0 0 0 0 0 0 0 1", "１１０１０５１９４９１２３１００２Ｘ",
    "王某 zhao@example.com", "6222021234567890128",
])
def test_personal_data_is_known_by_heading_and_by_content(edu, run, heading, value):
    answer = run(rows(**{heading: value}), dry_run=True)
    assert [(one["column"], one["kept"]) for one in answer["personal"]] == [(heading, False)]
    assert value not in str(answer)


def test_personal_data_within_the_entry_is_told_to_the_officer(edu, run):
    answer = run(rows(信息资源摘要=f"咨询请拨{MOBILE}"), dry_run=True)
    assert [(o["column"], o["kept"], o["kinds"]) for o in answer["personal"]] == [
        ("信息资源摘要", True, ["mobile_number"])]


def test_columns_that_nobody_knows_are_for_the_department_alone(edu, run, app):
    run(rows())
    assert CANARY in stored("pupils")
    stranger, sysadmin = factories.UserWithToken(), factories.SysadminWithToken()
    member = factories.UserWithToken()
    act("organization_member_create", id="edu", username=member["name"], role="member")
    asked = [
        "/api/3/action/package_show?id=pupils", "/api/3/action/package_search?q=*:*",
        "/api/3/action/package_show?id=pupils&use_default_schema=true",
        "/api/3/action/package_search?q=*:*&use_default_schema=true",
        "/api/3/action/package_search?fl=*,validated_data_dict,data_dict,extras_imported_columns",
        "/api/3/action/current_package_list_with_resources",
        "/api/3/action/govdata_catalogue_export", "/catalogue/export.csv", "/catalogue/export.json",
        "/catalogue/export?format=csv", "/dataset/pupils", "/feeds/dataset.atom",
        "/api/3/action/organization_show?id=edu&include_datasets=true",
    ]
    for user in (None, stranger, sysadmin):
        headers = {"Authorization": user["token"]} if user else {}
        for address in asked:
            answer = app.get(address, headers=headers)
            assert CANARY not in answer.body.replace(f'"q": "{CANARY}"', ""), address
            assert "\\u5185\\u90e8\\u7814\\u5224" not in answer.body, address
    found = app.get(f"/api/3/action/package_search?q={CANARY}").json["result"]
    assert found["count"] == 0
    own = app.get(asked[0], headers={"Authorization": member["token"]})
    assert own.json["result"]["imported_columns"] == {"浏览量": CANARY}


def test_the_index_has_them_in_no_field_of_its_own(edu, run):
    """Whoever reaches the index, or a plug-in that hands out what it holds, finds none."""
    run(rows())
    for again in (lambda: None, lambda: search.rebuild("pupils")):
        again()
        (document,) = indexed().values()
        assert "学生数" in document["title"]
        assert "imported_columns" not in str(document)
        assert CANARY not in str(document)


def test_what_an_older_index_holds_is_not_shown_either(edu, run, monkeypatch):
    """Until ``ckan govdata reconcile --all`` has been run after the upgrade."""
    from ckanext.govdata.catalogue.entry import unknown_columns

    with monkeypatch.context() as before:
        before.setattr(unknown_columns, "index_document", lambda document: document)
        run(rows())
        search.rebuild("pupils")
    found = tk.get_action("package_search")({"user": ""}, {"q": "*:*"})
    assert found["count"] == 1
    assert CANARY not in str(found)


def test_changing_the_entry_does_not_lose_them(edu, run):
    run(rows())
    boss = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]  # as commands do
    shown = tk.get_action("package_show")({"user": boss}, {"id": "pupils"})
    assert "imported_columns" not in shown
    tk.get_action("package_update")({"user": boss}, {**shown, "notes": "改过。"})
    tk.get_action("package_patch")({"user": boss}, {"id": "pupils", "title": "学生人数"})
    assert CANARY in stored("pupils")
    run([{"id": "pupils", "title": "学生人数", "notes": "又改。",
          "publisher": "合肥市瑶海区教育体育局(场测)"}])
    assert CANARY in stored("pupils")
    act("package_patch", id="pupils", imported_columns={})
    assert CANARY not in stored("pupils")
