"""The desk: choices unlike each other, the officer's proposal filled in, the letter before it is
sent, and an act only of what was seen."""

import re

import pytest
from ckan.tests.helpers import call_action

from tests.cases.conftest import BASIS, REASON, call
from tests.cases.conftest import NOT_SEVERED as SEVERED

WHY = {"reason": REASON, "basis": BASIS, "not_severed": SEVERED}
REFUSED = {"reason": REASON, "basis": BASIS[0], "not_severed": SEVERED}


def read(browse, who, address, fields=None, status=None):
    return browse(who, address, fields, status)


def events(case):
    return [one["command"] for one in call("head", "govdata_case_show", id=case["id"])["events"]]


def accepted(world, **more):
    case = world.apply(**more)
    return world.act("officer", case["id"], "accept")


def sent(page):
    """What a browser would send of the form as it stands."""
    form = page.select_one("form[data-decide]")
    found = {}
    for box in form.select("input, textarea, select"):
        if box.get("type") == "checkbox" and not box.has_attr("checked"):
            continue
        if box.name == "textarea":
            value = box.text.removeprefix("\n")
        elif box.name == "select":
            value = next((one["value"] for one in box.select("option[selected]")), "")
        else:
            value = box.get("value", "")
        found.setdefault(box["name"], []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def test_the_head_has_three_choices_of_unlike_look(world, browse):
    case = world.prepared()
    page = read(browse, "head", f"/zh_Hans_CN/cases/{case['id']}")
    choices = page.select("a.gd-decide__choice")
    assert [one.text.strip() for one in choices] == ["同意开放", "部分同意", "不予开放"]
    assert [one.text for one in page.select("a.gd-decide__other")] == ["附条件同意"]
    assert len({tuple(one["class"]) for one in choices}) == 3
    assert not page.select("form[action$='/do/refuse']"), "a decision has its own page"


def test_nothing_is_decided_before_the_letter_was_seen(world, browse):
    case = world.prepared()
    address = f"/zh_Hans_CN/cases/{case['id']}/do/refuse"
    page = read(browse, "head", address)
    assert not page.select("button[name=confirm]")
    filled = {**sent(page), **REFUSED, "look": "1"}
    page = read(browse, "head", address, filled)
    letter = page.select_one("#letter")
    assert REASON in letter.text
    assert "不予开放" in letter.text
    assert "行政复议" in letter.text
    assert "refuse" not in events(case), "looking decides nothing"
    assert len(call("citizen", "govdata_case_show", id=case["id"])["letters"]) == 1, "the receipt"
    browse("head", address, {**sent(page), "confirm": "1"})
    assert events(case)[-1] == "refuse"
    assert call("citizen", "govdata_case_show", id=case["id"])["letters"][-1]["reason"] == REASON


def test_what_was_changed_after_the_letter_was_seen_is_shown_again_first(world, browse):
    case = world.prepared()
    address = f"/zh_Hans_CN/cases/{case['id']}/do/refuse"
    filled = {**sent(read(browse, "head", address)), **REFUSED}
    page = read(browse, "head", address, {**filled, "look": "1"})
    other = "经检索，申请的内容属于第三方商业秘密，权利人书面不同意。"
    page = read(browse, "head", address, {**sent(page), "reason": other, "confirm": "1"})
    assert other in page.select_one("#letter").text
    assert "refuse" not in events(case)


def test_a_faulty_decision_comes_back_with_what_was_typed_and_no_letter(world, browse):
    case = world.prepared()
    address = f"/zh_Hans_CN/cases/{case['id']}/do/refuse"
    page = read(browse, "head", address, {"reason": "不行", "look": "1"}, 409)
    assert page.select_one(".gd-wrong")
    assert page.select_one("textarea[name=reason]").text.strip() == "不行"
    assert not page.select_one("#letter").text.strip()


def test_the_officers_proposal_stands_first_and_is_filled_in(world, browse):
    """The officer drafts what the letter is to say; the head finds it and may change it."""
    file = world.entry["resources"][0]["id"]
    case = accepted(world, columns={file: ["线路名称", "客流量"]})
    address = f"/zh_Hans_CN/cases/{case['id']}/do/propose?proposal=approve_partly"
    page = read(browse, "officer", address)
    filled = {**sent(page), "note": "客流量涉及商业秘密", "reason": REASON, "basis": BASIS[0],
              "grant_resources": file, f"grant_columns:{file}": "线路名称"}  # fmt: skip
    page = read(browse, "officer", address, {**filled, "look": "1"})
    browse("officer", address, {**sent(page), "confirm": "1"})
    page = read(browse, "head", f"/zh_Hans_CN/cases/{case['id']}")
    assert "客流量涉及商业秘密" in page.select_one(".gd-decide__advice").text
    page = read(browse, "head", f"/zh_Hans_CN/cases/{case['id']}/do/approve_partly")
    form = page.select_one("form[data-decide]")
    assert form.select_one("textarea[name=reason]").text.strip() == REASON
    assert [box["value"] for box in form.select("[name=basis][checked]")] == [BASIS[0]]
    assert not form.select_one("[name=basis_own]").text.strip(), "what was chosen is chosen again"
    boxes = form.select("[name^='grant_columns:'][checked]")
    assert [box["value"] for box in boxes] == ["线路名称"]
    page = read(browse, "head", f"/zh_Hans_CN/cases/{case['id']}/do/refuse")
    assert not page.select_one("textarea[name=reason]").text.strip(), "not of another decision"


def test_columns_are_a_matrix_of_asked_proposed_and_given(world, browse):
    file = world.entry["resources"][0]["id"]
    case = world.prepared(columns={file: ["线路名称", "客流量"]})
    page = read(browse, "head", f"/zh_Hans_CN/cases/{case['id']}/do/approve_partly")
    table = page.select_one("table.gd-decide__matrix")
    assert [row.select_one("th").text for row in table.select("tbody tr")] == ["线路名称", "客流量"]
    assert not table.select("input[checked]"), "what is given is chosen"


def test_the_applicant_reads_nothing_of_the_proposal(world, browse):
    case = accepted(world)
    secret = "这是经办人内部拟写的理由，尚未决定，任何人不应外传"
    world.act("officer", case["id"], "propose", proposal="refuse", note="拟不予开放",
              reason=secret, basis=BASIS)  # fmt: skip
    assert secret not in str(call("citizen", "govdata_case_show", id=case["id"]))
    assert secret not in browse("citizen", f"/zh_Hans_CN/cases/{case['id']}").text
    assert secret in browse("head", f"/zh_Hans_CN/cases/{case['id']}").text


def test_who_may_not_decide_is_led_to_the_case(world, browse):
    case = world.prepared()
    for who in ("officer", "citizen"):
        page = browse(who, f"/zh_Hans_CN/cases/{case['id']}/do/refuse")
        assert page.select(".gd-case-timeline")
        assert not page.select("form[data-decide]")


def test_a_rehearsal_tells_nobody_and_keeps_nothing(world):
    case = world.prepared()
    before = call("citizen", "govdata_notice_list")["count"]
    shown = call("head", "govdata_case_rehearse", id=case["id"], command="refuse",
                 fields={"reason": REASON, "basis": BASIS, "not_severed": SEVERED})  # fmt: skip
    assert shown["outcome"] == "refused"
    assert re.fullmatch("[0-9a-f]{64}", shown["letters"][-1]["digest"])
    after = call("citizen", "govdata_case_show", id=case["id"])
    assert (after["outcome"], len(after["letters"])) == (None, len(shown["letters"]) - 1)
    assert call("citizen", "govdata_notice_list")["count"] == before


def test_a_rehearsal_names_no_applicant_before_it_is_decided(world, ckan_config, monkeypatch):
    """Equal treatment: whoever could see who applies by pretending to decide would know before."""
    monkeypatch.setitem(ckan_config, "ckanext.govdata.cases.hide_applicant", True)
    case = world.prepared()
    shown = call("head", "govdata_case_rehearse", id=case["id"], command="refuse", fields=WHY)
    assert shown["state"] == "refused"
    assert shown["applicant"] == {}
    for secret in ("王", "0551-62620000", "contact_name", "contact_phone"):
        assert secret not in str(shown), secret


def test_what_was_only_proposed_is_in_no_letter(world, browse):
    """The head deletes the officer's sentence: no letter says it."""
    case = accepted(world)
    world.act("officer", case["id"], "propose", proposal="refuse", note="拟不予开放",
              not_severed="经办人的内部意见：整体涉及经营秘密")  # fmt: skip
    fields = {"reason": REASON, "basis": ["open_government_information:第三十六条第四项"]}
    after = call("head", "govdata_case_act", id=case["id"], command="refuse", fields=fields)
    assert "经办人的内部意见" not in str(after["letters"][-1])


def test_looking_again_and_again_uses_up_no_key(world, browse):
    """The page's script looks after each pause in typing, with the key of the one form."""
    case = world.prepared()
    address = f"/zh_Hans_CN/cases/{case['id']}/do/refuse"
    form = sent(read(browse, "head", address))
    read(browse, "head", address, {**form, **REFUSED, "reason": REASON * 2, "look": "1"})
    seen = sent(read(browse, "head", address, {**form, **REFUSED, "look": "1"}))["seen"]
    browse("head", address, {**form, **REFUSED, "seen": seen, "confirm": "1"})
    assert events(case)[-1] == "refuse"


@pytest.mark.parametrize("where", ["/api/3/action/govdata_case_rehearse", "/cases/x/do/refuse"])
def test_one_account_looks_at_so_many_letters_a_minute(
    world, app, monkeypatch, ckan_config, where
):
    """Each look costs as much as the act and holds the case; colleagues at one address have their
    own count."""
    monkeypatch.setitem(ckan_config, "ckanext.govdata.security.rehearsals_per_minute", 2)
    client = app.flask_app.test_client()

    def statuses(user, looks):
        token = call_action("api_token_create", context={"user": user}, user=user, name="look")
        return [
            client.post(where, json={"id": "x"}, headers={"Authorization": token["token"]},
                        environ_overrides={"REMOTE_ADDR": "198.51.100.9"}).status_code
            for _ in range(looks)
        ]  # fmt: skip

    mine = statuses("head", 3)
    assert mine[-1] == 429
    assert 429 not in mine[:2]
    assert statuses("officer", 1) != [429]


def test_the_grounds_that_are_usual_for_the_entrys_attribute_stand_first(world, browse):
    case = world.prepared()
    page = browse("head", f"/zh_Hans_CN/cases/{case['id']}/do/refuse")
    offered = [one["value"] for one in page.select("[name=basis]")]
    usual = {"open_government_information:第十五条", "personal_information:第二十五条",
             "yaohai:第十五条", "anhui:第三十六条"}  # fmt: skip
    assert set(offered[:len(usual)]) == usual, "the entry is open on conditions"
    assert "open_government_information:第十四条" in offered[len(usual):]
