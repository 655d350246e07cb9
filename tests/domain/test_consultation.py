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
from ckanext.govdata.domain.field_part import FieldPart
from ckanext.govdata.domain.party_letter import noted

FIRST, SECOND = "3", "4"
"""The numbers of the letters: those of their events, after the receipt and the acceptance."""
TRIED = "邮寄退回：原址查无此人，电话无人接听。"
ASKED = {"party": "某某公司", "party_contact": "0551-6262", "party_question": "是否同意公开"}


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
    story.do("note_answer", OFFICER, date(2025, 9, 28), party_letter=FIRST, party_answer="agreed")
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
    assert [one.answer for one in story.case.asked_parties] == [""]


def test_several_are_asked_and_each_has_the_whole_term():
    story = asked()
    first = story.case.clocks["consult"].due
    story.do("note_answer", OFFICER, date(2025, 9, 23), party_letter=FIRST, party_answer="refused",
             party_reason="涉及本公司商业秘密")  # fmt: skip
    story.do("consult", OFFICER, date(2025, 9, 25), **{**ASKED, "party": "另一公司"})
    assert story.case.clocks["consult"].due > first
    second = str(story.case.asked_parties[-1].number)
    story.do("note_answer", OFFICER, date(2025, 9, 26), party_letter=second, party_answer="agreed")
    assert [one.answer for one in story.case.asked_parties] == ["refused", "agreed"]
    story.do("end_consultation", OFFICER, date(2025, 9, 26))
    assert story.case.state == "accepted"


def test_nobody_ends_it_before_each_has_answered_or_had_his_days():
    """Regulations 32: who was asked yesterday is not silent today."""
    story = asked(day=date(2025, 9, 22))
    too_early = {("parties_not_heard", "command")}
    assert story.refused("end_consultation", OFFICER, day=date(2025, 9, 22)) == too_early
    story.do("consult", OFFICER, date(2025, 9, 23), **{**ASKED, "party": "另一公司"})
    story.do("note_answer", OFFICER, date(2025, 9, 23), party_letter=FIRST, party_answer="agreed")
    assert story.refused("end_consultation", OFFICER, day=date(2025, 9, 24)) == too_early
    for which in (FIRST, SECOND):
        story.do("note_service", OFFICER, date(2025, 9, 24), party_letter=which,
                 served_on="2025-09-24")  # fmt: skip
    due = story.case.clocks["consult"].due
    assert story.refused("end_consultation", OFFICER, day=due) == too_early
    story.do("end_consultation", OFFICER, due + timedelta(days=1))
    assert (story.case.state, consultation.unnoted(story.case)) == ("accepted", 0)


@pytest.mark.parametrize(("served", "answers", "counted"), [
    (0, 0, (3, 0)), (1, 0, (2, 1)), (2, 1, (1, 1)), (0, 2, (1, 0)), (3, 0, (0, 3)), (4, 1, (0, 2)),
])  # fmt: skip
def test_whom_the_letter_never_reached_is_not_silent(served, answers, counted):
    """Also in cases from before letters were known by themselves: their events name none."""
    said = [{FieldPart.PARTY: f"第{n}家"} for n in range(3)]
    said += [{FieldPart.SERVED: MONDAY.isoformat()}] * served
    said += [{FieldPart.PARTY_ANSWER: "agreed"}] * answers
    letters = ()
    for number, one in enumerate(said, 3):
        letters = noted(letters, one, number, MONDAY)
    case = replace(asked().case, party_letters=letters)
    assert (consultation.unnoted(case), consultation.silent(case)) == counted


def parties(story):
    """Of each party that counts: whether it had the letter, and its answer."""
    return [(one.party, bool(one.served), one.answer) for one in story.case.asked_parties]


