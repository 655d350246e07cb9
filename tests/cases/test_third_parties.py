"""Whose secrets are concerned is asked in writing; who he is stays with the department."""

import json
import re
from datetime import date, timedelta

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.cases.pages.letter_text import letter_text
from tests.cases.conftest import BASIS, REASON, call
from tests.unguarded import unguarded

ASKED = {
    "party": "合肥某某客运有限公司", "party_contact": "0551-64998877",
    "party_question": "申请人申请公开贵公司线路客流，是否同意，请书面答复。",
}  # fmt: skip
ANSWER = {"party_answer": "refused", "party_reason": "客流数据属于本公司商业秘密"}
ATTEMPTS = "11月3日邮政特快专递至登记地址，因查无此人退回；11月4日派员上门，已搬离。"
CANARIES = ("某某客运", "64998877", "属于本公司商业秘密", "贵公司线路客流")


def to(case, party=ASKED["party"]):
    """The number of the letter to a party, as those see it who work on the case."""
    letters = call("officer", "govdata_case_show", id=case["id"])["letters"]
    return next(str(one["number"]) for one in letters[::-1] if one.get("to") == party)


@pytest.fixture
def consulted(world):
    case = world.apply()
    world.act("officer", case["id"], "accept")
    shown = world.act("officer", case["id"], "consult", **ASKED)
    assert (shown["state"], shown["holder"]) == ("consulting", "officer")
    assert "第三十二条" in shown["clocks"]["consult"]["article"]
    assert shown["clocks"]["decide"]["runs"], "Yaohai 17 knows no pause"
    world.act("officer", case["id"], "note_answer", party_letter=to(case), **ANSWER)
    return shown


def text(who, action, **asked):
    return json.dumps(call(who, action, **asked), ensure_ascii=False)


def test_those_who_work_on_it_read_it_and_the_applicant_does_not(consulted, browse):
    seen = text("officer", "govdata_case_show", id=consulted["id"])
    assert all(one in seen for one in CANARIES)
    for who in ("citizen", "authority"):
        seen = text(who, "govdata_case_show", id=consulted["id"])
        assert not [one for one in CANARIES if one in seen], who
    page = browse("citizen", f"/zh_Hans_CN/cases/{consulted['id']}").text
    assert not [one for one in CANARIES if one in page]
    assert "书面征求第三方意见" in page, "that somebody was asked he is told"


def test_names_and_contacts_are_encrypted_where_they_are_kept(consulted):
    for table in ("govdata_case_event", "govdata_ledger", "govdata_notice", "govdata_outbox",
                  "govdata_case_letter"):
        kept = model.Session.scalar(sa.text(f"SELECT string_agg(t::text, ' ') FROM {table} t"))
        assert not [one for one in CANARIES if one in (kept or "")], table


def test_the_letter_says_that_somebody_was_asked_and_not_who(
    world, consulted, on_day, test_request_context
):
    for party in ("另一家单位", "第三家单位"):
        world.act("officer", consulted["id"], "consult", **{**ASKED, "party": party})
    today = now.today()
    for party in (ASKED["party"], "另一家单位"):
        served = {"party_letter": to(consulted, party), "served_on": today.isoformat()}
        shown = world.act("officer", consulted["id"], "note_service", **served)
    with pytest.raises(tk.ValidationError) as caught:
        world.act("officer", consulted["id"], "end_consultation")
    assert caught.value.error_dict["reasons"][0]["code"] == "parties_not_heard"
    on_day(date.fromisoformat(shown["clocks"]["consult"]["due"]) + timedelta(days=1))
    world.act("officer", consulted["id"], "end_consultation")
    world.act("officer", consulted["id"], "propose", proposal="refuse", note="权利人不同意")
    letter = world.act("head", consulted["id"], "refuse", reason=REASON, basis=BASIS)["letters"][-1]
    assert letter["heard"] == {
        "asked": 3, "answers": {"refused": 1}, "silent": 1, "unnoted": 1,
    }  # fmt: skip
    with test_request_context(environ_overrides={"CKAN_LANG": "zh_Hans_CN"}):
        said = letter_text(letter).whole
    assert "未提出意见 1" in said
    assert "未登记送达 1" in said
    assert "未能送达" not in said
    said = json.dumps(letter, ensure_ascii=False)
    assert not [one for one in (*CANARIES, "另一家单位", "第三家单位") if one in said]


def cautions(case):
    found = call("head", "govdata_case_commands", id=case["id"])
    return {one["name"]: " ".join(one.get("cautions", [])) for one in found}


