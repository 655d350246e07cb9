"""Words of Chinese characters as queries for pairs of them."""
from __future__ import annotations

import pytest

from ckanext.govdata.domain import word_pairs


@pytest.mark.parametrize(("runs", "query"), [
    (["合肥"], "合肥"), (["合肥市"], "合肥 & 肥市"), (["路"], "路:*"),
    (["合肥", "肥"], "合肥 & 肥:*"),
    (["人人人"], "人人"), (["𠮷野家"], "𠮷野 & 野家"), ([], ""),
])
def test_stretches_are_asked_for_by_their_pairs(runs: list[str], query: str) -> None:
    assert word_pairs.of_runs(runs) == query


@pytest.mark.parametrize(("text", "runs", "rest"), [
    ("312路公交 bus", ["路公交"], "312 bus"), ("bus", [], "bus"), ("", [], ""),
    ("（bus）、１路。", ["路"], "bus １"),
    ("合肥，芜湖", ["合肥", "芜湖"], ""), ("A座B座", ["座", "座"], "A B"),
])
def test_a_text_is_parted(text: str, runs: list[str], rest: str) -> None:
    assert (word_pairs.runs(text), word_pairs.without_runs(text)) == (runs, rest)
    assert word_pairs.has_han(text) is bool(runs)


@pytest.mark.parametrize(("expression", "expected"), [
    ("合肥", "(合肥 | (合肥))"), ("合肥市:*", "(合肥市:* | (合肥 & 肥市))"), ("bus:*", "bus:*"),
    ("!合肥 & bus", "!(合肥 | (合肥)) & bus"), ("'合肥市' & a", "'合肥市' & a"), ("A座", "A座"),
])
def test_an_expression_keeps_its_signs(expression: str, expected: str) -> None:
    assert word_pairs.expanded(expression) == expected
