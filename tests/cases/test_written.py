"""What is written while signed out is kept for its writer, told, and nobody else's to read (K31).

With sessions and cookies as a browser has them: tokens of the API carry no session.
"""
from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit, urlunsplit

import pytest
from ckan import model
from ckan.lib.redis import connect_to_redis

from ckanext.govdata.security import kept_texts
from tests.cases.conftest import call

TEXT = "kanarie 用途：研究公交线路的换乘与站点的布局"
TOLD = "You were signed out"


class Browser:
    """One browser: cookies, forms as its pages have them."""

    def __init__(self, portal):
        self.client = portal.test_client()

    def get(self, path, status=200):
        answer = self.client.get(path)
        assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
        return answer.get_data(as_text=True)

    def sign_in(self, who, back=""):
        """Through the page, as it stands; where it leads to afterwards."""
        path = "/en/user/login" + (f"?came_from={back}" if back else "")
        page = self.get(path)
        fields = hidden(page) | {"login": who, "password": "Correct-horse-7"}
        answer = self.client.post(path, data=fields)
        assert answer.status_code == 302
        return answer.location

    def lose_session(self):
        """Half an hour later: the server knows the session no more; the page is still open."""
        for name in connect_to_redis().keys("*session*"):
            connect_to_redis().delete(name)

    def post(self, path, **data):
        return self.client.post(path, data=data)


def path_of(address):
    """Where an answer leads to, asked of the host that has the cookies."""
    parts = urlsplit(address)
    return urlunsplit(("", "", parts.path, parts.query, ""))


def hidden(page, wanted=""):
    """The hidden fields of a page, of the form that is sent to an address or of all of them."""
    forms = re.findall(r"<form.*?</form>", page, re.S) or [page]
    part = "".join(form for form in forms if wanted in form.partition(">")[0])
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', part)
    return {name: unescape(value) for name, value in found}


@pytest.fixture
def draft(world):
    made = call("citizen", "govdata_case_create", kind="open_application",
                dataset_id=world.entry["id"])
    return f"/cases/{made['id']}/step/what"


@pytest.fixture
def portal(world, app, monkeypatch):
    """With the check of forms' tokens, which the tests' own ini switches off."""
    monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
    return app.flask_app


@pytest.fixture
def browser(portal):
    return Browser(portal)


def saved(path):
    return call("citizen", "govdata_case_show", id=path.split("/")[2])["draft"]


def written(browser, path, **more):
    """The citizen opens the step, writes, and his session ends before he sends."""
    browser.sign_in("citizen")
    fields = hidden(browser.get("/en" + path), "data-draft") | {"purpose": TEXT, **more}
    browser.lose_session()
    return fields


def test_the_text_is_kept_and_told_and_sent_after_signing_in(browser, draft):
    fields = written(browser, draft)
    answer = browser.post("/en" + draft, **fields)
    assert answer.status_code == 302
    assert "/user/login" in answer.location
    assert "kanarie" not in answer.location
    assert saved(draft) == {}
    assert TOLD in browser.get(path_of(answer.location))
    assert browser.sign_in("citizen", "/en/written").endswith("/en/written")
    page = browser.get("/en/written")
    assert TEXT in page
    assert "<dt>Purpose</dt>" in page
    again = hidden(page, "/step/what")
    answer = browser.post("/en" + draft, **again)
    assert answer.status_code == 409, "kept, and what is missing on the page is told"
    assert saved(draft)["purpose"] == TEXT
    assert "Nothing is kept for you" in browser.get("/en/written")


def test_another_person_at_the_same_browser_sees_nothing(browser, draft):
    fields = written(browser, draft)
    browser.post("/en" + draft, **fields)
    browser.sign_in("other")
    for path in ("/en/written", "/en", "/en/cases/mine"):
        page = browser.client.get(path, follow_redirects=True).get_data(as_text=True)
        assert "kanarie" not in page
    browser.lose_session()
    browser.sign_in("citizen")
    assert TEXT in browser.get("/en/written")


def test_a_page_that_is_sent_under_another_account_changes_nothing_of_that_account(browser, draft):
    """Somebody else has signed in, or was made to, before the text was sent."""
    fields = written(browser, draft)
    browser.sign_in("other")
    answer = browser.post("/en" + draft, **fields)
    assert "kanarie" not in browser.client.get(
        path_of(answer.location), follow_redirects=True).get_data(as_text=True)
    assert call("other", "govdata_case_list", mine=True)["count"] == 0
    assert saved(draft) == {}
    browser.lose_session()
    browser.sign_in("citizen")
    assert TEXT in browser.get("/en/written")


def test_signed_in_again_in_another_tab(browser, draft):
    """The old page's token belongs to a session that is over."""
    fields = written(browser, draft)
    browser.sign_in("citizen")
    answer = browser.post("/en" + draft, **fields)
    assert answer.status_code == 302
    assert TEXT in browser.get("/en/written")


def test_what_a_script_saves_meanwhile(browser, draft):
    fields = written(browser, draft, stay="1", unasked="1")
    answer = browser.post("/en" + draft, **fields)
    assert answer.status_code == 401
    browser.sign_in("citizen")
    page = browser.get("/en/written")
    assert TEXT in page
    answer = browser.post("/en" + draft, **hidden(page, "/step/what"))
    assert answer.status_code == 302
    assert saved(draft)["purpose"] == TEXT


