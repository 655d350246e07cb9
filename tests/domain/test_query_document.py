"""What the index keeps of an entry: folded text, graded places, spellings, the title's subject."""

from __future__ import annotations

import pytest
from search_world import SIMPLIFIED, gazetteer, reader

from ckanext.govdata.domain.search.document import (
    LONGEST_STRETCH,
    MOST_STARTS,
    SearchEntry,
    fields,
    meaning,
    spellings,
    stretches,
)
from ckanext.govdata.domain.search.highlight import spans, words
from ckanext.govdata.domain.search.lexicon import SearchVocabulary, learn
from ckanext.govdata.domain.search.places import Gazetteer, within
from ckanext.govdata.domain.search.words import Words


def made(**given) -> dict:
    return fields(SearchEntry(**{"title": "公厕信息", **given}), SIMPLIFIED, gazetteer())


def test_text_is_folded_before_it_is_indexed():
    assert made(title="臺灣公廁")["gd_title"] == "台湾公厕"
    assert made(keywords=["公廁"])["gd_keywords"] == ["公厕"]


def test_a_summary_that_repeats_the_title_is_left_out():
    assert "gd_notes" not in made(title="公廁", notes="公厕")
    assert made(notes="别的")["gd_notes"] == "别的"


def test_empty_fields_are_left_out():
    assert set(made()) == {"gd_title", "gd_title_uni", "gd_text_uni"}


def test_a_place_in_the_title_is_named_and_the_departments_is_own():
    found = made(title="瑶海区公厕", region="3401")
    assert found["gd_place_named"] == ["340102"]
    assert found["gd_place_own"] == ["3401"]
    assert found["gd_place_within"] == ["34"]


def test_a_place_in_the_publishers_name_is_named():
    assert made(publishers=["合肥市卫健委"], region="3401")["gd_place_named"] == ["3401"]


def test_of_divisions_with_one_name_the_near_one_is_meant():
    assert made(title="鼓楼区公厕", region="3201")["gd_place_named"] == ["320106"]
    assert made(title="鼓楼区公厕")["gd_place_named"] == ["320106", "350102"]


def test_texts_that_name_a_place_stand_in_for_the_region():
    found = made(places=["安徽省合肥市"])
    assert found["gd_place_own"] == ["3401"]
    assert found["gd_place_within"] == ["34"]


def test_divisions_lie_within_those_that_begin_their_code():
    assert within("340102003") == ["340102", "3401", "34"]
    assert within("34") == []


def test_a_longer_name_wins():
    places = Gazetteer([("1", "南京"), ("2", "南京东路")])
    (found,), rest = places.find("去南京东路")
    assert found.codes == ("2",)
    assert rest == ["去"]


WORDS = Words({
    "医保": 50, "定点": 50, "药店": 50, "医": 50, "点": 90, "保定": 60, "保定市": 40, "通许": 40,
    "流通": 90, "许可": 90, "内江市": 40, "内江": 40, "市委": 900, "党校": 40,
})
BORDERS = [
    ("1", "保定市", "保定"), ("2", "通许县", "通许"), ("3", "内江市", "内江"),
]


@pytest.mark.parametrize(
    ("run", "names"),
    [
        ("医保定点药店", []),
        ("保定药店", ["保定"]),
        ("食品流通许可", []),
        ("通许药店", ["通许"]),
        ("内江市委党校", ["内江市"]),  # though 市委 is a word
        ("内江党校", ["内江"]),
    ],
)
def test_a_place_begins_and_ends_where_words_do(run, names):
    assert [place.name for place in Gazetteer(BORDERS, WORDS).find(run)[0]] == names


def test_a_short_name_is_understood_where_titles_speak_of_the_division():
    places = Gazetteer([("1", "威远县"), ("2", "和平区"), ("3", "博爱县"), ("4", "莒县")])
    told = {"威远县": 5, "威远": 2, "和平区": 4, "和平": 9, "博爱县": 2, "莒县": 8}
    familiar = places.familiar(told)
    assert "威远" in familiar
    assert familiar.find("威远公厕")[0][0].codes == ("1",)
    assert "和平" not in familiar, "titles use it for something else"
    assert "博爱" not in familiar, "two titles are not enough"
    assert "莒" not in familiar
    assert places.familiar({}) is places


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("合肥市公厕信息", "公厕"),
        ("2021年合肥市公厕统计表（2021）", "公厕"),
        ("公厕接口服务", "公厕"),
        ("110年度臺灣公廁清冊", "台湾公厕"),
    ],
)
def test_a_vector_is_made_of_the_titles_subject(title, subject):
    assert meaning(title, SIMPLIFIED, gazetteer()).replace(" ", "").startswith(subject[:2])
    assert "信息" not in meaning(title, SIMPLIFIED, gazetteer())


