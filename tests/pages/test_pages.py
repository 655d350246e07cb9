"""Pages as a reader gets them: status, words, links, and what must not stand on them."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib.search import rebuild
from ckan.tests.helpers import call_action

from ckanext.govdata.pages import entry_page, results
from tests.pages.conftest import make_entry, soup

pytestmark = pytest.mark.usefixtures("fresh")

LOCALES = {"/zh_Hans_CN": "zh-Hans-CN", "/zh_Hant_TW": "zh-Hant-TW", "/en": "en"}
CANARY = "秘密行号8731"
AWAY = "http://127.0.0.1:9/solr/nowhere"


def with_table(entry: str) -> str:
    resource = call_action(
        "resource_create", package_id=entry, name="表.csv", format="CSV", url="https://example.com/t"
    )
    call_action(
        "datastore_create",
        resource_id=resource["id"],
        force=True,
        fields=[{"id": "站点", "type": "text"}, {"id": "数", "type": "text"}],
        records=[
            {"站点": f"{CANARY}-{n}", "数": "<script>alert(1)</script>" if n == 0 else "=1+1"}
            for n in range(15)
        ],
    )
    rebuild(entry)
    return resource["id"]


@pytest.mark.parametrize(("prefix", "tag"), LOCALES.items())
@pytest.mark.parametrize(
    "path",
    ["/", "/dataset/", "/organization/", "/region/", "/about", "/help", "/user/login"],
)
def test_every_page_opens_in_every_language(app, departments, path, prefix, tag):
    page = soup(app, prefix + path)
    assert page.html["lang"] == tag
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert page.find(id="content")
    assert len(page.find_all("h1")) == 1


@pytest.mark.parametrize("path", ["/", "/dataset/", "/help", "/dataset/open-one"])
def test_our_pages_need_no_script_and_no_style_in_line(app, entries, path):
    page = soup(app, path)
    assert not page.find_all("script", src=False)
    assert not page.find_all("style")
    assert not page.find_all(style=True)
    assert not [tag for tag in page.find_all(True) if any(k.startswith("on") for k in tag.attrs)]


def test_form_fields_have_labels(app, entries):
    for path in ("/", "/dataset/?q=公交&open_attribute=conditional", "/organization/yaohai"):
        page = soup(app, path)
        labelled = {label["for"] for label in page.find_all("label", attrs={"for": True})}
        fields = [f for f in page.find_all(["input", "select"]) if f.get("type") != "hidden"]
        assert {f.get("id") for f in fields} <= labelled


def test_home_counts_by_open_attribute(app, entries):
    page = soup(app, "/en/")
    counts = {
        c.select_one(".gd-count__name").text: c.select_one(".gd-count__n").text
        for c in page.select(".gd-count")
    }
    assert counts == {"Open without conditions": "1", "Open on conditions": "1", "Not open": "1"}
    assert page.find("a", string="公交线路")["href"] == "/en/dataset/open-one"


def test_entry_says_when_it_is_late(app, entries):
    assert "2020-02-29" in soup(app, "/dataset/open-one").text
    assert soup(app, "/en/dataset/open-one").find(string="Update overdue")
    assert not soup(app, "/en/dataset/closed-one").find(string="Update overdue")


def test_preview_shows_first_rows_as_text(app, entries):
    with_table("open-one")
    page = soup(app, "/dataset/open-one")
    rows = page.select("section[aria-labelledby=files] tbody tr")
    assert len(rows) == 15
    assert rows[0].select("td")[1].text == "<script>alert(1)</script>"
    assert not page.find_all("script", src=False)


@pytest.mark.parametrize("entry", ["by-application", "closed-one"])
def test_rows_of_entries_that_are_not_open_stand_on_no_page(app, entries, entry):
    resource = with_table(entry)
    for path in (
        f"/dataset/{entry}",
        f"/dataset/{entry}?preview={resource}",
        f"/dataset/{entry}/resource/{resource}",
        "/",
        "/dataset/",
    ):
        body = app.get(path).body
        assert CANARY not in body
        assert "https://example.com/t" not in body


@pytest.mark.usefixtures("yaohai_in_force")
def test_a_conditional_entry_says_how_and_by_when(app, entries):
    text = soup(app, "/en/dataset/by-application").find(id="apply").parent.text
    assert "within 10 working days" in text
    assert "承诺书" in text
    assert "瑶政办〔2024〕2号" in text


def test_an_id_leads_to_the_name(app, entries):
    entry = call_action("package_show", id="open-one")
    answer = app.get(f"/dataset/{entry['id']}", follow_redirects=False)
    assert answer.status_code == 302
    assert answer.location.endswith("/dataset/open-one")


@pytest.mark.parametrize("path", ["/dataset/none", "/organization/none", "/region/99", "/region/x"])
def test_what_is_not_there_is_404(app, departments, path):
    soup(app, path, status=404)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/zh_Hans_CN/no/such/page", "地址可能输错"),
        ("/zh_Hant_TW/no/such/page", "網址可能輸錯"),
        ("/en/no/such/page", "may be mistyped"),
        ("/zh_Hans_CN/dataset/none", "没有这个条目"),
    ],
)
def test_an_error_page_speaks_the_readers_language(app, path, words):
    page = soup(app, path, status=404)
    assert words in page.main.get_text()
    assert "requested URL" not in page.main.get_text()


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        (401, "This page is not for you"),
        (409, "This is not possible as things stand"),
        (502, "Something went wrong here"),
        ([500], "Something went wrong here"),
    ],
)
def test_what_the_reader_can_mend_is_not_called_a_fault_of_the_portal(app, status, heading):
    with app.flask_app.test_request_context("/en/"):
        told = tk.h.govdata_mishap(status, "")
    assert told.heading == heading
    assert told.words


def test_a_private_entry_is_not_there_for_the_public(app, entries):
    make_entry("draft-one", title="未公开条目", private=True)
    soup(app, "/dataset/draft-one", status=404)
    for path in ("/", "/dataset/", "/organization/yaohai", "/region/34"):
        assert "未公开条目" not in app.get(path).body
    named = {"related_entries": ["open-one", "draft-one", "closed-one"]}
    call_action("package_patch", id="closed-one", state="deleted")
    assert [one["name"] for one in entry_page.related(named)] == ["open-one"]


@pytest.mark.parametrize(("given", "shown"), [(185, 185), (186, 180)])
def test_a_long_description_is_cut_and_one_that_is_hardly_longer_is_not(given, shown):
    notes = results.shortened("水" * given)
    assert len(notes) == shown
    assert notes.endswith("…") == (shown < given)


def test_departments_stand_as_a_tree_and_are_found_in_either_script(app, entries):
    page = soup(app, "/organization/")
    assert page.select_one("details .gd-tree a")["href"] == "/organization/yaohai"
    found = soup(app, "/zh_Hant_TW/organization/?q=瑤海區")
    assert "瑤海區人民政府" in found.text


def test_a_department_shows_entries_of_those_below(app, entries):
    assert "公交线路" in soup(app, "/organization/anhui").text


def test_region_shows_departments_and_divisions_below(app, entries):
    page = soup(app, "/region/34")
    assert page.find("a", href="/region/340102")
    assert "公交线路" in page.text


def test_texts_are_folded_to_the_readers_script(app, entries):
    assert "公交線路" in soup(app, "/zh_Hant_TW/dataset/").text
    assert "公交线路" in soup(app, "/en/dataset/").text


def test_hostile_texts_are_shown_as_text(app, departments):
    make_entry("hostile")
    model.Session.query(model.Package).filter_by(name="hostile").update(
        {"title": '"><img src=x onerror=alert(1)>', "notes": "<script>alert(2)</script>"}
    )
    model.Session.commit()
    for path in ("/", "/dataset/", "/dataset/hostile", "/organization/yaohai"):
        page = soup(app, path)
        assert not page.find("img", src="x")
        assert not page.find_all("script", src=False)


def test_without_the_search_server_pages_say_so(app, entries, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "solr_url", AWAY)
    for path in ("/en/", "/en/dataset/", "/en/organization/yaohai", "/en/region/34"):
        page = soup(app, path, status=503)
        assert "The search service is resting." in page.text
        assert app.get(path, status=503).headers["Retry-After"] == "60"
    assert "公交线路" in soup(app, "/dataset/open-one").text
    assert "瑶海区人民政府" in soup(app, "/organization/").text
    assert soup(app, "/region/").find("a", href="/region/34")


def test_banners_of_slices_stand_above_every_page(app, departments, monkeypatch):
    from ckanext.govdata import slices

    real = slices.functions

    def with_banner(kind, prefix=slices.PREFIX):
        if prefix == "banners_":
            return {"x": lambda: [{"tag": "应急", "title": "<b>防汛</b>", "url": "/help"}]}
        return real(kind, prefix)

    monkeypatch.setattr(slices, "functions", with_banner)
    for path in ("/", "/user/login"):
        banner = soup(app, path).select_one(".gd-banner")
        assert "<b>防汛</b>" in banner.text
        assert banner.a["href"] == "/help"


def test_what_pages_have_in_common_follows_section_language_and_settings(app, ckan_config):
    def marked(path: str) -> list[tuple[str, str]]:
        links = soup(app, path).select(".gd-nav a[aria-current]")
        return [(link["href"], link["aria-current"]) for link in links]

    assert marked("/about") == [("/about", "page")]
    assert marked("/help") == [("/help", "page")]
    assert marked("/en/") == [("/en/", "page")]
    assert marked("/dataset/") == [("/dataset/", "page")]
    assert marked("/user/login") == []
    assert soup(app, "/en/about").select_one(".gd-footer a")["href"] == "/en/about"
    assert "无障碍" in soup(app, "/zh_Hans_CN/about").select_one(".gd-footer").text
    ckan_config["ckanext.govdata.pages.responsible_body"] = "新名区数据局"
    assert "新名区数据局" in soup(app, "/about").select_one(".gd-footer").text
    assert "新名區數據局" in soup(app, "/zh_Hant_TW/about").select_one(".gd-footer").text
