"""Lists of entries as a reader gets them: what narrows them, what leads on, what they read."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model

from ckanext.govdata.departments import tree
from ckanext.govdata.pages import entry_list
from tests.pages.conftest import make_entry, soup

pytestmark = pytest.mark.usefixtures("fresh")


def test_list_narrows_and_chips_take_back(app, entries):
    page = soup(app, "/dataset/?open_attribute=conditional&region=34")
    titles = [a.text.strip() for a in page.select(".gd-result h3 a")]
    assert titles == ["企业信用记录"]
    chips = {chip["href"] for chip in page.select(".gd-chip")}
    assert chips == {"?region=34", "?open_attribute=conditional"}


def test_list_shows_what_the_database_says_not_the_index(app, entries):
    model.Session.query(model.Package).filter_by(name="open-one").update({"title": "改过的名称"})
    model.Session.commit()
    assert "改过的名称" in soup(app, "/dataset/").text


@pytest.mark.parametrize(
    "query",
    ["q=*:*", "q=a:b", "q={!lucene}x", "q=%22", "q=(((", "size=-1",
     "sort=1;drop", "open_attribute=%22)+OR+*:*", "unknown=1", "region=%22", "q=/" + "x" * 500],
)  # fmt: skip
def test_hostile_addresses_give_a_page(app, entries, query):
    assert soup(app, f"/dataset/?{query}").find("h1")


def test_pager_counts_and_keeps_the_wish(app, departments):
    for n in range(11):
        make_entry(f"many-{n}")
    page = soup(app, "/dataset/?size=10&domain=transport")
    following = page.find("a", rel="next")
    assert following["href"] == "?domain=transport&size=10&page=2"
    assert len(soup(app, "/dataset/" + following["href"]).select(".gd-result")) == 1


def test_lists_read_the_departments_that_they_show_and_as_they_are_now(app, entries, monkeypatch):
    monkeypatch.setattr(tree, "every", lambda: pytest.fail("a list reads all departments"))
    pages = ("/", "/dataset/?organization=yaohai", "/dataset/open-one")
    for path in pages:
        assert "瑶海区人民政府" in soup(app, path).text, path
    model.Session.query(model.Group).filter_by(name="yaohai").update({"title": "新名区人民政府"})
    model.Session.commit()  # as another process would: the index is not told
    for path in pages:
        text = soup(app, path).text
        assert "新名区人民政府" in text, path
        assert "瑶海区人民政府" not in text, path
    model.Session.query(model.Group).filter_by(name="yaohai").update({"state": "deleted"})
    model.Session.commit()
    listed = soup(app, "/dataset/")
    assert "新名区人民政府" not in listed.text
    assert listed.find("a", href="/dataset/open-one")


def test_a_facet_of_many_values_has_the_commonest_and_leads_to_the_others(app, fresh):
    with app.flask_app.test_request_context():
        choices = [entry_list.Choice(f"d{n}", 500 - n) for n in range(300)]
        found = entry_list.Found(1, [], {"organization": choices, "domain": choices[:3]})
        parts = app.flask_app.jinja_env.get_template("govdata/pages/snippets/parts.html")
        page = BeautifulSoup(
            str(parts.make_module({"h": tk.h, "_": tk._}).facets(found, entry_list.Wish())),
            "html.parser",
        )
    facets = page.select("details.gd-facet")
    domain, departments = sorted(facets, key=lambda one: len(one.select("li")))
    assert len(domain.select("li")) == 3
    assert len(departments.select("li")) == 41
    assert departments.select("li a")[-1]["href"].endswith("/organization/")


def test_a_choice_narrows_the_list_and_is_taken_back(app, entries):
    page = soup(app, "/en/dataset/?sort=title&region=340102")
    choice = next(
        a for a in page.select(".gd-facet a") if a["href"].endswith("open_attribute=conditional"))
    assert choice["href"] == "?region=340102&sort=title&open_attribute=conditional"
    page = soup(app, "/en/dataset/" + choice["href"])
    assert [a.text for a in page.select(".gd-result h3 a")] == ["企业信用记录"]
    taken_back = next(
        a for a in page.select(".gd-facet a[aria-current]") if "open_attribute" not in a["href"])
    assert taken_back["href"] == "?region=340102&sort=title"


def test_a_page_after_the_last_leads_back_into_the_list(app, entries):
    page = soup(app, "/en/dataset/?q=公交&page=99")
    assert "No entry fits" not in page.text
    (link,) = [a for a in page.select(".gd-note a") if "last page" in a.text]
    assert soup(app, "/en/dataset/" + link["href"]).select(".gd-result")
