"""Whose secrets are concerned is asked in writing; who he is stays with the department."""

import json

import ckan.model as model
import pytest
import sqlalchemy as sa

from tests.cases.conftest import BASIS, REASON, call

ASKED = {
    "party": "合肥某某客运有限公司", "party_contact": "0551-64998877",
    "party_question": "申请人申请公开贵公司线路客流，是否同意，请书面答复。",
}  # fmt: skip
ANSWER = {"answering_party": "合肥某某客运有限公司", "party_answer": "refused",
          "party_reason": "客流数据属于本公司商业秘密"}  # fmt: skip
CANARIES = ("某某客运", "64998877", "属于本公司商业秘密")


@pytest.fixture
def consulted(world):
    case = world.apply()
    world.act("officer", case["id"], "accept")
    shown = world.act("officer", case["id"], "consult", **ASKED)
    assert (shown["state"], shown["holder"]) == ("consulting", "officer")
    assert "第三十二条" in shown["clocks"]["consult"]["article"]
    assert shown["clocks"]["decide"]["runs"], "Yaohai 17 knows no pause"
    world.act("officer", case["id"], "note_answer", **ANSWER)
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
    for table in ("govdata_case_event", "govdata_ledger", "govdata_notice", "govdata_outbox"):
        kept = model.Session.scalar(sa.text(f"SELECT string_agg(t::text, ' ') FROM {table} t"))
        assert not [one for one in CANARIES if one in (kept or "")], table


def test_the_letter_says_that_somebody_was_asked_and_not_who(world, consulted):
    world.act("officer", consulted["id"], "consult", **{**ASKED, "party": "另一家单位"})
    world.act("officer", consulted["id"], "end_consultation")
    world.act("officer", consulted["id"], "propose", proposal="refuse", note="权利人不同意")
    letter = world.act("head", consulted["id"], "refuse", reason=REASON, basis=BASIS)["letters"][-1]
    assert letter["heard"] == {"asked": 2, "answers": {"refused": 1}, "silent": 1}
    said = json.dumps(letter, ensure_ascii=False)
    assert not [one for one in (*CANARIES, "另一家单位") if one in said]


def cautions(case):
    found = call("head", "govdata_case_commands", id=case["id"])
    return {one["name"]: " ".join(one.get("cautions", [])) for one in found}


def test_the_head_is_told_where_nobody_was_asked(world, consulted):
    for said in cautions(world.prepared()).values():
        assert not said or "No third party was asked" in said
    world.act("officer", consulted["id"], "end_consultation")
    world.act("officer", consulted["id"], "propose", proposal="refuse", note="权利人不同意")
    told = cautions(consulted)["refuse"]
    assert "No third party was asked" not in told
    assert "Third parties asked: 1" in told


def test_a_letter_where_nobody_was_asked_says_nothing_of_it(world):
    case = world.prepared()
    letter = world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)["letters"][-1]
    assert "heard" not in letter
