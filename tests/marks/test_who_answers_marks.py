"""In whose name a receipt is, whose consent counts, and who reads the name of a citizen."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest

from tests.cases.conftest import call, make_user, seat, site
from tests.marks.conftest import WRONG

pytestmark = pytest.mark.usefixtures("yaohai_in_force")
MORE_TIME = "需向村民委员会和派出所实地核实户数后才能答复。"
COUNTER = {**WRONG, "citizen_name": "陈桂花", "citizen_contact": "13912345678"}


def commands(who, case):
    return {one["name"] for one in call(who, "govdata_case_commands", id=case["id"])}


def letters(who, case):
    return call(who, "govdata_case_show", id=case["id"])["letters"]


def test_of_the_platforms_body_its_head_consents_and_nobody_else(villages):
    """Anhui 26: 经数据提供部门或者江淮大数据中心平台管理机构负责人同意."""
    tk.get_action("organization_patch")(site(), {"id": "yaohai", "jurisdiction": "anhui"})
    make_user("clerk")
    seat(villages.world.authority["id"], "clerk", "editor")
    case = villages.mark()
    assert "extend" not in commands("clerk", case)
    with pytest.raises(tk.ValidationError) as refused:
        villages.act("clerk", case, "extend", reason=MORE_TIME)
    assert "head of the data authority" in str(refused.value.error_dict["command"])
    assert "extend" in commands("authority", case)


def test_the_receipt_is_in_the_name_of_whom_received_it(villages):
    for who, command, form, issuer, term in (
        ("citizen", "submit", None, "瑶海区民政局", "decide"),
        ("other", "submit_to_platform", None, "瑶海区数据资源管理局", "pass_on"),
        ("officer", "record", COUNTER, "瑶海区民政局", "decide"),
        ("authority", "record", {**COUNTER, "wrong": "户数不对"}, "瑶海区数据资源管理局", "decide"),
    ):
        case = villages.mark(who, command, form)
        receipt = letters(who, case)[0]
        assert (receipt["issuer"], receipt["term"]) == (issuer, term), command


def test_the_term_of_a_receipt_is_called_by_what_is_due(villages, browse):
    case = villages.mark("citizen", "submit_to_platform")
    page = browse("citizen", f"/cases/{case['id']}/letter/1")
    assert "It is passed on to the department by" in page.get_text()


def test_whoever_only_looks_on_does_not_read_whom_the_counter_wrote_down(villages, browse):
    make_user("mayor")
    seat("yaohai", "mayor", "admin")
    case = villages.mark("officer", "record", COUNTER)
    number = letters("officer", case)[0]["number"]
    for who, named in (("officer", True), ("authority", True), ("mayor", False)):
        page = browse(who, f"/cases/{case['id']}/letter/{number}")
        assert ("陈桂花" in page.get_text()) is named, who


def test_evidence_is_added_with_evidence_only(villages):
    case = villages.mark()
    with pytest.raises(tk.ValidationError) as refused:
        villages.act("citizen", case, "supply")
    assert "evidence" in refused.value.error_dict
    assert len(call("citizen", "govdata_case_show", id=case["id"])["events"]) == 1


def test_a_refusal_names_terms_in_words_and_only_what_the_reader_may_do(villages):
    tk.get_action("organization_patch")(site(), {"id": "yaohai", "jurisdiction": "national"})
    case = villages.mark()
    with pytest.raises(tk.ValidationError) as refused:
        villages.act("head", case, "extend", reason=MORE_TIME)
    assert "correction_review" not in str(refused.value.error_dict["term"])
    with pytest.raises(tk.ValidationError) as refused:
        villages.act("citizen", case, "submit")
    said = str(refused.value.error_dict["command"])
    assert "Withdraw" in said
    assert "Internal note" not in said


def test_what_an_applicant_owes_on_his_grants_is_no_matter_of_whoever_checks_data(villages):
    case = villages.mark()
    assert "reports_missed" not in call("officer", "govdata_case_show", id=case["id"])
    asked = call("officer", "govdata_case_show", id=villages.world.apply()["id"])
    assert asked["reports_missed"] == 0


def told(who):
    return [one["kind"] for one in call(who, "govdata_notice_list")["results"]]


@pytest.mark.parametrize(("jurisdiction", "authority"), [("huaining", False), ("anhui", True)])
def test_whose_consent_is_asked_for_is_told(villages, jurisdiction, authority):
    """Huaining 18: the head's; Anhui 26: the head's, or that of the platform's body."""
    tk.get_action("organization_patch")(site(), {"id": "yaohai", "jurisdiction": jurisdiction})
    case = villages.mark()
    villages.act("officer", case, "ask_extension", note="需实地核实")
    assert "extension_asked" in told("head")
    assert ("extension_asked" in told("authority")) is authority
    assert "extension_asked" not in told("citizen")


def test_what_is_sent_from_a_second_tab_goes_into_the_draft_that_is_there(villages, browse):
    begin = f"/begin/correction_review?entry={villages.entry['name']}"
    browse("citizen", begin, {**WRONG, "wrong": "第一次写的", "stay": "1"})
    browse("citizen", begin, {**WRONG, "wrong": "在另一个页签里写的", "submit": "submit"})
    found = call("citizen", "govdata_case_list")["results"]
    assert [one["state"] for one in found] == ["received"]
    shown = call("citizen", "govdata_case_show", id=found[0]["id"])
    assert shown["answers"]["wrong"] == "在另一个页签里写的"
    browse("other", begin, {**WRONG, "stay": "1"})
    browse("other", begin, {})
    draft = call("other", "govdata_case_list")["results"][0]
    assert call("other", "govdata_case_show", id=draft["id"])["draft"]["wrong"] == WRONG["wrong"]


def test_what_a_clerk_sends_twice_is_one_case_and_another_citizens_is_another(villages):
    villages.mark("officer", "record", COUNTER)
    with pytest.raises(tk.ValidationError) as refused:
        villages.mark("officer", "record", COUNTER)
    assert refused.value.error_dict["reasons"][0]["code"] == "applied_already"
    villages.mark("officer", "record", {**COUNTER, "citizen_name": "陈桂香"})
    assert villages.open_marks()[0]["count"] == 2
