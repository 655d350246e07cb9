"""The search server is away: whoever needs it is told so and when to ask again; the rest works."""
from __future__ import annotations

import json

import pytest
from ckan.tests import factories

NOWHERE = "http://127.0.0.1:9/solr/nowhere"
NEEDS_IT = (
    "/feeds/dataset.atom", "/feeds/custom.atom?q=a", "/group/", "/user/{name}",
    "/dashboard/datasets", "/govdata/search/explain?q=公厕",
    "/govdata/search/preview?q=公厕&line=a b&kind=synonym", "/dataset/", "/",
)
WORKS = (
    "/dataset/e0", "/organization/", "/region/", "/search/ask", "/help", "/rules", "/emergency",
    "/govdata/search", "/govdata/search/seeds", "/api/3/action/package_show?id=e0",
    "/api/3/action/package_list", "/api/3/action/organization_list", "/api/3/action/status_show",
    "/api/govdata/suggest?q=gong",
)


@pytest.fixture
def away(portal, operator, ckan_config, monkeypatch):
    """An entry in the database, and then no search server."""
    factories.Dataset(
        name="e0", title="公厕信息", owner_org=factories.Organization()["id"], domain="living",
        open_attribute="unconditional", share_type="unconditional", update_period="yearly",
    )
    monkeypatch.setitem(ckan_config, "solr_url", NOWHERE)


def test_the_api_says_so_in_its_own_form(away, app):
    for path, body in (
        ("package_search?q=公厕", None), ("package_autocomplete?q=a", None), ("package_search", {}),
    ):
        path = f"/api/3/action/{path}"
        answer = app.get(path) if body is None else app.post(path, json=body)
        assert answer.status_code == 503, path
        assert answer.headers["Retry-After"] == "60"
        told = json.loads(answer.body)
        assert told["success"] is False
        assert told["error"]["__type"] == "Search Connection Error"
        assert "search server" in told["error"]["message"]
        assert "result" not in told


def test_pages_that_need_it_say_so_and_the_others_work(away, app, operator):
    headers = {"Authorization": operator["token"]}
    for path in NEEDS_IT:
        answer = app.get("/en" + path.format(**operator), headers=headers)
        assert answer.status_code == 503, path
        assert answer.headers["Retry-After"] == "60", path
        assert "Please try again in a minute." in answer.body, path
    for path in WORKS:
        assert app.get(path, headers=headers).status_code == 200, path


def test_columns_say_so_on_their_page(away, app):
    assert "The search service is resting." in app.get("/en/search/items?q=经度").body


def test_a_server_without_our_core_is_away_too(portal, app, ckan_config, monkeypatch):
    absent = ckan_config["solr_url"].rsplit("/", 1)[0] + "/absent"
    monkeypatch.setitem(ckan_config, "solr_url", absent)
    for path in ("/", "/dataset/", "/feeds/dataset.atom", "/api/3/action/package_search"):
        assert app.get(path).status_code == 503, path


def test_a_wrong_question_is_no_absence(titled, app):
    titled("公厕信息")
    answer = app.get("/api/3/action/package_search", query_string={
        "q": "title:(Failed to connect to server Solr responded with an error (HTTP 404)"})
    assert answer.status_code in (400, 409)
    assert app.get("/api/3/action/no_such_action").status_code == 400
