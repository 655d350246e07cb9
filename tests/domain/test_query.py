"""What a typed query asks: folding, words, pinyin, repair, places, concepts."""

from __future__ import annotations

import pytest
from search_world import SIMPLIFIED, reader, reader_with, vocabulary

from ckanext.govdata.domain.search.folds import LONGEST, fold, is_hanzi, pieces
from ckanext.govdata.domain.search.knowledge import KnowledgeKind
from ckanext.govdata.domain.search.lexicon import SearchVocabulary
from ckanext.govdata.domain.search.query import MOST_CONCEPTS, rarity


def concepts(text: str) -> list[str]:
    return [concept.word for concept in reader().understand(text).concepts]


# --- folding


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("臺灣公廁", "台湾公厕"),
        ("ＰＭ２．５", "pm2.5"),
        ("  公交 　 站点\n", "公交 站点"),
        ("AED", "aed"),
        ("公\x00厕\u200b", "公 厕"),
        ("㎏", "kg"),
        ("", ""),
    ],
)
def test_what_reads_the_same_is_written_the_same(written, folded):
    assert fold(written, SIMPLIFIED) == folded


def test_folding_twice_changes_nothing():
    for text in ("臺北 PM2.5", "ﬁ②Å", "公廁\t信息"):
        once = fold(text, SIMPLIFIED)
        assert fold(once, SIMPLIFIED) == once


def test_pieces_are_runs_of_hanzi_and_of_latin():
    assert pieces("110千伏 pm2.5监测(a级)") == ["110", "千伏", "pm2.5", "监测", "a", "级"]
    assert pieces('"{!lucene} q=*:*') == ["lucene", "q"]
    assert pieces("😀🏳️‍🌈、。") == []


def test_rare_hanzi_are_hanzi():
    assert is_hanzi("𬭎")
    assert is_hanzi("㐂")
    assert not is_hanzi("pm2.5")


# --- words and concepts


def test_a_query_is_cut_into_concepts_with_their_synonyms():
    (concept,) = reader().understand("公厕").concepts
    assert concept.word == "公厕"
    assert set(concept.synonyms) == {"公共厕所", "厕所", "卫生间"}


def test_both_scripts_ask_the_same():
    assert reader().understand("公廁") == reader().understand("公厕")
    assert reader().understand("補習班").concepts == reader().understand("补习班").concepts


def test_words_of_asking_are_dropped():
    assert concepts("请问公厕在哪里") == ["公厕"]


def test_words_of_asking_alone_are_taken_as_they_are():
    assert concepts("在哪里")


def test_words_that_say_little_weigh_little():
    query = reader().understand("公厕信息")
    weights = {concept.word: concept.weight for concept in query.concepts}
    assert weights["信息"] < weights["公厕"] / 2


def test_what_is_near_is_told_apart_from_what_is_the_same():
    (concept,) = reader().understand("补习班").concepts
    assert concept.near == ("培训机构",)
    assert "培训机构" not in concept.synonyms


def test_one_way_rules_lead_one_way():
    (left,) = reader().understand("打车").concepts
    assert left.synonyms == ("出租车", "网约车")
    (right,) = reader().understand("出租车").concepts
    assert "打车" not in right.synonyms


def test_a_long_word_knows_its_parts():
    (concept,) = reader().understand("公交站点").concepts
    assert concept.parts == ("公交", "站点")
    (short,) = reader().understand("公厕").concepts
    assert short.parts == ()


def test_departments_go_by_all_their_names():
    (concept,) = reader().understand("卫健委").concepts
    assert concept.synonyms == ("卫生健康委员会",)


def test_a_long_text_keeps_its_rarest_concepts():
    many = " ".join(chr(0x4E00 + i) + chr(0x5000 + i) for i in range(40))
    assert len(reader().understand(many).concepts) <= MOST_CONCEPTS


def test_an_endless_text_is_cut():
    assert reader().understand("公厕" * 5000).concepts
    assert LONGEST < 5000


@pytest.mark.parametrize(
    "nothing", ["", "   ", "！？。", "😀", "\x00\x01", '"', "()", "+ - &&", "{!}"]
)
def test_nothing_asks_nothing(nothing):
    query = reader().understand(nothing)
    assert not query
    assert query.concepts == ()
    assert query.places == ()


# --- pinyin


