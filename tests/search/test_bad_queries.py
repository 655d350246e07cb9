"""Whatever is sent: never a 500, always a result or a message that names what is wrong."""

from __future__ import annotations

import json

import pytest

TITLES = ("公厕信息", "图书馆名录", "公交站点")
HOSTILE = (
    '"', "(", "*", "{!lucene}x", "{!term f=creator_user_id}x", "${gd_words}", "_query_:x", "a:b",
    "<script>alert(1)</script>", "'; DROP TABLE package; --", "\x00", "\x07公厕", "😀", "‮公厕",
    "公厕 AND", "OR", "!!", "\\", "[* TO *]", "公厕^1e9", "公厕~99", "公" * 10_000, "x" * 10_000,
    "公廁ｇｏｎｇ🚌公交", "%", "..%2f..", "\u200b", "/*公厕*/", "公厕\r\nX: y",
)
"""Syntax, operators, parsers, macros, markup, SQL, control characters, emoji, mixed scripts."""

API = (
    {"rows": "abc"}, {"rows": "-1"}, {"rows": "1e3"}, {"rows": str(10**12)},
    {"start": "-5"}, {"start": "abc"}, {"start": str(10**9)},
    {"facet.limit": "abc"}, {"facet.limit": str(10**12)}, {"facet.mincount": "x"},
    {"facet.field": "nowhere"}, {"facet.field": '["nowhere"]'}, {"facet.field": "42"},
    {"facet.field": '{"a": 1}'}, {"facet.field": "[["}, {"facet.field": '["{!ex=x}tags"]'},
    {"sort": "nowhere asc"}, {"sort": "sideways"}, {"sort": "title_string"}, {"sort": "asc"},
    {"sort": "score desc,, name"}, {"sort": "sum(views_total,1) desc"},
    {"sort": "query({!v=creator_user_id:a}) desc"}, {"sort": "random_1 desc"},
    {"fq": "("}, {"fq": 'title:"'}, {"fq": "AND"}, {"fq": "nowhere:x"}, {"fq": "title:[a TO"},
    {"fq": "{!lucene}x"}, {"fq": "${gd_words}"}, {"fq": "公厕" * 5000},
    {"fl": "nowhere"}, {"fl": '["nowhere"]'}, {"fl": "[child]"}, {"fl": "*"},
    {"qf": "nowhere^2"}, {"qf": "title^^"}, {"bf": "nonsense("}, {"boost": "nonsense("},
    {"defType": "func"}, {"defType": "nowhere"}, {"defType": "lucene", "q": "("},
    {"mm": "abc"}, {"tie": "abc"}, {"df": "creator_user_id"}, {"wt": "xml"}, {"q.op": "X"},
    {"include_private": "maybe"}, {"use_default_schema": "maybe"}, {"nonsense": "1"},
)

LIST = (
    {"sort": "nowhere"}, {"sort": "score desc; x"}, {"page": "abc"}, {"page": "-1"}, {"page": "0"},
    {"page": str(10**15)}, {"size": "9999"}, {"size": "abc"}, {"exact": "nonsense"},
    {"nowhere": "x"}, {"domain": ""}, {"ext_govdata_exact": "1"},
)
FACETS = (
    "open_attribute", "domain", "region", "organization", "share_type", "update_period", "format",
    "emergency",
)


def sensible(app, path: str, **asked) -> str:
    """What is wrong with the answer; empty when it is one that a caller can use."""
    answer = app.get(path, query_string=asked)
    if answer.status_code == 200:
        return ""
    if answer.status_code not in (400, 409):
        return f"{path} {str(asked)[:80]}: {answer.status_code}"
    error = answer.json["error"]
    told = " ".join(str(value) for key, value in error.items() if key != "__type")
    return "" if told.strip() else f"{path} {str(asked)[:80]}: no message"


