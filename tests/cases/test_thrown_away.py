# ruff: noqa: E501
"""A procedure made by the guide for this test alone: about a department, of one page, without a
line of Python; it works from the first click to the letter."""

import ckan.plugins.toolkit as tk
import pytest

from ckanext.govdata.cases.engine import declared_procedures
from tests.cases.conftest import call, make_user, seat

PROCEDURE = """
kind: demand
code: XQ
name: {zh_Hans_CN: 数据需求, zh_Hant_TW: 資料需求, en: Demand for data}
about: [department]
applicants: [person, department]
starts_from: [department]
same_if: [wanted]
initial: draft
clocks: {decide: {name: {zh_Hans_CN: 答复, zh_Hant_TW: 答覆, en: Answer}, main: true}}
states:
  draft: {name: {zh_Hans_CN: 草稿, zh_Hant_TW: 草稿, en: Draft}, holder: applicant}
  open: {name: {zh_Hans_CN: 办理中, zh_Hant_TW: 辦理中, en: Open}, holder: officer, clocks: [decide]}
  planned: {name: {zh_Hans_CN: 已列入计划, zh_Hant_TW: 已列入計畫, en: Planned}, outcome: granted, final: true}
commands:
  keep: {name: {zh_Hans_CN: 保存, zh_Hant_TW: 儲存, en: Keep}, event: kept, from: [draft], by: [applicant], form: ask, partial: true}
  send: {name: {zh_Hans_CN: 提交, zh_Hant_TW: 提交, en: Send}, event: sent, from: [draft], to: open, by: [applicant], form: ask, receives: true, effects: [assign_reference, send_receipt]}
  plan: {name: {zh_Hans_CN: 列入计划, zh_Hant_TW: 列入計畫, en: Plan it}, event: planned, from: [open], to: planned, by: [head], fields: [reply], effects: [reply_letter, send_notice]}
"""
FORM = """
forms:
  ask: {steps: [{id: wish, name: {zh_Hans_CN: 需求, zh_Hant_TW: 需求, en: Wish}, fields: [wanted]}]}
fields:
  wanted: {label: {zh_Hans_CN: 需要的数据, zh_Hant_TW: 需要的資料, en: Data wanted}, type: long_text, min: 4}
  reply: {label: {zh_Hans_CN: 答复, zh_Hant_TW: 答覆, en: Reply}, type: long_text, public: true}
"""
WORDS = """
outcomes: {granted: {zh_Hans_CN: 列入计划, zh_Hant_TW: 列入計畫, en: Planned}}
events:
  sent: {zh_Hans_CN: 提出需求, zh_Hant_TW: 提出需求, en: Demand sent}
  planned: {zh_Hans_CN: 列入计划, zh_Hant_TW: 列入計畫, en: Demand planned}
notices:
  received: {applicant: {zh_Hans_CN: '已收到需求 {reference}。', zh_Hant_TW: '已收到需求 {reference}。', en: 'Demand {reference} was received.'}}
  arrived: {officer: {zh_Hans_CN: '新需求 {reference}。', zh_Hant_TW: '新需求 {reference}。', en: 'New demand {reference}.'}}
  planned: {applicant: {zh_Hans_CN: '需求 {reference} 已列入计划。', zh_Hant_TW: '需求 {reference} 已列入計畫。', en: 'Demand {reference} is planned.'}}
letters:
  planned:
    title: {zh_Hans_CN: 需求答复, zh_Hant_TW: 需求答覆, en: Reply to the demand}
    decision: {zh_Hans_CN: 列入计划, zh_Hant_TW: 列入計畫, en: Planned}
    lines: [wanted, reply]
pages:
  apply: {zh_Hans_CN: 提出数据需求, zh_Hant_TW: 提出資料需求, en: Ask for data}
  begin: {zh_Hans_CN: 说明需要什么。, zh_Hant_TW: 說明需要什麼。, en: Say what you need.}
  begin_button: {zh_Hans_CN: 开始, zh_Hant_TW: 開始, en: Begin}
  hand_in: {zh_Hans_CN: 提交需求, zh_Hant_TW: 提交需求, en: Send the demand}
  go_on: {zh_Hans_CN: 继续填写, zh_Hant_TW: 繼續填寫, en: Go on}
  asked: {zh_Hans_CN: 需求内容, zh_Hant_TW: 需求內容, en: The demand}
  decisions: {zh_Hans_CN: 需求答复, zh_Hant_TW: 需求答覆, en: Demands answered}
  decisions_lead: {zh_Hans_CN: 每一项答复。, zh_Hant_TW: 每一項答覆。, en: Every answer.}
  same: {zh_Hans_CN: '已有同样的需求 {value}。', zh_Hant_TW: '已有同樣的需求 {value}。', en: 'You asked for that already: {value}.'}
counted:
  answered_in_time: {zh_Hans_CN: 按时答复, zh_Hant_TW: 按時答覆, en: Answered in time}
  refused: {zh_Hans_CN: 未采纳, zh_Hant_TW: 未採納, en: Not taken up}
  overdue: {zh_Hans_CN: 逾期, zh_Hant_TW: 逾期, en: Overdue}
"""


