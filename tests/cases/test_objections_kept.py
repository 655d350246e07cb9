"""An objection stays one until its party withdraws it; the public interest is the head's finding;
what is followed in part is told so; what comes after the decision is answered."""

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest

from ckanext.govdata import now
from ckanext.govdata.cases.time.sweep import sweep
from tests.cases.conftest import call
from tests.cases.test_decision_desk import sent
from tests.cases.test_objecting_parties import (
    OBJECTION,
    PARTIES,
    UNFOUNDED,
    WHY,
    consulted,
    letters,
    part,
    proposed,
    read_by,
    to,
    weigh,
    why_not,
    withdraw,
)
from tests.unguarded import unguarded

ATTEMPTS = "邮寄退回：原址查无此人。"
PART = "客流量一项，属于其商业秘密"


def codes(caught):
    return [one["code"] for one in caught.value.error_dict["reasons"]]


def test_nobody_but_the_party_turns_its_objection_into_consent(world):
    case = consulted(world, "refused")
    agreed = {"party_letter": to(case, PARTIES[0]), "party_answer": "agreed"}
    with pytest.raises(tk.ValidationError) as caught:
        world.act("officer", case["id"], "note_answer", **agreed)
    assert codes(caught) == ["objection_stands"]
    assert "party_answer" in caught.value.error_dict
    proposed(world, case)
    assert why_not(world, case)[0] == ["objection_not_weighed"]
    days = ({"withdrawn_on": day} for day in ("2026-11-01", "2099-01-01"))
    for wrong in ({"withdrawal": ""}, *days):
        with pytest.raises(tk.ValidationError):
            withdraw(world, case, PARTIES[0], **wrong)
    withdraw(world, case, PARTIES[0])
    assert "objection_withdrawn" in [
        one["kind"] for one in call("head", "govdata_notice_list")["results"]
    ]
    shown = world.act("head", case["id"], "approve")
    assert shown["letters"][-1]["heard"]["answers"] == {"agreed": 1}
    assert "party_told" not in [one["decision"] for one in shown["letters"]]


def test_only_the_head_finds_that_it_is_in_the_public_interest(world):
    case = consulted(world, "refused")
    for finding in ("public_interest", "partly_interest"):
        with pytest.raises(tk.ValidationError) as caught:
            weigh(world, case, PARTIES[0], finding, who="officer", followed_part=PART)
        assert codes(caught) == ["interest_by_head"]
    weigh(world, case, PARTIES[0], "unfounded", UNFOUNDED, who="officer")
    weigh(world, case, PARTIES[0])
    proposed(world, case)
    world.act("head", case["id"], "approve")


def test_what_an_officer_found_before_is_found_anew_by_the_head(world):
    """Of cases from before: the finding stands in the file, and carries nothing."""
    case = consulted(world, "refused")
    weigh(world, case, PARTIES[0])
    query = "UPDATE govdata_case_event SET role = 'officer' WHERE name = 'objection_weighed'"
    with unguarded() as other:
        other.exec_driver_sql(query)
    proposed(world, case)
    assert why_not(world, case)[0] == ["interest_not_by_head"]


@pytest.mark.parametrize(("finding", "why", "said"), [
    ("partly_interest", WHY, "对该部分不公开可能对公共利益造成重大影响"),
    ("partly_unfounded", UNFOUNDED, "认定该部分意见没有合理理由"),
])  # fmt: skip
def test_whose_objection_is_followed_in_part_is_told_which(world, browse, finding, why, said):
    case = consulted(world, "refused")
    with pytest.raises(tk.ValidationError) as caught:
        weigh(world, case, PARTIES[0], finding, why)
    assert "followed_part" in caught.value.error_dict
    weigh(world, case, PARTIES[0], finding, why, followed_part=PART)
    proposed(world, case)
    assert why_not(world, case)[0] == ["objection_was_followed"], "all of it is not a part"
    world.act("head", case["id"], "approve_partly", **part(world))
    read = read_by(browse, "officer", case, to(case, PARTIES[0], "party_told"))
    for words in (f"采纳贵方意见中的下列部分，所涉内容不予提供：{PART}", "其余部分未予采纳", said,
                  why.rstrip("。"), "线路名称", "申请行政复议"):  # fmt: skip
        assert words in read, (words, read)
    assert "本机关采纳贵方的意见" not in read