def test_nobody_puts_words_into_anothers_mouth(browser, draft, world, portal):
    """A mark is for its writer and its address; one made up, or another's, keeps nothing."""
    browser.sign_in("other")
    own = call("other", "govdata_case_create", kind="open_application",
               dataset_id=world.entry["id"])
    mark = hidden(browser.get(f"/en/cases/{own['id']}/step/what"), "data-draft")["_written_by"]
    stranger = Browser(portal)
    for value in (mark, mark[:-3] + "abc", "", "x" * 5000, "eyJ.a.b"):
        answer = stranger.post("/en" + draft, purpose=TEXT, _written_by=value)
        assert answer.status_code in (302, 404), value
    victim = Browser(portal)
    victim.sign_in("citizen")
    assert "kanarie" not in victim.get("/en/written")
    browser.lose_session()
    browser.sign_in("other")
    assert "kanarie" not in browser.get("/en/written")


def test_a_form_that_another_site_sends_keeps_nothing(browser, draft):
    fields = written(browser, draft)
    answer = browser.client.post("/en" + draft, data=fields,
                                 headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    browser.sign_in("citizen")
    assert "kanarie" not in browser.get("/en/written")


def test_identities_and_the_store(browser, draft):
    """Numbers are not kept; what is kept cannot be read in a memory dump."""
    path = draft.replace("what", "who")
    browser.sign_in("citizen")
    fields = hidden(browser.get("/en" + path), "data-draft")
    browser.lose_session()
    browser.post("/en" + path, **fields, contact_name="kanarie 王小明",
                 number="11010519491231002X", identity_name="王小明")
    stored = b""
    for name in connect_to_redis().keys("*:written:*"):
        stored += b"".join(connect_to_redis().hgetall(name).values())
        assert 0 < connect_to_redis().ttl(name) <= 24 * 3600
    assert stored
    for secret in ("kanarie", "王小明", "11010519491231002X"):
        assert secret.encode() not in stored
    browser.sign_in("citizen")
    page = browser.get("/en/written")
    assert "kanarie 王小明" in page
    assert "11010519491231002X" not in page


def test_so_many_texts_are_kept_and_none_that_is_very_long(browser, draft, monkeypatch):
    citizen, forms = model.User.by_name("citizen").id, {}
    browser.sign_in("citizen")
    for step in ("what", "who"):
        path = "/en" + draft.replace("what", step)
        forms[path] = hidden(browser.get(path), "data-draft")
    browser.lose_session()

    def kept() -> int:
        for path, fields in forms.items():
            browser.post(path, **fields, purpose=TEXT, contact_name="王小明")
        found = kept_texts.of(citizen)
        for key in found:
            kept_texts.forget(citizen, key)
        return len(found)

    assert kept() == 2
    monkeypatch.setattr(kept_texts, "MOST", 1)
    assert kept() == 1
    monkeypatch.setattr(kept_texts, "LARGEST", 20)
    assert kept() == 0


def test_what_was_thrown_away_is_gone(browser, draft):
    fields = written(browser, draft)
    browser.post("/en" + draft, **fields)
    browser.sign_in("citizen")
    page = browser.get("/en/written")
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    browser.post("/en/written", **hidden(page) | {"key": key})
    assert "kanarie" not in browser.get("/en/written")


def test_an_officers_reason_is_kept_and_nothing_is_decided(browser, world):
    case = world.prepared()
    browser.sign_in("head")
    page = browser.get(f"/en/cases/{case['id']}/do/refuse")
    fields = hidden(page, "/do/refuse") | {"reason": "kanarie 涉及第三方商业秘密，权利人不同意公开"}
    browser.lose_session()
    browser.post(f"/en/cases/{case['id']}/do/refuse", **fields)
    assert call("head", "govdata_case_show", id=case["id"])["state"] == "prepared"
    browser.sign_in("head")
    assert "kanarie 涉及第三方商业秘密" in browser.get("/en/written")


def test_an_entrys_form_is_kept(browser, world):
    browser.sign_in("officer")
    path = f"/en/dataset/edit/{world.entry['name']}"
    fields = hidden(browser.get(path), "dataset-edit") | {"notes": "kanarie 摘要", "title": "客流"}
    browser.lose_session()
    browser.post(path, **fields)
    browser.sign_in("officer")
    assert "kanarie 摘要" in browser.get("/en/written")


def test_what_a_form_is_about_is_kept_with_what_was_written_in_it(browser, world):
    """The forms of /begin name their thing in the query: two of them are two texts."""
    browser.sign_in("citizen")
    begin = f"/begin/correction_review?entry={world.entry['name']}"
    both = (begin, f"{begin}&column=线路名称")
    pages = {path: hidden(browser.get("/en" + path)) for path in both}
    browser.lose_session()
    for path, fields in pages.items():
        said = {"wrong": TEXT + path[-2:], "why": "现场看到的站名不一样", "submit": "submit"}
        assert browser.post("/en" + path, **fields, **said).status_code == 302
    browser.sign_in("citizen")
    page = browser.get("/en/written")
    assert page.count("<dt>What is wrong</dt>") == len(pages)
    for form in re.findall(r"<form.*?</form>", page, re.S):
        action = unescape(form.partition('action="')[2].partition('"')[0])
        if "/begin/" in action:
            answer = browser.post("/en" + action, **hidden(form))
            assert answer.status_code == 302, action
    found = call("citizen", "govdata_case_list")["results"]
    assert sorted(one["about"] for one in found) == ["column", "entry"]
    assert "Nothing is kept for you" in browser.get("/en/written")


def test_what_meets_no_page_is_kept(browser, world):
    browser.sign_in("citizen")
    begin = f"/en/begin/correction_review?entry={world.entry['name']}"
    fields = hidden(browser.get(begin)) | {"wrong": TEXT, "why": "现场看到的站名不一样"}
    browser.lose_session()
    browser.post(begin, **fields)
    browser.sign_in("citizen")
    again = hidden(browser.get("/en/written"), "/begin/")
    answer = browser.post("/en/begin/correction_review?entry=gone", **again)
    assert answer.status_code == 404
    assert "kanarie" in browser.get("/en/written")
