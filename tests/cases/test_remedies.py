"""Whoever does not agree, or waits in vain, is told what the law gives him: checklists R11 to R14,
R18, L1 to L5, O1 to O5 of what letters have to say."""

from __future__ import annotations

from datetime import date, timedelta

import ckan.model as model
import pytest
from ckan.plugins import toolkit as tk

from ckanext.govdata.cases.pages import remedies
from ckanext.govdata.cases.pages.letter_text import letter_text
from ckanext.govdata.cases.time.sweep import sweep
from ckanext.govdata.domain.remedy import Against
from tests.cases.conftest import BASIS, REASON, call, heard, site
from tests.regulations.letters_of_places import PLACES, seated

HANS = {"CKAN_LANG": "zh_Hans_CN"}
WITHHELD = {"reason": REASON, "basis": BASIS}
OTHERWISE = {"reason": "经检索本部门没有制作或者取得所申请的数据，故不能提供。",
             "basis": ["open_government_information:第三十六条第四项"]}  # fmt: skip


def remedy_of(letter, request_context):
    with request_context(environ_overrides=HANS):
        return "\n".join(letter_text(letter).ways)


@pytest.fixture
def refused(world):
    def decide(command="refuse", **fields):
        case = world.prepared()
        return world.act("head", case["id"], command, **fields)

    return decide


def test_a_refusal_of_withheld_data_sends_to_reconsideration_first(refused, test_request_context):
    words = remedy_of(refused(**WITHHELD)["letters"][-1], test_request_context)
    _lead, first, review, second, third, fourth, own = words.splitlines()
    assert "应当先申请行政复议" in first
    assert "60日内向合肥市瑶海区人民政府" in first
    assert "《中华人民共和国行政复议法》第二十条" in first
    assert "第二十三条" in first
    assert "一并申请审查" in review  # Yaohai's paper is relied on
    assert "《中华人民共和国行政复议法》第十三条" in review
    assert "15日内" in second
    assert "第四十五条" in second
    assert "上一级行政机关或者政府信息公开工作主管部门投诉" in third
    assert "第五十一条" in third
    assert "瑶海区数据资源管理局反映" in fourth
    assert "（瑶政办〔2024〕2号）第二十四条" in fourth
    assert "平台自定规则" in own
    assert "6个月" not in words


def test_a_refusal_for_another_reason_leaves_both_ways_open(refused, test_request_context):
    words = remedy_of(refused(**OTHERWISE)["letters"][-1], test_request_context)
    assert "应当先" not in words
    assert "60日内向合肥市瑶海区人民政府申请行政复议" in words
    assert "6个月内直接向有管辖权的人民法院提起行政诉讼" in words
    assert "第四十六条" in words


def test_the_letter_keeps_what_it_said(refused, test_request_context):
    letter = refused(**WITHHELD)["letters"][-1]
    ways = [one["way"] for one in letter["remedies"]]
    assert ways == ["reconsider_first", "review", "sue_after", "complain", "rectify"]
    assert letter["genuine"]


@pytest.mark.parametrize(("conditions", "told"), [("", False), ("成果须注明数据来源。", True)])
def test_an_approval_names_remedies_where_it_sets_conditions(world, conditions, told):
    case = world.apply()
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "propose", proposal="approve", note="拟同意")
    command, fields = ("approve_conditionally", WITHHELD) if conditions else ("approve", {})
    fields = {**fields, "conditions": conditions} if conditions else fields
    letter = world.act("head", case["id"], command, **fields)["letters"][-1]
    assert bool(letter.get("remedies")) is told


def test_the_letter_says_what_was_asked_for(refused, test_request_context):
    letter = refused(**WITHHELD)["letters"][-1]
    with test_request_context(environ_overrides=HANS):
        asked = letter_text(letter).paragraphs[0]
    assert "公交线路与客流" in asked
    assert "线路名称、客流量" in asked


def test_a_late_decision_says_so(world, on_day, test_request_context):
    case = world.prepared()
    on_day(date.fromisoformat(case["due"]) + timedelta(days=3))
    letter = world.act("head", case["id"], "refuse", **WITHHELD)["letters"][-1]
    with test_request_context(environ_overrides=HANS):
        assert "超过答复期限3日" in letter_text(letter).whole


@pytest.mark.parametrize("basis", [
    "yaohai:第十七条", "yaohai:第二十七条", "因为领导说的", "《某某内部规定》第一条",
    "《某省办法》第九条（规章）",
])  # fmt: skip
def test_what_is_no_ground_is_refused_and_nothing_is_decided(world, basis):
    case = world.prepared()
    with pytest.raises(tk.ValidationError) as caught:
        world.act("head", case["id"], "refuse", reason=REASON, basis=[basis])
    assert "basis" in caught.value.error_dict
    assert call("citizen", "govdata_case_show", id=case["id"])["state"] == "prepared"


