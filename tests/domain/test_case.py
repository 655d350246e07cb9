"""The case engine: events from commands, clocks, refusals."""

from dataclasses import replace
from datetime import date

import pytest
from case_world import (
    AUTHORITY,
    CALENDAR,
    CITIZEN,
    FORM,
    HEAD,
    LATER_CALENDAR,
    OFFICER,
    SUPPLIED,
    choices,
    procedure,
    rules,
)

from ckanext.govdata.domain import elapse
from ckanext.govdata.domain.bound_rules import Rules
from ckanext.govdata.domain.case import Actor, apply, fold, open_case
from ckanext.govdata.domain.clock import Pause
from ckanext.govdata.domain.decision import Refused, commands_now, decide
from ckanext.govdata.domain.procedure import Outcome, Role
from ckanext.govdata.domain.rulebook import Rulebook
from ckanext.govdata.domain.scope import Scope, extent, granted

MONDAY = date(
    2025, 9, 22
)  # then come National Day and Mid-Autumn, 1-8 October, made up on 28.9. and 11.10.
REASON = {
    "reason": "涉及第三方商业秘密，权利人不同意公开。",
    "basis": ["《政府信息公开条例》第十五条"],
}


class Story:
    """A case that is told command by command."""

    def __init__(self, **rule_options):
        self.rules = rules(**rule_options)
        self.case = open_case(procedure(), CITIZEN.id, MONDAY)
        self.events = []

    def do(self, command, actor, day=MONDAY, **fields):
        event = decide(self.case, command, fields, actor, self.rules, CALENDAR, choices(day))
        assert not isinstance(event, Refused), event
        self.events.append(event)
        self.case = apply(self.case, event)
        return event

    def refused(self, command, actor, day=MONDAY, **fields):
        answer = decide(self.case, command, fields, actor, self.rules, CALENDAR, choices(day))
        assert isinstance(answer, Refused), answer
        return {(reason.code, reason.field) for reason in answer.reasons}

    def pass_time(self, day):
        events = elapse.elapse(self.case, self.rules, CALENDAR, day)
        self.case = fold(self.case, events)
        self.events += events
        return events

    def submit(self, day=MONDAY):
        return self.do("submit", CITIZEN, day, **FORM)

    def prepare(self, day=MONDAY):
        self.submit(day)
        self.do("accept", OFFICER, day)
        self.do("propose", OFFICER, day, proposal="refuse", note="建议不予开放")


@pytest.fixture
def story():
    return Story()


def test_yaohai_17_answer_within_ten_working_days_of_receipt(story):
    story.submit()
    clock = story.case.clocks["decide"]
    # 23-26 September: 4; Sunday 28, made up: 5; 29-30: 7; 9-10 October: 9; Saturday 11: 10.
    assert clock.due == date(2025, 10, 11)
    assert (clock.amount, clock.article, clock.own_rule) == (10, "第十七条", False)
    assert not story.case.overdue(date(2025, 10, 11))
    assert story.case.overdue(date(2025, 10, 12))


def test_where_the_text_is_silent_the_portals_own_rule_is_labelled():
    story = Story(jurisdiction="anhui")
    story.submit()
    assert story.case.clocks["decide"].own_rule


def test_from_first_click_to_grant(story):
    story.do("save", CITIZEN, purpose="研究公交线路")
    assert story.case.answers == {"purpose": "研究公交线路"}
    story.prepare()
    event = story.do("approve", HEAD, date(2025, 9, 25))
    assert (event.name, event.role, story.case.state) == ("approved", "head", "approved")
    assert story.case.decisions[0].outcome is Outcome.GRANTED
    assert story.case.clocks["decide"].stopped == date(2025, 9, 25)
    assert not story.case.overdue(date(2030, 1, 1))


def test_the_case_is_what_its_events_say(story):
    story.prepare()
    story.do("refuse", HEAD, **REASON)
    assert fold(open_case(procedure(), CITIZEN.id, MONDAY), story.events) == story.case


