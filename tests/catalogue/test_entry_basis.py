"""The basis of an entry in a real CKAN: form and API hear one judge, and nothing is lost."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from test_entry import act, errors_of

from ckanext.govdata.catalogue.validators import GAPS_ALLOWED

DISCLOSURE = "《中华人民共和国政府信息公开条例》第十五条"
CLOSED = {"open_attribute": "non_open", "open_basis": DISCLOSURE}
pytestmark = pytest.mark.usefixtures("yaohai_in_force")


@pytest.fixture
def owner(department: Any) -> str:
    return department(level="county", region="340102", jurisdiction="yaohai")["id"]


def patch(made: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return act("package_patch", {"id": made["id"], **fields})


@pytest.mark.parametrize(("basis", "said"), [
    ("因为领导说的", "“因为领导说的” names no article of a text"),
    ("《局务会议纪要》第一条", "add the rank of the text"),
    ("《某内部规定》第一条（规范性文件）", "too low a rank: wanted is 法律，行政法规"),
    ("yaohai:第二十七条", "is no ground for this"),
])  # fmt: skip
def test_no_ground_is_told_with_value_rule_and_article(entry, owner, basis, said):
    found = errors_of(entry, owner_org=owner, open_attribute="non_open", open_basis=basis)
    (message,) = found["open_basis"]
    assert said in message
    assert "is a ground of a law or an administrative regulation" in message
    assert "Regulations on Open Government Information (State Council), 第十三条" in message


def test_the_rank_of_a_basis_of_sharing_is_that_of_anhui_22_also_in_yaohai(entry, owner):
    """Yaohai 13 takes papers of the city too; the higher text does not."""
    shared = {"share_type": "non_shared", "share_basis": "《合肥市某通知》第一条（规范性文件）"}
    (message,) = errors_of(entry, owner_org=owner, **shared)["share_basis"]
    assert "法律，行政法规，党中央、国务院政策" in message
    assert "Anhui Province" in message
    assert "第二十二条" in message


def test_what_is_ticked_and_what_is_written_is_kept_in_words(entry, owner):
    ticked = ["yaohai:第十五条", "open_government_information:第十四条", "《统计法》第九条（法律）"]
    made = entry(owner_org=owner, open_attribute="non_open", open_basis=ticked)
    assert made["open_basis"].split("；") == [
        "瑶政办〔2024〕2号 第十五条",
        "《中华人民共和国政府信息公开条例》第十四条",
        "《统计法》第九条（法律）",
    ]


def test_an_entry_with_an_old_basis_is_changed_in_other_fields_but_not_restricted_anew(
    entry, owner
):
    fields = {"open_attribute": "non_open", "open_basis": "局务会议纪要"}
    made = entry({GAPS_ALLOWED: True}, owner_org=owner, **fields)
    assert patch(made, title="另一个名称")["open_basis"] == "局务会议纪要"
    change = {"open_attribute": "conditional", "open_conditions": "登记"}
    assert "open_basis" in errors_of(lambda **data: patch(made, **data), **change)
    assert "open_basis" in errors_of(lambda **data: patch(made, **data), open_basis="领导批示")
    assert patch(made, open_basis=DISCLOSURE)["open_basis"] == DISCLOSURE


def test_an_id_that_an_older_version_kept_is_shown_in_words(entry, owner):
    made = entry(owner_org=owner, **CLOSED)
    package = model.Package.get(made["id"])
    package.extras = {**package.extras, "open_basis": "yaohai:第二十七条"}
    model.Session.commit()
    shown = act("package_show", {"id": made["id"]}, use_cache=False)
    assert shown["open_basis"] == "瑶政办〔2024〕2号 第二十七条"


def test_the_officer_is_shown_what_is_no_ground_and_nobody_else(app, entry, owner):
    from ckan.tests import factories

    user = factories.UserWithToken()
    tk.get_action("organization_member_create")(
        {"ignore_auth": True}, {"id": owner, "username": user["name"], "role": "editor"}
    )
    fields = {"open_attribute": "non_open", "open_basis": "局务会议纪要"}
    made = entry({GAPS_ALLOWED: True}, owner_org=owner, **fields)
    path, said = f"/en/dataset/{made['name']}", "names no article of a text"
    assert said in app.get(path, headers={"Authorization": user["token"]}).body
    anonymous = app.get(path).body
    assert said not in anonymous
    assert "局务会议纪要" in anonymous


def test_conditional_sharing_lists_its_materials_where_the_text_says_so(entry, owner, department):
    """Anhui 24, Huaining 16; Xin says nothing of it."""
    shared = {"share_type": "conditional", "share_conditions": "履职",
              "share_reason": "含商业秘密", "share_scope": "执法部门，用于核验",
              "share_basis": "《中华人民共和国数据安全法》第三十八条"}  # fmt: skip
    xin = department(level="county", region="411523", jurisdiction="xinxian")["id"]
    (message,) = errors_of(entry, owner_org=owner, **shared)["application_materials"]
    assert "第二十四条" in message
    entry(owner_org=xin, **shared)


def test_who_oversees_the_rules_sees_what_rests_on_a_text_that_ends(app, entry, owner, department):
    """Yaohai's text ends on 2027-02-07: until then its entries need another basis."""
    from ckan.tests import factories

    authority = department(level="county", region="340102", jurisdiction="yaohai", role="authority")
    people = {"overseer": factories.UserWithToken(), "other": factories.UserWithToken()}
    tk.get_action("organization_member_create")({"ignore_auth": True}, {
        "id": authority["id"], "username": people["overseer"]["name"], "role": "editor"})
    cites = entry(owner_org=owner, title="引用者", open_attribute="non_open",
                  open_basis="瑶政办〔2024〕2号 第十五条")  # fmt: skip
    entry(owner_org=owner, title="不引用者", **CLOSED)

    def page(who: str, place: str = "yaohai") -> str:
        headers = {"Authorization": people[who]["token"]} if who else {}
        return app.get(f"/zh_Hans_CN/rules/{place}", headers=headers).body

    shown = page("overseer")
    assert "1个条目以本文件为依据" in shown
    assert f"/dataset/{cites['name']}" in shown
    assert "不引用者" not in shown
    assert "以本文件为依据" not in page("overseer", "anhui"), "a text that goes on"
    assert "引用者" not in page("other")
    assert "引用者" not in page("")
