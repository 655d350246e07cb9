"""The gate's predicate: attribute × reader × grant × day."""
from __future__ import annotations

from datetime import date, timedelta

import pytest

from ckanext.govdata.domain.access import Permitted, Reader, Way, is_open, judge
from ckanext.govdata.domain.grant import Grant
from ckanext.govdata.domain.refusal import Refusal
from ckanext.govdata.domain.scope import Scope

TODAY = date(2026, 10, 12)
CLOSED = ["conditional", "non_open", None, "", "opened", "UNCONDITIONAL"]
CITIZEN = Reader("citizen")


def grant(**more) -> Grant:
    scope = Scope(("table",), {"table": ("line", "riders")}, TODAY, TODAY + timedelta(9), 100)
    return Grant(**{"id": "g", "case": "c", "holder": "citizen", "scope": scope, **more})


@pytest.mark.parametrize("reader", [Reader(), CITIZEN, Reader("x", provider=True)])
def test_open_data_is_for_everybody(reader: Reader) -> None:
    assert judge("unconditional", reader, "table", [], TODAY) == Permitted(Way.OPEN)


@pytest.mark.parametrize("attribute", CLOSED)
def test_what_is_not_stated_to_be_open_is_closed(attribute: str | None) -> None:
    assert not is_open(attribute)
    assert isinstance(judge(attribute, Reader(), "table", [], TODAY), Refusal)
    assert isinstance(judge(attribute, CITIZEN, "table", [], TODAY), Refusal)


@pytest.mark.parametrize("attribute", CLOSED)
def test_the_provider_reads_its_own(attribute: str | None) -> None:
    provider = judge(attribute, Reader("officer", provider=True), "table", [], TODAY)
    assert provider == Permitted(Way.PROVIDER)
    assert provider.whole
    operator = judge(attribute, Reader("root", operator=True), "table", [], TODAY)
    assert operator == Permitted(Way.OPERATOR)


def test_a_grant_gives_its_columns_and_rows() -> None:
    answer = judge("conditional", CITIZEN, "table", [grant()], TODAY)
    assert answer == Permitted(Way.GRANT, "g", ("line", "riders"), 100)
    assert not answer.whole


@pytest.mark.parametrize("attribute", [a for a in CLOSED if a != "conditional"])
def test_closing_an_entry_ends_its_grants(attribute: str | None) -> None:
    answer = judge(attribute, CITIZEN, "table", [grant()], TODAY, "某法第二条")
    assert answer.code == ("data_not_open" if attribute else "attribute_missing")
    assert answer.article == "某法第二条"


@pytest.mark.parametrize(("changed", "day", "code"), [
    ({}, TODAY - timedelta(1), "grant_coming"),
    ({}, TODAY + timedelta(10), "grant_expired"),
    ({"suspended": TODAY}, TODAY, "grant_suspended"),
    ({"revoked": TODAY}, TODAY, "grant_revoked"),
    ({"holder": "other"}, TODAY, "no_grant"),
])
def test_the_nearest_miss_is_told(changed: dict, day: date, code: str) -> None:
    answer = judge("conditional", CITIZEN, "table", [grant(**changed)], day, "某法第二条")
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.article) == (code, "某法第二条")


def test_a_grant_is_for_its_files_only() -> None:
    assert judge("conditional", CITIZEN, "another", [grant()], TODAY).code == "no_grant"


def test_a_named_member_reads_too_and_the_public_is_told_to_sign_in() -> None:
    shared = grant(holder="firm", members=frozenset({"firm", "citizen"}))
    assert judge("conditional", CITIZEN, "table", [shared], TODAY).way is Way.GRANT
    assert judge("conditional", Reader(), "table", [shared], TODAY).code == "sign_in_and_apply"


def test_both_days_of_the_period_count() -> None:
    for day in (TODAY, TODAY + timedelta(9)):
        assert isinstance(judge("conditional", CITIZEN, "table", [grant()], day), Permitted)
