"""What a letter says that nobody decided, who is told of it, and what the heads decide then."""

import json

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.cases.pages import letters
from ckanext.govdata.notices.sentences import sentence
from tests.access.opened_grants import firms, granted, organisation  # noqa: F401
from tests.cases.conftest import (  # noqa: F401
    BASIS,
    POWER,
    REASON,
    call,
    make_body,
    on_day,
    seat,
    site,
    world,
)
from tests.cases.test_entry_changed import CHANGES, NON_OPEN, kinds, moved, patch  # noqa: F401
from tests.cases.test_entry_changed import granted as granted_in
from tests.cases.test_grant_turns import LEFT, case_of, said, turn
from tests.cases.test_renamed_states import rename  # noqa: F401

WORDS = {"revoked": "起终止，不再提供数据", "suspended": "起暂停，恢复前不提供数据"}


@pytest.mark.parametrize("change", [one for one in CHANGES if one != "open to all"])
def test_a_letter_of_what_nobody_decided_does_not_say_that_the_department_did(
    world, change, test_request_context  # noqa: F811
):
    grant_id = granted_in(world)
    act, standing, _told = CHANGES[change]
    act(world)
    text = said(case_of(grant_id)["letters"][-1], "zh_Hans_CN", test_request_context)
    assert "本机关决定" not in text
    assert "，该授权自" in text
    assert WORDS[standing] in text
    assert "因" in text.split("，该授权自")[0].split("。")[-1], "it begins with the reason"


def test_what_a_department_decides_it_says_so(granted, test_request_context):  # noqa: F811
    turn(granted["id"], suspend=True)
    text = said(case_of(granted["id"])["letters"][-1], "zh_Hans_CN", test_request_context)
    assert "本机关决定：自" in text
    assert "对您于" in text


def test_where_the_entry_was_closed_its_own_basis_is_that_of_the_letter(world):  # noqa: F811
    grant_id = granted_in(world)
    law = "《中华人民共和国政府信息公开条例》第十五条"
    patch(world, **NON_OPEN, open_basis=f"{law}：涉及商业秘密")
    assert case_of(grant_id)["letters"][-1]["basis"] == [law]


@pytest.mark.parametrize("change", CHANGES)
def test_the_heads_are_told_what_others_did_to_their_grants(world, change):  # noqa: F811
    granted_in(world)
    act, standing, _told = CHANGES[change]
    act(world)
    kind = "grant_to_confirm" if standing == "suspended" else "grant_ended_with_entry"
    assert kinds("head").count(kind) == (change != "open to all")
    assert kind not in kinds("officer")


def test_once_nothing_stands_against_it_the_heads_are_told_to_decide(world):  # noqa: F811
    grant_id = granted_in(world)
    patch(world, private=True)
    with pytest.raises(tk.ValidationError, match="withdrawn"):
        turn(grant_id, lift=True)
    assert kinds("head").count("grant_to_confirm") == 1
    patch(world, private=False)
    assert call("citizen", "govdata_grant_show", id=grant_id)["standing"] == "suspended"
    assert kinds("head").count("grant_to_confirm") == 2
    patch(world, notes="换一句说明。")
    assert kinds("head").count("grant_to_confirm") == 2, "once"
    assert turn(grant_id, lift=True)["standing"] == "in_force"


def test_what_a_head_has_suspended_comes_to_the_heads_to_whom_the_entry_comes(world):  # noqa: F811
    other = make_body("yaohai-jiaotongju", "瑶海区交通局", groups=[{"name": "yaohai"}])
    seat(other["id"], "other", "admin")
    grant_id = granted_in(world)
    turn(grant_id, suspend=True)
    patch(world, notes="换一句说明。")
    assert "grant_to_confirm" not in kinds("head"), "his own suspension is no news to him"
    patch(world, owner_org=other["id"])
    assert kinds("other").count("grant_to_confirm") == 1
    patch(world, notes="再换一句说明。")
    assert kinds("other").count("grant_to_confirm") == 1


def test_whoever_has_no_department_any_more_has_a_suspended_grant(world):  # noqa: F811
    grant_id = granted_in(world)
    model.Group.get(world.department["id"]).state = "deleted"
    model.Session.commit()
    assert call("citizen", "govdata_grant_show", id=grant_id)["standing"] == "suspended"
    assert "grant_provider_gone" in kinds("citizen")
    assert "grant_entry_closed" not in kinds("citizen")


