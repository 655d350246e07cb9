"""What browsers and caches are told."""
from __future__ import annotations

from pathlib import Path

import pytest
from ckan.tests import factories

from ckanext.govdata.security import headers, uploaded_files

PAGES = ["/", "/dataset/", "/organization/", "/about", "/user/login"]


@pytest.mark.parametrize("path", [*PAGES, "/api/3/action/status_show", "/no-such-page"])
def test_every_answer_carries_the_headers(portal, path: str) -> None:
    answer = portal.test_client().get(path)
    for name, value in headers.ALWAYS.items():
        assert answer.headers[name] == value


@pytest.mark.parametrize("path", PAGES)
def test_pages_run_no_script_but_our_own(portal, path: str) -> None:
    policy = portal.test_client().get(path).headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'self'" in policy
    assert "object-src 'none'" in policy


@pytest.mark.parametrize("path", PAGES)
def test_pages_obey_their_own_policy(portal, path: str) -> None:
    """No script in the page or in an attribute: the browser would not run it."""
    from bs4 import BeautifulSoup

    page = BeautifulSoup(portal.test_client().get(path).text, "html.parser")
    inline = [tag for tag in page.find_all("script") if not tag.get("src")
              and tag.get("type", "text/javascript") in {"text/javascript", "module"}]
    handlers = [tag for tag in page.find_all(True)
                if any(name.startswith("on") for name in tag.attrs)]
    assert not inline
    assert not handlers
    assert not [tag for tag in page.find_all(True) if tag.get("style")]


@pytest.mark.ckan_config("ckan.cache_enabled", True)
def test_what_one_reader_is_told_no_cache_keeps(portal) -> None:
    client = portal.test_client()
    answer = client.post("/user/reset", data={"user": "nobody-here"}, follow_redirects=False)
    assert answer.status_code == 302
    told = client.get("/en/about")
    assert "gd-flash" in told.text
    assert "public" not in told.headers["Cache-Control"]
    assert "no-store" in told.headers["Cache-Control"]
    again = client.get("/en/about")
    assert "gd-flash" not in again.text


def test_only_ckans_own_few_pages_may_carry_scripts(portal) -> None:
    known = set(portal.flask_app.view_functions)
    assert {name for name in headers.WITH_INLINE_SCRIPTS if name in known}
    for name in headers.WITH_INLINE_SCRIPTS:
        assert "govdata" not in name
        assert "'unsafe-inline'" in headers.policy(name)


def test_an_anonymous_page_starts_no_session(portal) -> None:
    """A cookie would keep every page out of the cache in front."""
    for path in PAGES:
        assert "Set-Cookie" not in portal.test_client().get(path).headers


@pytest.mark.ckan_config("ckan.cache_enabled", True)
@pytest.mark.ckan_config("ckan.cache_expires", 60)
def test_a_cache_may_keep_anonymous_pages_only(portal, reader) -> None:
    anonymous = portal.test_client().get("/about").headers["Cache-Control"]
    assert "public" in anonymous
    assert "max-age=60" in anonymous
    account = factories.UserWithToken()
    for path in ("/about", "/api/3/action/status_show", "/api/3/action/package_search"):
        by_token = portal.test_client(use_cookies=False).get(
            path, headers={"Authorization": account["token"]})
        assert "public" not in by_token.headers["Cache-Control"]
        assert "no-store" in by_token.headers["Cache-Control"]
    browser = portal.test_client()
    browser.post("/user/login", data={"login": reader["name"], "password": reader["password"]})
    assert "no-store" in browser.get("/about").headers["Cache-Control"]


def test_what_no_cache_keeps_is_said_in_one_place() -> None:
    package = Path(headers.__file__).parents[1]
    [said] = headers.PRIVATE.values()
    files = [one.name for one in package.rglob("*.py") if said in one.read_text("utf-8")]
    assert files == ["headers.py"]


@pytest.mark.ckan_config("ckan.cache_enabled", True)
def test_an_answer_to_a_form_is_not_kept(portal) -> None:
    answer = portal.test_client().post("/user/login", data={"login": "a", "password": "b"})
    assert "no-store" in answer.headers["Cache-Control"]
    answer = portal.test_client().post("/api/3/action/status_show", json={})
    assert "no-store" in answer.headers["Cache-Control"], "nor what a program sent"


def test_an_uploaded_picture_runs_nothing(portal, tmp_path, ckan_config) -> None:
    """CVE-2021-25967, CVE-2025-24372; test_uploaded.py has more."""
    answer = portal.test_client().get("/uploads/group/evil.svg")
    assert answer.headers["Content-Security-Policy"] == uploaded_files.POLICY
    assert "sandbox" in uploaded_files.POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.ckan_config("ckan.site_url", "https://data.example.gov.cn")
def test_cookies_stay_on_https_when_the_portal_is_there(own_portal) -> None:
    assert own_portal.flask_app.config["SESSION_COOKIE_SECURE"] is True
    assert own_portal.flask_app.config["REMEMBER_COOKIE_SECURE"] is True


def test_neither_accounts_nor_versions_are_public(portal, reader) -> None:
    client, name = portal.test_client(), reader["name"]
    for path in ("/user/", f"/user/{name}", "/api/3/action/user_list",
                 f"/api/3/action/user_show?id={name}"):
        answer = client.get(path, follow_redirects=False)
        assert answer.status_code in {302, 401, 403}, path
    assert "ckan_version" not in client.get("/api/3/action/status_show").json["result"]
