"""Who may hand one department's things to another, and to which."""

from __future__ import annotations

import pytest

from ckanext.govdata.domain import lineage
from ckanext.govdata.domain.merger import LEAST_BASIS, MOST_BASIS, Merger, judge
from ckanext.govdata.domain.power import Body

TREE = {
    one.id: one
    for one in (
        Body("city", (), "government", region="3401"),
        Body("city-data", ("city",), "authority", region="3401"),
        Body("district", ("city",), "government", region="340102"),
        Body("data", ("district",), "authority", region="340102"),
        Body("civil", ("district",), "department"),
        Body("care", ("civil",), "department"),
        Body("home", ("care",), "department"),
        Body("social", ("district",), "department"),
        Body("gone", ("district",), "department", active=False),
        Body("other", (), "government", region="3408"),
        Body("other-civil", ("other",), "department"),
    )
}
OFFICES = ("authority", "government", "openness_office")
BASIS = "机构改革方案第三条"


def codes(heir: str, *headed: str, ends: str = "civil", basis: str = BASIS) -> list[str]:
    asked = Merger(ends, heir if heir in TREE else "", heir, basis)
    return [one.code for one in judge(asked, TREE, frozenset(headed), OFFICES)]


@pytest.mark.parametrize("head", ["data", "district", "city-data", "city"])
def test_whoever_stands_above_both_may(head) -> None:
    assert codes("social", head) == []


@pytest.mark.parametrize("head", ["civil", "social", "other", "care", "gone"])
def test_nobody_else_may(head) -> None:
    assert codes("social", head) == ["successor_not_yours"]


def test_above_one_of_both_is_not_enough() -> None:
    assert codes("other-civil", "data", "district", "city") == ["successor_not_yours"]
    assert codes("other-civil", "city", "other") == []


@pytest.mark.parametrize(
    ("heir", "code"),
    [("", "successor_missing"), ("nobody", "successor_unknown"), ("civil", "successor_itself"),
     ("gone", "successor_ended"), ("care", "successor_below"), ("home", "successor_below")],
)
def test_who_is_no_successor(heir, code) -> None:
    assert codes(heir, "city") == [code]


def test_an_office_and_an_ended_department_are_not_handed_over() -> None:
    assert codes("social", "city", ends="data") == ["holds_office"]
    assert codes("", "city", ends="gone") == ["already_ended"]


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert codes("data", "district", ends="data", basis="文") == [
        "holds_office", "successor_itself", "basis_length"]


def test_the_document_s_name_has_its_length() -> None:
    for length, wrong in ((LEAST_BASIS - 1, True), (LEAST_BASIS, False), (MOST_BASIS, False),
                          (MOST_BASIS + 1, True)):
        assert (codes("social", "city", basis="文" * length) == ["basis_length"]) is wrong


def test_going_up_ends_at_a_loop_and_follows_two_parents() -> None:
    parents = {"a": ("b", "c"), "b": ("d",), "c": ("d", ""), "d": ("a",)}
    assert list(lineage.above("a", lambda one: parents.get(one, ()))) == ["b", "c", "d"]
    assert list(lineage.line("x", lambda one: parents.get(one, ()))) == ["x"]