def test_the_letters_to_third_parties_are_confirmed_as_they_were_read(world, browse):
    """What was found of an objection after the head has looked is no letter that he has seen."""
    case = consulted(world, "refused")
    weigh(world, case, PARTIES[0])
    proposed(world, case)
    address = f"/zh_Hans_CN/cases/{case['id']}/do/approve"
    looked = browse("head", address, {**sent(browse("head", address)), "look": "1"})
    other = "经复核，该数据已由其在上市公告中披露，不属于商业秘密。"
    weigh(world, case, PARTIES[0], "unfounded", other)
    again = browse("head", address, {**sent(looked), "confirm": "1"}, status=409)
    assert "approved" not in [one["decision"] for one in letters(case)]
    assert other in again.select("article.gd-case-letter")[1].text
    browse("head", address, {**sent(again), "confirm": "1"})
    assert [one["decision"] for one in letters(case)][-2:] == ["approved", "party_told"]


def test_the_act_itself_writes_only_letters_that_were_read(world):
    case = consulted(world, "refused")
    weigh(world, case, PARTIES[0])
    proposed(world, case)
    looked = call("head", "govdata_case_rehearse", id=case["id"], command="approve", fields={})
    weigh(world, case, PARTIES[0], "unfounded", UNFOUNDED)
    asked = {"id": case["id"], "command": "approve", "fields": {}, "read": looked["read"]}
    with pytest.raises(tk.ValidationError) as caught:
        call("head", "govdata_case_act", **asked)
    assert codes(caught) == ["letters_changed"]
    model.Session.rollback()
    looked = call("head", "govdata_case_rehearse", id=case["id"], command="approve", fields={})
    assert call("head", "govdata_case_act", **{**asked, "read": looked["read"]})["outcome"]


def test_a_consultation_ends_once_nobody_is_awaited(world):
    """The term that stood goes on, and the case is back with its officer."""
    case = world.apply()
    world.act("officer", case["id"], "accept")
    for party in PARTIES[:2]:
        world.act("officer", case["id"], "consult", party=party, party_contact="0551-64998877",
                  party_question="是否同意公开")  # fmt: skip
    answer = {"party_letter": to(case, PARTIES[0]), "party_answer": "agreed"}
    shown = world.act("officer", case["id"], "note_answer", **answer)
    assert shown["state"] == "consulting", "the other is awaited"
    shown = world.act("officer", case["id"], "note_answer", **{**answer,
                      "party_letter": to(case, PARTIES[1])})  # fmt: skip
    assert (shown["state"], shown["holder"]) == ("accepted", "officer")
    assert not shown["clocks"]["consult"]["runs"]
    ended = shown["events"][-1]
    assert (ended["name"], ended["by"]) == ("consultation_ended", ""), "nobody decided so"
    for who in ("citizen", "officer"):
        kinds = [one["kind"] for one in call(who, "govdata_notice_list")["results"]]
        assert kinds.count("consultation_ended") == 1, who


@pytest.fixture
def late(world, on_day):
    """Data was given when a third party's objection came in."""
    on_day("2026-11-02")
    case = world.apply()
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "consult", party=PARTIES[0], party_contact="0551-64998877",
              party_question="是否同意公开")  # fmt: skip
    on_day("2026-11-04")
    number = to(case, PARTIES[0])
    world.act("officer", case["id"], "note_service", party_letter=number, served_on="2026-11-03")
    on_day("2026-12-01")
    sweep(model.Session, now.today())
    proposed(world, case)
    world.act("head", case["id"], "approve")
    on_day("2026-12-03")
    world.act("officer", case["id"], "note_answer", party_letter=number, party_answer="refused",
              party_reason=OBJECTION)  # fmt: skip
    return case


