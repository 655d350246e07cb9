"""Pages of the search: hints, marked words, the empty result, the operator's desk."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from ckanext.govdata.search import journal, live_reader, store


def soup(app, path: str, status: int = 200, **more) -> BeautifulSoup:
    return BeautifulSoup(app.get(path, status=status, **more).body, "html.parser")


@pytest.fixture
def desk(app, operator):
    """Pages as the operator sees them."""
    headers = {"Authorization": operator["token"]}

    def open_page(path: str, status: int = 200) -> BeautifulSoup:
        return soup(app, path, status, headers=headers)

    open_page.headers = headers
    return open_page


def test_a_mended_query_says_so_and_can_be_taken_back(titled, app):
    titled("公厕信息")
    page = soup(app, "/dataset/?q=公侧")
    hint = page.select_one(".gd-search-hint")
    assert "公厕" in hint.text
    link = hint.select_one("a")["href"]
    assert "exact=1" in link
    assert soup(app, f"/dataset/{link}").select_one(".gd-search-hint") is None


def test_pinyin_says_how_it_was_read(titled, app):
    titled("公厕信息")
    assert "公厕" in soup(app, "/dataset/?q=gongce").select_one(".gd-search-hint").text


def test_words_taken_as_they_are_stay_so_on_every_link(titled, app):
    titled(*(f"公厕信息{number}" for number in range(25)), {"title": "时刻表", "notes": "gongce"})
    link = soup(app, "/dataset/?q=gongce&format=csv").select_one(".gd-search-hint a")["href"]
    assert "format=csv" in link
    page = soup(app, "/dataset/?q=gongce&exact=1")
    assert page.select_one(".gd-bar__count").text == "1 entry"
    assert all("exact=1" in link["href"] for link in page.select(".gd-bar a"))
    wide = soup(app, "/dataset/?q=公厕&exact=1&size=10&sort=title")
    for link in wide.select(".gd-pager a, .gd-facets a"):
        assert "exact=1" in link["href"]
        assert "size=10" in link["href"]
        assert "sort=title" in link["href"]


def test_a_right_query_has_no_hint(titled, app):
    titled("公厕信息")
    assert soup(app, "/dataset/?q=公厕").select_one(".gd-search-hint") is None


def test_an_empty_result_helps(titled, app):
    titled("公厕信息", "图书馆名录")
    page = soup(app, "/dataset/?q=火星 量子")
    links = [link["href"] for link in page.select(".gd-note a")]
    assert any("/search/items" in link for link in links)
    assert any("q=" in link for link in links)


def test_an_empty_result_leads_to_its_place_where_there_are_entries(portal, app):
    factories.Dataset(
        title="公厕信息", owner_org=factories.Organization(region="3401", level="city")["id"],
        domain="living", open_attribute="unconditional", share_type="unconditional",
        update_period="yearly",
    )
    page = soup(app, "/en/dataset/?q=合肥 飞碟")
    (link,) = [one for one in page.select(".gd-note a") if "region=" in one["href"]]
    assert link.text == "All entries of “合肥”"
    assert "公厕信息" in soup(app, link["href"]).text
    assert not page.select(".gd-facets, .gd-bar")  # nothing to narrow or to sort
    assert "region=" not in str(soup(app, "/dataset/?q=芜湖 飞碟").select_one(".gd-note"))


def test_an_empty_list_of_a_department_leads_to_the_whole_catalogue(titled, app):
    titled("公厕信息")
    name = factories.Organization(region="3401", level="city")["name"]
    for path in (f"/organization/{name}", "/region/3401"):
        links = soup(app, f"/en{path}?q=公厕").select(".gd-note a")
        (link,) = [one for one in links if one.text == "Search the whole catalogue"]
        assert "1 entry" in soup(app, link["href"]).text
    assert "whole catalogue" not in soup(app, "/en/dataset/?q=火星").text


def test_an_empty_result_leads_to_words_that_find_something(titled, app):
    titled("公厕信息", "图书馆名录")
    page = soup(app, "/dataset/?q=量子 洗手间&domain=legal")
    offered = [link.text for link in page.select(".gd-note a") if "domain" not in link["href"]]
    assert any("洗手间" in text for text in offered)  # a title says it in another word
    assert not any("量子" in text for text in offered)


def test_every_search_field_works_without_javascript(titled, app):
    titled("公厕信息")
    for path in ("/", "/dataset/", "/help"):
        forms = soup(app, path).select("form[role=search]")
        assert forms, path
        assert all(form.select_one("input[name=q]") for form in forms)
        assert all(form.select_one("button[type=submit]") for form in forms)


def test_the_script_for_suggestions_is_a_file_of_ours(titled, app):
    titled("公厕信息")
    scripts = soup(app, "/dataset/").select("script[src]")
    assert any("search" in script["src"] for script in scripts)


def test_what_readers_type_is_escaped(titled, app):
    titled("公厕信息")
    body = app.get(
        "/dataset/", query_string={"q": '公侧"><img src=x onerror=alert(1)>'}, status=200
    ).body
    assert "<img src=x" not in body


# --- the operator's desk


def test_the_desk_is_closed_to_readers(portal, app):
    for path in ("", "/preview", "/explain", "/export"):
        app.get(f"/govdata/search{path}", status=403)
    app.post("/govdata/search/change", data={"kind": "synonym", "after": "甲 乙"}, status=403)


def test_the_desk_shows_what_found_nothing(portal, desk):
    journal.searched("量子纠缠", 0)
    page = desk("/govdata/search")
    row = next(row for row in page.select("table tr") if "量子纠缠" in row.text)
    assert "/govdata/search/preview" in row.select_one("a")["href"]


def test_changes_are_dated_as_people_here_write_it(portal, teach, desk):
    teach("戳子 > 印章")
    table = desk("/zh_Hans_CN/govdata/search").find("h2", string="最近的修改").find_next("table")
    assert re.search(r"\d{4}年\d+月\d+日 \d\d:\d\d", table.text)


def test_a_line_is_tried_kept_and_works(titled, app, desk, search):
    titled("机关印章刻制备案")
    page = desk("/govdata/search/preview?q=戳子&kind=synonym&line=戳子 > 印章")
    assert "机关印章刻制备案" in page.text
    assert search("戳子") == []
    form = page.select("form[method=post]")[-1]
    data = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    app.post(form["action"], data=data, headers=desk.headers, status=200)
    live_reader.refresh()
    assert search("戳子") == ["e0"]
    assert "戳子 > 印章" in [row.line for row in store.lines()]


def test_a_bad_line_comes_back_with_the_fault(portal, app, desk):
    answer = app.post(
        "/govdata/search/change",
        headers=desk.headers,
        data={"kind": "synonym", "after": "孤单"},
        status=409,
    )
    page = BeautifulSoup(answer.body, "html.parser")
    field = page.select_one("#gd-new-after")
    assert field["value"] == "孤单"
    assert "two words" in page.find(id=field["aria-describedby"]).text
    assert store.lines(word="孤单") == []


def test_what_changes_nothing_is_said(portal, app, desk, teach):
    teach("甲甲 乙乙")
    version = store.changes(1)
    for given, told in (
        ({"after": "甲甲　乙乙"}, "there already"),
        ({"before": "甲甲 乙乙", "after": "甲甲 乙乙"}, "as it was"),
        ({"before": "从未 有过", "after": ""}, "not there any more"),
        ({"before": "从未 有过", "after": "丙丙 丁丁"}, "not there any more"),
        ({"after": "公廁 公厕"}, "one word"),
    ):
        answer = app.post("/govdata/search/change", headers=desk.headers, status=409,
                          data={"kind": "synonym", **given})
        assert told in BeautifulSoup(answer.body, "html.parser").select_one("[role=alert]").text
    assert store.changes(1) == version


def test_after_a_change_the_desk_stands_where_it_was(portal, app, desk, teach, operator):
    teach("甲甲 乙乙")
    data = {"kind": "synonym", "before": "甲甲 乙乙", "after": "甲甲 丙丙", "word": "甲甲"}
    answer = app.post("/govdata/search/change", headers=desk.headers, data=data,
                      follow_redirects=False, status=302)
    address = answer.headers["Location"]
    assert address.endswith("#knowledge")
    page = desk(address.removeprefix("http://test.ckan.net").partition("#")[0])
    assert "within five seconds" in page.select_one("#knowledge + [role=status]").text
    assert [field["value"] for field in page.select("td input[name=after]")] == ["甲甲 丙丙"]
    row = page.find("h2", string="Last changes").find_next("tbody").tr.text
    assert operator["fullname"] in row
    teach("丁丁 戊戊")  # an old address tells nothing
    old = desk(address.removeprefix("http://test.ckan.net").partition("#")[0])
    assert old.select_one("#knowledge + [role=status]") is None


def test_lines_are_found_in_either_script(portal, desk):
    both = [desk(f"/govdata/search?word={word}").select("td input[name=after]")
            for word in ("衛生間", "卫生间")]
    assert both[0]
    assert both[0] == both[1]


def test_a_preview_of_a_bad_line_says_why(portal, desk):
    page = desk("/govdata/search/preview?q=公厕&kind=synonym&line=甲 >", status=409)
    assert page.select_one("[role=alert]").text.strip()


def test_the_desk_shows_some_lines_and_says_how_many_there_are(portal, desk):
    page = desk("/govdata/search")
    shown = page.select("td input[name=after]")
    assert 0 < len(shown) < len(store.lines())
    assert f"{len(shown)} of {len(store.lines())} lines" in page.text
    few = desk("/govdata/search?word=卫生间")
    assert "lines are shown" not in few.text


def test_lines_are_found_by_word(portal, desk):
    page = desk("/govdata/search?word=卫生间")
    values = [field["value"] for field in page.select("td input[name=after]")]
    assert values
    assert all("卫生间" in value for value in values)


def test_scores_are_explained_on_a_page(titled, desk):
    titled("公厕信息")
    page = desk("/govdata/search/explain?q=公厕")
    assert "gd_title" in page.select_one("pre").text


def test_the_knowledge_is_a_file(portal, app, desk):
    answer = app.get("/govdata/search/export", headers=desk.headers, status=200)
    assert answer.json["rules"]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_file_is_read_again_or_refused_in_words(portal, app, desk, teach):
    def send(data: bytes, **more) -> str:
        sent = {"file": (BytesIO(data), "knowledge.json"), **more}
        answer = app.post("/govdata/search/import", headers=desk.headers, data=sent)
        page = BeautifulSoup(answer.body, "html.parser")
        assert answer.status_code == (409 if page.select_one("[data-gd-wrong]") else 200)
        return page.select_one(".gd-flash, [data-gd-wrong]").text

    kept = app.get("/govdata/search/export", headers=desk.headers, status=200).body.encode()
    teach("甲甲 乙乙")
    assert "taken away: 0" in send(kept)
    assert store.lines(word="甲甲")
    assert "taken away: 1" in send(kept, replace="1")
    assert store.lines(word="甲甲") == []
    before = store.lines()
    for bad in (b"", b"x", b"[]", b"{}", b"\xff", b'{"rules": [{"kind": "synonym", "line": "x"}]}'):
        assert send(bad, replace="1").strip(), bad
    assert store.lines() == before
    app.post("/govdata/search/import", data={}, status=403)
