"""The gate's predicate: attribute × reader × grant × day."""
from __future__ import annotations

from datetime import date, timedelta

import pytest

from ckanext.govdata.domain.access import Permitted, Reader, Subject, Way, is_open, ungranted
from ckanext.govdata.domain.access import judge as judge_subject
from ckanext.govdata.domain.grant import Grant
from ckanext.govdata.domain.refusal import Refusal
from ckanext.govdata.domain.scope import Scope

TODAY = date(2026, 10, 12)
CLOSED = ["conditional", "non_open", None, "", "opened", "UNCONDITIONAL"]
CITIZEN = Reader("citizen")


def judge(attribute, reader, resource, grants, today, basis=""):
    """Of a public entry with this attribute."""
    subject = Subject(attribute, provider="department", basis=basis)
    return judge_subject(subject, reader, resource, grants, today)


def grant(**more) -> Grant:
    more = {"provider": "department", **more}
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


GONE = {
    "deleted": (Subject("conditional", there=False), "entry_withdrawn"),
    "private": (Subject("conditional", private=True), "entry_withdrawn"),
    "file deleted": (Subject("conditional", file_there=False), "no_such_resource"),
    "moved": (Subject("conditional", provider="another"), "grant_moved"),
    "another entry's": (Subject("conditional", entry="another"), "no_grant"),
}


@pytest.mark.parametrize("case", GONE)
def test_what_is_not_there_as_it_was_granted_is_not_given(case: str) -> None:
    subject, code = GONE[case]
    provider = subject.provider or "department"
    subject = Subject(**{**vars(subject), "provider": provider})
    held = grant(provider="department")
    assert judge_subject(subject, CITIZEN, "table", [held], TODAY).code == code


@pytest.mark.parametrize("changed", [{"there": False}, {"private": True}])
def test_nobody_applies_for_or_grants_what_is_not_public(changed: dict) -> None:
    refusal = ungranted(Subject("conditional", entry="e", provider="department", **changed))
    assert refusal
    assert refusal.code == "entry_withdrawn"


def test_a_department_or_a_holder_that_is_gone_gives_and_takes_nothing() -> None:
    subject = Subject("conditional", provider="")
    assert judge_subject(subject, CITIZEN, "table", [grant()], TODAY).code == "provider_gone"
    subject = Subject("conditional", provider="department")
    held = grant(provider="department", holder_there=False)
    assert judge_subject(subject, CITIZEN, "table", [held], TODAY).code == "grant_holder_gone"


@pytest.mark.parametrize("attribute", ["unconditional", *CLOSED])
def test_what_is_withdrawn_is_for_its_own_department(attribute: str | None) -> None:
    for subject in (Subject(attribute, private=True), Subject(attribute, there=False)):
        for reader in (Reader(), CITIZEN):
            assert judge_subject(subject, reader, "table", [], TODAY).code == "entry_withdrawn"
        provider = judge_subject(subject, Reader("officer", provider=True), "table", [], TODAY)
        assert isinstance(provider, Permitted)
    insider = Reader("colleague", insider=True)
    hidden = judge_subject(Subject("unconditional", private=True), insider, "table", [], TODAY)
    assert hidden == Permitted(Way.OPEN)
    deleted = judge_subject(Subject("unconditional", there=False), insider, "table", [], TODAY)
    assert deleted.code == "entry_withdrawn"


def test_a_deleted_file_is_nobodys() -> None:
    for reader in (Reader("x", provider=True), Reader("root", operator=True)):
        subject = Subject("unconditional", file_there=False)
        assert judge_subject(subject, reader, "table", [], TODAY).code == "no_such_resource"
