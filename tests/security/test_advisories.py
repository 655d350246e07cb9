"""Every published CKAN advisory of 2021–2026 as a test against the running application."""
from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.exceptions import CkanConfigurationException
from ckan.lib import search
from ckan.tests import factories, helpers

from ckanext.govdata.security import defaults

pytestmark = pytest.mark.usefixtures("loaded_plugins")
ATTACK = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


def sign_in(portal, account) -> object:
    browser = portal.test_client()
    browser.post("/user/login", data={"login": account["name"], "password": account["password"]})
    return browser


def token_in(page: str) -> str:
    return BeautifulSoup(page, "html.parser").find("input", {"name": "_csrf_token"})["value"]


@pytest.fixture
def checked_portal(ckan_config, make_app, fresh_counts):
    """With the CSRF check, which the tests' own ini switches off."""
    ckan_config["WTF_CSRF_ENABLED"] = True
    return make_app()


class TestCve202641255:
    """One anonymous request to a view switched its CSRF check off for everybody."""

    def change(self, browser, account, **more):
        form = {"name": account["name"], "email": account["email"], "fullname": "Changed",
                "save": "1", **more}
        return browser.post(f"/user/edit/{account['name']}", data=form, follow_redirects=False)

    def test_an_anonymous_visit_exempts_nothing(self, checked_portal, reader) -> None:
        browser = sign_in(checked_portal, reader)
        assert self.change(browser, reader).status_code == 400
        for _ in range(3):
            checked_portal.test_client().get(f"/user/edit/{reader['name']}")
            checked_portal.test_client().post(f"/user/edit/{reader['name']}")
        assert self.change(browser, reader).status_code == 400
        assert model.User.get(reader["id"]).fullname != "Changed"

    def test_with_the_forms_token_it_goes_through(self, checked_portal, reader) -> None:
        browser = sign_in(checked_portal, reader)
        token = token_in(browser.get(f"/user/edit/{reader['name']}").text)
        assert self.change(browser, reader, _csrf_token=token).status_code == 302
        model.Session.expire_all()
        assert model.User.get(reader["id"]).fullname == "Changed"

    def test_an_api_token_needs_none(self, checked_portal) -> None:
        account = factories.UserWithToken()
        for path in ("/api/3/action/status_show", "/api/3/action/user_show"):
            answer = checked_portal.test_client(use_cookies=False).post(
                path, json={"id": account["id"]}, headers={"Authorization": account["token"]})
            assert answer.status_code == 200

    def test_a_form_from_another_site_is_refused(self, checked_portal, reader) -> None:
        answer = checked_portal.test_client().post(
            "/user/login", data={"login": reader["name"], "password": reader["password"]},
            headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        assert "another site" in answer.text


@pytest.mark.parametrize("option", sorted(defaults.REFUSED))
def test_cve_2026_42031_and_42032_sql_search_stops_the_start(ckan_config, option: str) -> None:
    ckan_config[option] = True
    with pytest.raises(CkanConfigurationException, match="CVE-2026-42031"):
        defaults.check()


def test_cve_2026_42031_there_is_no_sql_search(portal) -> None:
    answer = portal.test_client().get("/api/3/action/datastore_search_sql?sql=SELECT%201")
    assert answer.status_code in {400, 403, 404}
    assert '"success": true' not in answer.text


def test_cve_2021_25967_a_picture_with_a_script_is_not_taken(portal) -> None:
    import io

    account = factories.UserWithToken()
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    answer = portal.test_client(use_cookies=False).post(
        "/api/3/action/user_patch", headers={"Authorization": account["token"]},
        data={"id": account["id"], "image_upload": (io.BytesIO(svg), "me.svg")})
    assert answer.status_code == 409


def test_cve_2025_24372_html_that_says_it_is_a_picture_is_not_taken(portal) -> None:
    import io

    account = factories.UserWithToken()
    polyglot = b"<html><script>alert(1)</script></html>"
    answer = portal.test_client(use_cookies=False).post(
        "/api/3/action/user_patch", headers={"Authorization": account["token"]},
        data={"id": account["id"], "image_upload": (io.BytesIO(polyglot), "me.png")})
    assert answer.status_code == 409


@pytest.mark.parametrize("by", ["sysadmin", "anonymous"])
def test_cve_2022_43685_creating_a_user_takes_no_account_over(portal, by: str) -> None:
    victim = factories.User()
    before = model.User.get(victim["id"]).password
    headers = {"Authorization": factories.SysadminWithToken()["token"]} if by == "sysadmin" else {}
    portal.test_client(use_cookies=False).post("/api/3/action/user_create", headers=headers, json={
        "id": victim["id"], "name": f"thief-of-{victim['name']}"[:90],
        "email": "thief@example.com", "password": "a-new-password-1"})
    model.Session.expire_all()
    after = model.User.get(victim["id"])
    assert (after.name, after.password) == (victim["name"], before)


def officer_of(entry):
    officer = factories.UserWithToken()
    helpers.call_action("organization_member_create", id=entry["owner_org"],
                        username=officer["name"], role="editor")
    return officer


@pytest.mark.parametrize("bad", ["../../etc/passwd", "..%2f..%2fetc", "a/../../b", "."])
def test_cve_2023_32321_a_resource_id_is_no_path(portal, entry, bad: str) -> None:
    token = officer_of(entry)["token"]
    answer = portal.test_client(use_cookies=False).post(
        "/api/3/action/resource_create", headers={"Authorization": token},
        json={"package_id": entry["id"], "id": bad, "url": "http://example.com/a.csv"})
    assert answer.status_code == 409
    assert set(answer.json["error"]) - {"__type"} == {"id"}


def test_cve_2023_50248_a_crafted_field_name_costs_no_memory(portal, entry) -> None:
    token = officer_of(entry)["token"]
    answer = portal.test_client(use_cookies=False).post(
        "/dataset/new", headers={"Authorization": token},
        data={"title": "x", "resources__99999999__url": "http://example.com"})
    assert answer.status_code in {200, 400, 409}


@pytest.mark.parametrize("key", ["id\r\nWARNING forged", "x\n2026-01-01 ERROR forged"])
def test_cve_2024_27097_a_log_line_cannot_be_forged(portal, key: str, caplog) -> None:
    portal.test_client().post("/user/reset", data={"user": key})
    portal.test_client().post("/user/login", data={"login": key, "password": "x"})
    for record in caplog.records:
        assert not re.search(r"^(WARNING|2026-01-01 ERROR) forged", record.getMessage(), re.M)


@pytest.mark.parametrize("query", ["fq=title:[", "q={!xmlparser v='<x>'}", "sort=nofield asc",
                                   "fq={!term f=x", "q=%5B%5B%5B", "fl=*,[child]"])
def test_cve_2024_41674_an_error_does_not_tell_where_solr_is(portal, ckan_config, query) -> None:
    answer = portal.test_client().get(f"/api/3/action/package_search?{query}")
    address = ckan_config["solr_url"].split("://")[1].split("/")[0]
    assert address not in answer.text
    assert "/solr/" not in answer.text
    assert answer.status_code < 500


def test_cve_2024_41675_and_2025_54384_what_was_typed_is_shown_and_not_run(portal, entry) -> None:
    """Our forms refuse HTML; what came in otherwise, or earlier, is still only shown."""
    evil = f"{ATTACK}\n\n[x](javascript:alert(1)) <a href='data:text/html,x'>"
    package, group = model.Package.get(entry["id"]), model.Group.get(entry["owner_org"])
    package.title, package.notes = ATTACK, evil
    group.title, group.description = ATTACK, evil
    model.repo.commit()
    search.rebuild(entry["id"])
    search.commit()
    for path in (f"/dataset/{entry['name']}", "/dataset/", "/", f"/organization/{group.name}"):
        answer = portal.test_client().get(path)
        page = BeautifulSoup(answer.text, "html.parser")
        assert answer.status_code == 200, path
        assert not [tag for tag in page.find_all(True) if "onerror" in tag.attrs], path
        assert "alert(2)" not in "".join(tag.text for tag in page.find_all("script"))
        assert not [link for link in page.find_all("a", href=True)
                    if link["href"].lower().startswith(("javascript:", "data:"))], path
    assert "alert(1)" in portal.test_client().get(f"/dataset/{entry['name']}").text


def test_cve_2024_43371_nothing_here_fetches_addresses_for_others(ckan_config) -> None:
    """The proxy, the loader and the archiver are not part of this portal."""
    plugins = ckan_config["ckan.plugins"]
    assert not {"resource_proxy", "xloader", "datapusher", "archiver"} & set(plugins)


def test_cve_2025_64100_signing_in_changes_the_session(portal, reader) -> None:
    """A session planted in the victim's browser must not become the victim's."""
    browser = portal.test_client()
    browser.post("/user/login", data={"login": "x", "password": "y"})
    browser.get("/user/login")

    def sessions() -> set[str]:
        return {cookie.value for cookie in browser._cookies.values() if cookie.key == "ckan"}

    before = sessions()
    browser.post("/user/login", data={"login": reader["name"], "password": reader["password"]})
    assert sessions()
    assert not before & sessions()
