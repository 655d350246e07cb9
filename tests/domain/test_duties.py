"""Duties apart: no person, under whatever hat, has two parts in one case."""

from dataclasses import dataclass, field
from datetime import date

import pytest
from case_world import CALENDAR, FORM, choices, procedure, rules
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from test_case_machine import FIELDS

from ckanext.govdata.domain.case import Actor, apply, open_case
from ckanext.govdata.domain.decision import Refused, barred, commands_now, decide
from ckanext.govdata.domain.duties import objection_body
from ckanext.govdata.domain.procedure import Duty, Role

DAY = date(2025, 9, 22)
RULES = rules("elsewhere")
NAMES = ("li", "wang", "zhao", "chen", "sun")
OFFICER, HEAD = frozenset({Role.OFFICER}), frozenset({Role.OFFICER, Role.HEAD})
JUDGE = frozenset({Role.OBJECTION_BODY})
JUDGING = {"uphold", "notify_decision"}
SEATS = st.sampled_from([frozenset(), OFFICER, HEAD, HEAD, JUDGE, HEAD | JUDGE])


@dataclass
class People:
    """Who has which seats and who stands in for whom: absent one to deputy."""

    seats: dict[str, frozenset[Role]]
    deputies: dict[str, str] = field(default_factory=dict)
    applicant: str = "li"

    def actor(self, name: str) -> Actor:
        own = set(self.seats[name]) | ({Role.APPLICANT} if name == self.applicant else set())
        absent = [one for one, deputy in self.deputies.items() if deputy == name]
        lent = {role: one for one in absent for role in self.seats[one] if role not in own}
        return Actor(name, frozenset(own | lent.keys()), lent, self._behind(name))

    def _behind(self, name: str) -> frozenset[str]:
        found: set[str] = set()
        ahead = [name]
        while ahead:
            here = ahead.pop()
            more = {one for one, deputy in self.deputies.items() if deputy == here} - found
            found |= more
            ahead += more
        return frozenset(found - {name})


class Apart(RuleBasedStateMachine):
    """Random people with random seats and absences try everything, in every order."""

    @initialize(seats=st.tuples(*[SEATS] * len(NAMES)), applicant=st.sampled_from(NAMES))
    def begin(self, seats, applicant):
        self.people = People(dict(zip(NAMES, seats, strict=True)), {}, applicant)
        self.case = open_case(procedure(), applicant, DAY)
        self.did: dict[str, set[str]] = {}
        self.act(applicant, "submit")

    @rule(absent=st.sampled_from(NAMES), deputy=st.sampled_from(NAMES))
    def somebody_goes_away(self, absent, deputy):
        if absent != deputy:
            self.people.deputies[absent] = deputy

    @rule(absent=st.sampled_from(NAMES))
    def somebody_comes_back(self, absent):
        self.people.deputies.pop(absent, None)

    @rule(name=st.sampled_from(NAMES), seats=SEATS)
    def somebody_is_moved(self, name, seats):
        self.people.seats[name] = seats

    @rule(data=st.data())
    def somebody_acts(self, data):
        ways = [
            (name, one.name)
            for name in NAMES
            for one in commands_now(self.case, self.people.actor(name), RULES, DAY)
            if one.name not in ("withdraw", "discard", "remark", "claim", "hand_over")
        ]
        if ways:
            self.act(*data.draw(st.sampled_from(ways)))

    @rule(name=st.sampled_from(NAMES), command=st.sampled_from(sorted(FIELDS)))
    def somebody_tries(self, name, command):
        self.act(name, command)

    def act(self, name, command):
        actor = self.people.actor(name)
        answer = decide(self.case, command, FIELDS.get(command, {}), actor, RULES, CALENDAR,
                        choices(DAY))
        if isinstance(answer, Refused):
            return
        if answer.role != Role.APPLICANT.value:
            assert self.case.applicant not in {name, answer.in_place_of, *actor.stands_for}
        duty = procedure().commands[command].duty
        part = "apply" if answer.role == Role.APPLICANT.value else duty and duty.value
        if part:
            self.did.setdefault(part, set()).update({name, answer.in_place_of or name})
        self.case = apply(self.case, answer)

    @invariant()
    def nobody_has_two_parts(self):
        parts = list(getattr(self, "did", {}).items())
        for number, (one, who) in enumerate(parts):
            for other, whom in parts[number + 1 :]:
                assert not who & whom, (one, other, who & whom)