@pytest.mark.parametrize("command", ["refuse", "approve_partly"])
@pytest.mark.parametrize("missing", ["reason", "basis"])
def test_yaohai_17_no_refusal_without_reason_and_basis(story, command, missing):
    story.prepare()
    scope = (
        {}
        if command == "refuse"
        else {"grant_resources": ["r1"], "grant_columns": {"r1": ["name"]},
              "valid_from": "2025-10-25", "valid_until": "2026-09-24"}
    )
    fields = {**scope, **REASON, missing: "   "}
    assert story.refused(command, HEAD, **fields) == {("missing", missing)}


@pytest.mark.parametrize(
    "reason",
    ["不行", "。。。。。。。。。。。。。。", "aaaaaaaaaaaaaaaaaa", "不 不 不 不 不 不 不 不 不 不"],
)
def test_a_reason_says_something(story, reason):
    story.prepare()
    assert story.refused("refuse", HEAD, **{**REASON, "reason": reason}) == {
        ("too_short", "reason")
    }


def test_a_basis_is_an_article(story):
    story.prepare()
    assert story.refused("refuse", HEAD, **{**REASON, "basis": ["因为我说不行"]}) == {
        ("no_article", "basis")
    }
    story.do("refuse", HEAD, **{**REASON, "basis": ["yaohai:15"]})
    assert story.case.decisions[0].fields["basis"] == ["瑶政办〔2024〕2号 第十五条"]


def test_supplement_over_national_day_stops_the_clock(story):
    story.submit()
    story.do("request_supplement", OFFICER, date(2025, 9, 26), missing_items="营业执照副本")
    assert story.case.clocks["decide"].paused_since == date(2025, 9, 26)
    assert not story.case.overdue(date(2025, 11, 30))
    story.do(
        "supply",
        CITIZEN,
        date(2025, 10, 13),
        **{**SUPPLIED, "security_measures": "专人保管并加密存储数据"},
    )
    clock = story.case.clocks["decide"]
    assert clock.pauses == (Pause(date(2025, 9, 27), date(2025, 10, 13)),)
    # Four working days were used by 26 September; six are left after 13 October.
    assert clock.due == date(2025, 10, 21)
    assert story.case.accepted == date(2025, 10, 13)


def test_supplement_is_asked_for_once(story):
    story.submit()
    story.do("request_supplement", OFFICER, missing_items="营业执照副本")
    story.do("supply", CITIZEN, **SUPPLIED)
    assert story.refused("request_supplement", OFFICER, missing_items="再来一份") == {
        ("wrong_state", "command")
    }


def test_a_pause_of_one_day_costs_nothing(story):
    story.submit()
    due = story.case.clocks["decide"].due
    story.do("request_supplement", OFFICER, missing_items="营业执照副本")
    story.do("supply", CITIZEN, **SUPPLIED)
    assert story.case.clocks["decide"].due == due


def test_a_lapse_into_a_state_whose_clock_has_no_term_is_told(story):
    story.submit()
    story.do("request_supplement", OFFICER, missing_items="营业执照副本")
    known = story.case.procedure
    waiting = known.states[story.case.state]
    waiting = replace(waiting, lapses=replace(waiting.lapses, to="objected"))
    states = {**known.states, story.case.state: waiting}
    story.case = replace(story.case, procedure=replace(known, states=states))
    story.rules = Rules(Rulebook({}), "nowhere", MONDAY)
    with pytest.raises(elapse.Unjudgeable, match="objected: "):
        story.pass_time(date(2026, 3, 1))


def test_an_unanswered_supplement_lapses_dated_to_the_day_it_became_true(story):
    story.submit()
    story.do("request_supplement", OFFICER, missing_items="营业执照副本")
    due = story.case.clocks["supplement"].due
    assert story.pass_time(due) == ()
    [event] = story.pass_time(date(2026, 3, 1))
    assert (event.name, event.state, (event.day - due).days) == ("lapsed", "lapsed", 1)
    assert story.pass_time(date(2026, 3, 2)) == ()
    assert story.refused("supply", CITIZEN, date(2026, 3, 2), **SUPPLIED) == {
        ("wrong_state", "command")
    }


