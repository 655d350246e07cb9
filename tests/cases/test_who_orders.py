"""The data authority notifies, only the government orders (Yaohai 24, Anhui 43, Huaining 31); and
what takes something away is said with reason and basis, and can be objected to."""

import ckan.plugins.toolkit as tk
import pytest

from tests.cases.conftest import BASIS, NOT_SEVERED, POWER, REASON, call, make_user, seat, site
from tests.cases.test_sweep import run, told

WHY = {"reason": REASON, "basis": BASIS}
ORDER = {"reason": REASON, "power": POWER}


@pytest.fixture
def objected(world):
    case = world.prepared()
    world.act("head", case["id"], "refuse", **WHY)
    return world.act("citizen", case["id"], "object", grounds="所述理由不成立，请求重新答复。")


def offered(who, case):
    return {one["name"] for one in call(who, "govdata_case_commands", id=case["id"])}


def test_the_authority_notifies_and_does_not_order(world, objected):
    assert offered("authority", objected) & {"notify_decision", "order_decision"} == {
        "notify_decision"
    }
    after = world.act("authority", objected["id"], "notify_decision", **ORDER)
    assert after["state"] == "accepted"
    letter = call("citizen", "govdata_case_show", id=objected["id"])["letters"][-1]
    assert letter["decision"] == "decision_notified"
    assert letter["issuer"] == "瑶海区数据资源管理局"


def test_where_the_government_judges_it_orders(world, objected):
    make_user("mayor")
    seat("yaohai", "mayor", "admin")
    tk.get_action("organization_patch")(site(), {"id": world.authority["id"], "role": ""})
    assert offered("mayor", objected) & {"notify_decision", "order_decision"} == {
        "order_decision"
    }
    world.act("mayor", objected["id"], "order_decision", **ORDER)
    letter = call("citizen", "govdata_case_show", id=objected["id"])["letters"][-1]
    assert (letter["decision"], letter["issuer"]) == ("decision_ordered", "瑶海区人民政府")


def test_a_notification_that_is_not_followed_in_time_is_reported_to_the_government(
    world, objected, on_day
):
    make_user("mayor")
    seat("yaohai", "mayor", "admin")
    after = world.act("authority", objected["id"], "notify_decision", **ORDER)
    other = world.apply("other")
    run("2028-06-01")
    assert after["due"]
    news = call("mayor", "govdata_notice_list")["results"]
    assert [one["case_id"] for one in news if one["kind"] == "overdue"] == [objected["id"]]
    assert other["id"] != objected["id"]
    assert told("authority", "overdue")


def test_nobody_judges_in_his_own_cause(world):
    """The authority's own entry: its head refuses, and the government judges."""
    make_user("mayor")
    seat("yaohai", "mayor", "admin")
    from tests.cases.conftest import make_entry

    world.entry = make_entry(world.authority["id"], title="数据局台账")
    make_user("clerk")
    seat(world.authority["id"], "clerk", "editor")
    case = world.apply()
    world.act("clerk", case["id"], "accept")
    world.act("clerk", case["id"], "propose", proposal="refuse", note="拟不予开放")
    world.act("authority", case["id"], "refuse", **WHY)
    case = world.act("citizen", case["id"], "object", grounds="所述理由不成立，请求重新答复。")
    for who in ("authority", "clerk"):
        assert not offered(who, case) & {"uphold", "notify_decision", "order_decision"}, who
    assert offered("mayor", case) >= {"uphold", "order_decision"}


def test_a_condition_has_reason_and_basis_and_can_be_objected_to(world):
    case = world.prepared()
    fields = {**WHY, "conditions": "成果发表前须送本局审查。"}
    after = world.act("head", case["id"], "approve_conditionally", **fields)
    assert (after["state"], after["outcome"]) == ("conditionally_approved", "granted")
    assert after["grant"]
    letter = after["letters"][-1]
    assert letter["conditions"] == fields["conditions"]
    assert letter["reason"] == REASON
    assert letter["object_until"]
    assert letter["remedies"]
    assert "object" in offered("citizen", case)
    world.act("citizen", case["id"], "object", grounds="该条件没有依据，请求去除。")
    world.act("authority", case["id"], "notify_decision", **ORDER)


