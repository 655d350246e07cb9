"""What readers type and what they find, in a real Solr."""

from __future__ import annotations

import opencc
import pytest
from ckan.lib.search.common import SearchError
from redis.exceptions import RedisError

from ckanext.govdata.domain.search.folds import fold
from ckanext.govdata.search import lists, live_reader, query_parameters, vectors

TITLES = (
    "合肥市公共厕所信息",  # e0
    "臺北市公廁點位資訊",  # e1
    "瑶海区校外培训机构名单",  # e2
    "互联网上网服务营业场所",  # e3
    "PM2.5监测数据",  # e4
    "110千伏变电站名录",  # e5
    "水库大坝安全责任人",  # e6
    "AED分布信息",  # e7
    "合肥市图书馆信息",  # e8
    "淮北市图书馆信息",  # e9
    "12345热线工单",  # e10
    "城市公共汽车票价",  # e11
)


MEANT = (
    ("公厕", {"e0", "e1"}),
    ("公廁", {"e0", "e1"}),
    ("洗手间在哪里", {"e0", "e1"}),
    ("gongce", {"e0", "e1"}),
    ("公侧", {"e0", "e1"}),
    ("补习班", {"e2"}),
    ("網咖", {"e3"}),
    ("pm2.5", {"e4"}),
    ("ＰＭ２．５", {"e4"}),
    ("110千伏", {"e5"}),
    ("水", {"e6"}),
    ("aed", {"e7"}),
    ("合肥 图书馆", {"e8"}),
    ("合肥图书管", {"e8"}),
    ("hefei tushuguan", {"e8"}),
    ("安徽图书馆", {"e8", "e9"}),
    ("12345", {"e10"}),
    ("市长热线", {"e10"}),
    ("坐公交多少钱", {"e11"}),
)


def test_what_is_meant_comes_first(titled, search):
    titled(*TITLES)
    wrong = {
        query: found
        for query, first in MEANT
        if set((found := search(query))[: len(first)]) != first
    }
    assert wrong == {}


def test_both_scripts_find_the_same_set(titled, search):
    titled(*TITLES)
    to_taiwan = opencc.OpenCC("s2t").convert
    for query in (
        "公厕",
        "校外培训机构",
        "网吧",
        "图书馆",
        "水库 责任人",
        "合肥图书馆",
        "公交票价",
    ):
        assert search(to_taiwan(query), rows=100) == search(query, rows=100)


def test_every_word_we_know_reads_the_same_in_both_scripts(portal):
    reader = live_reader.reader()
    words = [word for word in reader.knowledge.terms() if word]
    for script in ("s2t", "s2tw", "s2hk"):
        convert = opencc.OpenCC(script).convert
        differing = {
            word: convert(word)
            for word in words
            if reader.understand(convert(word)).concepts != reader.understand(word).concepts
        }
        assert differing == {}, script


def test_the_words_of_the_language_fold_alike_from_both_scripts():
    """All but a handful of rare ones, such as 项链."""
    text = "\n".join(line.split("\t")[0] for line in lists.lines("lexicon.txt"))
    wanted = folded_lines(text)
    for script in ("s2t", "s2tw", "s2hk"):
        found = folded_lines(opencc.OpenCC(script).convert(text))
        differing = [word for word, other in zip(wanted, found, strict=True) if word != other]
        assert len(differing) <= 30, (script, differing)
        assert len(wanted) > 70_000


def folded_lines(text: str) -> list[str]:
    return [fold(line, lists.simplified()) for line in text.split("\n")]


@pytest.mark.parametrize(("one", "other"), [("坐标", "座標"), ("着火", "著火"), ("图像", "圖象")])
def test_characters_that_either_script_writes_with_two_are_one(titled, search, one, other):
    titled(f"{one}信息", f"{other}資訊", "无关的条目")
    assert set(search(one)) == set(search(other)) == {"e0", "e1"}


def test_a_place_is_graded(titled, search):
    titled(
        {"title": "公厕信息", "place": "安徽省合肥市"},
        {"title": "合肥市公厕信息", "place": "安徽省合肥市"},
        {"title": "公厕信息", "place": "安徽省合肥市瑶海区"},
        {"title": "公厕信息", "place": "安徽省芜湖市"},
    )
    assert search("合肥公厕") == ["e1", "e0", "e2", "e3"]


def test_a_bare_place_finds_what_is_there(titled, search):
    titled(
        {"title": "公厕信息", "place": "安徽省合肥市"},
        {"title": "公厕信息", "place": "安徽省芜湖市"},
    )
    assert search("瑶海") == []
    assert search("芜湖") == ["e1"]