def test_the_head_is_told_where_nobody_was_asked(world, consulted):
    for said in cautions(world.prepared()).values():
        assert not said or "No third party was asked" in said
    world.act("officer", consulted["id"], "propose", proposal="refuse", note="权利人不同意")
    told = cautions(consulted)["refuse"]
    assert "No third party was asked" not in told
    assert "Third parties asked: 1" in told


def test_a_letter_where_nobody_was_asked_says_nothing_of_it(world):
    case = world.prepared()
    letter = world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)["letters"][-1]
    assert "heard" not in letter


def letter_of(who, case):
    letters = call(who, "govdata_case_show", id=case["id"])["letters"]
    return next((one for one in letters if one["decision"] == "party_consulted"), None)


def test_the_department_prints_a_letter_to_the_third_party_that_names_no_applicant(
    consulted, browse
):
    """Regulations 32: who asks, what of theirs, by when, what silence means, and where to turn."""
    letter = letter_of("officer", consulted)
    page = browse("officer", f"/zh_Hans_CN/cases/{consulted['id']}/letter/{letter['number']}")
    said = re.sub(r"\s", "", page.select_one("article").text)
    for words in (
        "瑶海区民政局", letter["letter_number"], "征求第三方意见书", "合肥某某客运有限公司",
        "公交线路客流", "线路名称、客流量", "第三十二条", "申请人申请公开贵公司线路客流",
        "自收到本意见书之日起15个工作日内", "逾期未提出意见的，由本机关",
        "不同意公开且有合理理由的",
        "行政复议", "行政诉讼", "本意见书不载明申请人的身份",
    ):  # fmt: skip
        assert words in said, words
    shown = call("officer", "govdata_case_show", id=consulted["id"])
    for words in ("王", shown["answers"]["purpose"], "答复期限", "书面征求了"):
        assert words not in said.replace("合肥某某客运有限公司", ""), words


def test_nobody_else_reads_to_whom_the_letter_is(consulted, browse):
    digest = letter_of("officer", consulted)["digest"]
    assert letter_of("citizen", consulted) is None
    told = json.dumps(letter_of("authority", consulted), ensure_ascii=False)
    checked = call("other", "govdata_letter_verify", digest=digest)
    assert checked["genuine"]
    page = browse("other", f"/letters/verify?digest={digest}").text
    for text in (told, json.dumps(checked, ensure_ascii=False), page):
        assert not [one for one in (*CANARIES, "王") if one in text]


def test_their_days_count_from_the_day_on_which_the_letter_was_there(world, on_day):
    on_day("2026-11-02")
    case = world.apply()
    world.act("officer", case["id"], "accept")
    waits = world.act("officer", case["id"], "consult", **ASKED)["clocks"]["consult"]
    assert (waits["start"], waits["due"]) == ("2026-11-09", "2026-11-30"), "five days to serve it"
    on_day("2026-11-05")
    served = {"party_letter": to(case), "served_on": "2026-11-04"}
    runs = world.act("officer", case["id"], "note_service", **served)["clocks"]["consult"]
    assert (runs["start"], runs["due"]) == ("2026-11-04", "2026-11-25")
    with pytest.raises(tk.ValidationError) as caught:
        world.act("officer", case["id"], "note_service", **{**served, "served_on": "2026-11-06"})
    assert caught.value.error_dict["reasons"][0]["code"] == "served_in_future"


def test_a_second_letter_cuts_no_days_of_the_first(world, on_day):
    on_day("2026-11-02")
    case = world.apply()
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "consult", **ASKED)
    world.act("officer", case["id"], "consult", **{**ASKED, "party": "另一家单位"})
    with pytest.raises(tk.ValidationError) as caught:
        world.act("officer", case["id"], "note_service", party_letter=to(case),
                  served_on="2026-11-01")  # fmt: skip
    assert caught.value.error_dict["reasons"][0]["code"] == "served_before_asked"
    on_day("2026-11-06")
    one = {"party_letter": to(case), "served_on": "2026-11-06"}
    first = world.act("officer", case["id"], "note_service", **one)["clocks"]["consult"]
    assert first["start"] == "2026-11-09", "the other letter is not there yet"
    other = {"party_letter": to(case, "另一家单位"), "served_on": "2026-11-03"}
    both = world.act("officer", case["id"], "note_service", **other)["clocks"]["consult"]
    assert both["start"] == "2026-11-06"