def test_a_fee_is_refused_on_the_page_in_words_and_nothing_is_decided(world, browse):
    case = world.prepared()
    sent = {"conditions": "须支付数据费五万元", "reason": REASON, "basis": BASIS[0],
            "basis_own": BASIS[1]}  # fmt: skip
    page = browse("head", f"/zh_Hans_CN/cases/{case['id']}/do/approve_conditionally", sent, 409)
    assert "开放数据不收取费用" in page.text
    assert "第四十二条" in page.text
    assert call("head", "govdata_case_show", id=case["id"])["state"] == "prepared"


def test_who_withholds_everything_says_why_no_part_is_given(world, browse):
    case = world.prepared()
    cautions = next(one["cautions"] for one in call("head", "govdata_case_commands", id=case["id"])
                    if one["name"] == "refuse")  # fmt: skip
    assert any("线路名称" in one and "客流量" in one for one in cautions)
    with pytest.raises(tk.ValidationError) as caught:
        call("head", "govdata_case_act", id=case["id"], command="refuse", fields=WHY)
    assert list(caught.value.error_dict) == ["not_severed", "reasons"]
    after = world.act("head", case["id"], "refuse", **WHY, not_severed=NOT_SEVERED)
    address = f"/zh_Hans_CN/cases/{case['id']}/letter/{after['letters'][-1]['number']}"
    assert NOT_SEVERED.rstrip("。") in browse("citizen", address).text


def test_where_a_part_was_closed_since_the_rest_is_chosen_before(world, browse):
    case = world.prepared()
    file = world.entry["resources"][0]["id"]
    items = [{**one, "opened": one["name"] == "线路名称"}
             for one in world.entry["information_items"]]  # fmt: skip
    tk.get_action("package_patch")(site(), {"id": world.entry["id"], "information_items": items})
    partly = next(one for one in call("head", "govdata_case_commands", id=case["id"])
                  if one["name"] == "approve_partly")  # fmt: skip
    assert partly["preset"] == {"grant_resources": [file], "grant_columns": {file: ["线路名称"]}}
    page = browse("head", f"/zh_Hans_CN/cases/{case['id']}/do/approve_partly")
    chosen = page.select("form[action$='approve_partly'] [name^='grant_columns:'][checked]")
    assert [one["value"] for one in chosen] == ["线路名称"]


def test_the_form_offers_the_articles_that_give_the_power_and_asks_for_one(
    world, objected, browse
):
    page = browse("authority", f"/zh_Hans_CN/cases/{objected['id']}/do/notify_decision")
    form = "form[action$=notify_decision]"
    offered_there = [one["value"] for one in page.select(f"{form} [name=power]")]
    assert offered_there == ["yaohai:第二十四条", "anhui:第四十三条"]
    for wrong in ({}, {"power": ["yaohai:第十五条"]}, {"power": ["区政府会议纪要第一条"]}):
        with pytest.raises(tk.ValidationError) as caught:
            world.act("authority", objected["id"], "notify_decision", reason=REASON, **wrong)
        assert "power" in caught.value.error_dict
    with pytest.raises(tk.ValidationError) as caught:
        world.act("authority", objected["id"], "notify_decision", **ORDER, basis=BASIS)
    assert "basis" in caught.value.error_dict, "a ground of refusal is no power"


def test_the_new_last_day_is_nobodys_article(world, objected, browse):
    """Yaohai 17 counts from the application's receipt and knows no second count."""
    after = world.act("authority", objected["id"], "notify_decision", **ORDER)
    clock = after["clocks"]["decide"]
    assert (clock["own_rule"], clock["article"]) == (True, "")
    page = browse("citizen", f"/zh_Hans_CN/cases/{objected['id']}").text
    assert "平台自定规则" in page
    world.act("officer", objected["id"], "consult", party="某公司", party_contact="0551",
              party_question="是否同意公开贵公司的客流数据？")  # fmt: skip
    shown = call("officer", "govdata_case_show", id=objected["id"])["clocks"]["decide"]
    assert shown["due"] == clock["due"], "the department does not move what it was set"
    assert shown["runs"]