def test_nothing_is_found_for_what_is_not_there(titled, search):
    titled(*TITLES)
    for query in ("量子纠缠", "zzzzzz", "！！！", "😀", "\x00\x07"):
        assert search(query) == []


def test_misspellings_can_be_taken_as_they_are(titled, search):
    titled(*TITLES)
    assert search("公侧")
    assert search("公侧", extras={"ext_govdata_exact": "1"}) == []
    assert search("gongce", extras={"ext_govdata_exact": "1"}) == []


def test_pinyin_finds_what_the_words_find_that_it_is_read_as(titled, search):
    titled(*TITLES, "jiao gong")
    for typed, meant in (("gongce", "公厕"), ("gongjiao", "公交"), ("tushuguan", "图书馆")):
        assert search(typed) == search(meant) != []


def test_letters_that_the_catalogue_has_are_found_as_letters(titled, search):
    titled(*TITLES, {"title": "线路时刻表", "notes": "gongjiao"})
    assert set(search("gongjiao")) == {*search("公交"), f"e{len(TITLES)}"}
    assert search("gongjiao", extras={"ext_govdata_exact": "1"}) == [f"e{len(TITLES)}"]


def test_what_solr_takes_apart_is_asked_as_one(titled, search):
    titled("PM2.5实时浓度", "2号楼5层信息", "第5批名单 2 PM", "GB-T 2260 代码", "T-GB")
    assert search("PM2.5") == ["e0"]
    assert search("pm25") == ["e0"]
    assert search("GB-T") == ["e3"]


def test_english_words_of_asking_say_nothing(titled, search):
    titled("公厕信息", "合肥市学校名单", "不动产登记")
    assert search("schools in Hefei") == ["e1"]
    assert search("公厕 AND 学校") == search("公厕 学校")
    assert search("open data") == []


def test_everyday_english_finds_what_the_catalogue_says_in_chinese(titled, search):
    titled("公交站点", "学校名录", "空气质量日报", "无关的条目")
    assert search("bus stops") == ["e0"]
    assert search("Schools") == ["e1"]
    assert search("air quality")[0] == "e2"


def test_a_short_title_is_not_punished(titled, search):
    titled("公厕", "关于加强全市公厕建设和管理工作若干意见的通知")
    assert search("公厕")[0] == "e0"


def test_a_word_across_the_border_of_two_others_comes_later(titled, search):
    titled("创业孵化基地名单", "各校地名普查信息汇总", "行政执法人员", "关于法人变更登记的说明")
    assert search("地名") == ["e1", "e0"]
    assert search("法人") == ["e3", "e2"]


def test_filters_and_paging_work_as_in_ckan(titled, search):
    titled(*(f"公厕信息{number}" for number in range(25)))
    first, second = search("公厕", rows=10), search("公厕", rows=10, start=10)
    assert len({*first, *second}) == 20
    assert search("公厕", fq="name:e3") == ["e3"]
    assert search("公厕", sort="name asc", rows=2) == ["e0", "e1"]


# --- CKAN's own ways stay


SYNTAX = {
    "*:*": 12,
    "": 12,
    "name:e3": 1,
    "name:e*": 12,
    "name:(e1 OR e2)": 2,
    "-name:e1 *:*": 11,
}


def test_solrs_own_syntax_is_left_alone(titled, search):
    titled(*TITLES)
    assert {query: len(search(query, rows=100)) for query in SYNTAX} == SYNTAX


def test_a_plain_name_is_found(titled, search):
    titled(*TITLES)
    assert search("e3")[0] == "e3"


def test_what_the_caller_set_is_left_alone(titled, search):
    titled(*TITLES)
    sent = query_parameters.prepare({"q": "title:x", "qf": "title"})
    assert sent == {"q": "title:x", "qf": "title", "defType": "lucene"}


# --- with vectors


@pytest.fixture
def with_model(ckan_config, monkeypatch, portal):
    monkeypatch.setitem(ckan_config, "ckanext.govdata.search.vectors", True)
    if not vectors.available():
        pytest.skip("the model does not run on this machine")


def test_what_is_meant_is_found_without_a_common_word(with_model, titled, search):
    titled(*TITLES, "新能源汽车充电设施点位")
    with vectors.patience(10):
        assert "e12" in search("特斯拉在什么地方加电")


