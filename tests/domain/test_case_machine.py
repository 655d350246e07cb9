"""Every command in every order: a state machine that tries to break the rules of a case."""

from datetime import date, timedelta

from case_world import (
    AUTHORITY,
    CALENDAR,
    CITIZEN,
    FORM,
    HEAD,
    OFFICER,
    OPTIONS,
    SUPPLIED,
    choices,
    procedure,
    rules,
)
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ckanext.govdata.domain import consultation, elapse
from ckanext.govdata.domain.case import Actor, apply, fold, open_case
from ckanext.govdata.domain.decision import Refused, commands_now, decide
from ckanext.govdata.domain.party_letter import choosable
from ckanext.govdata.domain.permission import acting_as
from ckanext.govdata.domain.procedure import Role

START = date(2025, 9, 1)
STRANGER = Actor("stranger")
PEOPLE = {actor.id: actor for actor in (CITIZEN, OFFICER, HEAD, AUTHORITY, STRANGER)}
WORDS = {"reason": "权利人不同意公开其商业秘密信息", "basis": ["yaohai:15"]}
ORDER = {"reason": WORDS["reason"], "power": ["yaohai:15"]}
SCOPE = {
    "grant_resources": ["r1"], "grant_columns": {"r1": ["name"]},
    "valid_from": "2030-09-01", "valid_until": "2035-09-01",
}
FIELDS = {
    "save": {"purpose": "尚未写完"},
    "submit": FORM,
    "supply": SUPPLIED,
    "ask_reopening": {**SUPPLIED, "late_reason": "住院治疗，无法按期补正材料"},
    "decline_reopening": {"reason": WORDS["reason"]},
    "consult": {
        "party": "某某公司", "party_contact": "0551-62620001", "party_question": "是否同意公开",
    },
    "note_service": {"party_letter": "1", "served_on": "2000-01-01"},
    "note_return": {
        "party_letter": "1", "returned_on": "2000-01-01",
        "attempts": "邮寄退回：原址查无此人，电话无人接听。",
    },
    "note_withdrawal": {
        "party_letter": "1", "withdrawn_on": "2000-01-01",
        "withdrawal": "《撤回意见函》，法定代表人签字",
    },
    "weigh_unheard": {
        "party_letter": "1", "unheard_finding": "unfounded",
        "unheard_reason": "不涉及商业秘密，送达经过已经充分",
    },
    "serve_again": {"party_letter": "1", "party_contact": "合肥市瑶海区新址1号"},
    "note_defence": {
        "heard_on": "2000-01-01", "heard_by": "telephone",
        "heard": "没有向第三方提供数据，附日志。",
    },
    "note_answer": {"party_letter": "1", "party_answer": "refused"},
    "weigh_objection": {
        "party_letter": "1", "finding": "unfounded",
        "finding_reason": "已在年报中公布，不属于商业秘密",
    },
    "approve_conditionally": {**WORDS, "conditions": "成果须注明数据来源"},
    "hand_over": {"colleague": "officer2"},
    "remark": {"note": "备注"},
    "request_supplement": {"missing_items": "营业执照副本"},
    "ask_extension": {"note": "请予延期"},
    "extend": {"reason": WORDS["reason"]},
    "propose": {"proposal": "refuse", "note": "拟不予开放"},
    "send_back": {"note": "请补充依据"},
    "approve_partly": {**SCOPE, **WORDS},
    "refuse": WORDS,
    "state_defence": {"statement": "没有提供给第三方，附使用记录"},
    "object": {"grounds": "理由不成立，请复查本决定"},
    "uphold": WORDS,
    "notify_decision": ORDER,
    "order_decision": ORDER,
}


def filled(command, today, case):
    """What is filled in on that day: a letter that is there today was written before."""
    fields = dict(FIELDS.get(command, {}))
    days = ("served_on", "returned_on", "heard_on", "withdrawn_on")
    fields |= {name: today.isoformat() for name in days if name in fields}
    if "party_letter" in fields and case.asked_parties:
        fields["party_letter"] = str(case.asked_parties[0].number)
    return fields


