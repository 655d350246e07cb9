"""A limit that a higher text counts from receipt, beside a term that counts from acceptance."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from case_world import CALENDAR, CITIZEN, FORM, OFFICER, SUPPLIED, choices, procedure
from case_world import rules as ordinary_rules

from ckanext.govdata.cases.engine import event_rows
from ckanext.govdata.domain.case import apply, open_case
from ckanext.govdata.domain.decision import Refused, decide
from ckanext.govdata.domain.elapse import CONSENTED, OVERDUE, elapse
from ckanext.govdata.domain.instrument import InForce, OnLapse, Rank, Start
from ckanext.govdata.domain.procedure import Lapse
from ckanext.govdata.domain.rulebook import Rulebook

MONDAY = date(2025, 11, 3)  # no holiday until the new year
TEN_FROM_RECEIPT, FIVE_FROM_ACCEPTANCE = date(2025, 11, 17), 5


def day(number):
    """A weekday, counted from Monday."""
    return MONDAY + timedelta(days=number)


@pytest.fixture
def rules():
    """Five days from acceptance, silence is consent; above it ten from receipt."""
    found = ordinary_rules()
    versions = dict(found.book.versions)
    [district], [province] = versions["yaohai"], versions["anhui"]
    own = district.terms[0]
    short = replace(own, amount=FIVE_FROM_ACCEPTANCE, start=Start.ACCEPTED,
                    on_lapse=OnLapse.CONSENT)  # fmt: skip
    versions["yaohai"] = (replace(district, terms=(short,)),)
    upper = replace(own, article="第二十一条")
    versions["anhui"] = (
        replace(province, rank=Rank.ADMINISTRATIVE_REGULATION, terms=(upper,), in_force=InForce()),
    )
    return replace(found, book=Rulebook(versions), day=MONDAY)


class Told:
    def __init__(self, rules):
        base = procedure()
        consenting = replace(base.states["accepted"], lapses=Lapse("decide", "approved", "consent"))
        states = {**base.states, "accepted": consenting}
        self.rules = rules
        self.case = open_case(replace(base, states=states), CITIZEN.id, MONDAY)

    def do(self, command, actor, on, **fields):
        event = decide(self.case, command, fields, actor, self.rules, CALENDAR, choices(on))
        assert not isinstance(event, Refused), event
        self.case = apply(self.case, event)
        return self.clock

    @property
    def clock(self):
        """As it is read back from the event that told it."""
        return event_rows.clocks_of(event_rows.clocks_text(self.case.clocks))["decide"]

    def pass_time(self, on):
        events = elapse(self.case, self.rules, CALENDAR, on)
        for event in events:
            self.case = apply(self.case, event)
        return [(event.name, event.day) for event in events if event.name in (CONSENTED, OVERDUE)]


@pytest.fixture
def told(rules):
    found = Told(rules)
    found.do("submit", CITIZEN, MONDAY, **{**FORM, "period_from": "2025-11-03"})
    return found


def test_before_acceptance_the_limit_runs_alone(told):
    assert told.clock.alone
    assert (told.clock.due, told.clock.article) == (TEN_FROM_RECEIPT, "第二十一条")


def test_who_never_accepts_is_late_and_has_not_consented(told):
    assert told.pass_time(day(15)) == [(OVERDUE, day(15))]


def test_accepted_at_once_the_own_term_ends_first(told):
    clock = told.do("accept", OFFICER, day(1))
    assert (clock.start, clock.due, clock.limit) == (day(1), day(8), None)
    assert (clock.amount, clock.article) == (FIVE_FROM_ACCEPTANCE, "第十七条")
    assert told.pass_time(day(9)) == [(CONSENTED, day(9))]


def test_accepted_late_the_limit_ends_first_and_its_silence_is_no_consent(told):
    clock = told.do("accept", OFFICER, day(9))
    assert (clock.start, clock.due) == (day(9), TEN_FROM_RECEIPT)
    assert (clock.limit.start, clock.limit.amount, clock.limit.article) == (
        MONDAY, 10, "第二十一条",
    )  # fmt: skip
    assert told.pass_time(day(21)) == [(OVERDUE, day(15))]


def test_a_pause_of_the_portal_moves_the_own_term_and_not_the_limit(told):
    told.do("request_supplement", OFFICER, day(2), missing_items="请补充使用方案说明材料。")
    clock = told.do("supply", CITIZEN, day(11), **{**SUPPLIED, "period_from": "2025-11-14"})
    assert clock.due == TEN_FROM_RECEIPT
    assert clock.limit is not None