def test_each_letter_is_known_by_itself_and_what_is_noted_again_corrects():
    """Who answered, and when the letter was there, is of that letter and of no other."""
    story = asked()
    story.do("consult", OFFICER, **{**ASKED, "party": "另一公司"})
    story.do("note_answer", OFFICER, party_letter=SECOND, party_answer="refused")
    story.do("note_service", OFFICER, party_letter=SECOND, served_on=MONDAY.isoformat())
    assert parties(story) == [("某某公司", False, ""), ("另一公司", True, "refused")]
    assert (consultation.unserved(story.case), consultation.unnoted(story.case)) == (0, 1)
    over = {"party_letter": SECOND, "party_answer": "agreed"}
    assert story.refused("note_answer", OFFICER, **over) == {("objection_stands", "party_answer")}
    story.do("note_withdrawal", OFFICER, party_letter=SECOND, withdrawn_on=MONDAY.isoformat(),
             withdrawal="《撤回意见函》，法定代表人签字")  # fmt: skip
    assert parties(story)[1] == ("另一公司", True, "agreed"), "one answer of one party"
    later = date(2025, 9, 24)
    story.do("note_service", OFFICER, later, party_letter=SECOND, served_on=later.isoformat())
    assert story.case.asked_parties[1].served == later
    too_early = {("parties_not_heard", "command")}
    assert story.refused("end_consultation", OFFICER, day=later) == too_early
    unknown = {"party_letter": "2", "party_answer": "agreed"}
    assert story.refused("note_answer", OFFICER, day=later, **unknown) == {
        ("not_here", "party_letter")
    }


@pytest.mark.parametrize("party", ["某某公司", "正确的公司"])
def test_a_newer_letter_takes_the_place_of_the_one_before_it(party):
    """Another address, or another addressee: it is one party all the same."""
    story = asked()
    story.do("note_service", OFFICER, party_letter=FIRST, served_on=MONDAY.isoformat())
    story.do("consult", OFFICER, **{**ASKED, "party": party, "instead_of": FIRST})
    assert parties(story) == [(party, False, "")]
    assert [one.number for one in story.case.party_letters] == [3, 5]
    gone = {"party_letter": FIRST, "party_answer": "agreed"}
    assert story.refused("note_answer", OFFICER, **gone) == {("not_here", "party_letter")}
    story.do("note_answer", OFFICER, party_letter="5", party_answer="agreed")
    story.do("end_consultation", OFFICER)
    assert story.case.state == "accepted"


def test_what_came_back_was_not_received_until_it_is():
    story = asked()
    waits = story.case.clocks["consult"]
    day = date(2025, 9, 24)
    story.do("note_service", OFFICER, day, party_letter=FIRST, served_on=day.isoformat())
    assert story.case.clocks["consult"].due < waits.due
    story.do("note_return", OFFICER, day, party_letter=FIRST, returned_on=day.isoformat(),
             attempts=TRIED)  # fmt: skip
    assert parties(story) == [("某某公司", False, "")]
    assert story.case.clocks["consult"] == waits, "no receipt is counted"
    assert (consultation.unserved(story.case), consultation.silent(story.case)) == (1, 0)
    assert consultation.unnoted(story.case) == 0, "it is known what became of it"
    for wrong, code in (("2025-09-21", "served_before_asked"), ("2025-09-25", "served_in_future")):
        said = {"party_letter": FIRST, "returned_on": wrong, "attempts": TRIED}
        assert story.refused("note_return", OFFICER, day, **said) == {(code, "returned_on")}
    story.do("note_service", OFFICER, day, party_letter=FIRST, served_on=day.isoformat())
    assert story.case.clocks["consult"].due < waits.due
    assert (consultation.unserved(story.case), consultation.silent(story.case)) == (0, 1)


@pytest.mark.parametrize(("written", "found"), [
    ("某某公司", "3"), (" 某某 公司", "3"), ("ABC（中国）", "4"), ("abc(中国)", "4"),
    ("\uff21\uff22\uff23(中国)", "4"), ("某某公司分公司", ""),
])  # fmt: skip
def test_the_same_party_is_known_however_it_is_written(written, found):
    story = asked()
    story.do("consult", OFFICER, **{**ASKED, "party": "ABC（中国）"})
    names = {one.number: one.party for one in story.case.asked_parties}
    assert consultation.named_before(story.case, written, "", names) == found
    assert consultation.named_before(story.case, written, found or "3", names) == ""
    for number in (FIRST, "4"):
        story.do("note_answer", OFFICER, party_letter=number, party_answer="refused")
    assert consultation.named_before(story.case, written, "", names) == "", "asked once more"


def test_who_did_not_say_anything_that_can_be_chosen_is_refused():
    story = asked()
    assert story.refused("note_answer", OFFICER, party_letter=FIRST, party_answer="perhaps") == {
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
        story.do("note_answer", OFFICER, ended, party_letter=FIRST, party_answer="agreed")
        story.do("end_consultation", OFFICER, ended)
        after = story.case.clocks["decide"].due
        assert after >= before
        assert jurisdiction == "anhui" or after == before
