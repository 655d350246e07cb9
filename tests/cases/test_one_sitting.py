"""Applying in one sitting: each step is looked at by itself, what is required has its slot, what is
known is filled in; a supplement asks for what is missing, point by point."""

import io

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action

from tests.cases.conftest import call, site

TEMPLATE = "https://example.invalid/templates/project.docx"
MATERIALS = [{"name": "科研项目立项文件", "description": "加盖公章", "required": True,
              "template": TEMPLATE},
             {"name": "单位介绍信", "required": False}]  # fmt: skip


@pytest.fixture
def draft(world):
    return call("citizen", "govdata_case_create", kind="open_application",
                dataset_id=world.entry["id"])  # fmt: skip


@pytest.fixture
def demanding(world):
    """The entry's department requires a material."""
    tk.get_action("package_patch")(
        site(), {"id": world.entry["id"], "application_materials": MATERIALS}
    )
    return world.entry


@pytest.fixture
def send(app):
    """Post a page with files, as somebody."""

    def posting(who, path, data):
        token = call_action("api_token_create", context={"user": who}, user=who, name=f"{who}-s")
        return app.post(path, headers={"Authorization": token["token"]}, data=data,
                        follow_redirects=False)  # fmt: skip

    return posting


def answers(case):
    """What the application says, as its supplement sends it again."""
    accepted = ("terms_version", "commitment")
    return {name: value for name, value in case["answers"].items() if name not in accepted}


def codes(error):
    return {(one["code"], one["field"], one["value"]) for one in error.value.error_dict["reasons"]}


def test_a_step_tells_at_once_what_is_missing_on_it_and_on_no_other(draft, browse):
    page = browse("citizen", f"/en/cases/{draft['id']}/step/who", {"contact_name": "王小明"}, 409)
    told = [one["href"] for one in page.select("[role=alert] a")]
    assert told == ["#contact_phone"]
    assert call("citizen", "govdata_case_show", id=draft["id"])["draft"] == {
        "contact_name": "王小明"
    }, "what was typed is kept all the same"


def test_saving_asks_for_nothing(draft, browse):
    page = browse("citizen", f"/en/cases/{draft['id']}/step/who", {"contact_name": "王", "stay": 1})
    assert not page.select("[role=alert] a")


def test_a_table_without_columns_is_told_on_its_step(draft, world, browse):
    form = world.form(columns=None)
    asked = {name: value for name, value in form.items() if value}
    browse("citizen", f"/en/cases/{draft['id']}/step/who", asked)
    page = browse("citizen", f"/en/cases/{draft['id']}/step/what", asked, 409)
    assert [one["href"] for one in page.select("[role=alert] a")] == ["#columns"]


def test_how_to_reach_somebody_is_asked_once(world, browse):
    world.apply(contact_name="李晓雨", contact_phone="0551-62629999")
    again = call("citizen", "govdata_case_create", kind="open_application",
                 dataset_id=world.entry["id"])  # fmt: skip
    assert "contact_name" not in again.get("draft", {}), "the API fills in nothing by itself"
    call("citizen", "govdata_case_act", id=again["id"], command="discard")
    browse("citizen", f"/apply/{world.entry['name']}", {})
    [draft] = [one for one in call("citizen", "govdata_case_list", mine=True)["results"]
               if one["state"] == "draft"]  # fmt: skip
    page = browse("citizen", f"/en/cases/{draft['id']}/step/who")
    assert page.select_one("[name=contact_name]")["value"] == "李晓雨"
    assert page.select_one("[name=contact_phone]")["value"] == "0551-62629999"


def test_each_required_material_has_its_slot(demanding, draft, browse, send):
    page = browse("citizen", f"/zh_Hans_CN/cases/{draft['id']}/step/what")
    slots = [one["name"] for one in page.select("input[type=file][name^='upload:']")]
    assert slots == ["upload:科研项目立项文件", "upload:单位介绍信"]
    [template] = [one for one in page.select("a") if "的模板" in one.text]
    assert template["href"] == TEMPLATE
    assert template.text == "科研项目立项文件的模板"
    sent = {"upload:科研项目立项文件": (io.BytesIO(b"%PDF-1.4 x"), "scan0001.pdf"), "stay": "1"}
    send("citizen", f"/zh_Hans_CN/cases/{draft['id']}/step/what", sent)
    page = browse("citizen", f"/zh_Hans_CN/cases/{draft['id']}/step/what")
    assert "已上传：科研项目立项文件-scan0001.pdf" in page.text


