"""Grants: in force by comparison of days, bounded in person, resource and column."""

from dataclasses import replace
from datetime import date

import pytest

from ckanext.govdata.domain.grant import Allowed, Grant, GrantState, allows, owes_report
from ckanext.govdata.domain.refusal import Refusal
from ckanext.govdata.domain.scope import Scope

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
SCOPE = Scope(("r1", "r2"), {"r1": ("name", "stop")}, FIRST, LAST, 1000)
GRANT = Grant("g1", "c1", "wang", SCOPE, members=frozenset({"li"}))


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (date(2025, 12, 31), GrantState.COMING),
        (FIRST, GrantState.IN_FORCE),
        (LAST, GrantState.IN_FORCE),
        (date(2026, 7, 1), GrantState.EXPIRED),
    ],
)
def test_both_days_of_the_period_count_whole(day, standing):
    assert GRANT.standing(day) is standing


@pytest.mark.parametrize("user", ["wang", "li"])
def test_holder_and_named_members_read_the_granted_columns(user):
    assert allows([GRANT], user, "r1", FIRST) == Allowed("g1", ("name", "stop"), 1000)
    assert allows([GRANT], user, "r2", FIRST) == Allowed("g1", (), 1000)


@pytest.mark.parametrize(
    ("grant", "user", "resource", "day", "code"),
    [
        (GRANT, "zhao", "r1", FIRST, "no_grant"),
        (GRANT, "wang", "r3", FIRST, "no_grant"),
        (GRANT, "wang", "r1", date(2026, 7, 1), "grant_expired"),
        (GRANT, "wang", "r1", date(2025, 7, 1), "grant_coming"),
        (replace(GRANT, suspended=FIRST), "wang", "r1", FIRST, "grant_suspended"),
        (replace(GRANT, revoked=FIRST), "wang", "r1", FIRST, "grant_revoked"),
        (replace(GRANT, revoked=FIRST), "wang", "r1", date(2027, 1, 1), "grant_revoked"),
    ],
)
def test_everybody_else_is_refused_with_the_nearest_miss(grant, user, resource, day, code):
    answer = allows([grant], user, resource, day)
    assert isinstance(answer, Refusal)
    assert answer.code == code


def test_of_several_the_one_in_force_that_ends_last():
    longer = replace(GRANT, id="g2", scope=replace(SCOPE, valid_until=date(2027, 1, 1)))
    assert allows([GRANT, longer], "li", "r1", LAST).grant == "g2"
    assert allows([GRANT, replace(longer, revoked=FIRST)], "li", "r1", LAST).grant == "g1"


def test_a_use_report_is_owed_after_the_end():
    assert not owes_report(GRANT, date(2026, 7, 30), 30)
    assert owes_report(GRANT, date(2026, 7, 31), 30)
    assert not owes_report(replace(GRANT, reported=LAST), date(2026, 7, 31), 30)
    assert owes_report(replace(GRANT, revoked=FIRST), date(2026, 2, 1), 30)