Apart.TestCase.settings = settings(
    max_examples=150, stateful_step_count=30, deadline=None, derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestApart = Apart.TestCase


def told(case, people, *steps):
    """The case after these steps, or the code of the last refusal."""
    for name, command in steps:
        fields = FIELDS.get(command, {})
        answer = decide(case, command, fields, people.actor(name), RULES, CALENDAR, choices(DAY))
        if isinstance(answer, Refused):
            return answer.reasons[0].code
        case = apply(case, answer)
    return case


def office(**deputies):
    seats = {"li": frozenset(), "wang": HEAD, "zhao": HEAD, "chen": OFFICER, "sun": JUDGE}
    return People(seats, deputies)


@pytest.mark.parametrize(
    ("people", "steps", "code"),
    [
        (office(), [("wang", "accept"), ("wang", "propose"), ("wang", "refuse")], "did_propose"),
        (office(wang="chen"), [("chen", "accept"), ("chen", "propose"), ("chen", "refuse")],
         "did_propose"),
        (office(wang="chen"), [("chen", "accept"), ("wang", "propose"), ("chen", "refuse")],
         "did_propose"),
        (office(li="chen"), [("chen", "accept")], "stands_for_applicant"),
        (office(li="wang", wang="chen"), [("chen", "accept")], "stands_for_applicant"),
    ],
)
def test_who_keeps_out(people, steps, code):
    case = told(open_case(procedure(), "li", DAY), people, ("li", "submit"))
    assert told(case, people, *steps) == code


def test_a_head_who_refused_does_not_uphold_it():
    people = office()
    case = told(open_case(procedure(), "li", DAY), people, ("li", "submit"), ("chen", "accept"),
                ("chen", "propose"), ("wang", "refuse"), ("li", "object"))
    people.seats["wang"] = JUDGE  # he was moved to the authority meanwhile
    assert told(case, people, ("wang", "uphold")) == "did_decide"
    for seat in (OFFICER, frozenset({Role.HEAD}), HEAD):  # no hand in it, but his department has
        people.seats["zhao"] = seat | JUDGE
        assert told(case, people, ("zhao", "uphold")) == "own_department"
    assert told(case, people, ("sun", "uphold")).state == "upheld"


def test_in_whose_place_somebody_acted_counts_after_he_is_back():
    people = office(wang="chen")
    case = told(open_case(procedure(), "li", DAY), people, ("li", "submit"), ("zhao", "accept"),
                ("zhao", "propose"), ("chen", "refuse"), ("li", "object"))
    assert case.duties[Duty.DECIDE] == {"chen", "wang"}
    people.deputies.clear()
    people.seats["wang"] = JUDGE
    assert told(case, people, ("wang", "uphold")) == "did_decide"


def test_where_one_step_is_allowed_the_head_may_have_proposed():
    people, one_step = office(), rules("elsewhere", frozenset({"one_step"}))
    case = told(open_case(procedure(), "li", DAY), people, ("li", "submit"), ("wang", "accept"),
                ("wang", "propose"))
    wang = people.actor("wang")
    assert "refuse" not in [one.name for one in commands_now(case, wang, RULES, DAY)]
    assert "refuse" in [one.name for one in commands_now(case, wang, one_step, DAY)]
    assert {one.code for one in barred(case, wang, RULES)} == {"did_propose"}


def test_where_one_step_is_allowed_who_decided_does_not_judge_all_the_same():
    people, one_step = office(), rules("elsewhere", frozenset({"one_step"}))
    case = told(open_case(procedure(), "li", DAY), people, ("li", "submit"), ("chen", "accept"),
                ("chen", "propose"), ("wang", "refuse"), ("li", "object"))
    for who in ("chen", "wang"):
        people.seats[who] = JUDGE
        offered = {one.name for one in commands_now(case, people.actor(who), one_step, DAY)}
        assert not offered & JUDGING
    judge = people.actor("sun")
    assert {one.name for one in commands_now(case, judge, one_step, DAY)} >= JUDGING


def test_whoever_is_of_the_applicants_side_does_nothing_official():
    case = told(open_case(procedure(), "li", DAY), office(), ("li", "submit"))
    close = Actor("chen", OFFICER, close=True)
    assert commands_now(case, close, RULES, DAY) == []
    assert {one.code for one in barred(case, close, RULES)} == {"own_side"}


def test_no_objection_where_nobody_could_answer_it():
    from dataclasses import replace

    nobody = replace(RULES, vacant=frozenset({Role.OBJECTION_BODY}))
    case = told(open_case(procedure(), "li", DAY), office(), ("li", "submit"), ("chen", "accept"),
                ("chen", "propose"), ("wang", "refuse"))
    li = office().actor("li")
    assert [one.name for one in commands_now(case, li, RULES, DAY)] == ["object"]
    assert commands_now(case, li, nobody, DAY) == []
    assert [one.code for one in barred(case, li, nobody)] == ["nobody_answers"]


PARENTS = {"bureau": "district", "data": "district", "centre": "data", "district": "city",
           "city": "province"}
OFFICES = {"district": Role.GOVERNMENT, "city": Role.GOVERNMENT, "data": Role.AUTHORITY}


@pytest.mark.parametrize(
    ("provider", "offices", "judge"),
    [
        ("bureau", OFFICES, "data"),
        ("centre", OFFICES, "data"),
        ("data", OFFICES, "district"),
        ("district", OFFICES, "city"),
        ("data", {"data": Role.AUTHORITY, "city": Role.GOVERNMENT}, "city"),
        ("data", {"data": Role.AUTHORITY}, None),
        ("bureau", {}, None),
        ("province", {}, None),
    ],
)
def test_the_authority_does_not_judge_itself(provider, offices, judge):
    assert objection_body(provider, PARENTS, offices, lambda _name: True) == judge


def test_authorities_of_other_places_and_other_offices_above_do_not_judge():
    offices = {"abroad": Role.AUTHORITY, "district": Role.OPENNESS_OFFICE,
               "city": Role.GOVERNMENT, "data": Role.AUTHORITY}
    assert objection_body("bureau", PARENTS, offices, lambda name: name == "data") == "data"
    assert objection_body("bureau", PARENTS, offices, lambda name: name == "bureau") == "city"


def test_a_circle_of_departments_ends():
    circle = {"a": "b", "b": "c", "c": "b"}
    assert objection_body("a", circle, {}, lambda _name: True) is None


def test_the_form_used_here_is_whole():
    assert FIELDS["submit"] is FORM