def test_without_a_required_material_nobody_applies(demanding, world, draft, send):
    with pytest.raises(tk.ValidationError) as error:
        world.act("citizen", draft["id"], "submit", **world.form())
    assert codes(error) == {("material_missing", "materials", "科研项目立项文件")}
    sent = {"upload": (io.BytesIO(b"%PDF-1.4 x"), "科研项目立项文件（盖章）.pdf"), "stay": "1"}
    send("citizen", f"/cases/{draft['id']}/step/what", sent)
    held = call("citizen", "govdata_case_show", id=draft["id"])["draft"]["materials"]
    shown = world.act("citizen", draft["id"], "submit", **world.form(), materials=held)
    assert shown["state"] == "submitted"


def test_what_was_handed_in_is_confirmed_with_its_day_for_the_calendar(world, browse, app):
    case = world.apply()
    page = browse("citizen", f"/zh_Hans_CN/cases/{case['id']}")
    said = page.select_one("#handed-in").parent
    assert case["reference"] in said.text
    assert case["due"] in said.text
    token = call_action("api_token_create", context={"user": "citizen"}, user="citizen", name="i")
    address = said.select_one("a[href$='due.ics']")["href"]
    body = app.get(address, headers={"Authorization": token["token"]}).body
    assert f"DTSTART;VALUE=DATE:{case['due'].replace('-', '')}" in body
    other = call_action("api_token_create", context={"user": "other"}, user="other", name="i")
    app.get(address, headers={"Authorization": other["token"]}, status=404)
    world.act("officer", case["id"], "accept")
    assert not browse("citizen", f"/zh_Hans_CN/cases/{case['id']}").select("#handed-in")


def test_the_way_of_a_case_stands_on_its_page(world, browse):
    case = world.apply()
    way = browse("citizen", f"/zh_Hans_CN/cases/{case['id']}").select(".gd-case-way li")
    assert [one.text.split()[-1] for one in way] == ["填写", "收到", "办理", "审批", "答复"]
    assert [one.get("aria-current") for one in way].index("step") == 1
    world.act("citizen", case["id"], "withdraw")
    assert not browse("citizen", f"/zh_Hans_CN/cases/{case['id']}").select(".gd-case-way")


class TestSupplement:
    POINTS = "1. 说明备案号；\n（2）补充承诺书\n\n③ 盖章"

    def asked(self, world):
        case = world.apply()
        world.act("officer", case["id"], "request_supplement", missing_items=self.POINTS)
        return case

    def test_points_are_kept_one_by_one(self, world):
        case = self.asked(world)
        event = call("citizen", "govdata_case_show", id=case["id"])["events"][-1]
        assert event["fields"]["missing_items"] == ["说明备案号；", "补充承诺书", "盖章"]

    def test_each_point_wants_its_answer(self, world):
        case = self.asked(world)
        with pytest.raises(tk.ValidationError) as error:
            world.act("citizen", case["id"], "supply", **answers(case),
                      point_replies=["皖ICP备1号", " ", "好的"])  # fmt: skip
        assert codes(error) == {("point_not_answered", "point_replies", "补充承诺书")}

    def test_nothing_cannot_be_handed_in(self, world):
        case = self.asked(world)
        with pytest.raises(tk.ValidationError) as error:
            world.act("citizen", case["id"], "supply", **answers(case))
        assert {code for code, *_ in codes(error)} == {"nothing_supplied"}

    def test_the_officer_reads_answers_by_point_and_what_was_changed(self, world, browse):
        case = self.asked(world)
        changed = {**answers(case), "purpose": "研究瑶海区公交线路与夜间客流之间的关系"}
        said = ["皖ICP备1号", "见附件", "好"]
        world.act("citizen", case["id"], "supply", **changed, point_replies=said)
        page = browse("officer", f"/zh_Hans_CN/cases/{case['id']}")
        text = page.select_one(".gd-case-timeline").text
        assert "皖ICP备1号" in text
        assert "改动：申请用途" in text
        assert page.select_one(".gd-case-timeline del").text.strip() == case["answers"]["purpose"]
        desk = browse("officer", f"/zh_Hans_CN/cases/{case['id']}/do/propose?proposal=refuse")
        assert "夜间客流" in desk.select_one("mark.gd-decide__new").text
