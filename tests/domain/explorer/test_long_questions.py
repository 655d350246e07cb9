"""Questions that are long on purpose are refused at once and in few words."""
from __future__ import annotations

import time

import pytest

from ckanext.govdata.domain.explorer.address import ReadAddress, read
from ckanext.govdata.domain.explorer.column import Column, Kind
from ckanext.govdata.domain.explorer.question import Condition, Question
from ckanext.govdata.domain.explorer.question import Test as Asks
from ckanext.govdata.domain.explorer.question_check import MOST_CONDITIONS, MOST_TOLD, wrong_in

COLUMNS = [Column("客流量", Kind.NUMBER, "客流量"), Column("日期", Kind.DAY, "日期")]


def codes(*pairs: tuple[str, str]) -> list[str]:
    return [one.code for one in wrong_in(read(pairs), COLUMNS)]


@pytest.mark.parametrize(("pairs", "expected"), [
    ([(f"列{n}", "1") for n in range(1_600)], ["too_many_conditions"]),
    ([(f"_列{n}", "1") for n in range(1_600)], ["unknown_parameter"] * MOST_TOLD),
    ([("_column", f"列{n}") for n in range(1_600)], ["too_many_chosen"]),
    ([("_column", f"列{n}") for n in range(99)], ["unknown_column"] * MOST_TOLD),
    ([("客流量__empty", f"{n}") for n in range(2, 1_600)], ["no_switch"]),
    ([(f"列{n}__empty", "2") for n in range(1_600)], ["no_switch"] * MOST_TOLD),
    ([pair for n in range(500) for pair in (("客流量__from", f"{1000 + n}"),
                                             ("客流量__until", f"{n}"))], ["too_many_conditions"]),
    ([pair for n in range(MOST_CONDITIONS // 2)
      for pair in (("客流量__from", f"{1000 + n}"), ("客流量__until", f"{n}"))], ["upside_down"]),
])
def test_little_is_said_of_long_questions(
    pairs: list[tuple[str, str]], expected: list[str]
) -> None:
    begun = time.process_time()
    assert codes(*pairs) == expected
    assert time.process_time() - begun < 0.2


def test_of_several_ends_the_narrowest_count() -> None:
    ends = ("from", "1"), ("from", "50"), ("until", "100"), ("until", "40")
    found = wrong_in(read([(f"客流量__{test}", value) for test, value in ends]), COLUMNS)
    assert [(one.code, dict(one.facts)) for one in found] == [
        ("upside_down", {"first": "50", "last": "40"})]
    assert codes(("日期__from", "2026-05-01"), ("日期__until", "2026-05")) == []
    assert codes(("日期__from", "2026-06-01"), ("日期__until", "2026-05")) == ["upside_down"]


def test_a_condition_of_many_values_is_refused() -> None:
    question = Question(conditions=(
        Condition("客流量", Asks.ONE_OF, tuple(map(str, range(101)))),))
    assert [one.code for one in wrong_in(ReadAddress(question), COLUMNS)] == [
        "too_many_values"]
