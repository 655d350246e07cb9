"""Sixty searches a minute for a reader who did not sign in."""
from __future__ import annotations

import pytest
from ckan.tests import factories

pytestmark = pytest.mark.ckan_config("ckanext.govdata.search.anonymous_per_minute", 3)
SEARCHES = ["/dataset/?q=a", "/api/3/action/package_search?q=a", "/api/action/package_search"]


def ask(portal, path: str, address: str = "198.51.100.7", **headers: str):
    return portal.test_client().get(
        path, environ_overrides={"REMOTE_ADDR": address}, headers=headers)


@pytest.mark.parametrize("path", SEARCHES)
def test_over_the_limit_it_is_429_with_the_time_to_wait(portal, path: str) -> None:
    statuses = [ask(portal, path).status_code for _ in range(3)]
    refused = ask(portal, path)
    assert statuses == [200, 200, 200]
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert ask(portal, path, "203.0.113.1").status_code == 200


def test_the_api_answers_in_its_own_form(portal) -> None:
    for _ in range(4):
        refused = ask(portal, "/api/3/action/package_search")
    assert refused.json["success"] is False
    assert refused.json["error"]["__type"] == "Too Many Requests"
    assert "seconds" in refused.json["error"]["message"]


def test_pages_and_calls_are_counted_together(portal) -> None:
    statuses = [ask(portal, path).status_code for path in [*SEARCHES, *SEARCHES]]
    assert statuses == [200, 200, 200, 429, 429, 429]


@pytest.mark.parametrize("path", [
    "/api/3/action/govdata_catalogue_export?rows=1", "/catalogue/export?format=json&q=a",
    "/search/items?q=a", "/feeds/custom.atom?q=a", "/feeds/tag/nothing-of-this.atom",
    "/api/3/action/govdata_search_item_list?q=a"])
def test_exports_feeds_and_columns_are_searches(portal, path: str) -> None:
    assert [ask(portal, path).status_code for _ in range(4)][2:] == [200, 429]


@pytest.mark.parametrize("path", [
    "/api/govdata/suggest?q=a", "/api/3/action/package_autocomplete?q=a",
    "/api/3/action/govdata_search_suggest?q=a", "/api/util/dataset/autocomplete?incomplete=a",
    "/api/2/util/dataset/autocomplete?incomplete=a"])
def test_suggestions_have_five_times_as_many_of_their_own(portal, path: str) -> None:
    statuses = [ask(portal, path).status_code for _ in range(16)]
    assert statuses == [200] * 15 + [429]
    assert ask(portal, SEARCHES[1]).status_code == 200


def test_what_does_not_search_is_not_counted(portal) -> None:
    assert {ask(portal, "/about").status_code for _ in range(6)} == {200}
    assert {ask(portal, "/api/3/action/status_show").status_code for _ in range(6)} == {200}


def test_who_signed_in_is_not_limited(portal) -> None:
    token = factories.UserWithToken()["token"]
    assert {ask(portal, SEARCHES[1], Authorization=token).status_code for _ in range(6)} == {200}


def test_an_invented_token_does_not_help(portal) -> None:
    statuses = [ask(portal, SEARCHES[1], Authorization="abc").status_code for _ in range(5)]
    assert statuses[-1] == 429


def test_the_machine_itself_is_not_limited(portal) -> None:
    assert {ask(portal, SEARCHES[1], "127.0.0.1").status_code for _ in range(6)} == {200}


def test_zero_is_no_limit(portal, ckan_config) -> None:
    ckan_config["ckanext.govdata.search.anonymous_per_minute"] = 0
    assert {ask(portal, SEARCHES[1]).status_code for _ in range(6)} == {200}


def test_without_valkey_search_goes_on(portal, monkeypatch) -> None:
    from redis import ConnectionError as NoConnection

    from ckanext.govdata.security import counters

    def down(*_: object) -> None:
        raise NoConnection("refused")

    monkeypatch.setattr(counters, "connect_to_redis", down)
    assert {ask(portal, SEARCHES[1]).status_code for _ in range(6)} == {200}