@pytest.mark.parametrize("again", [
    ASKED["party"], " 合肥某某客运 有限公司", "合肥某某客运有限公司\u3000",
])  # fmt: skip
def test_who_was_written_to_is_not_written_to_as_somebody_else(world, again):
    """A newer letter says which it replaces, and the party is counted once."""
    case = world.apply()
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "consult", **ASKED)
    second = {**ASKED, "party": again, "party_contact": "0551-64998800"}
    with pytest.raises(tk.ValidationError) as caught:
        world.act("officer", case["id"], "consult", **second)
    assert again.strip() in caught.value.error_dict["party"][0]
    world.act("officer", case["id"], "consult", **second, instead_of=to(case))
    newer = {"party_letter": to(case, again.strip()), "party_answer": "agreed"}
    world.act("officer", case["id"], "note_answer", **newer)
    assert refused(world, case)["heard"] == {"asked": 1, "answers": {"agreed": 1}, "silent": 0}


def refused(world, case):
    """The letter of the decision that ends the case."""
    world.act("officer", case["id"], "propose", proposal="refuse", note="另有理由")
    return world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)["letters"][-1]


@pytest.mark.parametrize("party", [ASKED["party"], "正确的公司"])
def test_no_newer_letter_takes_an_answer_away(world, consulted, party):
    """What somebody has said counts: it is not erased by a letter to him or to somebody else."""
    second = {**ASKED, "party": party, "instead_of": to(consulted)}
    with pytest.raises(tk.ValidationError) as caught:
        world.act("officer", consulted["id"], "consult", **second)
    assert ASKED["party"] in caught.value.error_dict["instead_of"][0]
    world.act("officer", consulted["id"], "consult", **{**ASKED, "party": party})
    newer = {"party_letter": to(consulted, party), "party_answer": "agreed"}
    world.act("officer", consulted["id"], "note_answer", **newer)
    heard = refused(world, consulted)["heard"]
    assert heard == {"asked": 2, "answers": {"agreed": 1, "refused": 1}, "silent": 0}


def test_what_could_not_be_delivered_is_not_called_silent(world, on_day, browse):
    on_day("2026-11-02")
    case = world.apply()
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "consult", **ASKED)
    page = browse("officer", f"/zh_Hans_CN/cases/{case['id']}")
    choose = page.select_one("#note_return-party_letter")
    assert "合肥某某客运有限公司（2026年11月2日）" in choose.text
    on_day("2026-11-04")
    world.act("officer", case["id"], "note_service", party_letter=to(case), served_on="2026-11-04")
    back = {"party_letter": to(case), "returned_on": "2026-11-04", "attempts": ATTEMPTS}
    shown = world.act("officer", case["id"], "note_return", **back)
    assert (shown["state"], shown["clocks"]["consult"]["stopped"]) == ("accepted", "2026-11-04")
    shown = call("citizen", "govdata_case_show", id=case["id"])
    assert "party_letter_returned" not in [one["name"] for one in shown["events"]]
    for who, sees in (("officer", True), ("authority", False), ("citizen", False)):
        page = browse(who, f"/zh_Hans_CN/cases/{case['id']}").text
        assert ("合肥某某客运有限公司" in page) is sees, who
    world.act("officer", case["id"], "propose", proposal="refuse", note="未能送达")
    letter = world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)["letters"][-1]
    assert letter["heard"] == {"asked": 1, "answers": {}, "silent": 0, "unserved": 1}


def test_what_was_kept_before_such_fields_were_encrypted_is_read_all_the_same(consulted):
    """By those who work on the case, and by nobody else; what no key opens stays hidden."""
    query = "SELECT fields FROM govdata_case_event WHERE case_id = :id AND name = 'party_consulted'"
    kept = json.loads(model.Session.scalar(sa.text(query), {"id": consulted["id"]}))
    change = sa.text("UPDATE govdata_case_event SET fields = :fields WHERE case_id = :id"
                     " AND name = 'party_consulted'")  # fmt: skip
    with unguarded() as other:
        clear = {**kept, "party_question": ASKED["party_question"], "party_contact": "gAAAAABother"}
        fields = json.dumps(clear, ensure_ascii=False)
        other.execute(change, {"id": consulted["id"], "fields": fields})
    for who, said in (("officer", ASKED["party_question"]), ("authority", "***")):
        events = call(who, "govdata_case_show", id=consulted["id"])["events"]
        (told,) = [one["fields"] for one in events if one["name"] == "party_consulted"]
        assert (told["party_question"], told["party_contact"]) == (said, "***")