class CaseMachine(RuleBasedStateMachine):
    """Random people give random commands on random days, some with fields left out."""

    def __init__(self):
        super().__init__()
        self.rules = rules("elsewhere", frozenset({"one_step"}), START)
        self.opened = open_case(procedure(), CITIZEN.id, START)
        self.case = self.opened
        self.today = START
        self.events = []

    @rule(days=st.sampled_from([0, 1, 1, 2, 5, 15, 60]))
    def time_passes(self, days):
        self.today += timedelta(days=days)

    @rule(late=st.integers(0, 3))
    def sweep(self, late):
        events = elapse.elapse(self.case, self.rules, CALENDAR, self.today)
        self.take(events)
        assert elapse.elapse(self.case, self.rules, CALENDAR, self.today) == ()

    @rule(
        command=st.sampled_from(sorted(procedure().commands)),
        actor=st.sampled_from(sorted(PEOPLE)),
        without=st.sampled_from(["", "", "reason", "basis", "purpose", "colleague"]),
    )
    def somebody_tries(self, command, actor, without):
        self.give(command, PEOPLE[actor], without)

    @precondition(lambda self: not procedure().states[self.case.state].final)
    @rule(data=st.data(), ending=st.booleans(), wait=st.sampled_from([0, 0, 1, 40]))
    def somebody_does_what_he_may(self, data, ending, wait):
        """Walk forward, so that rare states are reached too."""
        ways = [
            (actor, command.name)
            for actor in PEOPLE.values()
            for command in commands_now(self.case, actor, self.rules, self.today)
            if command.to and (ending or command.name not in ("discard", "withdraw"))
        ]
        if ways:
            actor, command = data.draw(st.sampled_from(ways))
            assert self.give(command, actor)
        if wait:
            self.today += timedelta(days=wait)
            self.take(elapse.elapse(self.case, self.rules, CALENDAR, self.today))

    def give(self, name, actor, without=""):
        before, command = self.case, procedure().commands[name]
        fields = filled(name, self.today, before)
        fields.pop(without, None)
        answer = decide(before, name, fields, actor, self.rules, CALENDAR, choices(self.today))
        listed = command in commands_now(before, actor, self.rules, self.today)
        if isinstance(answer, Refused):
            assert answer.reasons
            assert all(reason.code for reason in answer.reasons)
            return False
        assert listed, "carried out, though not among what this person may do"
        assert not procedure().states[before.state].final
        assert acting_as(command, before, actor) is not None
        if answer.state == "withdrawn":
            assert actor.id == before.applicant
        if command.justifies:
            assert len(answer.fields["reason"]) >= 10
            assert answer.fields["basis"]
        self.take([answer])
        return True

    def take(self, events):
        for event in events:
            before = self.case
            self.case = apply(before, event)
            self.events.append(event)
            for name, clock in before.clocks.items():
                after = self.case.clocks[name]
                if clock.stopped:
                    assert after.stopped or after.start >= clock.stopped  # restarted by order
                elif clock.paused_since and after.paused_since:
                    assert after.due == clock.due

    @invariant()
    def it_is_what_its_events_say(self):
        assert fold(self.opened, self.events) == self.case

    @invariant()
    def decided_no_more_often_than_ordered(self):
        judged = ("decision_notified", "decision_ordered")
        orders = sum(event.name in judged for event in self.events)
        first_hand = [d for d in self.case.decisions if "grounds" not in d.fields]
        assert len(first_hand) <= 1 + orders + (self.case.state == "upheld")

    @invariant()
    def clocks_are_as_the_state_says(self):
        state = procedure().states[self.case.state]
        for name, clock in self.case.clocks.items():
            if procedure().clocks[name].until:
                assert self.case.decisions  # whatever state it is in
                continue
            assert not clock.runs or name in (*state.clocks, *state.stands_if_own)
            assert name not in state.clocks or clock.runs or clock.stopped
            if clock.paused_since:
                assert name in (*state.pauses, *state.stands_if_own)
                assert name in state.pauses or clock.own_rule
                assert not clock.late(self.today) or clock.due < clock.paused_since
            assert clock.due >= clock.start
            assert clock.article or clock.own_rule

    @invariant()
    def a_received_case_has_a_day_and_a_limit(self):
        if self.case.state not in ("draft", "discarded"):
            assert self.case.received
            assert "decide" in self.case.clocks

    @invariant()
    def strangers_may_do_nothing(self):
        assert commands_now(self.case, STRANGER, self.rules, self.today) == []
        applicant_too = Actor(CITIZEN.id, frozenset(Role))
        for command in commands_now(self.case, applicant_too, self.rules, self.today):
            assert Role.APPLICANT in command.by


CaseMachine.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
TestCaseMachine = CaseMachine.TestCase


def about(case, command):
    """The letters to third parties that a command may be about."""
    return list(choosable(case.party_letters, procedure().names_by_part(command)))


def late_for(actor, command, case):
    """Whether only the head may weigh this objection, since data was given before."""
    late = "finding_of_head" in command.checks and case.data_given
    return late and Role.HEAD not in actor.roles


def walk():
    """Every state that can be reached, and every command that was carried out on the way."""
    case = open_case(procedure(), CITIZEN.id, START)
    everything = rules("elsewhere", frozenset(OPTIONS), START)
    seen, given, ahead = set(), set(), [case]
    while ahead:
        case = ahead.pop(0)
        if (case.state, case.given) in seen or len(case.given) > 8:
            continue
        seen.add((case.state, case.given))
        later = case.last + timedelta(days=400)
        ahead.append(fold(case, elapse.elapse(case, everything, CALENDAR, later)))
        for actor in PEOPLE.values():
            for command in commands_now(case, actor, everything, case.last):
                fields = filled(command.name, case.last, case)
                if "party_letter" in fields:
                    if not about(case, command) or late_for(actor, command, case):
                        continue
                    fields["party_letter"] = str(about(case, command)[0].number)
                open_still = consultation.unweighed(case) or consultation.unnoted(case)
                if "objections_weighed" in command.checks and open_still:
                    continue
                day = choices(case.last)
                event = decide(case, command.name, fields, actor, everything, CALENDAR, day)
                assert not isinstance(event, Refused), (command.name, event)
                given.add(command.name)
                after = apply(case, event)
                ends = command.name in ("note_withdrawal", "weigh_unheard")  # it works: enough
                if command.to or (after.party_letters != case.party_letters and not ends):
                    ahead.append(after)
    return {state for state, _given in seen}, given


def test_every_state_is_reached_and_every_command_works_somewhere():
    states, commands = walk()
    assert states == set(procedure().states)
    # A letter that is sent again was written by an effect, of which this machine has none.
    assert commands == set(procedure().commands) - {"serve_again"}


def test_every_command_has_fields_to_try():
    for command in procedure().commands.values():
        wanted = [
            f for f in procedure().asked(command) if f.required and f.name not in command.optional
        ]
        assert {f.name for f in wanted} <= set(FIELDS.get(command.name, {})) or command.partial, (
            command.name
        )
