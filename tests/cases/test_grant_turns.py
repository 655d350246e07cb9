"""A grant is taken back or given back: in its case, in a letter, and everybody who may use it is
told; by the head, or with its entry."""

from __future__ import annotations

import re

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now, slices
from ckanext.govdata.access import touched_entries
from ckanext.govdata.cases.engine import record
from ckanext.govdata.cases.pages.letter_text import letter_text
from tests.access.opened_grants import firms, granted, organisation  # noqa: F401
from tests.cases.conftest import BASIS, CLAUSE, POWER, REASON, call, heard, on_day, world  # noqa: F401
from tests.cases.test_entry_changed import CHANGES, kinds, moved, patch  # noqa: F401
from tests.cases.test_entry_changed import granted as granted_in
from tests.cases.test_renamed_states import rename  # noqa: F401
from tests.departments.test_same_instant import Beside

ENDED = {"reason": REASON, "basis": CLAUSE}


def turn(grant_id, **more):
    return call("head", "govdata_grant_revoke", id=grant_id, **ENDED, **heard(),
                **more)  # fmt: skip


def case_of(grant_id):
    query = sa.text("SELECT case_id FROM govdata_grant WHERE id = :id")
    return call("citizen", "govdata_case_show", id=model.Session.scalar(query, {"id": grant_id}))


def happened(grant_id):
    return [one["name"] for one in case_of(grant_id)["events"]]


def said(letter, language, test_request_context):
    with test_request_context(environ_overrides={"CKAN_LANG": language}):
        return re.sub(r"\s", "", letter_text(letter).whole)


LEFT = {
    "states": "approved", "commands": "approve",
}  # fmt: skip
"""What was renamed in the file since the case went through it."""


@pytest.mark.parametrize("of", LEFT)
@pytest.mark.parametrize("more", [{}, {"suspend": True}])
def test_where_no_file_declares_the_case_the_end_of_its_grant_is_refused_in_words(
    granted, rename, of, more  # noqa: F811
):
    rename(of, LEFT[of], f"formerly_{LEFT[of]}")
    with pytest.raises(tk.ValidationError) as caught:
        turn(granted["id"], **more)
    assert "Nothing of the case is lost" in caught.value.error_dict["procedure"][0]
    model.Session.rollback()
    assert call("citizen", "govdata_grant_show", id=granted["id"])["standing"] == "in_force"


@pytest.mark.parametrize("of", LEFT)
def test_a_grant_falls_with_its_entry_whatever_became_of_the_files(
    world, granted, rename, of  # noqa: F811
):
    rename(of, LEFT[of], f"formerly_{LEFT[of]}")
    patch(world, private=True)
    assert call("citizen", "govdata_grant_show", id=granted["id"])["standing"] == "suspended"


def test_a_suspension_is_an_event_and_its_end_too_and_neither_comes_twice(granted):  # noqa: F811
    grant_id = granted["id"]
    with pytest.raises(tk.ValidationError, match="not suspended"):
        turn(grant_id, lift=True)
    turn(grant_id, suspend=True)
    with pytest.raises(tk.ValidationError, match="suspended already"):
        turn(grant_id, suspend=True)
    assert turn(grant_id, lift=True)["standing"] == "in_force"
    with pytest.raises(tk.ValidationError, match="not suspended"):
        turn(grant_id, lift=True)
    turn(grant_id, suspend=True, new_facts="恢复之后又发现新的转让情形，有记录为证。")
    turn(grant_id)
    ends = ["grant_suspended", "grant_lifted", "grant_suspended", "grant_revoked"]
    assert happened(grant_id)[-4:] == ends
    assert [one for one in kinds("citizen") if one in ends] == ends[::-1]
    letters = [one["decision"] for one in case_of(grant_id)["letters"]]
    assert letters[-4:] == ends


def test_everybody_who_may_use_it_is_told(firms):  # noqa: F811
    call("citizen", "govdata_grant_member_create", id=firms["id"], username="other")
    for more, told in (({"suspend": True}, "grant_suspended"), ({"lift": True}, "grant_lifted"),
                       ({}, "grant_revoked")):  # fmt: skip
        turn(firms["id"], **more)
        for who in ("citizen", "other"):
            assert kinds(who).count(told) == 1, (who, told)


CAUSES = {
    "private": "withdrawn", "deleted": "withdrawn", "non_open": "not open on conditions",
    "by a sheet": "not open on conditions", "file deleted": "files are not there",
}  # fmt: skip


@pytest.mark.parametrize("change", CAUSES)
def test_with_its_entry_it_ends_in_writing_too(world, change, test_request_context):  # noqa: F811
    grant_id = granted_in(world)
    act, standing, _told = CHANGES[change]
    act(world)
    shown = case_of(grant_id)
    assert shown["events"][-1]["name"] == f"grant_{standing}"
    letter = shown["letters"][-1]
    assert (letter["decision"], letter["issuer"]) == (f"grant_{standing}", "瑶海区民政局")
    assert {one["way"] for one in letter["remedies"]} >= {"reconsider", "sue", "complain"}
    assert CAUSES[change].replace(" ", "") in said(letter, "en", test_request_context)
    assert letter["genuine"]


