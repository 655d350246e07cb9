"""The portal's own rules say that they are, and keep within the law: supplement, acceptance that is
deemed, pause, lapse (Regulations on Open Government Information 30; checklists S1, S4, L1-L4)."""

import json
import runpy
from datetime import date, timedelta
from pathlib import Path

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.plugins import toolkit as tk

import ckanext.govdata
from ckanext.govdata import now
from ckanext.govdata.cases.engine import record
from tests.cases.conftest import BASIS, REASON, call
from tests.cases.test_sweep import run, told
from tests.unguarded import unguarded

MISSING = {"missing_items": "缺加盖公章的数据安全承诺书"}
LATE = {"late_reason": "住院治疗期间无法盖章，附出院小结"}


def events(case):
    return [one["name"] for one in call("officer", "govdata_case_show", id=case["id"])["events"]]


def refused(world, who, case, command, **fields):
    with pytest.raises(tk.ValidationError) as caught:
        world.act(who, case["id"], command, **fields)
    return {(one["code"], one["field"]) for one in caught.value.error_dict["reasons"]}


def test_a_supplement_is_asked_for_within_seven_working_days_and_before_acceptance(world, on_day):
    on_day("2025-09-22")
    one, two, three = world.apply(), world.apply(), world.apply()
    assert one["clocks"]["check"]["due"] == "2025-09-30"
    assert "第三十条" in one["clocks"]["check"]["article"]
    world.act("officer", two["id"], "accept")
    assert refused(world, "officer", two, "request_supplement", **MISSING) == {
        ("wrong_state", "command")
    }
    on_day("2025-09-30")
    world.act("officer", one["id"], "request_supplement", **MISSING)
    on_day("2025-10-01")  # nobody has swept
    assert refused(world, "officer", three, "request_supplement", **MISSING) == {
        ("too_late", "command")
    }


def test_elsewhere_the_check_is_the_portals_own_rule(world, on_day):
    on_day("2025-09-22")
    tk.get_action("organization_patch")(
        {"ignore_auth": True, "user": "root"}, {"id": "yaohai", "jurisdiction": "anhui"}
    )
    assert world.apply()["clocks"]["check"]["own_rule"]


def test_who_asks_for_nothing_has_accepted_on_the_last_day_however_late_it_is_swept(world, on_day):
    on_day("2025-09-22")
    case = world.apply()
    assert run("2025-09-30").get("acceptance_deemed", 0) == 0
    assert run("2025-10-10")["acceptance_deemed"] == 1
    assert run("2025-10-11").get("acceptance_deemed", 0) == 0
    shown = call("citizen", "govdata_case_show", id=case["id"])
    event = shown["events"][-1]
    assert (shown["state"], event["name"], event["day"]) == (
        "accepted", "acceptance_deemed", "2025-10-01",
    )  # fmt: skip
    row = record.row_of(model.Session, case["id"])
    assert record.case_of(model.Session, row).accepted == date(2025, 9, 30)
    assert shown["due"] == "2025-10-11", "its own term was never touched"
    assert told("citizen", "acceptance_deemed") == ["acceptance_deemed"]


def test_an_act_of_acceptance_after_the_check_counts_from_its_last_day(world, on_day):
    on_day("2025-09-22")
    case = world.apply()
    on_day("2025-10-09")
    world.act("officer", case["id"], "accept")
    row = record.row_of(model.Session, case["id"])
    assert record.case_of(model.Session, row).accepted == date(2025, 9, 30)


def test_an_application_from_before_there_was_such_a_rule_goes_on_by_itself(world, on_day):
    """Upgrade: its row did not say when its check ends; migration 033 lets it say so."""
    on_day("2025-09-22")
    case, accepted = world.apply(), world.apply()
    world.act("officer", accepted["id"], "accept")
    model.Session.execute(sa.text("UPDATE govdata_case SET lapses = NULL"))
    model.Session.commit()
    assert run("2025-10-08").get("acceptance_deemed", 0) == 0
    path = Path(ckanext.govdata.__file__).parent / "migration/govdata/versions"
    migration = runpy.run_path(str(path / "033_deemed_acceptance.py"))
    model.Session.execute(sa.text(migration["WAITING"]))
    model.Session.commit()
    assert record.row_of(model.Session, accepted["id"]).lapses is None
    assert run("2025-10-08")["acceptance_deemed"] == 1
    assert call("officer", "govdata_case_show", id=case["id"])["state"] == "accepted"


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "zh_Hant_TW", "en"])
def test_a_pause_is_never_put_under_the_article_of_the_term(world, on_day, browse, locale):
    on_day("2025-09-22")
    case = world.apply()
    world.act("officer", case["id"], "request_supplement", **MISSING)
    standing = browse("citizen", f"/{locale}/cases/{case['id']}").text
    on_day("2025-09-25")
    world.act("citizen", case["id"], "supply", **world.supplied())
    gone_on = browse("citizen", f"/{locale}/cases/{case['id']}").text
    own = {"zh_Hans_CN": "暂停计时为平台自定规则", "zh_Hant_TW": "暫停計時為平台自訂規則",
           "en": "that it stood is the portal's own rule"}[locale]  # fmt: skip
    assert own in standing
    assert own in gone_on