def test_who_did_not_supply_gets_a_letter_with_remedies(world, on_day, test_request_context):
    case = world.apply()
    shown = world.act("officer", case["id"], "request_supplement", missing_items="缺安全承诺书")
    after = date.fromisoformat(shown["lapses"]) + timedelta(days=1)
    on_day(after)
    _counts, failures = sweep(model.Session, after)
    assert not failures
    ended = call("citizen", "govdata_case_show", id=case["id"])
    assert ended["state"] == "lapsed"
    letter = ended["letters"][-1]
    assert letter["issuer"] == "瑶海区民政局"
    with test_request_context(environ_overrides=HANS):
        assert "缺安全承诺书" in letter_text(letter).whole
    assert "6个月内" in remedy_of(letter, test_request_context)
    assert letter["genuine"]


def test_on_the_first_late_day_a_complaint_is_one_click_away(world, on_day, browse):
    case = world.apply()
    due = date.fromisoformat(case["due"])
    on_day(due)
    offered = [one["name"] for one in call("citizen", "govdata_case_commands", id=case["id"])]
    assert "complain" not in offered
    on_day(due + timedelta(days=1))
    page = browse("citizen", f"/zh_Hans_CN/cases/{case['id']}").text
    assert "答复已逾期" in page
    assert "未答复既不视为同意，也不视为不予开放" in page
    assert "60日内就未答复向合肥市瑶海区人民政府申请行政复议" in page
    assert "所逾期限为平台自定规则" not in page
    assert "已逾期1日" in page
    cited = "《合肥市瑶海区政务数据资源共享开放管理办法》（瑶政办〔2024〕2号）第二十二条"
    assert f"第一责任人为该部门主要负责人（{cited}）" in page
    who = {"first_responsible_person": "赵局长", "id": world.department["id"]}
    tk.get_action("organization_patch")(site(), who)
    shown = browse("citizen", f"/zh_Hans_CN/cases/{case['id']}")
    assert f"第一责任人为赵局长（{cited}）" in shown.text
    (button,) = shown.select("#late ~ form")
    browse("citizen", button["action"], {}, 200)
    told = call("authority", "govdata_notice_list")["results"]
    assert "complained" in {one["kind"] for one in told}
    offered = [one["name"] for one in call("citizen", "govdata_case_commands", id=case["id"])]
    assert "complain" not in offered


@pytest.mark.parametrize(("place", "cited"), [
    ("huaining", "《怀宁县政务数据资源管理暂行办法》（怀政办发〔2021〕5号）第五条"),
    ("xinxian", "《新县政务数据资源共享开放管理办法》第五条"),
])  # fmt: skip
def test_who_is_first_responsible_stands_with_the_department_and_with_what_it_left_undone(
    world, on_day, browse, place, cited
):
    """Huaining 5, Xin 5: the head of the department answers for its data."""
    on_day("2026-11-02")
    here = seated(world, next(one for one in PLACES if one.id == place))
    who = {"first_responsible_person": "钱数长", "id": here.department["id"]}
    tk.get_action("organization_patch")(site(), who)
    case = here.apply()
    on_day(date.fromisoformat(case["due"]) + timedelta(days=1))
    assert f"第一责任人为钱数长（{cited}）" in browse(
        "citizen", f"/zh_Hans_CN/cases/{case['id']}"
    ).text
    assert "钱数长" in browse("citizen", f"/organization/{here.department['name']}").text


@pytest.mark.parametrize("place", ["anhui", "huaining", "xinxian"])
def test_where_the_portals_own_term_has_passed_the_laws_ways_open_after_its_own(
    world, on_day, browse, place
):
    """Regulations 33: twenty working days. Before, no text is violated, and none is cited so."""
    on_day("2026-11-02")
    here = seated(world, next(one for one in PLACES if one.id == place))
    case = here.apply()
    assert case["due"] == "2026-11-16"
    on_day("2026-11-30")  # the twentieth working day
    early = browse("citizen", f"/zh_Hans_CN/cases/{case['id']}").select_one("#late").parent.text
    assert "可以向本平台反映（平台自定规则）" in early
    assert "所逾期限为平台自定规则" in early
    assert "法定答复期限至2026年11月30日届满" in early
    for words in ("第四十三条", "行政复议（", "第六十六条", "通知整改"):
        assert words not in early, words
    on_day("2026-12-01")
    late = browse("citizen", f"/zh_Hans_CN/cases/{case['id']}").select_one("#late").parent.text
    for words in ("应当至迟于2026年11月30日答复", "自该日起计算", "60日内就未答复向",
                  "6个月内", "第六十六条"):  # fmt: skip
        assert words in late, words
    assert "所逾期限为平台自定规则" not in late, "one of the two is said"


def test_a_suit_for_silence_cites_the_articles_on_silence(with_plugins, test_request_context):
    """Administrative Litigation Law 47, 法释〔2018〕1号 66; article 46 is on what was decided."""
    lines = remedies.told("yaohai", "", Against.LATE, date(2026, 11, 30))
    with test_request_context(environ_overrides=HANS):
        (said,) = [one for one in remedies.sentences(lines) if "人民法院" in one]
    assert "6个月内" in said
    rules = "《最高人民法院关于适用〈中华人民共和国行政诉讼法〉的解释》（法释〔2018〕1号）"
    assert f"{rules}第六十六条" in said
    assert "《中华人民共和国行政诉讼法》第四十七条" in said
    assert "第四十六条" not in said


