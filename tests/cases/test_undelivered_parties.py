"""Whom no letter reached was never asked: before data is given the file says how delivery was
tried, and the head what is found of his rights (Regulations on Open Government Information 15,
32)."""

import json

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.cases.time.sweep import sweep
from tests.cases.conftest import call
from tests.cases.test_objecting_parties import PARTIES, part, proposed, to, why_not
from tests.unguarded import unguarded

ATTEMPTS = "11月3日邮政特快专递至登记地址，因查无此人退回；11月4日派员上门，已搬离。"
WHY = "线路客流关系公交安全评估；已按登记地址两次送达，公告期满无人应答。"


@pytest.fixture
def asked(world):
    """A case of which the only party was written to."""
    case = world.apply()
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "consult", party=PARTIES[0], party_contact="0551-64998877",
              party_question="是否同意公开")  # fmt: skip
    return case


def returned(world, case, **more):
    said = {"returned_on": now.today().isoformat(), "attempts": ATTEMPTS, **more}
    return world.act("officer", case["id"], "note_return", party_letter=to(case, PARTIES[0]),
                     **said)  # fmt: skip


def found(world, case, finding="public_interest", who="head"):
    return world.act(who, case["id"], "weigh_unheard", party_letter=to(case, PARTIES[0]),
                     unheard_finding=finding, unheard_reason=WHY)  # fmt: skip


def test_who_was_not_reached_is_weighed_by_the_head_before_anything_is_given(world, asked):
    """Silence after a letter that came back is no silence."""
    shown = returned(world, asked)
    assert shown["state"] == "accepted", "nobody is awaited any more"
    proposed(world, asked)
    codes, said = why_not(world, asked)
    assert codes == ["unheard_not_weighed"]
    assert PARTIES[0] in said["command"][0]
    assert "article 15" in said["command"][0]
    assert why_not(world, asked, "approve_partly", **part(world))[0] == ["unheard_not_weighed"]
    with pytest.raises(tk.ValidationError) as caught:
        found(world, asked, who="officer")
    assert caught.value.error_dict["reasons"][0]["code"] == "wrong_role"
    found(world, asked)
    shown = world.act("head", asked["id"], "approve")
    assert shown["outcome"] == "granted"
    happened = {one["name"]: one["fields"] for one in shown["events"]}
    assert happened["party_letter_returned"]["attempts"] == ATTEMPTS
    assert happened["unheard_weighed"]["unheard_reason"] == WHY


def test_no_return_is_noted_without_what_was_tried(world, asked):
    with pytest.raises(tk.ValidationError) as caught:
        returned(world, asked, attempts="")
    assert "attempts" in caught.value.error_dict


def test_a_return_from_before_such_statements_is_noted_once_more(world, asked):
    returned(world, asked)
    query = sa.text("UPDATE govdata_case_event SET fields = :fields"
                    " WHERE case_id = :id AND name = 'party_letter_returned'")  # fmt: skip
    fields = {"party_letter": to(asked, PARTIES[0]), "returned_on": "2026-11-30"}
    with unguarded() as other:
        other.execute(query, {"id": asked["id"], "fields": json.dumps(fields)})
    proposed(world, asked)
    found(world, asked)
    assert why_not(world, asked)[0] == ["attempts_not_stated"]


def test_what_is_found_to_be_his_is_not_given(world, asked):
    returned(world, asked)
    found(world, asked, "followed")
    proposed(world, asked)
    assert why_not(world, asked)[0] == ["unheard_is_protected"]
    world.act("head", asked["id"], "approve_partly", **part(world))


def test_who_was_reached_and_kept_silent_needs_no_such_finding(world, asked, on_day):
    first = now.today().isoformat()
    shown = world.act("officer", asked["id"], "note_service", party_letter=to(asked, PARTIES[0]),
                      served_on=first)  # fmt: skip
    on_day("2026-12-31")
    assert shown["clocks"]["consult"]["due"] < "2026-12-31"
    sweep(model.Session, now.today())
    proposed(world, asked)
    assert world.act("head", asked["id"], "approve")["outcome"] == "granted"


def test_of_whom_nothing_is_noted_nothing_is_given(world, asked, on_day):
    """Nobody is silent of whom it is not known that he was asked."""
    on_day("2027-02-01")
    sweep(model.Session, now.today())
    proposed(world, asked)
    assert why_not(world, asked)[0] == ["delivery_not_noted"]


def test_whom_the_letter_reaches_at_last_is_not_weighed_in_his_absence(world, asked):
    returned(world, asked)
    found(world, asked)
    world.act("officer", asked["id"], "note_service", party_letter=to(asked, PARTIES[0]),
              served_on=now.today().isoformat())  # fmt: skip
    proposed(world, asked)
    assert why_not(world, asked)[0] == ["parties_not_heard"], "he has his days"
    with pytest.raises(tk.ValidationError) as caught:
        found(world, asked)
    assert "party_letter" in caught.value.error_dict


def test_what_was_tried_and_found_is_the_departments_own(world, asked):
    returned(world, asked)
    found(world, asked)
    for who in ("citizen", "authority"):
        seen = json.dumps(call(who, "govdata_case_show", id=asked["id"]), ensure_ascii=False)
        assert ATTEMPTS not in seen, who
        assert WHY not in seen, who
    for table in ("govdata_case_event", "govdata_ledger", "govdata_notice"):
        kept = model.Session.scalar(sa.text(f"SELECT string_agg(t::text, ' ') FROM {table} t"))
        assert ATTEMPTS not in (kept or ""), table
        assert WHY not in (kept or ""), table
