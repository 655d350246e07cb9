"""Whose letter goes next."""
from __future__ import annotations

import pytest

from ckanext.govdata.domain.letter_class import ROUND, LetterClass, order


@pytest.mark.parametrize("turn", range(12))
def test_at_each_turn_every_class_is_asked_once_and_emergencies_first(turn):
    asked = order(turn)
    assert sorted(asked) == list(LetterClass)
    assert asked[0] is LetterClass.EMERGENCY


def test_in_a_round_each_has_a_turn_and_what_presses_more_has_no_fewer():
    first = [order(turn)[1] for turn in range(len(ROUND))]
    turns = [first.count(one) for one in LetterClass if one is not LetterClass.EMERGENCY]
    assert turns == sorted(turns, reverse=True)
    assert min(turns) >= 1


def test_who_has_nothing_leaves_his_turn_to_what_presses_most():
    for turn in range(len(ROUND)):
        assert list(order(turn)[2:]) == sorted(order(turn)[2:])
