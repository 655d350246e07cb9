"""Whose grant is to end is heard before, no suspension is without a last day, and what only says
how a grant ends carries no end."""

import re

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest

from ckanext.govdata import now
from ckanext.govdata.cases.terms import of_version
from ckanext.govdata.cases.time.sweep import sweep
from tests.cases.conftest import BASIS, CLAUSE, HEARD, REASON, call, heard

MISUSED = "有迹象表明数据被提供给第三方，先予暂停并核查。"
SIDE = "数据只存放在本单位服务器，未提供给第三方，附日志。"
NEW = "前次暂停之后，使用方于次日又向第三方提供了数据。"
TERMS = "数据使用条款（2026-2）"


@pytest.fixture
def given(world, on_day):
    """A case with a grant under the terms of today."""
    on_day("2026-11-02")
    case = world.prepared()
    world.act("head", case["id"], "approve")
    return call("citizen", "govdata_case_show", id=case["id"])


def turn(given, **said):
    return call("head", "govdata_grant_revoke", id=given["grant"], **{"reason": MISUSED, **said})


def refused(given, **said):
    with pytest.raises(tk.ValidationError) as caught:
        turn(given, **said)
    return [one["code"] for one in caught.value.error_dict["reasons"]]


def letter(given, browse):
    kept = call("citizen", "govdata_case_show", id=given["id"])["letters"][-1]
    page = browse("citizen", f"/zh_Hans_CN/cases/{given['id']}/letter/{kept['number']}")
    return re.sub(r"\s", "", page.select_one("article").text)


def test_nobody_loses_a_grant_unheard(given, on_day, browse):
    assert refused(given, basis=CLAUSE) == ["holder_not_heard"]
    turn(given, basis=CLAUSE, suspend=True)
    said = letter(given, browse)
    for words in ("暂停数据使用授权告知书", MISUSED, "暂停至2026年12月14日（含当日）止",
                  "自次日起自动恢复",
                  "自收到本告知书之日起5个工作日内（本机关至少等候至2026年11月16日，含当日）",
                  "也可以书面或者口头向本机关提出", "平台自定规则",
                  "行政复议", "6个月"):  # fmt: skip
        assert words in said, (words, said)
    assert refused(given, basis=CLAUSE) == ["holder_may_speak"]
    on_day("2026-11-16")
    assert refused(given, basis=CLAUSE) == ["holder_may_speak"]
    on_day("2026-11-17")
    turn(given, basis=CLAUSE)
    said = letter(given, browse)
    assert "此前已书面告知您可以在2026年11月16日前（含当日）陈述、申辩" in said, said
    assert "期限届满，您未陈述、申辩" in said


def test_what_the_holder_says_is_read_and_told_in_the_decision(world, given, browse):
    turn(given, basis=CLAUSE, suspend=True)
    page = browse("citizen", f"/zh_Hans_CN/cases/{given['id']}")
    assert page.select_one("#state_defence-statement")
    browse("citizen", f"/zh_Hans_CN/cases/{given['id']}/do/state_defence", {"statement": SIDE})
    told = [one["kind"] for one in call("head", "govdata_notice_list")["results"]]
    assert "defence_stated" in told
    turn(given, basis=CLAUSE)
    said = letter(given, browse)
    assert f"陈述、申辩：{SIDE}" in said, said
    assert "本机关已予考虑" in said
    assert "未陈述、申辩" not in said


def test_what_was_said_on_an_earlier_suspension_is_no_hearing_on_this_one(world, given, on_day):
    turn(given, basis=CLAUSE, suspend=True)
    world.act("citizen", given["id"], "state_defence", statement=SIDE)
    turn(given, lift=True)
    on_day("2026-11-05")
    turn(given, basis=CLAUSE, suspend=True, new_facts=NEW)
    assert refused(given, basis=CLAUSE) == ["holder_may_speak"]


def test_a_suspension_that_was_lifted_is_no_hearing(world, given, on_day):
    turn(given, basis=CLAUSE, suspend=True)
    world.act("citizen", given["id"], "state_defence", statement=SIDE)
    turn(given, lift=True)
    on_day("2027-02-01")
    assert refused(given, basis=CLAUSE) == ["holder_not_heard"]


def test_what_the_entry_ends_says_nothing_of_a_hearing(world, given, browse):
    turn(given, basis=CLAUSE, suspend=True)
    world.act("citizen", given["id"], "state_defence", statement=SIDE)
    with model.ensure_engine().begin() as other:
        other.exec_driver_sql("UPDATE govdata_grant SET suspended = NULL")
    tk.get_action("package_delete")({"ignore_auth": True, "user": "root"},
                                    {"id": world.entry["id"]})  # fmt: skip
    said = letter(given, browse)
    assert MISUSED not in said
    assert "因" in said
    assert "陈述、申辩：" not in said, said


