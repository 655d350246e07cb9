"""A decision to open data is not the opening: Yaohai 17 counts the ten days until it is opened."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from case_world import CALENDAR, CITIZEN, FORM, HEAD, OFFICER, SUPPLIED, choices
from hypothesis import given
from hypothesis import strategies as st
from test_case import MONDAY, REASON, Story

from ckanext.govdata.domain import elapse, owed_data
from ckanext.govdata.domain.case import apply, fold, open_case
from ckanext.govdata.domain.clock import Unit, count_deadline
from ckanext.govdata.domain.decision import decide

DUE = date(2025, 10, 11)
PART = {
    **REASON, "grant_resources": ["r2"], "grant_columns": {"r2": ["a"]},
    "valid_from": "2025-10-25", "valid_until": "2026-09-24",
}  # fmt: skip


class Waiting(Story):
    """A story of an entry of which only some files can be fetched."""

    there = frozenset[str]()

    def do(self, command, actor, day=MONDAY, **fields):
        known = replace(choices(day), fetchable=self.there)
        event = decide(self.case, command, fields, actor, self.rules, CALENDAR, known)
        assert hasattr(event, "clocks"), event
        self.events.append(event)
        self.case = apply(self.case, event)
        return event

    def arrive(self, day, *files):
        event = owed_data.provided(self.case, frozenset(files), day)
        if event:
            self.events.append(event)
            self.case = apply(self.case, event)
        return event


@pytest.fixture
def waiting():
    return Waiting()


def approved(waiting, day=date(2025, 9, 25)):
    waiting.prepare()
    waiting.do("approve", HEAD, day)
    return waiting.case


def test_what_can_be_fetched_is_not_owed(waiting):
    waiting.there = frozenset({"r1"})
    case = approved(waiting)
    assert "provide" not in case.clocks
    assert not case.open


def test_in_yaohai_the_data_is_due_on_the_day_of_the_answer(waiting):
    case = approved(waiting)
    clock = case.clocks["provide"]
    assert case.open
    assert case.main_clock() == ("provide", clock)
    assert (clock.start, clock.due, clock.article) == (MONDAY, DUE, "第十七条")
    assert case.clocks["decide"].stopped == date(2025, 9, 25)


def test_elsewhere_it_is_the_portals_own_term_from_the_decision():
    waiting = Waiting(jurisdiction="anhui")
    own = waiting.rules.book.versions["portal"][0]
    terms = tuple(replace(one, start=type(one.start).DECIDED) if one.name.endswith("provide")
                  else one for one in own.terms)  # fmt: skip
    versions = {**waiting.rules.book.versions, "portal": (replace(own, terms=terms),)}
    waiting.rules = replace(waiting.rules, book=replace(waiting.rules.book, versions=versions))
    clock = approved(waiting, date(2025, 9, 29)).clocks["provide"]
    assert (clock.start, clock.own_rule) == (date(2025, 9, 29), True)


def test_the_pause_of_a_supplement_counts_for_both(waiting):
    waiting.submit()
    waiting.do("request_supplement", OFFICER, date(2025, 9, 24), missing_items="营业执照副本")
    waiting.do("supply", CITIZEN, date(2025, 10, 9), **SUPPLIED)
    waiting.do("propose", OFFICER, date(2025, 10, 9), proposal="approve", note="拟同意")
    before = waiting.case.clocks["decide"]
    waiting.do("approve", HEAD, date(2025, 10, 10))
    after = waiting.case.clocks["provide"]
    assert (after.due, after.pauses) == (before.due, before.pauses)


def test_the_first_file_of_what_was_granted_ends_it(waiting):
    approved(waiting)
    assert waiting.arrive(date(2025, 9, 26), "r9", "entry") is None
    event = waiting.arrive(date(2025, 9, 28), "r1")
    assert (event.name, event.state, event.actor) == ("provided", "approved", "")
    assert waiting.case.clocks["provide"].stopped == date(2025, 9, 28)
    assert not waiting.case.open
    assert not waiting.case.clocks["provide"].late(date(2026, 1, 1))
    assert waiting.arrive(date(2025, 9, 29), "r2") is None


def test_a_file_that_was_not_granted_is_not_what_is_owed(waiting):
    waiting.prepare()
    waiting.do("approve_partly", HEAD, date(2025, 9, 25), **PART)
    assert waiting.arrive(date(2025, 9, 26), "r1") is None
    assert waiting.arrive(date(2025, 9, 26), "r2")


def test_late_is_late_said_once_and_dated(waiting):
    approved(waiting)
    assert waiting.pass_time(DUE) == ()
    [event] = waiting.pass_time(date(2025, 12, 1))
    assert (event.name, event.day) == ("unprovided", DUE + timedelta(days=1))
    assert waiting.pass_time(date(2025, 12, 2)) == ()
    waiting.arrive(date(2025, 12, 3), "r1")
    assert waiting.case.clocks["provide"].late(date(2025, 12, 3))
    assert not waiting.case.open


def test_an_objection_does_not_stop_it(waiting):
    waiting.prepare()
    waiting.do("approve_partly", HEAD, date(2025, 9, 25), **PART)
    waiting.do("object", CITIZEN, date(2025, 9, 26), grounds="另外一部分也应当提供给我")
    assert set(waiting.case.owed()) == {"provide"}
    assert waiting.case.main_clock()[0] == "provide", "it ends before the review does"
    assert waiting.arrive(date(2025, 9, 29), "r2")
    assert waiting.case.main_clock()[0] == "review"
    assert waiting.case.open


def test_where_the_grant_has_ended_nothing_is_owed(waiting):
    case = approved(waiting)
    event = owed_data.ended(case, date(2025, 9, 30))
    assert event.name == "no_longer_owed"
    assert not apply(case, event).open
    assert owed_data.ended(apply(case, event), date(2025, 10, 1)) is None


@given(st.integers(0, 30), st.integers(0, 60), st.integers(0, 90))
def test_it_is_late_exactly_where_a_walk_through_the_calendar_says_so(accepted, decided, arrived):
    waiting = Waiting()
    days = [MONDAY + timedelta(days=number) for number in sorted((accepted, decided, arrived))]
    waiting.submit()
    waiting.case = fold(waiting.case, elapse.elapse(waiting.case, waiting.rules, CALENDAR, days[0]))
    if waiting.case.state == "submitted":
        waiting.do("accept", OFFICER, days[0])
    waiting.do("propose", OFFICER, days[0], proposal="approve", note="拟同意")
    waiting.do("approve", HEAD, days[1])
    waiting.arrive(days[2], "r1")
    last = count_deadline(CALENDAR, MONDAY, 10, Unit.WORKING_DAYS).due
    assert waiting.case.clocks["provide"].late(days[2]) == (days[2] > last)


def test_a_case_that_was_decided_before_there_was_such_a_clock_goes_on_as_it_was(waiting):
    """Upgrade: its events tell of no clock, so nothing is owed and nothing is late."""
    waiting.there = frozenset({"r1"})
    waiting.prepare()
    waiting.do("refuse", HEAD, **REASON)
    story = fold(open_case(waiting.case.procedure, CITIZEN.id, MONDAY), waiting.events)
    waiting.case = replace(story, clocks={k: v for k, v in story.clocks.items() if k != "provide"})
    waiting.do("object", CITIZEN, date(2025, 9, 26), grounds="理由不成立，请复查本决定")
    assert waiting.case.state == "objected"
    assert FORM["resources"] == list(waiting.case.answers["resources"])