def test_what_is_approved_anew_is_not_suspended(world):  # noqa: F811
    today = now.today()
    case = world.prepared(period_from=today.isoformat(),
                          period_until=today.replace(year=today.year + 1).isoformat())  # fmt: skip
    decided = {"conditions": "仅限研究使用", "reason": REASON, "basis": BASIS}
    first = world.act("head", case["id"], "approve_conditionally", **decided)
    turn(first["grant"], suspend=True)
    world.act("citizen", case["id"], "object", grounds="条件没有依据，请重新审查。")
    world.act("authority", case["id"], "notify_decision", reason=REASON, power=POWER)
    world.act("officer", case["id"], "propose", proposal="approve", note="拟同意")
    world.act("head", case["id"], "approve")
    shown = call("citizen", "govdata_grant_show", id=first["grant"])
    assert (shown["standing"], shown["reason"]) == ("in_force", "")


def test_the_letter_names_the_ways_of_the_place_to_which_the_entry_went(world):  # noqa: F811
    granted_id = granted_in(world)
    other = make_body("another-office", "另一地方的局", level="province", region="34",
                      jurisdiction="anhui")  # fmt: skip
    patch(world, private=True)
    here = case_of(granted_id)["letters"][-1]["remedies"]
    patch(world, private=False)
    turn(granted_id, lift=True)
    patch(world, owner_org=other["id"])
    letter = case_of(granted_id)["letters"][-1]
    assert letter["issuer"] == "另一地方的局"
    assert letter["remedies"] != here


@pytest.mark.parametrize("of", LEFT)
def test_where_no_letter_could_be_written_none_is_promised(
    world, granted, rename, of  # noqa: F811
):
    patch(world, private=True)
    patch(world, private=False)
    turn(granted["id"], lift=True)
    rename(of, LEFT[of], f"formerly_{LEFT[of]}")
    patch(world, private=True)
    told = [one["facts"] for one in notices("citizen") if one["kind"] == "grant_entry_withdrawn"]
    assert ["letter" in one for one in told] == [False, True]
    assert "letter" not in sentence("grant_entry_withdrawn", told[0])
    assert "letter" in sentence("grant_entry_withdrawn", told[1])


def notices(who):
    """Newest first, with their facts."""
    query = sa.text("SELECT kind, facts FROM govdata_notice WHERE user_id = :u ORDER BY at DESC")
    user = model.User.by_name(who).id
    rows = model.Session.execute(query, {"u": user})
    return [{"kind": row.kind, "facts": json.loads(row.facts)} for row in rows]


def test_who_is_named_in_a_grant_is_led_to_it(firms):  # noqa: F811
    call("citizen", "govdata_grant_member_create", id=firms["id"], username="other")
    turn(firms["id"], suspend=True)
    for who in ("citizen", "other"):
        [one] = [one for one in notices(who) if one["kind"] == "grant_suspended"]
        assert one["facts"]["grant"] == firms["id"], who


@pytest.mark.parametrize("more", [{}, {"suspend": True}, {"lift": True}])
def test_after_its_last_day_nothing_is_left_to_decide(granted, on_day, more):  # noqa: F811
    turn(granted["id"], suspend=True)
    on_day(now.today().replace(year=now.today().year + 1))
    with pytest.raises(tk.ValidationError, match="ended on"):
        turn(granted["id"], **more)


def test_a_reason_is_no_longer_than_its_form_takes(granted):  # noqa: F811
    with pytest.raises(tk.ValidationError) as caught:
        call("head", "govdata_grant_revoke", id=granted["id"], reason="由" * 4001, suspend=True)
    assert "4000" in caught.value.error_dict["reason"][0].replace(",", "")


def test_the_end_of_a_grant_is_told_by_the_grounds_of_its_day(
    granted, on_day, monkeypatch  # noqa: F811
):
    asked, grounds = [], letters.in_force.grounds

    def noting(place, day, *use):
        asked.append(day)
        return grounds(place, day, *use)

    monkeypatch.setattr(letters.in_force, "grounds", noting)
    on_day(granted["valid_until"])
    turn(granted["id"])
    assert {one.isoformat() for one in asked} == {granted["valid_until"]}