@pytest.mark.parametrize(("finding", "why", "said"), [
    ("unfounded", UNFOUNDED, "没有合理理由"),
    ("public_interest", WHY, "不公开可能对公共利益造成重大影响"),
    ("followed", "客流量确属其商业秘密。", "对已经决定提供的数据另行作出处理"),
])  # fmt: skip
def test_an_objection_that_is_weighed_after_the_decision_is_answered(
    world, late, browse, finding, why, said
):
    with pytest.raises(tk.ValidationError) as caught:
        weigh(world, late, PARTIES[0], finding, why, who="officer")
    assert set(codes(caught)) <= {"weighed_late_by_head", "interest_by_head"}
    weigh(world, late, PARTIES[0], finding, why)
    read = read_by(browse, "officer", late, to(late, PARTIES[0], "party_told"))
    for words in ("在本机关于2026年12月1日作出决定之后审查", said, why.rstrip("。"), OBJECTION,
                  "本机关于2026年12月1日决定", "线路名称", "客流量", "行政复议"):  # fmt: skip
        assert words in read, (words, read)


def test_a_letter_to_a_third_party_has_a_term_of_its_own_in_the_inbox(
    world, late, on_day, browse
):
    weigh(world, late, PARTIES[0], "unfounded", UNFOUNDED)
    shown = call("officer", "govdata_case_show", id=late["id"])
    assert (shown["open"], shown["holder"]) == (False, "officer")
    clock = shown["clocks"]["tell"]
    assert (clock["runs"], clock["own_rule"], clock["due"]) == (True, True, "2026-12-10")
    assert shown["events"][-1]["fields"]["party_contact"] == "0551-64998877"
    desk = call("officer", "govdata_case_list", desk=True, open=True)["results"]
    assert [(one["id"], one["due"]) for one in desk] == [(late["id"], "2026-12-10")]
    mine = call("citizen", "govdata_case_show", id=late["id"])
    assert (mine["due"], "tell" in mine["clocks"]) == (None, False)
    page = browse("officer", f"/zh_Hans_CN/cases/{late['id']}").text
    assert "2026-12-10前送达" in page.replace(" ", "")
    assert "尚不能获取" not in page
    on_day("2026-12-11")
    assert call("officer", "govdata_case_list", desk=True, overdue=True)["results"]
    told = to(late, PARTIES[0], "party_told")
    world.act("officer", late["id"], "note_service", party_letter=told, served_on="2026-12-11")
    assert not call("officer", "govdata_case_list", desk=True, open=True)["results"]


def test_a_letter_that_came_back_is_sent_again(world, late, on_day):
    weigh(world, late, PARTIES[0], "unfounded", UNFOUNDED)
    told = to(late, PARTIES[0], "party_told")
    with pytest.raises(tk.ValidationError):
        world.act("officer", late["id"], "serve_again", party_letter=told, party_contact="新址")
    back = {"party_letter": told, "returned_on": "2026-12-03", "attempts": ATTEMPTS}
    shown = world.act("officer", late["id"], "note_return", **back)
    assert not shown["clocks"]["tell"]["runs"]
    assert "party_letter_returned" in [
        one["kind"] for one in call("head", "govdata_notice_list")["results"]
    ]
    on_day("2026-12-07")
    again = {"party_letter": told, "party_contact": "合肥市瑶海区新址1号"}
    shown = world.act("officer", late["id"], "serve_again", **again)
    assert (shown["clocks"]["tell"]["runs"], shown["due"]) == (True, "2026-12-14")
    world.act("officer", late["id"], "note_service", party_letter=told, served_on="2026-12-07")
    assert not call("officer", "govdata_case_list", desk=True, open=True)["results"]


def test_what_is_still_to_be_served_is_no_late_answer(world, late, on_day):
    """The applicant had his data: he has nothing to complain of."""
    weigh(world, late, PARTIES[0], "unfounded", UNFOUNDED)
    on_day("2026-12-20")
    offered = [one["name"] for one in call("citizen", "govdata_case_commands", id=late["id"])]
    assert not [one for one in offered if one.startswith("complain")]
    assert call("other", "govdata_decision_list")["results"][0]["in_time"] is not None