def test_a_hearing_elsewhere_is_a_record_of_its_day_manner_and_words(given, browse):
    """That he could not be heard is none, and urgency suspends: it ends nothing."""
    for said, field in (({"heard": "听了"}, "heard"), ({"heard": HEARD}, "heard_on"),
                        (heard(heard_by="情况紧急"), "heard_by"), (heard(heard=""), "heard"),
                        (heard(heard_on="2026-11-03"), "heard_on")):  # fmt: skip
        with pytest.raises(tk.ValidationError) as caught:
            turn(given, basis=CLAUSE, **said)
        assert field in caught.value.error_dict, (said, caught.value.error_dict)
    turn(given, basis=CLAUSE, **heard())
    said = letter(given, browse)
    assert f"本机关于2026年11月2日以电话方式听取您的陈述、申辩：{HEARD}" in said, said
    assert "未陈述、申辩" not in said


def test_a_hearing_before_the_suspension_is_none_on_what_its_letter_says(given, on_day):
    on_day("2026-11-04")
    turn(given, basis=CLAUSE, suspend=True)
    said = heard(heard_on="2026-11-03")
    assert refused(given, basis=CLAUSE, **said) == ["heard_too_early"]


def test_an_officer_notes_what_was_said_by_letter_or_word_of_mouth(world, given, browse, on_day):
    turn(given, basis=CLAUSE, suspend=True)
    with pytest.raises(tk.ValidationError):
        world.act("officer", given["id"], "note_defence", **heard(heard_on="2026-11-03"))
    on_day("2026-11-05")
    said = heard(heard_on="2026-11-04", heard_by="writing")
    world.act("officer", given["id"], "note_defence", **said)
    turn(given, basis=CLAUSE)
    said = letter(given, browse)
    assert f"本机关于2026年11月4日以书面方式听取您的陈述、申辩：{HEARD}" in said, said
    assert "未陈述、申辩" not in said


def test_what_was_noted_of_a_suspension_that_was_lifted_stands_in_no_later_letter(
    world, given, browse, on_day
):
    turn(given, basis=CLAUSE, suspend=True)
    world.act("officer", given["id"], "note_defence", **heard())
    turn(given, lift=True)
    turn(given, basis=CLAUSE, suspend=True, new_facts=NEW)
    assert refused(given, basis=CLAUSE) == ["holder_may_speak"]
    on_day("2026-11-17")
    turn(given, basis=CLAUSE)
    said = letter(given, browse)
    assert HEARD not in said
    assert "未陈述、申辩" in said


def test_whoever_asks_for_a_new_answer_meanwhile_may_still_speak(world, on_day):
    on_day("2026-11-02")
    case = world.prepared()
    world.act("head", case["id"], "approve_conditionally", conditions="只用于研究，不得转让。",
              reason=REASON, basis=BASIS)  # fmt: skip
    given = call("citizen", "govdata_case_show", id=case["id"])
    turn(given, basis=CLAUSE, suspend=True)
    world.act("citizen", given["id"], "object", grounds="附加条件没有依据，请求撤销。")
    world.act("citizen", given["id"], "state_defence", statement=SIDE)
    assert turn(given, basis=CLAUSE)["standing"] == "revoked"


def test_what_a_letter_promised_is_kept_under_earlier_terms_too(given, on_day):
    with model.ensure_engine().begin() as other:
        other.exec_driver_sql("UPDATE govdata_grant SET terms_version = '2026-1'")
    earlier = CLAUSE.replace("2026-2", "2026-1")
    assert refused(given, basis=earlier.replace("第一条", "第五条")) == ["clause_not_alone"]
    turn(given, basis=earlier, suspend=True)
    assert refused(given, basis=earlier) == ["holder_may_speak"]


def test_nobody_speaks_where_nothing_is_suspended(world, given):
    with pytest.raises(tk.ValidationError):
        world.act("citizen", given["id"], "state_defence", statement=SIDE)
    turn(given, basis=CLAUSE, suspend=True)
    with pytest.raises(tk.NotAuthorized):
        world.act("other", given["id"], "state_defence", statement=SIDE)
    with pytest.raises(tk.ValidationError):
        world.act("officer", given["id"], "state_defence", statement=SIDE)


def test_a_suspension_ends_by_itself_where_nothing_was_decided(given, on_day):
    """An interim measure without a last day is an end without a decision."""
    turn(given, basis=CLAUSE, suspend=True)
    on_day("2026-12-14")
    assert sweep(model.Session, now.today())[0]["suspensions_ended"] == 0
    assert call("citizen", "govdata_grant_show", id=given["grant"])["standing"] == "suspended"
    on_day("2026-12-15")
    assert sweep(model.Session, now.today())[0]["suspensions_ended"] == 1
    assert sweep(model.Session, now.today())[0]["suspensions_ended"] == 0
    shown = call("citizen", "govdata_case_show", id=given["id"])
    assert (shown["events"][-1]["name"], shown["events"][-1]["role"]) == ("grant_lifted", "")
    assert call("citizen", "govdata_grant_show", id=given["grant"])["standing"] != "suspended"
    told = [one["kind"] for one in call("citizen", "govdata_notice_list")["results"]]
    assert "grant_resumed" in told
    assert "grant_lifted" not in told, "nobody has lifted it"


