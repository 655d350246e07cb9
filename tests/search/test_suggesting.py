"""Suggestions while typing, columns, and what the log keeps."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import ckan.plugins.toolkit as tk
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.govdata import now, settings
from ckanext.govdata.search import journal

TITLES = (
    "合肥市公交站点信息",
    "公交线路信息",
    "公厕信息",
    "公积金缴存信息",
    "图书馆名录",
    "臺北市圖書館",
)


def suggested(app, text: str) -> tuple[list[str], list[str]]:
    told = app.get("/api/govdata/suggest", query_string={"q": text}, status=200).json
    return [word["text"] for word in told["words"]], [entry["name"] for entry in told["entries"]]


def test_characters_suggest_words_and_titles(titled, app):
    titled(*TITLES)
    words, entries = suggested(app, "公交")
    assert words[0] == "公交"
    assert set(entries) == {"e0", "e1"}


def test_what_stands_in_most_titles_is_suggested_first(titled, app):
    titled("公厕名录", "公交线路", "公交站点", "公交票价")
    words, _entries = suggested(app, "公")
    assert words.index("公交") < words.index("公厕")


def test_pinyin_suggests_them_too(titled, app):
    titled(*TITLES)
    for typed in ("gongj", "gongjiao", "Gong Jiao", "gj"):
        words, entries = suggested(app, typed)
        assert "公交" in words, typed
        assert {"e0", "e1"} <= set(entries), typed


def test_a_word_that_is_an_entrys_whole_title_stands_once(titled, app):
    titled("公交", "公交线路信息")
    words, entries = suggested(app, "gongj")
    assert "公交" not in words
    assert "e0" in entries


def test_both_scripts_suggest_the_same(titled, app):
    titled(*TITLES)
    assert suggested(app, "圖書") == suggested(app, "图书")
    assert set(suggested(app, "图书")[1]) == {"e4", "e5"}


def test_they_stand_in_the_script_of_the_page(titled, app):
    titled(*TITLES)
    told = app.get("/zh_Hant_TW/api/govdata/suggest", query_string={"q": "图书"}, status=200).json
    assert {entry["title"] for entry in told["entries"]} == {"圖書館名錄", "臺北市圖書館"}
    assert "圖書館" in [word["text"] for word in told["words"]]


def test_an_empty_result_names_the_words_whose_initials_were_typed(titled, app):
    titled(*TITLES)
    page = BeautifulSoup(app.get("/zh_Hant_TW/dataset/?q=tsg", status=200).body, "html.parser")
    links = [link["href"] for link in page.select(".gd-note a") if "圖書館" in link.text]
    assert "2個條目" in app.get(links[0], status=200).body
    narrowed = app.get("/dataset/", query_string={"q": "公交", "domain": "legal"}).body
    assert "Did you mean “公交”" not in narrowed


def test_nothing_sensible_suggests_nothing_and_never_fails(titled, app):
    titled(*TITLES)
    for nothing in ("", " ", "😀", '"', "{!}", "*", "\x00", "x" * 5000, "火" * 5000):
        assert suggested(app, nothing) == ([], []), nothing


def test_private_entries_are_not_suggested(portal, app):
    from ckan.tests import factories

    owner = factories.Sysadmin()
    department = call_action(
        "organization_create",
        {"user": owner["name"]},
        name="d1",
        title="合肥市城管局",
        level="city",
        region="3401",
        role="department",
    )
    values = {
        "owner_org": department["id"],
        "notes": "说明",
        "domain": "transport",
        "update_period": "monthly",
        "share_type": "unconditional",
        "open_attribute": "unconditional",
    }
    context = {"user": owner["name"]}
    call_action("package_create", dict(context), name="open-one", title="机密公厕甲", **values)
    call_action(
        "package_create",
        dict(context),
        name="hidden-one",
        title="机密公厕乙",
        private=True,
        **values,
    )
    assert suggested(app, "机密公厕")[1] == ["open-one"]
    assert suggested(app, "jimi")[1] == ["open-one"]
    found = app.get("/api/3/action/package_search", query_string={"q": "机密公厕"}).json["result"]
    assert [hit["name"] for hit in found["results"]] == ["open-one"]


# --- columns


def test_an_entry_is_found_by_its_column(titled, app):
    titled(
        {"title": "甲", "fields": "排污许可证编号、经度、纬度"},
        {"title": "乙", "fields": "许可证编号"},
        {"title": "丙", "fields": "姓名"},
    )
    told = tk.get_action("govdata_search_item_list")({"user": ""}, {"q": "许可证编号"})
    assert {entry["name"] for entry in told["entries"]} == {"e0", "e1"}
    assert {item["name"] for item in told["items"]} == {"排污许可证编号", "许可证编号"}
    page = app.get("/search/items", query_string={"q": "許可證編號"}, status=200)
    assert "许可证编号" in page.body


def test_any_text_may_be_looked_for_among_columns(titled, app):
    titled("甲")
    for bad in ("", "😀", '"; x', "<script>alert(1)</script>", "{!lucene}x"):
        page = app.get("/search/items", query_string={"q": bad}, status=200)
        assert "<script>alert" not in page.body


# --- the log


def logged() -> list[dict]:
    return journal.asked(30)


def test_queries_are_counted_with_their_results(titled, app):
    titled(*TITLES)
    for _ in range(3):
        app.get("/dataset/", query_string={"q": "公廁"}, status=200)
    app.get("/dataset/", query_string={"q": "量子纠缠"}, status=200)
    counted = {row["query"]: (row["asked"], row["found"]) for row in logged()}
    assert counted == {"公厕": (3, 1), "量子纠缠": (1, 0)}
    assert [row["query"] for row in journal.asked(30, empty=True)] == ["量子纠缠"]


def test_what_a_filter_leaves_out_is_not_said_to_be_missing(titled, app):
    titled(*TITLES)
    app.get("/dataset/", query_string={"q": "公厕"}, status=200)
    for narrowed in ({"domain": "legal"}, {"region": "3401"}):
        app.get("/dataset/", query_string={"q": "公厕", **narrowed}, status=200)
    app.get("/api/3/action/package_search", query_string={"q": "公厕", "fq": "name:x"}, status=200)
    assert [(row["asked"], row["found"]) for row in logged()] == [(1, 1)]


def test_what_many_others_asked_is_offered_beside_a_query(titled, app):
    titled(*TITLES)
    others = (("公厕位置", 3, 1), ("公厕之谜", 3, 0), ("公厕", 3, 1), ("公厕数", 1, 1))
    for asked, times, found in others:
        for _ in range(times):
            journal.searched(asked, found)
    journal.flush()
    assert journal.related("公廁") == ["公厕位置"], "found something, asked often, not itself"
    with app.flask_app.test_request_context("/dataset/"):
        assert "公厕位置" in tk.h.govdata_search_hints("公厕")["related"]


def test_the_neighbours_of_a_query_are_read_again_after_a_minute(portal, monkeypatch):
    seconds = [120.0]
    monkeypatch.setattr(journal, "time", SimpleNamespace(monotonic=lambda: seconds[0]))
    assert journal.related("公厕") == []
    for _ in range(3):
        journal.searched("公厕位置", 1)
    journal.flush()
    assert journal.related("公厕") == []
    seconds[0] += journal.KEPT
    assert journal.related("公厕") == ["公厕位置"]


def test_turning_pages_does_not_count(titled, app):
    titled(*(f"公厕信息{n}" for n in range(30)))
    app.get("/dataset/", query_string={"q": "公厕", "page": 2}, status=200)
    assert logged() == []


def test_clicks_are_counted(titled, app):
    titled(*TITLES)
    app.get("/dataset/", query_string={"q": "公厕"}, status=200)
    app.get("/api/govdata/search/click", query_string={"q": "公厕"}, status=204)
    assert logged()[0]["clicks"] == 1


PERSONAL = (
    "340102199001011234",
    "13800138000",
    "张三 1380013 8000",
    "a@example.com",
    "0551-6260 1234 5",
    "长" * 41,
)


def test_what_may_name_a_person_is_not_kept(portal):
    for personal in PERSONAL:
        journal.searched(personal, 0)
    assert logged() == []


def test_service_numbers_and_years_are_kept(portal):
    for query in ("12345", "2023年 gdp", "pm2.5"):
        journal.searched(query, 1)
    assert {row["query"] for row in logged()} == {"12345", "2023年 gdp", "pm2.5"}


def test_the_table_holds_nothing_about_people(portal):
    from ckanext.govdata.search.model import SearchCount

    assert set(SearchCount.__table__.c.keys()) == {"day", "query", "asked", "found", "clicks"}


def test_counts_are_forgotten_in_time(portal, ckan_config, monkeypatch):
    today, kept = now.today(), settings.search_log_days()
    try:
        for days, query in ((kept + 1, "旧的"), (kept, "还要的"), (0, "新的")):
            now.move(today - timedelta(days=days))
            journal.searched(query, 1)
            journal.flush()
    finally:
        now.move(None)
    journal.forget_old()
    rows = model.Session.execute(journal.COUNTS.select()).all()
    assert {row.query for row in rows} == {"还要的", "新的"}


def test_nothing_is_kept_where_the_operator_wants_none(portal, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.govdata.search.log_days", 0)
    journal.searched("公厕", 1)
    assert logged() == []