def test_overdue_is_said_once_and_dated(story):
    story.submit()
    story.do("accept", OFFICER)
    assert story.pass_time(date(2025, 10, 11)) == ()
    [event] = story.pass_time(date(2025, 12, 1))
    assert (event.name, event.day, event.fields["article"]) == (
        "overdue",
        date(2025, 10, 12),
        "第十七条",
    )
    assert story.pass_time(date(2025, 12, 2)) == ()
    story.do("propose", OFFICER, date(2025, 12, 2), proposal="approve", note="补办")
    assert story.case.clocks["decide"].late(date(2025, 12, 2))


def test_opening_has_no_extension_in_yaohai_but_where_a_text_allows_it_the_head_consents():
    story = Story()
    story.submit()
    story.do("accept", OFFICER)
    assert story.refused("extend", HEAD, reason=REASON["reason"]) == {
        ("term_not_extendable", "term")
    }
    story = Story(jurisdiction="elsewhere")
    story.submit()
    story.do("accept", OFFICER)
    assert story.refused("extend", OFFICER, reason=REASON["reason"]) == {("wrong_role", "command")}
    event = story.do("extend", HEAD, reason=REASON["reason"])
    assert (event.actor, story.case.clocks["decide"].extension) == (HEAD.id, 5)
    assert story.case.clocks["decide"].due == date(2025, 10, 17)
    assert story.refused("extend", HEAD, reason=REASON["reason"]) == {("already_given", "command")}


def test_one_step_only_where_the_jurisdiction_has_it():
    for options, state in ((frozenset(), "accepted"), (frozenset({"one_step"}), "refused")):
        story = Story(options=options)
        story.submit()
        story.do("accept", OFFICER)
        decide(story.case, "refuse", REASON, HEAD, story.rules, CALENDAR, choices(MONDAY))
        if options:
            story.do("refuse", HEAD, **REASON)
        else:
            assert story.refused("refuse", HEAD, **REASON) == {("wrong_state", "command")}
        assert story.case.state == state


def test_withdrawn_only_by_the_applicant_until_decided(story):
    story.submit()
    for other in (OFFICER, HEAD, AUTHORITY, Actor("stranger", frozenset({Role.APPLICANT}))):
        if other.id != "stranger":
            assert ("wrong_role", "command") in story.refused("withdraw", other)
    story.do("withdraw", CITIZEN)
    assert story.case.state == "withdrawn"
    assert story.refused("withdraw", CITIZEN) == {("wrong_state", "command")}


def test_nobody_decides_on_himself(story):
    story.case = open_case(procedure(), HEAD.id, MONDAY)
    both = Actor(HEAD.id, HEAD.roles | {Role.APPLICANT, Role.OFFICER})
    story.do("submit", both, **FORM)
    assert story.refused("accept", both) == {("wrong_role", "command")}
    assert {c.name for c in commands_now(story.case, both, story.rules, MONDAY)} == {"withdraw"}


def test_objection_once_and_in_time_then_a_new_decision(story):
    story.prepare()
    story.do("refuse", HEAD, **REASON)
    due = story.case.clocks["object"].due
    late = date.fromordinal(due.toordinal() + 1)
    assert story.refused("object", CITIZEN, late, grounds="理由不成立，请复查本决定") == {
        ("too_late", "command")
    }
    story.do("object", CITIZEN, due, grounds="理由不成立，请复查本决定")
    order = {"reason": REASON["reason"], "power": REASON["basis"]}
    story.do("notify_decision", AUTHORITY, due, **order)
    assert story.case.state == "accepted"
    restarted = story.case.clocks["decide"]
    assert restarted.start == due
    # Yaohai 17 counts from receipt: that it is counted anew no article says.
    assert (restarted.own_rule, restarted.article) == (True, "")
    story.do("propose", OFFICER, due, proposal="refuse", note="仍不予开放")
    story.do("refuse", HEAD, due, **REASON)
    assert len(story.case.decisions) == 2
    assert story.refused("object", CITIZEN, due, grounds="再次提出异议，请复查") == {
        ("already_given", "command")
    }