def test_the_letter_of_a_suspension_that_ended_by_itself_says_that_nobody_decided(
    given, on_day, browse
):
    turn(given, basis=CLAUSE, suspend=True)
    on_day("2026-12-15")
    sweep(model.Session, now.today())
    said = letter(given, browse)
    for words in ("恢复数据使用授权告知书", "于2026年11月2日起暂停", "暂停的最后一日已过",
                  "没有人作出恢复或者终止授权的决定", "不是由本机关决定恢复",
                  "自2026年12月15日起自动恢复（平台自定规则）"):  # fmt: skip
        assert words in said, (words, said)
    assert "本机关决定：" not in said


def test_a_head_who_lifts_a_suspension_has_decided_so(given, on_day, browse):
    turn(given, basis=CLAUSE, suspend=True)
    turn(given, lift=True)
    said = letter(given, browse)
    assert "本机关决定：自2026年11月2日起恢复该授权" in said
    assert "自动恢复" not in said


@pytest.mark.parametrize("lifted", [True, False])
def test_one_suspension_after_the_other_does_not_go_round_its_last_day(
    given, on_day, browse, lifted
):
    """By whatever it ended: the next one rests on what is new since, and says so."""
    turn(given, basis=CLAUSE, suspend=True)
    if lifted:
        turn(given, lift=True)
    else:
        on_day("2026-12-15")
        sweep(model.Session, now.today())
    for basis in (CLAUSE, f"{TERMS}第七条"):
        assert refused(given, basis=basis, suspend=True) == ["nothing_new_since"]
        few = refused(given, basis=basis, suspend=True, new_facts="又来")
        assert few == ["too_short"]
    assert turn(given, basis=CLAUSE, suspend=True, new_facts=NEW)["standing"] == "suspended"
    said = letter(given, browse)
    assert "此前已于2026年11月2日暂停该授权" in said
    assert "不是前次暂停的延续" in said
    assert NEW.rstrip("。") in said


def test_what_the_entry_suspended_does_not_rise_by_itself(world, given, on_day):
    tk.get_action("package_patch")({"ignore_auth": True, "user": "root"},
                                   {"id": world.entry["id"], "private": True})  # fmt: skip
    standing = call("citizen", "govdata_grant_show", id=given["grant"])["standing"]
    on_day("2027-03-01")
    assert not sweep(model.Session, now.today())[0]["suspensions_ended"], standing


@pytest.mark.parametrize("clause", ["第六条", "第七条", "第八条", "第九条", "第十条"])
def test_a_clause_that_only_says_how_a_grant_ends_ends_none(given, clause):
    assert refused(given, basis=f"{TERMS}{clause}", **heard()) == ["clause_not_alone"]
    both = f"{TERMS}{clause}\n{TERMS}第八条"
    assert refused(given, basis=both, **heard()) == ["clause_not_alone"]
    ended = turn(given, basis=f"{TERMS}{clause}\n{CLAUSE}", **heard())
    assert ended["standing"] == "revoked"


def test_signs_of_a_breach_suspend_and_copies_that_stay_end(given):
    for clause in ("第五条", "第六条", "第八条"):
        assert refused(given, basis=TERMS + clause, suspend=True) == ["clause_not_alone"]
    assert turn(given, basis=f"{TERMS}第七条", suspend=True)["standing"] == "suspended"
    assert turn(given, basis=f"{TERMS}第五条", **heard())["standing"] == "revoked"


def test_who_accepted_earlier_terms_is_held_to_them_and_to_no_others(given):
    with model.ensure_engine().begin() as other:
        other.exec_driver_sql("UPDATE govdata_grant SET terms_version = '2026-1'")
    assert refused(given, basis=CLAUSE) == ["no_such_clause"]
    assert turn(given, basis="数据使用条款（2026-1）第一条")["standing"] == "revoked"


def test_the_terms_say_grounds_who_decides_remedies_and_what_becomes_of_copies():
    said = "".join(of_version("2026-2").terms["zh_Hans_CN"])
    for words in ("暂停授权", "终止授权", "负责人", "理由、依据", "行政复议", "行政诉讼",
                  "陈述、申辩", "删除全部数据及其副本", "三十个工作日"):  # fmt: skip
        assert words in said, words
    assert len({len(one) for one in of_version("2026-2").terms.values()}) == 1


def test_the_holder_reads_the_terms_that_he_accepted(given, browse):
    page = browse("citizen", f"/zh_Hans_CN/grants/{given['grant']}")
    said = page.select_one("#terms").parent.text
    assert "暂停不超过三十个工作日" in said
