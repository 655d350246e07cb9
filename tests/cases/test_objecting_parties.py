"""Data is given against the will of a third party only with a letter to him: what, why, and what he
may do (Regulations on Open Government Information 32)."""

import json
import re

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.cases.time.sweep import sweep
from tests.cases.conftest import BASIS, CLAUSE, REASON, call, heard
from tests.cases.test_decision_desk import sent

PARTIES = ("合肥某某客运有限公司", "第二客运公司", "第三客运公司")
WHY = "线路客流关系全区公交安全评估，不公开将影响公众出行安全。"
UNFOUNDED = "所述数据已由其在年报中公布，不属于商业秘密。"
WITHDRAWAL = "《撤回意见函》，法定代表人签字，同意公开。"
OBJECTION = "客流数据属于本公司商业秘密"


def consulted(world, *answers):
    """A case on which parties have answered, back with the officer."""
    case = world.apply()
    world.act("officer", case["id"], "accept")
    for party in PARTIES[: len(answers)]:
        asked = {"party": party, "party_contact": "0551-64998877", "party_question": "是否同意公开"}
        world.act("officer", case["id"], "consult", **asked)
    for party, answer in zip(PARTIES, answers, strict=False):
        said = {"party_letter": to(case, party), "party_answer": answer}
        reason = {} if answer == "agreed" else {"party_reason": OBJECTION}
        world.act("officer", case["id"], "note_answer", **said, **reason)
    return case


def letters(case, who="officer"):
    return call(who, "govdata_case_show", id=case["id"])["letters"]


def to(case, party, decision="party_consulted"):
    found = [one for one in letters(case) if (one.get("to"), one["decision"]) == (party, decision)]
    return str(found[-1]["number"])


def weigh(world, case, party, finding="public_interest", why=WHY, who="head", **more):
    return world.act(who, case["id"], "weigh_objection", party_letter=to(case, party),
                     finding=finding, finding_reason=why, **more)  # fmt: skip


def withdraw(world, case, party, **more):
    said = {"withdrawn_on": now.today().isoformat(), "withdrawal": WITHDRAWAL}
    return world.act("officer", case["id"], "note_withdrawal", party_letter=to(case, party),
                     **{**said, **more})  # fmt: skip


def proposed(world, case, proposal="approve"):
    world.act("officer", case["id"], "propose", proposal=proposal, note="拟办")


def why_not(world, case, command="approve", **fields):
    with pytest.raises(tk.ValidationError) as caught:
        world.act("head", case["id"], command, **fields)
    return [one["code"] for one in caught.value.error_dict["reasons"]], caught.value.error_dict


def part(world):
    file, form = world.entry["resources"][0]["id"], world.form()
    days = {"valid_from": form["period_from"], "valid_until": form["period_until"]}
    return {"grant_resources": [file], "grant_columns": {file: ["线路名称"]}, **days,
            "reason": REASON, "basis": BASIS}  # fmt: skip


def test_nothing_is_given_before_each_objection_was_weighed(world):
    """Whoever gives data over an objection in silence takes its remedy away."""
    case = consulted(world, "refused", "refused", "agreed")
    proposed(world, case)
    codes, said = why_not(world, case)
    assert codes == ["objection_not_weighed"] * 2
    assert all(party in " ".join(said["command"]) for party in PARTIES[:2])
    assert PARTIES[2] not in " ".join(said["command"])
    assert "article 32" in said["command"][0]
    weigh(world, case, PARTIES[0])
    assert why_not(world, case, "approve_partly", **part(world))[0] == ["objection_not_weighed"]
    conditions = {"conditions": "注明来源", "reason": REASON, "basis": BASIS}
    assert why_not(world, case, "approve_conditionally", **conditions)[0] == [
        "objection_not_weighed"
    ]
    weigh(world, case, PARTIES[1], "unfounded", UNFOUNDED)
    shown = world.act("head", case["id"], "approve")
    assert (shown["state"], shown["outcome"]) == ("approved", "granted")
    told = [one for one in letters(case) if one["decision"] == "party_told"]
    assert [one["to"] for one in told] == list(PARTIES[:2])


def test_whoever_refuses_needs_not_weigh_what_he_follows(world):
    case = consulted(world, "refused")
    proposed(world, case, "refuse")
    shown = world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    assert [one["decision"] for one in letters(case)][-1] == "refused"
    assert shown["outcome"] == "refused"


def test_an_objection_that_is_followed_is_not_passed_over(world):
    case = consulted(world, "refused")
    weigh(world, case, PARTIES[0], "followed", "客流量确属其商业秘密，不予公开。")
    proposed(world, case)
    codes, said = why_not(world, case)
    assert codes == ["objection_was_followed"]
    assert "approve in part" in said["command"][0]
    world.act("head", case["id"], "approve_partly", **part(world))
    assert "party_told" not in [one["decision"] for one in letters(case)]