def test_what_everybody_may_have_nobody_loses(world):  # noqa: F811
    grant_id = granted_in(world)
    patch(world, open_attribute="unconditional")
    shown = case_of(grant_id)
    assert shown["events"][-1]["name"] == "grant_revoked"
    assert shown["letters"][-1]["decision"] == "approved"


def test_the_department_that_has_the_entry_now_writes_that_it_is_suspended(moved):  # noqa: F811
    grant_id, _case, _other = moved
    letter = case_of(grant_id)["letters"][-1]
    assert (letter["decision"], letter["issuer"]) == ("grant_suspended", "瑶海区交通局")
    call("newhead", "govdata_grant_revoke", id=grant_id, reason=REASON, lift=True)
    assert happened(grant_id)[-1] == "grant_lifted"


def test_the_end_of_a_grant_promises_no_objection_to_the_reply_before_it(
    world, test_request_context  # noqa: F811
):
    """What is left to do is what the law gives against the new act; who was heard on the old
    one is not repeated."""
    today = now.today()
    case = world.apply(period_from=today.isoformat(),
                       period_until=today.replace(year=today.year + 1).isoformat())  # fmt: skip
    world.act("officer", case["id"], "accept")
    asked = {"party": "合肥某某客运有限公司", "party_contact": "0551-64998877",
             "party_question": "是否同意公开贵公司线路客流"}  # fmt: skip
    world.act("officer", case["id"], "consult", **asked)

    letters = call("officer", "govdata_case_show", id=case["id"])["letters"]
    world.act("officer", case["id"], "note_answer", party_letter=str(letters[-1]["number"]),
              party_answer="agreed")  # fmt: skip
    world.act("officer", case["id"], "propose", proposal="approve_conditionally", note="附条件")
    shown = world.act("head", case["id"], "approve_conditionally", conditions="仅限研究使用",
                      reason=REASON, basis=BASIS)  # fmt: skip
    reply = shown["letters"][-1]
    assert "object_until" in reply
    assert "heard" in reply
    for more in ({"suspend": True}, {}):
        turn(shown["grant"], **more)
        letter = case_of(shown["grant"])["letters"][-1]
        assert not {"object_until", "object_to", "heard"} & letter.keys()
        assert "objectonce" not in said(letter, "en", test_request_context)
        assert {one["way"] for one in letter["remedies"]} >= {"reconsider", "sue"}


@pytest.mark.parametrize("first", [{}, {"suspend": True}])
def test_who_takes_a_grant_back_and_who_changes_its_entry_do_not_wait_for_each_other_for_ever(
    world, app, monkeypatch, first  # noqa: F811
):
    """The head has the case and not the grant yet when the entry is changed: that waits for the
    case, and not with the grant in its hand."""
    grant_id, held = granted_in(world), slices.registered("case_of_grant")
    lock, beside = held["lock"], []

    def locked(session, case_id):
        lock(session, case_id)
        beside.append(Beside(app, lambda: patch(world, private=True)))
        beside[0].until_it_waits()

    monkeypatch.setitem(held, "lock", locked)
    turn(grant_id, **first)
    beside[0].end()
    assert happened(grant_id).count(f"grant_{'suspended' if first else 'revoked'}") == 1
    shown = call("citizen", "govdata_grant_show", id=grant_id)
    assert shown["standing"] == ("suspended" if first else "revoked")


def test_who_writes_an_entry_by_his_case_and_who_acts_on_another_of_its_cases_both_go_on(
    world, app, monkeypatch  # noqa: F811
):
    """As a review that settles the entry's attribute: it holds the entry's other cases before the
    ledger, for whoever has one of them wants the ledger next."""
    mine, others = world.apply(), world.apply()
    close, first, beside = record.close, [True], []

    def settling():
        touched_entries.note(model.Session, [world.entry["id"]])
        world.act("officer2", mine["id"], "accept")

    def closing(moment):
        if first and first.pop():
            beside.append(Beside(app, settling))
            beside[0].until_it_waits()
        close(moment)

    monkeypatch.setattr(record, "close", closing)
    world.act("officer", others["id"], "accept")
    beside[0].end()
    assert not beside[0].refused
    for one in (mine, others):
        assert call("citizen", "govdata_case_show", id=one["id"])["state"] == "accepted"


def test_who_was_named_in_a_grant_is_told_that_a_new_decision_ends_it(world):  # noqa: F811
    organisation()
    today = now.today()
    days = {"period_from": today.isoformat(),
            "period_until": today.replace(year=today.year + 1).isoformat()}  # fmt: skip
    case = world.prepared(**days)
    said = {"conditions": "仅限研究使用", "reason": REASON, "basis": BASIS}
    shown = world.act("head", case["id"], "approve_conditionally", **said)
    call("citizen", "govdata_grant_member_create", id=shown["grant"], username="other")
    world.act("citizen", case["id"], "object", grounds="条件没有依据，请重新审查。")
    world.act("authority", case["id"], "notify_decision", reason=REASON, power=POWER)
    world.act("officer", case["id"], "propose", proposal="refuse", note="拟不予开放")
    world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    assert kinds("other").count("grant_revoked") == 1
    assert call("citizen", "govdata_grant_show", id=shown["grant"])["standing"] == "revoked"
