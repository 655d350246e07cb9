"""On what an entry may be not wholly open or shared: Regulations on Open Government Information 13
to 16, Anhui 21 and 22, Xin 23, Decree 809 article 15."""

from __future__ import annotations

from datetime import date

import pytest

from ckanext.govdata import vocabularies
from ckanext.govdata.domain import basis
from ckanext.govdata.domain.catalogue import EntryRule, EntryRules, check_duties
from ckanext.govdata.domain.ground import Grounds, GroundUse
from ckanext.govdata.rules.rule_files import load_grounds, load_rulebook

DAY = date(2026, 11, 30)
DISCLOSURE = "《中华人民共和国政府信息公开条例》"
PERSONS = "《中华人民共和国个人信息保护法》"
OPENING, SHARING = GroundUse.OPENING, GroundUse.SHARING


def grounds(use: GroundUse, place: str = "yaohai", day: date = DAY) -> Grounds:
    return load_grounds().of(load_rulebook(), place, day, use)


def faults(text: str, use: GroundUse, place: str = "yaohai", day: date = DAY) -> list[str]:
    return [one.code for one in basis.faults(text, grounds(use, place, day))]


@pytest.mark.parametrize(("text", "use", "place"), [
    (f"{DISCLOSURE}第十五条", OPENING, "yaohai"),
    (f"{DISCLOSURE}第十五条：涉及个人隐私；{PERSONS}第二十五条", OPENING, "huaining"),
    (f"{DISCLOSURE}第十四条\n瑶政办〔2024〕2号 第十五条: 依法不予开放", OPENING, "yaohai"),
    ("《合肥市瑶海区政务数据资源共享开放管理办法》第十五条：依申请开放类", OPENING, "yaohai"),
    ("xinxian:第二十七条", OPENING, "xinxian"),
    ("《中华人民共和国统计法》第二十八条（法律）", OPENING, "anhui"),
    (f"{PERSONS}第三十四条", SHARING, "yaohai"),
    ("《某某条例》第三条（行政法规）", SHARING, "huaining"),
    ("《关于某事的意见》第二条（党中央、国务院政策）", SHARING, "xinxian"),
])  # fmt: skip
def test_a_ground_of_the_rank_that_is_asked_for_is_taken(text, use, place):
    assert faults(text, use, place) == []


@pytest.mark.parametrize(("text", "use", "place", "why"), [
    ("因为领导说的", OPENING, "yaohai", "no_article"),
    ("局务会议纪要", SHARING, "yaohai", "no_article"),
    ("《局务会议纪要》第三条", SHARING, "yaohai", "rank_not_said"),
    ("yaohai:第二十七条", OPENING, "yaohai", "no_ground"),
    (f"{DISCLOSURE}第五十六条", OPENING, "yaohai", "no_ground"),
    (f"{DISCLOSURE}第三十五条", OPENING, "yaohai", "no_ground"),
    (f"{DISCLOSURE}第十五条", SHARING, "yaohai", "no_ground"),
    ("瑶政办〔2024〕2号 第十三条", SHARING, "yaohai", "no_ground"),
    ("《某市办法》第三条（规范性文件）", SHARING, "huaining", "rank_too_low"),
    ("《某省条例》第三条（地方性法规）", SHARING, "yaohai", "rank_too_low"),
    ("《关于某事的意见》第二条（党中央、国务院政策）", OPENING, "yaohai", "rank_too_low"),
    ("怀政办发〔2021〕5号 第二十四条", OPENING, "huaining", "ground_not_alone"),
])  # fmt: skip
def test_what_is_no_ground_is_told(text, use, place, why):
    assert faults(text, use, place) == [why]


def test_each_citation_that_is_none_is_told_and_those_that_are_stay_good():
    text = f"{DISCLOSURE}第十五条；领导批示；{PERSONS}第二十五条；会议纪要"
    found = list(basis.faults(text, grounds(OPENING)))
    assert [one.value for one in found] == ["领导批示", "会议纪要"]


def test_a_text_that_is_over_founds_nothing_any_more():
    after = date(2027, 2, 8)
    assert faults("瑶政办〔2024〕2号 第十五条", OPENING) == []
    assert faults("瑶政办〔2024〕2号 第十五条", OPENING, day=after) == ["no_ground"]


def test_ids_are_kept_in_words_with_what_is_said_of_them():
    here = grounds(OPENING)
    words = "瑶政办〔2024〕2号 第十五条；某法第一条"
    assert basis.worded("yaohai:第十五条；某法第一条", here) == words
    assert basis.worded("某法第一条：甲；乙", here) == "某法第一条：甲；乙"


def test_those_that_are_usual_for_the_attribute_come_first():
    here = grounds(OPENING)
    conditional, closed = here.usual_first("conditional"), here.usual_first("non_open")
    assert {one.id for one in conditional} == {one.id for one in closed} == set(here.offered)
    assert "non_open" in closed[0].usual_for
    assert "yaohai:第十五条" in [one.id for one in conditional[:4]]
    assert conditional[-1].usual_for.isdisjoint({"conditional"})


def entry(**fields: object) -> list[tuple[str, str, EntryRule, bool]]:
    codes = {name: frozenset(v.codes) for name, v in vocabularies.every().items()}
    rules = EntryRules(codes, {}, {}, (), grounds(OPENING), grounds(SHARING))
    good = {"title": "表", "notes": "表", "domain": "transport", "update_period": "yearly",
            "share_type": "unconditional", "open_attribute": "unconditional"}  # fmt: skip
    found = check_duties({**good, **fields}, rules)
    return [(one.field, one.fault.value, one.rule, one.gap) for one in found]


def test_the_judge_of_entries_asks_for_a_ground_and_calls_its_lack_a_gap():
    closed = {"open_attribute": "non_open", "open_basis": "因为领导说的"}
    assert entry(**closed) == [("open_basis", "no_article", EntryRule.OPEN_GROUND, True)]
    kept = {"share_type": "non_shared", "share_basis": "《局务会议纪要》第一条（规范性文件）"}
    assert entry(**kept) == [("share_basis", "rank_too_low", EntryRule.SHARE_GROUND, True)]


def test_what_founds_no_attribute_is_not_judged():
    assert entry(open_basis="因为领导说的", share_basis="会议纪要") == []


@pytest.mark.parametrize("theme", ["健康保障", "应急维稳主题库"])
def test_themes_of_yaohai_are_not_kept_from_sharing(theme):
    """Yaohai 13 ¶2."""
    codes = {name: frozenset(v.codes) for name, v in vocabularies.every().items()}
    rules = EntryRules(codes, {"theme_shared": "yaohai 第十三条"}, {}, ("健康保障", "应急维稳"))
    said = {"share_type": "non_shared", "share_basis": "某", "theme_database": theme}
    found = [one for one in check_duties(said, rules) if one.rule is EntryRule.THEME_SHARED]
    assert [(one.field, one.article) for one in found] == [("share_type", "yaohai 第十三条")]
    said["theme_database"] = "其他主题"
    assert not [one for one in check_duties(said, rules) if one.rule is EntryRule.THEME_SHARED]