def test_what_follows_an_objection_withholds_something(world):
    case = consulted(world, "refused")
    weigh(world, case, PARTIES[0], "followed", "客流量确属其商业秘密，不予公开。")
    proposed(world, case)
    everything = part(world)
    file = everything["grant_resources"][0]
    everything["grant_columns"] = {file: world.form()["columns"][file]}
    codes, _said = why_not(world, case, "approve_partly", **everything)
    assert codes == ["all_that_was_asked", "objection_was_followed"]


def test_who_had_the_letter_late_keeps_his_days_and_is_read_after_the_decision(world, on_day):
    """A letter may be longer on the way than was waited for: its days count from its receipt."""
    on_day("2026-11-02")
    case = world.apply()
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "consult", party=PARTIES[0], party_contact="0551-64998877",
              party_question="是否同意公开")  # fmt: skip
    on_day("2026-12-01")
    assert call("citizen", "govdata_case_show", id=case["id"])["state"] == "consulting"
    sweep(model.Session, now.today())
    number = to(case, PARTIES[0])
    proposed(world, case)
    world.act("officer", case["id"], "note_service", party_letter=number, served_on="2026-11-30")
    codes, said = why_not(world, case)
    assert codes == ["parties_not_heard"]
    assert "2026-12-21" in said["command"][0] or "21 December" in said["command"][0], said
    on_day("2026-12-22")
    world.act("head", case["id"], "approve")
    world.act("officer", case["id"], "note_answer", party_letter=number, party_answer="refused",
              party_reason=OBJECTION, answered_on="2026-12-18")  # fmt: skip
    kinds = [one["kind"] for one in call("head", "govdata_notice_list")["results"]]
    assert "party_answered" in kinds
    weigh(world, case, PARTIES[0], "unfounded", UNFOUNDED, who="head")


def test_who_is_asked_again_and_answers_anew_is_weighed_anew(world):
    case = consulted(world, "refused")
    weigh(world, case, PARTIES[0], "unfounded", UNFOUNDED)
    again = {"party_letter": to(case, PARTIES[0]), "party_answer": "refused"}
    world.act("officer", case["id"], "note_answer", **again, party_reason="另有理由：涉及运营安全")
    proposed(world, case)
    assert why_not(world, case)[0] == ["objection_not_weighed"], "another reason was not weighed"
    withdraw(world, case, PARTIES[0])
    world.act("head", case["id"], "approve")
    assert "party_told" not in [one["decision"] for one in letters(case)]


def test_only_objections_are_weighed(world, browse):
    case = consulted(world, "agreed", "refused")
    with pytest.raises(tk.ValidationError) as caught:
        weigh(world, case, PARTIES[0])
    assert "party_letter" in caught.value.error_dict
    page = browse("officer", f"/zh_Hans_CN/cases/{case['id']}")
    choose = page.select_one("#weigh_objection-party_letter")
    assert PARTIES[1] in choose.text
    assert PARTIES[0] not in choose.text
    with pytest.raises(tk.ValidationError) as caught:
        weigh(world, case, PARTIES[1], who="citizen")
    assert caught.value.error_dict["reasons"][0]["code"] == "wrong_role"


@pytest.fixture
def told(world):
    """A case that was approved against the will of one party, by a finding of public interest."""
    case = consulted(world, "refused")
    weigh(world, case, PARTIES[0])
    proposed(world, case)
    world.act("head", case["id"], "approve")
    return case


def read_by(browse, who, case, number):
    page = browse(who, f"/zh_Hans_CN/cases/{case['id']}/letter/{number}")
    return re.sub(r"\s", "", page.select_one("article").text)


def test_the_letter_says_what_is_published_why_and_what_he_may_do(world, told, browse):
    """As a judge reads it: who decided, to whom it is, content, reason, articles, days."""
    number = to(told, PARTIES[0], "party_told")
    said = read_by(browse, "officer", told, number)
    asked = next(one for one in letters(told) if one["decision"] == "party_consulted")
    for words in (
        "瑶海区民政局", "数据开放决定告知书", f"{PARTIES[0]}：", asked["letter_number"],
        OBJECTION,
        "向特定对象提供下列数据（不向社会公开）", "数据使用条款（2026-2）", "收到贵方意见",
        "不公开可能对公共利益造成重大影响（《中华人民共和国政府信息公开条例》第十五条、",
        "《中华人民共和国政府信息公开条例》第三十二条、",
        "（瑶政办〔2024〕2号）第十五条）。理由是", WHY, "线路名称", "客流量",
        "60日内向合肥市瑶海区人民政府申请行政复议", "6个月内", "行政诉讼法》第四十六条",
        "第五十一条",
    ):  # fmt: skip
        assert words in said, (words, said)
    for words in ("王", "研究瑶海区公交", "先申请行政复议", "异议", "没有合理理由",
                  "未说明理由", "最后一日"):
        assert words not in said.replace(PARTIES[0], ""), words


