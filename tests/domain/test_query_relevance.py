"""Measures of a ranking, against values counted by hand."""

from __future__ import annotations

import math

import pytest

from ckanext.govdata.domain.search.relevance import Score, judge, mean


def test_all_found_at_once_is_perfect():
    assert judge(["a", "b"], {"a": 2, "b": 2}) == Score(1.0, 1.0, 1.0)


def test_nothing_found_is_nothing():
    assert judge([], {"a": 2}) == Score(0.0, 0.0, 0.0)
    assert judge(["x", "y"], {"a": 2}) == Score(0.0, 0.0, 0.0)


def test_recall_counts_what_could_stand_among_the_first_ten():
    relevant = {str(number): 2 for number in range(40)}
    found = [str(number) for number in range(5)] + ["x"] * 5
    assert judge(found, relevant).recall == 0.5


def test_what_is_related_is_no_right_answer():
    score = judge(["related", "right"], {"related": 1, "right": 2})
    assert score.recall == 1.0
    assert score.mrr == 0.5


def test_the_first_right_answer_counts_even_beyond_ten():
    found = ["x"] * 19 + ["a"]
    score = judge(found, {"a": 2})
    assert score.recall == 0.0
    assert score.mrr == pytest.approx(1 / 20)


def test_gain_is_discounted_by_place():
    score = judge(["x", "a"], {"a": 2})
    assert score.ndcg == pytest.approx(1 / math.log2(3))
    better = judge(["a", "b"], {"a": 2, "b": 1}).ndcg
    worse = judge(["b", "a"], {"a": 2, "b": 1}).ndcg
    assert better == 1.0 > worse


def test_a_mean_counts_its_queries():
    total = mean([Score(1, 1, 1), Score(0, 0.5, 0)])
    assert total == Score(0.5, 0.75, 0.5, 2)
    assert mean([]) == Score(0, 0, 0, 0)
