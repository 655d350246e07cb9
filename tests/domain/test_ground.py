"""On what a request may be refused: Regulations on Open Government Information 13 to 16, 36."""

from __future__ import annotations

from datetime import date

import pytest

from ckanext.govdata.domain.ground import Grounds
from ckanext.govdata.domain.refusal import Refusal
from ckanext.govdata.rules.rule_files import load_grounds, load_rulebook

DAY = date(2026, 11, 30)
OPENNESS = "open_government_information"
DISCLOSURE = "《中华人民共和国政府信息公开条例》"


def grounds(place: str = "yaohai", day: date = DAY) -> Grounds:
    return load_grounds().of(load_rulebook(), place, day)


def code(words: str, place: str = "yaohai", day: date = DAY) -> str:
    judged = grounds(place, day).judge(words)
    return judged.code if isinstance(judged, Refusal) else ""


@pytest.mark.parametrize("words", [
    f"{OPENNESS}:第十五条", f"{DISCLOSURE}第十五条", "《政府信息公开条例》 第十五條",
    "yaohai:第十五条", "瑶政办〔2024〕2号 第十五条", "瑶政办〔2024〕2号第十五条",
    "《中华人民共和国商业秘密法》第三条（法律）", "《某某条例》第三十条第二款（行政法规）",
])  # fmt: skip
def test_a_ground_is_taken_however_it_is_cited(words):
    assert code(words) == ""


@pytest.mark.parametrize(("words", "why"), [
    ("yaohai:第十七条", "no_ground"),
    ("瑶政办〔2024〕2号 第二十七条", "no_ground"),
    (f"{DISCLOSURE}第五十六条", "no_ground"),
    ("《合肥市瑶海区政务数据资源共享开放管理办法》第二十条", "no_ground"),
    ("xinxian:第二十六条", "no_ground"),
    ("新县的规定 第二十六条", "no_article"),
    ("因为领导说的", "no_article"),
    ("第十五条", "no_article"),
    ("《某某内部规定》第一条", "rank_not_said"),
    ("《某某内部规定》第一条（内部规定）", "rank_not_said"),
    ("《某某内部规定》第一条（规范性文件）", "rank_too_low"),
    ("《某省办法》第九条（规章）", "rank_too_low"),
    ("《某省条例》第九条（地方性法规）", "rank_too_low"),
])  # fmt: skip
def test_what_is_no_ground_is_refused_with_the_reason(words, why):
    assert code(words) == why


def test_a_text_that_lapsed_is_no_ground_any_more():
    after = date(2027, 2, 8)
    assert "yaohai:第十五条" not in grounds(day=after).offered
    assert code("瑶政办〔2024〕2号 第十五条", day=after) == "no_ground"


def test_huainings_article_cannot_carry_a_refusal_alone():
    """Huaining 24 has a class "not suitable otherwise", which the higher text does not know."""
    here = grounds("huaining")
    own = here.offered["huaining:第二十四条"].citation
    refusal = here.together([own])
    assert refusal is not None
    assert refusal.code == "ground_not_alone"
    assert here.together([own, f"{DISCLOSURE}第十五条"]) is None


@pytest.mark.parametrize("words", [
    f"{DISCLOSURE}第十四条", f"{DISCLOSURE}第十五条", f"{DISCLOSURE}第十六条",
    "瑶政办〔2024〕2号 第十五条",  # the place's own article repeats them
])  # fmt: skip
def test_against_these_grounds_reconsideration_comes_first(words):
    assert grounds().reconsidered_first([words])


@pytest.mark.parametrize("words", [
    f"{DISCLOSURE}第三十六条第四项", "《某法》第三条（法律）",
])  # fmt: skip
def test_against_others_both_ways_are_open(words):
    assert not grounds().reconsidered_first([words])


@pytest.mark.parametrize(("place", "own"), [
    ("anhui", "anhui:第三十六条"), ("huaining", "huaining:第二十四条"),
    ("yaohai", "yaohai:第十五条"), ("xinxian", "xinxian:第二十六条"),
])  # fmt: skip
def test_each_place_offers_its_own_article_and_those_of_the_state(place, own):
    offered = grounds(place).offered
    assert own in offered
    everywhere = {f"{OPENNESS}:{article}" for article in ("第十四条", "第十五条", "第十六条")}
    assert everywhere <= offered.keys()
    assert not {"xinxian:第二十六条", "yaohai:第十五条"} - {own} & offered.keys()