PART = {
    **REASON,
    "grant_resources": ["r1"],
    "grant_columns": {"r1": ["name", "stop"]},
    "valid_from": "2025-10-01",
    "valid_until": "2026-09-24",
}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("grant_resources", ["r1", "r3"], "not_here"),
        ("grant_columns", {"r1": ["phone"]}, "not_here"),
        ("valid_until", "2036-01-01", "beyond_what_was_asked"),
        ("valid_from", "2025-09-25", "beyond_what_was_asked"),
    ],
)
def test_nothing_is_granted_that_was_not_asked_for(story, field, value, code):
    story.prepare()
    assert story.refused("approve_partly", HEAD, **{**PART, field: value}) == {(code, field)}


def test_fewer_columns_and_a_shorter_period_need_a_reason(story):
    story.prepare()
    scope = {key: value for key, value in PART.items() if key not in REASON}
    assert ("unknown_field", "valid_until") in story.refused("approve", HEAD, **scope)
    event = story.do(
        "approve_partly", HEAD, **{**PART, "grant_columns": {"r1": ["name"]}}, row_limit="500"
    )
    said = (story.case.procedure.by_part(one) for one in (story.case.answers, event.fields))
    assert granted(*map(extent, said), event.day) == Scope(
        ("r1",), {"r1": ("name",)}, date(2025, 10, 1), date(2026, 9, 24), 500
    )


def test_a_clock_moved_back_is_refused(story):
    story.submit(date(2025, 9, 23))
    assert story.refused("accept", OFFICER, MONDAY) == {("clock_moved_back", "day")}


def test_unknown_commands_and_fields_are_refused(story):
    assert story.refused("drop_table", CITIZEN) == {("unknown_command", "command")}
    assert ("unknown_field", "state") in story.refused("submit", CITIZEN, **FORM, state="approved")


def test_permission_is_told_before_the_fields(story):
    story.submit()
    assert story.refused("accept", CITIZEN, nonsense=1) == {("wrong_role", "command")}


def test_a_new_notice_moves_open_cases(story):
    story.submit(date(2027, 9, 20))
    clock = story.case.clocks["decide"]
    assert clock.provisional
    event = elapse.recounted(story.case, CALENDAR)
    assert event is None

    event = elapse.recounted(story.case, LATER_CALENDAR)
    assert event.fields["due"]["decide"] != clock.due.isoformat()
    story.case = apply(story.case, event)
    assert not story.case.clocks["decide"].provisional
    assert elapse.recounted(story.case, LATER_CALENDAR) is None


def test_claim_and_hand_over_change_who_has_it(story):
    story.submit()
    story.do("claim", OFFICER)
    assert story.case.assigned == OFFICER.id
    assert story.refused("hand_over", OFFICER, colleague="nobody") == {("not_here", "colleague")}
    story.do("hand_over", OFFICER, colleague="officer2", note="休假")
    assert story.case.assigned == "officer2"


def test_a_decision_stays_what_it_was_where_its_state_was_renamed_since():
    story = Story()
    story.do("submit", CITIZEN, **FORM)
    story.do("accept", OFFICER)
    story.do("propose", OFFICER, proposal="refuse", note="拟不予开放")
    story.do("refuse", HEAD, **REASON)
    past = [replace(one, state=f"formerly_{one.state}") for one in story.events]
    told = fold(open_case(procedure(), CITIZEN.id, MONDAY), past)
    assert [one.outcome for one in told.decisions] == [Outcome.REFUSED]
    assert told.decisions == story.case.decisions