def test_who_gave_no_reason_is_told_so_and_when_his_answer_came(world, browse, on_day):
    on_day("2026-11-02")
    case = world.apply()
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "consult", party=PARTIES[0], party_contact="0551-64998877",
              party_question="是否同意公开")  # fmt: skip
    on_day("2026-11-06")
    answer = {"party_letter": to(case, PARTIES[0]), "party_answer": "refused"}
    for wrong in ("2026-11-07", "2026-11-01"):
        with pytest.raises(tk.ValidationError) as caught:
            world.act("officer", case["id"], "note_answer", **answer, answered_on=wrong)
        assert "answered_on" in caught.value.error_dict
    world.act("officer", case["id"], "note_answer", **answer, answered_on="2026-11-04")
    weigh(world, case, PARTIES[0], "unfounded", UNFOUNDED)
    proposed(world, case)
    world.act("head", case["id"], "approve")
    said = read_by(browse, "officer", case, to(case, PARTIES[0], "party_told"))
    assert "贵方在2026年11月4日收到的意见中未说明理由" in said, said
    assert "所述理由：" not in said


def test_an_unfounded_objection_is_told_as_such(world, browse):
    case = consulted(world, "refused")
    weigh(world, case, PARTIES[0], "unfounded", UNFOUNDED)
    proposed(world, case, "approve_partly")
    world.act("head", case["id"], "approve_partly", **part(world))
    said = read_by(browse, "officer", case, to(case, PARTIES[0], "party_told"))
    assert "没有合理理由" in said
    assert "线路名称" in said
    assert "客流量" not in said.replace(OBJECTION, ""), "only what is given is told as given"
    for words in ("公共利益", "提出一次异议", "王"):
        assert words not in said, words


def test_nobody_else_reads_it(told, browse):
    canaries = (PARTIES[0], WHY, OBJECTION)
    for who in ("citizen", "authority", "auditor"):
        seen = json.dumps(call(who, "govdata_case_show", id=told["id"]), ensure_ascii=False)
        assert not [one for one in canaries if one in seen], who
    assert "party_told" not in [one["decision"] for one in letters(told, "citizen")]
    assert "party_told" in [
        one["name"] for one in call("citizen", "govdata_case_show", id=told["id"])["events"]
    ]
    digest = next(one["digest"] for one in letters(told) if one["decision"] == "party_told")
    page = browse("other", f"/letters/verify?digest={digest}").text
    assert not [one for one in canaries if one in page]
    for table in ("govdata_case_event", "govdata_ledger", "govdata_notice", "govdata_outbox",
                  "govdata_case_letter"):
        kept = model.Session.scalar(sa.text(f"SELECT string_agg(t::text, ' ') FROM {table} t"))
        assert not [one for one in canaries if one in (kept or "")], table


def test_the_head_reads_both_letters_before_he_decides(world, app, browse):
    case = consulted(world, "refused")
    weigh(world, case, PARTIES[0])
    proposed(world, case)
    address = f"/zh_Hans_CN/cases/{case['id']}/do/approve"
    page = browse("head", address)
    looked = browse("head", address, {**sent(page), "look": "1"})
    said = [re.sub(r"\s", "", one.text) for one in looked.select("article.gd-case-letter")]
    assert len(said) == 2
    assert "同意开放" in said[0]
    assert "数据开放决定告知书" in said[1]
    assert WHY in said[1]
    assert "party_told" not in [one["decision"] for one in letters(case)], "nothing was sent yet"
    browse("head", address, {**sent(looked), "confirm": "1"})
    assert "party_told" in [one["decision"] for one in letters(case)]


def test_whoever_serves_it_is_told_and_notes_the_day(world, told, browse):
    """Not served is not known: no remedy begins to run (Implementing Regulations of the
    Reconsideration Law 15)."""
    notices = call("officer", "govdata_notice_list")["results"]
    assert "party_told" in [one["kind"] for one in notices]
    page = browse("officer", "/zh_Hans_CN/notices").text
    assert "须将《数据开放决定告知书》送达不同意公开的第三方" in page
    page = browse("officer", f"/zh_Hans_CN/cases/{told['id']}")
    choose = page.select_one("#note_service-party_letter")
    assert f"{PARTIES[0]} 数据开放决定告知书" in choose.text
    number = to(told, PARTIES[0], "party_told")
    today = now.today().isoformat()
    shown = world.act("officer", told["id"], "note_service", party_letter=number, served_on=today)
    assert shown["events"][-1]["fields"]["served_on"] == today
    assert shown["state"] == "approved"
    with pytest.raises(tk.ValidationError):
        world.act("officer", told["id"], "note_answer", party_letter=number, party_answer="agreed")


def test_a_letter_about_the_grant_names_nothing_of_the_third_party(world, told):
    grant = call("head", "govdata_case_show", id=told["id"])["grant"]
    call("head", "govdata_grant_revoke", id=grant, reason=REASON, basis=CLAUSE, **heard())
    letter = letters(told, "citizen")[-1]
    assert letter["decision"] == "grant_revoked"
    assert letter["remedies"]
    assert not [one for one in (PARTIES[0], WHY) if one in json.dumps(letter, ensure_ascii=False)]


def test_each_letter_has_a_number_of_its_own_and_the_reply_comes_first(told):
    numbers = [one["letter_number"] for one in letters(told)]
    assert len(set(numbers)) == len(numbers)
    decisions = [one["decision"] for one in letters(told)]
    assert decisions[-2:] == ["approved", "party_told"]
