"""Third parties are asked (Regulations on Open Government Information 32): whose term stands."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from case_world import CALENDAR, OFFICER
from hypothesis import given
from hypothesis import strategies as st
from test_case import MONDAY, Story

from ckanext.govdata.domain import consultation
from ckanext.govdata.domain.clock import Unit, count_deadline

ASKED = {"party": "某某公司", "party_contact": "0551-6262", "party_question": "是否同意公开"}
ANSWER = {"answering_party": "某某公司"}


def asked(jurisdiction="yaohai", day=MONDAY):
    story = Story(jurisdiction=jurisdiction)
    story.submit()
    story.do("accept", OFFICER)
    story.do("consult", OFFICER, day, **ASKED)
    return story


def test_the_term_of_a_text_runs_on():
    """Yaohai 17 knows no pause: towards the applicant its ten days are ten days."""
    story = asked()
    clock = story.case.clocks["decide"]
    assert clock.runs
    assert clock.due == date(2025, 10, 11)
    [late, *_] = story.pass_time(date(2025, 12, 1))
    assert (late.name, late.day) == ("overdue", date(2025, 10, 12))


def test_the_portals_own_term_stands_meanwhile():
    story = asked("anhui", date(2025, 9, 24))
    assert story.case.clocks["decide"].paused_since == date(2025, 9, 24)
    story.do("note_answer", OFFICER, date(2025, 9, 28), **ANSWER, party_answer="agreed")
    story.do("end_consultation", OFFICER, date(2025, 9, 28))
    clock = story.case.clocks["decide"]
    assert clock.runs
    # 23, 24 September are used; the pause ends with the day on which the answer was there.
    assert clock.due == count_deadline(CALENDAR, date(2025, 9, 28), 8, Unit.WORKING_DAYS).due


def test_silent_third_parties_stop_nothing_the_organ_decides():
    story = asked()
    due = story.case.clocks["consult"].due
    assert not [one for one in story.pass_time(due) if one.name == "consultation_ended"]
    events = story.pass_time(date(2026, 3, 1))
    [ended] = [one for one in events if one.name == "consultation_ended"]
    assert (ended.state, ended.day) == ("accepted", due + timedelta(days=1))
    assert (story.case.asked_parties, story.case.party_answers) == (1, ())


def test_several_are_asked_and_each_has_the_whole_term():
    story = asked()
    first = story.case.clocks["consult"].due
    story.do("note_answer", OFFICER, date(2025, 9, 23), **ANSWER, party_answer="refused",
             party_reason="涉及本公司商业秘密")  # fmt: skip
    story.do("consult", OFFICER, date(2025, 9, 25), **{**ASKED, "party": "另一公司"})
    assert story.case.clocks["consult"].due > first
    story.do("note_answer", OFFICER, date(2025, 9, 26), **ANSWER, party_answer="agreed")
    assert story.case.asked_parties == 2
    assert story.case.party_answers == ("refused", "agreed")
    story.do("end_consultation", OFFICER, date(2025, 9, 26))
    assert story.case.state == "accepted"


def test_nobody_ends_it_before_each_has_answered_or_had_his_days():
    """Regulations 32: who was asked yesterday is not silent today."""
    story = asked(day=date(2025, 9, 22))
    too_early = {("parties_not_heard", "command")}
    assert story.refused("end_consultation", OFFICER, day=date(2025, 9, 22)) == too_early
    story.do("consult", OFFICER, date(2025, 9, 23), **{**ASKED, "party": "另一公司"})
    story.do("note_answer", OFFICER, date(2025, 9, 23), **ANSWER, party_answer="agreed")
    assert story.refused("end_consultation", OFFICER, day=date(2025, 9, 24)) == too_early
    for who in ("某某公司", "另一公司"):
        story.do("note_service", OFFICER, date(2025, 9, 24), served_party=who,
                 served_on="2025-09-24")  # fmt: skip
    due = story.case.clocks["consult"].due
    assert story.refused("end_consultation", OFFICER, day=due) == too_early
    story.do("end_consultation", OFFICER, due + timedelta(days=1))
    assert (story.case.state, consultation.unserved(story.case)) == ("accepted", 0)


@pytest.mark.parametrize(("served", "answers", "unserved"), [
    (0, 0, 3), (1, 0, 2), (2, 1, 1), (0, 2, 1), (3, 0, 0), (4, 1, 0),
])  # fmt: skip
def test_whom_the_letter_never_reached_is_not_silent(served, answers, unserved):
    case = replace(asked().case, asked_on=(MONDAY,) * 3, service_days=(MONDAY,) * served,
                   party_answers=("agreed",) * answers)  # fmt: skip
    assert consultation.unserved(case) == unserved


def test_who_did_not_say_anything_that_can_be_chosen_is_refused():
    story = asked()
    assert story.refused("note_answer", OFFICER, **ANSWER, party_answer="perhaps") == {
        ("not_a_choice", "party_answer")
    }


@pytest.mark.parametrize("jurisdiction", ["yaohai", "anhui"])
@given(st.integers(0, 5), st.integers(0, 9))
def test_no_consultation_makes_a_term_shorter_nor_that_of_a_text_longer(jurisdiction, start, days):
    begun = MONDAY + timedelta(days=start)
    story = asked(jurisdiction, begun)
    before = date(2025, 10, 11)
    if story.case.clocks["consult"].due > begun + timedelta(days=days):
        ended = begun + timedelta(days=days)
        story.do("note_answer", OFFICER, ended, **ANSWER, party_answer="agreed")
        story.do("end_consultation", OFFICER, ended)
        after = story.case.clocks["decide"].due
        assert after >= before
        assert jurisdiction == "anhui" or after == before
