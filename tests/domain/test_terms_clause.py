"""A clause of the terms of use carries the end of a grant where it is one of those that were
accepted, and nothing that names them passes for a law."""

import pytest

from ckanext.govdata.domain import terms_clause
from ckanext.govdata.domain.refusal import Refusal


def judged(words, clauses=12):
    found = terms_clause.judge(words, "2026-1", clauses)
    return found.code if isinstance(found, Refusal) else found


TERMS = "数据使用条款（2026-1）"


@pytest.mark.parametrize("words", [
    f"{TERMS}第一条", "《数据使用条款》（2026-1）第十条", "数据使用条款(2026-1) 第十二条",
    "《数据使用条款（2026-1）》第九条", "資料使用條款（2026-1）第十一條",
])  # fmt: skip
def test_a_clause_that_was_accepted_carries(words):
    assert terms_clause.named(words)
    assert judged(words) == words


@pytest.mark.parametrize("words", [
    f"{TERMS}第一一条", f"{TERMS}第九八六条", f"{TERMS}第零条", f"{TERMS}第一十条",
    f"{TERMS}第十三条", "数据使用条款（2025-1）第一条", "数据使用条款第一条",
    "《数据使用条款（2026-1）》第十九条（法律）", "违反《数据使用条款》第一条",
    "《数据使用条款》（2026-1）第一条（行政法规）", "《数据 使用条款》第二条（法律）",
])  # fmt: skip
def test_what_only_names_them_is_no_clause_and_no_law(words):
    assert terms_clause.named(words)
    assert judged(words) == "no_such_clause"


def test_each_clause_has_one_writing():
    numbers = ("十九", "二十", "二十一", "三十", "九十九")
    names = [f"{TERMS}第{one}条" for one in numbers]
    assert [judged(one, 99) for one in names] == names


def test_a_law_is_none_of_it():
    assert not terms_clause.named("《中华人民共和国数据安全法》第三十二条（法律）")