def test_every_parameter_of_the_api_takes_nonsense(titled, app):
    titled(*TITLES)
    search = "/api/3/action/package_search"
    faults = [sensible(app, search, **{"q": "公厕", **asked}) for asked in API]
    assert [fault for fault in faults if fault] == []


def test_every_field_of_the_api_takes_hostile_text(titled, app):
    titled(*TITLES)
    search = "/api/3/action/package_search"
    faults = [
        sensible(app, search, **{name: text})
        for name in ("q", "fq", "sort", "fl", "facet.field", "rows") for text in HOSTILE
    ]
    assert [fault for fault in faults if fault] == []


def test_a_posted_search_of_other_types_is_refused_in_words(titled, app):
    titled(*TITLES)
    for body in ({"q": ["公厕"]}, {"q": {"a": 1}}, {"q": 5}, {"q": None}, {"rows": [1]},
                 {"facet.field": "tags"}, {"fq": ["a", "b"]}, {"fq_list": "x"}, {"sort": 5},
                 {"extras": "x"}, {"ext_govdata_exact": [1]}, {"q": True}, [], "x", {"fl": 5},
                 {"fq": {"a": 1}}, {"fq_list": [1]}, {"start": {}}, {"facet.field": [1]},
                 {"include_private": []}, {"use_default_schema": "x"}, {"facet.limit": [5]}):
        answer = app.post(
            "/api/3/action/package_search", data=json.dumps(body),
            headers={"Content-Type": "application/json"})
        assert answer.status_code in (200, 400, 409), (body, answer.status_code, answer.body[:300])
        if answer.status_code == 409:
            assert set(answer.json["error"]) - {"__type"} == set(body), answer.body


def test_what_cannot_be_read_is_told_and_what_solr_is_sent_is_not(titled, app):
    titled(*TITLES)
    answer = app.get("/api/3/action/package_search", query_string={"q": "title:(公厕"}, status=400)
    assert "q cannot be read from here on" in answer.body
    answer = app.get(  # what only Solr can judge: it wants a date
        "/api/3/action/package_search", query_string={"fq": "metadata_modified:公厕"}, status=409)
    assert "Invalid Date" in answer.body
    assert "permission_labels" not in answer.body


def test_odd_numbers_of_exports_and_reports_are_refused_in_words(app, operator):
    headers = {"Authorization": operator["token"]}
    for action, asked in (
        ("govdata_catalogue_export", {"rows": [1]}),
        ("govdata_catalogue_export", {"start": {"a": 1}}),
        ("govdata_search_query_list", {"days": "x"}), ("govdata_search_query_list", {"days": [1]}),
        ("govdata_search_query_list", {"empty": "maybe"}), ("package_autocomplete", {"q": ["a"]}),
        ("package_autocomplete", {"q": "a", "limit": "x"}),
    ):
        answer = app.post(f"/api/3/action/{action}", json=asked, headers=headers)
        assert answer.status_code == 409, (action, asked)
        assert set(answer.json["error"]) - {"__type"} <= {*asked, "rows"}, answer.body


def test_a_filter_that_cannot_be_one_falls_away(titled, app):
    titled(*TITLES)
    answer = app.get("/dataset/", query_string={"q": "公厕", "domain": "{!lucene}x"}, status=200)
    assert "1 entry" in answer.body
    assert "gd-chip" not in answer.body


def test_unknown_facets_sorts_and_fields_are_named(titled, app):
    titled(*TITLES)
    search = "/api/3/action/package_search"
    for asked in ({"facet.field": '["nowhere"]'}, {"sort": "nowhere asc"}, {"fq": "nowhere:x"},
                  {"fl": "nowhere"}, {"qf": "nowhere^2"}):
        answer = app.get(search, query_string=asked, status=400)
        assert "nowhere" in answer.body, asked
    assert "sort" in app.get(search, query_string={"sort": "sideways"}, status=400).body