def test_the_notice_and_the_calculator_call_the_pause_the_portals_own(world, on_day, app):
    on_day("2025-09-22")
    case = world.apply()
    world.act("officer", case["id"], "request_supplement", **MISSING)
    words = tk.get_action("govdata_notice_list")
    found = words({"user": "citizen", "auth_user_obj": model.User.by_name("citizen")}, {})
    assert "own rule" in json.dumps(found["results"])
    answer = call("citizen", "govdata_deadline_explain", jurisdiction="yaohai",
                  term="open_application.decide", received="2025-09-22",
                  pauses=[["2025-09-24", "2025-09-26"]])  # fmt: skip
    assert any("pause" in one and "own rule" in one for one in answer["notes"])


@pytest.fixture
def lapsed(world, on_day):
    on_day("2025-09-22")
    case = world.apply()
    shown = world.act("officer", case["id"], "request_supplement", **MISSING)
    run((date.fromisoformat(shown["lapses"]) + timedelta(days=1)).isoformat())
    return call("citizen", "govdata_case_show", id=case["id"])


def test_what_lapsed_is_ended_unanswered_and_a_new_application_is_free(world, lapsed, browse):
    assert (lapsed["state"], lapsed["open"], lapsed["outcome"]) == ("lapsed", False, None)
    assert not lapsed["clocks"]["decide"]["answered"]
    again = world.apply(purpose=lapsed["answers"]["purpose"])
    assert again["state"] == "submitted"


def test_whoever_had_a_good_reason_is_heard(world, lapsed):
    offered = [one["name"] for one in call("citizen", "govdata_case_commands", id=lapsed["id"])]
    assert offered == ["ask_reopening"]
    fields = {**world.supplied(), **LATE}
    asked = world.act("citizen", lapsed["id"], "ask_reopening", **fields)
    assert (asked["state"], asked["holder"], asked["open"]) == ("reopening", "head", True)
    assert asked["clocks"]["decide"]["start"] == now.today().isoformat()
    assert told("head", "reopening_asked") == ["reopening_asked"]
    assert LATE["late_reason"] in json.dumps(
        call("head", "govdata_case_show", id=lapsed["id"])["events"], ensure_ascii=False
    )
    after = world.act("head", lapsed["id"], "reopen")
    assert after["state"] == "accepted"
    assert after["due"] == asked["due"]
    row = record.row_of(model.Session, lapsed["id"])
    assert record.case_of(model.Session, row).accepted == now.today()


def test_whose_reason_does_not_hold_gets_a_letter_with_remedies(world, lapsed):
    world.act("citizen", lapsed["id"], "ask_reopening", **{**world.supplied(), **LATE})
    after = world.act("head", lapsed["id"], "decline_reopening", reason=REASON)
    assert (after["state"], after["open"]) == ("closed", False)
    letter = after["letters"][-1]
    assert letter["decision"] == "reopening_declined"
    assert letter["reason"] == REASON
    ways = [one["way"] for one in letter["remedies"]]
    assert ways == ["reconsider", "sue", "complain", "rectify"]
    assert "object_until" not in letter


def test_the_time_for_that_is_bounded_and_it_is_given_once(world, lapsed, on_day):
    until = date.fromisoformat(lapsed["clocks"]["reopen"]["due"])
    assert lapsed["clocks"]["reopen"]["own_rule"]
    on_day(until + timedelta(days=1))
    assert refused(world, "citizen", lapsed, "ask_reopening", **world.supplied(), **LATE) == {
        ("too_late", "command")
    }


def test_what_lapsed_before_there_was_such_a_way_stays_as_it_is(world, lapsed):
    """Upgrade: its last event tells of no clock for it."""
    text = sa.text("SELECT clocks FROM govdata_case_event WHERE case_id = :id ORDER BY number DESC")
    clocks = json.loads(model.Session.scalar(text, {"id": lapsed["id"]}))
    del clocks["reopen"]
    model.Session.rollback()
    with unguarded() as connection:
        connection.execute(
            sa.text("UPDATE govdata_case_event SET clocks = :clocks WHERE case_id = :id"
                    " AND number ="
                    " (SELECT max(number) FROM govdata_case_event WHERE case_id = :id)"),
            {"id": lapsed["id"], "clocks": json.dumps(clocks)},
        )  # fmt: skip
    assert call("citizen", "govdata_case_commands", id=lapsed["id"]) == []
    assert call("citizen", "govdata_case_show", id=lapsed["id"])["state"] == "lapsed"


def test_the_letter_of_a_lapse_promises_no_objection(lapsed):
    assert "object_until" not in lapsed["letters"][-1]


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_what_was_withdrawn_was_not_answered(world, browse, locale):
    case = world.apply()
    world.act("citizen", case["id"], "withdraw")
    shown = call("citizen", "govdata_case_show", id=case["id"])
    assert shown["clocks"]["decide"]["stopped"]
    assert not shown["clocks"]["decide"]["answered"]
    page = browse("citizen", f"/{locale}/cases/{case['id']}").text
    assert {"zh_Hans_CN": "停止计时", "en": "stopped on"}[locale] in page
    assert {"zh_Hans_CN": "答复于", "en": "answered on"}[locale] not in page
    assert call("authority", "govdata_decision_list")["results"] == []


def test_a_letter_says_when_its_term_stood(world, on_day):
    on_day("2025-09-22")
    case = world.apply()
    world.act("officer", case["id"], "request_supplement", **MISSING)
    on_day("2025-09-25")
    world.act("citizen", case["id"], "supply", **world.supplied())
    world.act("officer", case["id"], "propose", proposal="refuse", note="拟不予开放")
    letter = world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)["letters"][-1]
    assert letter["stood"] == [["2025-09-23", "2025-09-25"]]