def test_a_slow_model_delays_nobody(with_model, titled, search, monkeypatch):
    from threading import Event

    titled(*TITLES)
    gate = Event()
    monkeypatch.setattr(vectors, "_embed_query", lambda key: gate.wait(20) and "")
    try:
        assert set(search("公共厕所 慢")[:2]) == {"e0", "e1"}
    finally:
        gate.set()


def test_a_broken_model_harms_nobody(with_model, titled, search, monkeypatch):
    titled(*TITLES)
    monkeypatch.setattr(vectors._model, "module", None)
    assert set(search("公共厕所")[:2]) == {"e0", "e1"}


def test_a_vector_is_computed_once(with_model, monkeypatch):
    once = vectors.of_titles(["公厕"])
    assert len(once["公厕"]) == vectors.DIMENSIONS

    monkeypatch.setattr(vectors._model.module, "passage", never)
    assert vectors.of_titles(["公厕"])["公厕"] == once["公厕"]


def never(texts):
    raise AssertionError(texts)


def test_a_querys_vector_is_made_once_for_all_processes(with_model, monkeypatch):
    query = query_parameters.understand("公厕的分布")
    with vectors.patience(10):
        first = vectors.of_query(query)
    assert first
    assert first.count(",") == vectors.DIMENSIONS - 1
    vectors._model.kept.clear()  # as another process begins
    vectors._embedded.cache_clear()
    monkeypatch.setattr(vectors._model.module, "query", never)
    with vectors.patience(10):
        assert vectors.of_query(query) == first


def test_first_by_one_text_and_by_two_when_nobody_pages_any_more(with_model, monkeypatch):
    query = query_parameters.understand("公厕的分布点位")
    made: list[str] = []
    embed = vectors._embed_query
    monkeypatch.setattr(vectors, "_embed_query", lambda key: made.append(key) or embed(key))
    monkeypatch.setattr(vectors.settings, "search_vector_patience", lambda: 10_000)
    first = vectors.of_query(query)
    with vectors.patience(10):
        then = vectors.of_query(query)
    assert [key.count("\n") for key in made] == [0, 1]
    assert made[1].split("\n") == [query.subject, made[0]]
    assert first != then
    assert vectors.of_query(query) == first  # whoever turns its pages sees the same order
    monkeypatch.setattr(vectors, "SETTLED", -1)
    assert vectors.of_query(query) == then


def test_without_valkey_each_process_makes_its_own(with_model, monkeypatch):
    def away():
        raise RedisError("away")

    monkeypatch.setattr(vectors, "connect_to_redis", away)
    vectors._model.kept.clear()
    with vectors.patience(10):
        assert vectors.of_query(query_parameters.understand("公厕的位置"))


# --- bad input


BAD = (
    "AND",
    "OR",
    "NOT",
    "&&",
    "||",
    "+",
    "-",
    '"',
    '"""',
    "(",
    ")",
    "()",
    "[",
    "{",
    "~",
    "*",
    "?",
    "\\",
    "/",
    "公厕 AND",
    "公厕 (",
    '公厕 "',
    "a:b:c",
    ":",
    "公厕" * 5000,
    "x" * 10_000,
    "gongce" * 2000,
    "\x00",
    "\x01\x02公厕",
    "\ud800",
    "😀😀",
    "公厕\n\r\t公厕",
    "a\\",
    "'; DROP TABLE package; --",
    "١٢٣",
    "ａｂｃ",
    "‮公厕",
    "{a}",
    "$(x)",
    "%00",
    "..",
    "公厕~0.5",
    "公厕^99",
    "!",
    "#",
    "a" * 300,
)


def test_bad_queries_never_fail(titled, app):
    titled(*TITLES)
    failed = {}
    for bad in BAD:
        text = bad.encode("utf-8", "replace").decode()
        for path in ("/api/3/action/package_search", "/dataset/"):
            answer = app.get(path, query_string={"q": text})
            if answer.status_code not in (200, 400, 409):
                failed[path, bad[:40]] = answer.status_code
    assert failed == {}


PARSERS = ("{!lucene}x", "{!func}1", "${gd_words}", "_query_:x", " {!bool must=$q}", "x {!lucene}y")


def test_query_parsers_and_macros_are_refused(titled, app):
    titled(*TITLES)
    for bad in PARSERS:
        for name in ("q", "fq"):
            answer = app.get("/api/3/action/package_search", query_string={name: bad})
            assert answer.status_code in (400, 409), (name, bad)
            assert not answer.json["success"]


def test_macros_are_refused_from_within_too(titled):
    with pytest.raises(SearchError):
        query_parameters.prepare({"q": "name:${gd_words}"})