def test_a_title_without_subject_is_taken_whole():
    assert meaning("合肥市信息", SIMPLIFIED, gazetteer()) == "合肥市信息"


def test_a_kind_of_list_leaves_nothing_of_its_name_behind():
    assert meaning("公厕数据集", SIMPLIFIED, gazetteer()) == "公厕"


def test_titles_are_spelt_from_each_words_start():
    readings = reader().speller.readings
    found = spellings("公厕信息", reader().words, {**readings, "信": "xin", "息": "xi"})
    assert {"gongcexinxi", "gcxx", "xinxi", "xx"} <= set(found)


def test_long_titles_are_spelt_from_a_few_starts():
    assert len(spellings("公厕信息" * 20, reader().words, {})) <= 2 * MOST_STARTS


BORDERED = Words({"基地": 9, "名单": 9, "地名": 9, "普查": 9, "公租房": 9, "租房": 9, "创业": 9})


def test_a_titles_stretches_cross_no_words_border():
    found = stretches("创业基地名单", BORDERED)
    assert {"创业", "基地", "名单", "基地名单", "创业基地名单"} <= set(found)
    assert not {"地名", "业基", "地名单"} & set(found)
    assert "地名" in stretches("地名普查", BORDERED)
    assert "租房" in stretches("公租房", BORDERED)  # within a word is within its borders


def test_stretches_of_a_long_title_are_short_and_letters_stand_alone():
    found = stretches("创业基地名单" * 9 + " aed", BORDERED)
    assert max(map(len, found)) <= LONGEST_STRETCH
    assert found[-1] == "aed"


# --- what titles teach


def test_neighbours_that_stand_together_often_are_a_word():
    learnt = learn(["公交站点"] * 3, Words({"公交": 9, "站点": 9}))
    assert learnt.words["公交站点"] == 3
    assert learnt.words["公交"] == 3
    assert learnt.titles == 3


def test_neighbours_that_meet_once_are_not():
    assert "公交站点" not in learn(["公交站点"], Words({"公交": 9, "站点": 9})).words


def test_a_word_that_no_title_holds_says_most():
    learnt = learn(["公交站点"] * 50 + ["公厕"], Words({"公交": 9, "公厕": 9}))
    assert learnt.rarity("公交") < learnt.rarity("公厕") < learnt.rarity("火星") == 1.0


def test_a_count_is_of_titles_not_of_places_in_them():
    assert learn(["公厕公厕公厕"], Words({"公厕": 9})).words["公厕"] == 1


def test_words_that_hold_a_word_come_by_how_many_titles_have_them():
    counts = {"公交": 9, "公交站": 3, "公交线路": 5, "公交卡": 1, "站": 4}
    learnt = SearchVocabulary(9, counts, {})
    assert learnt.longer("公交", 3) == ["公交线路", "公交站"]
    assert learnt.longer("公交", 1) == ["公交线路"]
    assert learnt.longer("地铁", 3) == []


# --- marked words


def marked(shown: str, text: str) -> list[str]:
    found = spans(shown, words(reader().understand(text)), SIMPLIFIED)
    return [shown[start:end] for start, end in found]


def test_words_and_their_synonyms_are_marked():
    assert marked("合肥市公共厕所信息", "公厕") == ["公共厕所"]


def test_words_are_marked_in_the_script_that_is_shown():
    assert marked("臺灣公廁", "公厕") == ["公廁"]


def test_places_are_marked():
    assert marked("合肥市公厕", "合肥 公厕") == ["合肥", "公厕"]


def test_neighbouring_marks_are_one():
    assert marked("公厕厕所", "公厕") == ["公厕厕所"]


def test_signs_that_fold_to_several_do_not_shift_the_marks():
    assert marked("①㎏ﬁ公厕", "公厕") == ["公厕"]
    assert marked("", "公厕") == []


@pytest.mark.parametrize(
    ("shown", "word", "marked"),
    [
        ("ＡＥＤ分布", "aed", "ＡＥＤ"),
        ("Aed分布", "aed", "Aed"),
        ("臺灣公廁", "公厕", "公廁"),
        ("㎡公厕", "公厕", "公厕"),  # folds to two characters and keeps its one place
        ("\u200b公厕", "公厕", "公厕"),
        ("İ公厕", "公厕", "公厕"),
    ],
)
def test_what_is_marked_stands_where_it_is_shown(shown, word, marked):
    ((start, end),) = spans(shown, [word], SIMPLIFIED)
    assert shown[start:end] == marked