FIRST = {"open_government_information:第十五条", "yaohai:第十五条"}


@pytest.mark.parametrize("basis", sorted(FIRST))
def test_against_a_condition_both_ways_are_open_whatever_its_ground(
    world, basis, test_request_context
):
    """Reconsideration comes first only where information is not disclosed."""
    case = world.prepared()
    said = {"conditions": "成果须注明数据来源。", "reason": REASON, "basis": [basis]}
    letter = world.act("head", case["id"], "approve_conditionally", **said)["letters"][-1]
    words = remedy_of(letter, test_request_context)
    assert "应当先" not in words
    assert "60日内" in words
    assert "6个月内直接向" in words


@pytest.mark.parametrize("suspend", [True, False])
@pytest.mark.parametrize("basis", sorted(FIRST))
def test_against_the_end_of_a_grant_both_ways_are_open_whatever_its_ground(
    world, basis, suspend, test_request_context
):
    case = world.prepared()
    granted = world.act("head", case["id"], "approve")["grant"]
    call("head", "govdata_grant_revoke", id=granted, suspend=suspend, reason=REASON, basis=basis,
         **heard())  # fmt: skip
    letter = call("citizen", "govdata_case_show", id=case["id"])["letters"][-1]
    words = remedy_of(letter, test_request_context)
    assert "应当先" not in words
    assert "6个月内直接向" in words


def test_of_what_is_approved_in_part_the_rest_is_reconsidered_first(world, test_request_context):
    case, form = world.prepared(), world.form()
    file = world.entry["resources"][0]["id"]
    letter = world.act(
        "head", case["id"], "approve_partly", grant_resources=[file],
        grant_columns={file: ["线路名称"]}, valid_from=form["period_from"],
        valid_until=form["period_until"], **WITHHELD,
    )["letters"][-1]  # fmt: skip
    assert "应当先申请行政复议" in remedy_of(letter, test_request_context)
    granted = call("head", "govdata_case_show", id=case["id"])["grant"]
    call("head", "govdata_grant_revoke", id=granted, reason=REASON, basis=sorted(FIRST)[0],
         **heard())  # fmt: skip
    letter = call("citizen", "govdata_case_show", id=case["id"])["letters"][-1]
    assert "应当先" not in remedy_of(letter, test_request_context)


def test_the_department_reads_no_advice_against_itself(world, on_day, browse):
    case = world.apply()
    on_day(date.fromisoformat(case["due"]) + timedelta(days=1))
    assert "答复已逾期" not in browse("officer", f"/zh_Hans_CN/cases/{case['id']}").text


def test_no_letter_cites_a_text_that_has_lapsed(world, on_day, test_request_context):
    """Yaohai's measures end on 2027-02-07: then the province's article has violations rectified."""
    case = world.prepared()
    on_day("2027-02-20")
    letter = world.act("head", case["id"], "refuse", **OTHERWISE)["letters"][-1]
    words = remedy_of(letter, test_request_context)
    assert "瑶政办" not in words
    law = "《安徽省政务数据资源管理办法》（安徽省人民政府令第299号）第四十三条"
    assert f"瑶海区数据资源管理局反映，由其依照规定通知整改（{law}" in words


def test_upholding_opens_no_new_term(world, browse):
    """It repeats what was decided: who counted from it would come too late against the reply."""
    case = world.prepared()
    world.act("head", case["id"], "refuse", **OTHERWISE)
    world.act("citizen", case["id"], "object", grounds="理由不成立，请复查本决定")
    upheld = world.act("authority", case["id"], "uphold", **OTHERWISE)["letters"][-1]
    assert "remedies" not in upheld
    address = f"/zh_Hans_CN/cases/{case['id']}/letter/{upheld['number']}"
    assert "期限自收到该答复书之日起计算，不因异议中止" in browse("citizen", address).text


@pytest.mark.parametrize(("office", "body"), [
    ("", "合肥市瑶海区人民政府"), ("authority", "合肥市瑶海区人民政府"),
    ("government", "合肥市人民政府"),
])  # fmt: skip
def test_what_a_government_decided_the_one_above_reconsiders(
    office, body, with_plugins, test_request_context
):
    """Administrative Reconsideration Law 24 ¶1(2)."""
    lines = remedies.told("yaohai", office, Against.DECIDED, date(2026, 11, 30))
    with test_request_context(environ_overrides=HANS):
        assert f"向{body}申请行政复议" in remedies.sentences(lines)[0]


def test_a_place_without_a_file_is_told_in_general_words(with_plugins, test_request_context):
    lines = remedies.told("xinyang", "", Against.DECIDED, date(2026, 11, 30))
    with test_request_context(environ_overrides=HANS):
        assert "向本级人民政府申请行政复议" in remedies.sentences(lines)[0]