@pytest.mark.parametrize(
    ("letters", "text"),
    [
        ("gongce", "公厕"),
        ("wangba", "网吧"),
        ("bowuguan", "博物馆"),
        ("xiaowai peixun", "校外培训"),
        ("kong qi zhi liang", "空气质量"),
        ("hefei", "合肥"),
        ("GongCe", "公厕"),
    ],
)
def test_pinyin_is_read_as_the_catalogues_words(letters, text):
    query = reader().understand(letters)
    assert query.read
    assert query.text == text


def test_letters_that_are_no_pinyin_stay():
    for word in ("warandpeace", "wifi", "x", "http", "gongguan", "tushu"):
        query = reader().understand(word)
        assert not query.read
        assert query.text == word


def test_known_latin_words_stay_although_they_could_be_pinyin():
    known = reader_with((KnowledgeKind.SYNONYM, "wangba netbar"))
    assert not known.understand("wangba").read


def test_letters_beside_hanzi_are_read_too():
    query = reader().understand("合肥 gongce")
    assert [place.name for place in query.places] == ["合肥"]
    assert [concept.word for concept in query.concepts] == ["公厕"]


def test_very_long_letters_are_not_tried():
    assert not reader().understand("gongce" * 30).read


# --- repair


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("公侧", "公厕"),
        ("图书管", "图书馆"),
        ("博物管", "博物馆"),
        ("校外陪训机构", "校外培训机构"),
        ("燥音", "噪音"),
    ],
)
def test_what_sounds_like_a_word_of_the_catalogue_is_mended(written, meant):
    query = reader().understand(written)
    assert query.repaired
    assert query.text == meant
    assert query.typed == written


def test_what_looks_like_a_word_of_the_catalogue_is_mended():
    query = reader().understand("准南学校")
    assert query.text == "淮南学校"


@pytest.mark.parametrize(
    "right", ["公厕", "博物馆", "水库大坝", "空气质量", "厕所", "合肥", "猪肉价格"]
)
def test_what_is_right_is_left_alone(right):
    query = reader().understand(right)
    assert not query.repaired
    assert query.text == right


def test_mending_can_be_refused():
    query = reader().understand("公侧", mend=False)
    assert not query.repaired
    assert query.text == "公侧"


# --- places


def test_places_are_taken_out_of_the_subject():
    query = reader().understand("合肥公厕")
    assert [place.codes for place in query.places] == [("3401",)]
    assert [concept.word for concept in query.concepts] == ["公厕"]
    assert query.subject == "公厕"


def test_a_bare_place_is_a_query():
    query = reader().understand("瑶海")
    assert query
    assert query.places[0].codes == ("340102",)
    assert query.concepts == ()


def test_a_place_within_another_is_told_apart():
    (nanjing, gulou) = reader().understand("南京鼓楼区").places
    assert nanjing.codes == ("3201",)
    assert gulou.codes == ("320106",)
    (either,) = reader().understand("鼓楼区").places
    assert either.codes == ("320106", "350102")


# --- rarity


def test_common_words_say_less():
    assert rarity(0, 1000) == 1.0
    assert rarity(1000, 1000) == 0.35
    assert rarity(5, 1000) > rarity(50, 1000) > rarity(500, 1000)


def test_without_titles_all_words_say_the_same():
    assert rarity(0, 0) == rarity(5, 1) == 1.0


# --- words that no title has


def test_a_word_that_no_title_has_is_asked_by_the_words_within_it():
    query = reader().understand("公厕名单卡")  # nobody wrote 单卡
    assert "公厕" in [concept.word for concept in query.concepts]
    told = reader_with((KnowledgeKind.SYNONYM, "医院图书馆 图书馆"))
    (whole,) = told.understand("医院图书馆").concepts
    assert whole.word == "医院图书馆", "what the operator explains stays whole"


def test_a_single_character_that_nobody_explained_says_little():
    loose, strong = reader().understand("买 公厕").concepts
    assert loose.word == "买"
    assert loose.weight < strong.weight
    (known, _) = reader_with((KnowledgeKind.SYNONYM, "河 河流")).understand("河 公厕").concepts
    assert known.weight > loose.weight


def test_weak_words_and_loose_characters_are_light():
    lights = {c.word: c.light for c in reader().understand("买 公厕 信息").concepts}
    assert lights == {"买": True, "公厕": False, "信息": True}


def test_nothing_is_unheard_of_before_the_catalogue_was_read():
    empty = SearchVocabulary(0, {}, {})
    assert empty.seen("随便什么")
    assert vocabulary().seen("公厕")
    assert not vocabulary().seen("随便什么")