@pytest.mark.parametrize("path", ["/dataset/", "/search/items", "/api/govdata/suggest"])
def test_pages_take_hostile_text(titled, app, path):
    titled(*TITLES)
    for text in HOSTILE:
        answer = app.get(path, query_string={"q": text}, status=200)
        told = answer.headers["Content-Type"].startswith("application/json")
        assert told or "<script>alert(1)" not in answer.body, text


def test_the_list_takes_nonsense_in_its_address(titled, app):
    titled(*TITLES)
    for asked in LIST:
        answer = app.get("/dataset/", query_string={"q": "公厕", **asked})
        assert answer.status_code in ((200, 400) if "page" in asked else (200,)), asked
    app.get("/dataset/?q=公厕&q=图书馆&domain=x&domain=y&page=1&page=2", status=200)


def test_every_filter_takes_hostile_text(titled, app):
    titled(*TITLES)
    for facet in FACETS:
        for text in HOSTILE:
            answer = app.get("/dataset/", query_string={facet: text}, status=200)
            assert "<script>alert(1)" not in answer.body, (facet, text)


def test_lists_of_a_department_and_a_region_take_it_too(titled, app):
    from ckan.tests import factories

    titled(*TITLES)
    name = factories.Organization(region="3401", level="city")["name"]
    for text in HOSTILE:
        for path in (f"/organization/{name}", "/region/3401"):
            answer = app.get(path, query_string={"q": text, "domain": text})
            assert answer.status_code == 200, (path, text)


def test_a_groups_list_says_that_it_cannot_be_searched_so(titled, app):
    from ckan.tests import factories

    titled(*TITLES)
    name = factories.Group()["name"]
    for asked in ({"res_url": "x"}, {"q": "title:("}, {"title": 'x" OR {!join}y'}, {"sort": "x"}):
        answer = app.get(f"/group/{name}", query_string=asked, status=200)
        assert "error" in answer.body.lower(), asked


def test_asking_for_data_takes_it_and_says_what_is_wrong(titled, app):
    for text in HOSTILE:
        app.get("/search/ask", query_string={"subject": text}, status=200)
        answer = app.post("/search/ask", data={"subject": text, "purpose": text},
                          follow_redirects=False)
        assert answer.status_code in (302, 409), text


@pytest.mark.parametrize("page", ["explain", "preview"])
def test_the_operators_pages_take_it(titled, app, operator, page):
    titled(*TITLES)
    headers = {"Authorization": operator["token"]}
    for text in HOSTILE:
        asked = {"q": text, "line": text, "kind": "synonym"}
        answer = app.get(f"/govdata/search/{page}", query_string=asked, headers=headers)
        assert answer.status_code in (200, 409), text
        assert "<script>alert(1)" not in answer.body, text


def test_a_line_of_hostile_text_is_kept_as_words_or_refused_in_words(titled, app, operator, search):
    titled(*TITLES)
    headers = {"Authorization": operator["token"]}
    for text in HOSTILE:
        answer = app.post(
            "/api/3/action/govdata_search_rule_change", headers=headers,
            json={"kind": "synonym", "after": f"公厕 {text} 厕位"})
        assert answer.status_code in (200, 409), (text, answer.status_code)
        if answer.status_code == 409:
            assert answer.json["error"]["after"], text
    from ckanext.govdata.search import live_reader

    live_reader.refresh()
    assert search("公厕")[0] == "e0"


def test_an_operator_may_write_broken_syntax_and_is_told(titled, app, operator):
    titled(*TITLES)
    headers = {"Authorization": operator["token"]}
    for asked in ({"q": "title:("}, {"fq": "("}, {"sort": "nowhere asc"},
                  {"facet.field": '["nowhere"]'}, {"q": "*:*", "fl": "[nonsense]"}):
        answer = app.get("/api/3/action/package_search", query_string=asked, headers=headers)
        assert answer.status_code in (200, 400, 409), (asked, answer.body[:200])
