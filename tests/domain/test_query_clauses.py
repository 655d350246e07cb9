"""What Solr is asked: only folded words inside quotes, graded places, parts of long words."""

from __future__ import annotations

import re

import pytest
from search_world import reader

from ckanext.govdata.domain.search.clauses import Weights, write
from ckanext.govdata.domain.search.query import Concept, Query

HOSTILE = [
    '"公厕" OR *:*',
    "公厕) OR (capacity:private",
    "{!lucene}公厕",
    "_query_:公厕",
    "公厕\\",
    "公厕^9",
    "${gd_words}公厕",
    "公厕~3",
    "公厕 && -x",
    "公厕[* TO *]",
    "公厕\u0000",
    "<script>公厕",
    "'公厕'",
]


def asked(text: str) -> str:
    return write(reader().understand(text))


def worth(clause: str, written: str) -> float:
    """The constant score of the clause with these words."""
    found = re.search(re.escape(clause) + r"\)?\)*\^=([\d.]+)", written)
    assert found, f"{clause} not in {written}"
    return float(found.group(1))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_sign_of_the_readers_reaches_solr(text):
    written = asked(text)
    outside = re.sub(r'"[^"]*"', "", written)
    assert not re.search(r"[{}$~\\\[\]*<>&|!']", outside)
    inside = re.findall(r'"([^"]*)"', written)
    assert inside
    assert all(re.fullmatch(r"[\w.+#' ]+", words) for words in inside)


def test_fields_named_are_ours_only():
    names = set(re.findall(r"(\w+):", asked("合肥 公厕 信息 aed")))
    assert names
    assert all(name.startswith("gd_") for name in names)


def test_a_concept_must_be_met_and_places_only_rank():
    written = asked("合肥公厕")
    assert written.startswith("+(")
    required = written[: written.index(") (gd_place") if ") (gd_place" in written else len(written)]
    assert "gd_place" not in required.split(" gd_place")[0][:50]
    assert 'gd_title:"公厕"' in required


def required(written: str) -> str:
    """What stands in the brackets after the plus."""
    depth = 0
    for place, sign in enumerate(written):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if place and depth == 0:
            return written[: place + 1]
    return written


def test_a_light_word_alone_finds_nothing_beside_a_heavier_one():
    written = asked("公厕信息")
    assert written.startswith("+(")
    assert 'gd_title:"公厕"' in required(written)
    assert 'gd_title:"信息"' not in required(written)
    assert 'gd_title:"信息"' in written  # it still ranks


def test_a_light_word_is_asked_for_where_it_is_all_there_is():
    assert 'gd_title:"信息"' in required(asked("信息"))


def test_a_bare_place_requires_nothing_else():
    written = asked("合肥")
    assert not written.startswith("+")
    assert "gd_place_own" in written


def test_nothing_is_asked_for_nothing():
    assert write(reader().understand("？！")) == ""


def test_synonyms_count_once_however_rare():
    written = asked("公厕")
    assert re.search(r'\(gd_words:"公厕" gd_words:"公共厕所" [^)]*\)\)?\^=', written)
    assert re.search(r'\(\(gd_title:"公厕" gd_title:"公共厕所" [^)]*\) [^^]*\^=', written)


@pytest.mark.parametrize("word", ["水", "5g基站", "退役军人事务服务中心", "猪+价格"])
def test_words_whose_borders_the_index_cannot_tell_are_phrases(word):
    written = write(Query("", "", False, False, (), (Concept(word, (), (), (), 1.0),), ""))
    assert "gd_words" not in written
    assert worth('"', written) == Weights().own


def test_parts_of_a_conjunction_must_all_stand():
    assert '(+gd_title:"猪" +gd_title:"价格")'.replace(
        'gd_title:"猪"', 'gd_title_uni:"猪"'
    ) in asked("肉价")


@pytest.mark.parametrize("word", ['公"厕', '"', "公厕\\", '") OR *:*', "{!x}公厕", "a+b\""])
def test_an_operators_word_cannot_leave_its_quotes(word):
    written = write(Query("", "", False, False, (), (Concept(word, (word,), (), (), 1.0),), ""))
    outside = re.sub(r'"[^"]*"', "", written)
    assert outside.count('"') == 0
    assert not re.search(r"[{}\\*!]", written)
    assert " OR " not in outside


def test_single_characters_are_sought_among_single_characters():
    assert 'gd_title_uni:"水"' in asked("水")


def test_places_are_graded_and_only_the_best_counts():
    weights = Weights()
    assert weights.place_named > weights.place_own > weights.place_within > weights.place_text
    clauses = re.findall(
        r"\^=([\d.]+)",
        write(Query("", "", False, False, reader().understand("合肥").places, (), "")),
    )
    assert sum(map(float, clauses)) == pytest.approx(weights.place_named)


def test_a_rarer_word_weighs_more():
    rare = Concept("公厕", (), (), (), 1.0)
    common = Concept("公厕", (), (), (), 0.4)

    def total(concept: Concept) -> float:
        written = write(Query("", "", False, False, (), (concept,), ""))
        return sum(map(float, re.findall(r"\^=([\d.]+)", written)))

    assert total(rare) == pytest.approx(total(common) / 0.4, rel=0.01)


def test_near_words_count_less_than_the_same():
    weights = Weights()
    assert weights.near < weights.title / 2 + 1
    assert 'gd_title:"培训机构"' in asked("补习班")
