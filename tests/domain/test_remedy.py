"""What the law gives whoever does not agree: which ways, spans and bodies."""

from __future__ import annotations

import pytest

from ckanext.govdata.domain.locales import LOCALES
from ckanext.govdata.domain.remedy import WAYS, Against, RemedyWay
from ckanext.govdata.rules.rule_files import load_remedies

LAW = load_remedies().law


def test_a_refusal_on_withheld_information_goes_to_reconsideration_first():
    """Administrative Reconsideration Law 23 (1)(4); 法释〔2025〕8号 article 1."""
    ways = WAYS[Against.WITHHELD]
    assert ways[0] is RemedyWay.RECONSIDER_FIRST
    assert RemedyWay.SUE not in ways


def test_any_other_decision_leaves_both_ways_open():
    assert {RemedyWay.RECONSIDER, RemedyWay.SUE} <= set(WAYS[Against.DECIDED])


def test_silence_is_complained_of_first():
    assert WAYS[Against.LATE][0] is RemedyWay.COMPLAIN


def test_the_superior_organ_and_whom_a_places_text_names_are_two_ways():
    """Regulations on Open Government Information 51 names no data authority."""
    for found in WAYS.values():
        at = found.index(RemedyWay.COMPLAIN)
        assert found[at + 1] is RemedyWay.RECTIFY


@pytest.mark.parametrize(("name", "days", "months", "article"), [
    ("reconsider", 60, 0, "第二十条"), ("reconsider_late", 60, 0, "第十六条"),
    ("sue_after", 15, 0, "第四十五条"), ("sue", 0, 6, "第四十六条"),
    ("sue_late", 0, 6, "第六十六条"), ("sue_silence", 0, 0, "第四十七条"),
])  # fmt: skip
def test_the_spans_are_those_of_the_law(name, days, months, article):
    assert (LAW[name].days, LAW[name].months, LAW[name].article) == (days, months, article)


@pytest.mark.parametrize("place", ["anhui", "huaining", "yaohai", "xinxian"])
def test_each_place_has_its_government_and_the_one_above(place):
    found = load_remedies().places[place]
    assert set(found.reconsideration) == set(found.above) == set(LOCALES)