@pytest.fixture
def demand(world, tmp_path, monkeypatch):
    folder = tmp_path / "demand"
    folder.mkdir()
    for name, text in (("procedure", PROCEDURE), ("form", FORM), ("words", WORDS)):
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    known = {**declared_procedures.procedures(), **declared_procedures.read([folder])}
    monkeypatch.setattr(declared_procedures, "procedures", lambda: known)
    return f"/en/begin/demand?department={world.department['id']}"


def test_from_the_first_click_to_the_letter(demand, world, browse):
    page = browse("citizen", demand)
    assert page.select_one("h1").text == "Ask for data"
    assert page.select_one("textarea[name=wanted]")
    short = browse("citizen", demand, {"wanted": "x", "submit": "1"}, status=409)
    assert "x" in short.select_one("textarea[name=wanted]").text
    step = short.select_one("form.gd-case-form")["action"]
    done = browse("citizen", step, {"wanted": "各公交站的实时客流", "submit": "1"})
    assert "Demand sent" in done.text
    assert "The demand" in done.text
    reference = done.select_one("h1").text.split()[0]
    assert reference.startswith("XQ-")
    case = world.act("head", reference, "plan", reply="列入明年计划")
    told = browse("citizen", "/en/notices").text
    assert f"Demand {reference} was received." in told
    assert f"Demand {reference} is planned." in told
    letter = browse("citizen", f"/en/cases/{case['id']}/letter/{case['letters'][0]['number']}")
    for words in ("Reply to the demand", "各公交站的实时客流", "列入明年计划", "Planned"):
        assert words in letter.text
    assert "object" not in letter.text.lower()
    public = browse("citizen", "/en/decisions?kind=demand")
    assert reference in public.text
    assert reference not in browse("citizen", "/en/decisions").text


def test_the_same_again_is_told_the_number(demand, world, browse):
    asked = {"wanted": "各公交站的实时客流", "submit": "1"}
    done = browse("citizen", demand, asked)
    reference = done.select_one("h1").text.split()[0]
    again = browse("citizen", demand, asked, status=409)
    assert f"You asked for that already: {reference}." in again.text


def test_a_page_of_nothing_is_not_there(demand, browse):
    for address in ("/begin/demand", "/begin/demand?department=x", "/begin/sorcery"):
        browse("citizen", address, status=404)


def test_a_department_applies_and_its_people_are_the_applicant(demand, world):
    here = world.department["id"]
    asked = {"kind": "demand", "department_id": here, "form": {"wanted": "各公交站的实时客流"}}
    case = call("officer", "govdata_case_create", **asked, applicant_organization_id=here, submit=True)
    assert "applicant" in call("head", "govdata_case_show", id=case["id"])["roles"]
    mine = call("head", "govdata_case_list", mine=True)["results"]
    assert [one["id"] for one in mine] == [case["id"]]
    make_user("reader")
    seat(here, "reader", "member")
    with pytest.raises(tk.NotAuthorized):  # a member only reads what is the department's own
        call("reader", "govdata_case_show", id=case["id"])
    possible = call("head", "govdata_case_commands", id=case["id"])
    assert possible == []  # nobody decides for his own department's application
    with pytest.raises(tk.ValidationError) as caught:
        call("citizen", "govdata_case_create", **asked, applicant_organization_id=here)
    assert "applicant_organization_id" in caught.value.error_dict
