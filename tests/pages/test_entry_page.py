"""The page of an entry: its order, its bar, its facts, and what it tells to whom (issue 18)."""
from __future__ import annotations

import re

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.govdata import now
from tests.pages.conftest import make_entry, soup

pytestmark = pytest.mark.usefixtures("fresh")
ITEMS = [{"name": "站名", "type": "C", "opened": "true", "sensitive": "false"}]
HOSTILE = '"><script>alert(1)</script>\u202eמידע'


def add(entry: str, name: str, **more: str) -> str:
    url = "https://example.com/a.csv"
    return call_action("resource_create", package_id=entry, name=name, url=url, **more)["id"]


def test_it_reads_in_the_order_in_which_it_is_asked_for(app, entries) -> None:
    call_action("package_patch", id="open-one", information_items=ITEMS)
    add("open-one", "a.csv", format="CSV", size="2048")
    page = soup(app, "/en/dataset/open-one")
    body = str(page.main)
    places = [body.index(part) for part in (
        "<h1", 'id="rights"', "gd-actions", 'id="fresh"', 'id="files"', 'id="what"', 'id="items"',
        'id="reuse"', 'id="changes"')]
    assert places == sorted(places)
    for link in page.select(".gd-toc a, .gd-actions a[href^='#']"):
        assert page.find(id=link["href"][1:]), link["href"]
    bar = page.select_one(".gd-actions").get_text(" ", strip=True)
    assert re.search("Download CSV.*API.*Cite.*Share", bar)
    facts = page.select_one(".gd-facts--key").get_text(" ", strip=True)
    for words in ("Files 1 (CSV)", "Information items 1", "Size 2 KiB"):
        assert words in facts
    assert "公交线路[DS/OL]" in page.find(id="cite").get_text()
    assert not page.find_all("script", src=re.compile("^https?:"))


def test_it_is_cited_with_provider_title_site_days_and_address(app, entries) -> None:
    call_action("package_patch", id="open-one", issued="2019-05-01")
    page = soup(app, "/en/dataset/open-one")
    [address] = {one.get_text(strip=True) for one in page.select(".gd-menu .gd-quote")[-1:]}
    cited = " ".join(page.find(id="cite").get_text(" ", strip=True).split())
    provider = call_action("package_show", id="open-one")["organization"]["title"]
    site = tk.config["ckan.site_title"]
    day = now.today().isoformat()
    assert f"{provider}. 公交线路[DS/OL]. {site}. (2019-05-01)[{day}]. {address}" in cited


def test_a_table_that_a_program_made_has_its_rows_counted(app, entries) -> None:
    call_action("datastore_create", resource={"package_id": "open-one", "name": "t.csv"},
                fields=[{"id": "站名"}],
                records=[{"站名": f"{n}站"} for n in range(3)])  # fmt: skip
    call_action("package_patch", id="open-one", information_items=ITEMS)
    facts = soup(app, "/en/dataset/open-one").select_one(".gd-facts--key")
    assert "Rows 3" in facts.get_text(" ", strip=True)


def test_what_can_be_called_is_called_by_its_true_address(app, entries) -> None:
    page = soup(app, "/en/dataset/open-one")
    shared = page.select(".gd-menu .gd-quote")[-1].get_text(strip=True)
    assert app.get(shared.partition("localhost")[2].lstrip(":0123456789") or shared)
    calls = page.find(id="reuse").parent.get_text()
    assert "package_show?id=open-one" in calls


def test_changes_are_days_that_are_known(app, entries) -> None:
    call_action("package_patch", id="open-one", issued="2019-05-01")
    file = add("open-one", "a.csv")
    call_action("resource_patch", id=file, last_modified="2020-03-04T10:00:00")
    part = soup(app, "/en/dataset/open-one").find(id="changes").parent
    told = [(one.span.get_text(), one.time["datetime"]) for one in part.select("li")]
    assert ("“a.csv” was updated", "2020-03-04") in told
    assert told[-1] == ("The entry was published", "2019-05-01")
    assert [day for _words, day in told] == sorted((day for _words, day in told), reverse=True)


def test_of_closed_data_neither_files_nor_their_days_are_told(app, entries) -> None:
    for entry in ("closed-one", "by-application"):
        add(entry, f"秘密{entry}", format="CSV", size="4711")
    page = soup(app, "/en/dataset/closed-one")
    assert "秘密" not in page.get_text()
    assert not page.select(".gd-actions .gd-btn--main")
    facts = page.select_one(".gd-facts--key").get_text(" ", strip=True)
    assert "Files" not in facts
    assert "Size" not in facts
    page = soup(app, "/en/dataset/by-application")
    first = page.select_one(".gd-actions .gd-btn")
    assert first.get_text(strip=True) == "Apply for this data"
    assert not page.find("a", string=re.compile("Preview|Download"))


def test_sixty_files_stand_on_pages_and_the_page_stays_light(app, entries) -> None:
    for n in range(60):
        add("open-one", f"文件{n}", format="CSV")
    body = app.get("/dataset/open-one").body
    assert len(body.encode()) <= 60_000
    page = soup(app, "/en/dataset/open-one")
    assert len(page.select(".gd-file")) == 20
    assert page.select_one(".gd-menu__box li:last-child").get_text() == "All 60 files"
    last = soup(app, "/en/dataset/open-one?page=3")
    assert "文件59" in last.select(".gd-file")[-1].get_text()
    assert app.get("/en/dataset/open-one?page=x", status=400)


def test_hostile_and_long_words_are_text_and_keep_their_direction(app, departments) -> None:
    make_entry("hostile")
    file = add("hostile", "a", format="CSV")
    model.Session.query(model.Package).filter_by(name="hostile").update(
        {"title": HOSTILE + "长" * 170, "notes": HOSTILE})
    model.Session.query(model.Resource).filter_by(id=file).update(
        {"name": HOSTILE, "description": HOSTILE})
    model.Session.commit()
    for path in ("/dataset/hostile", "/zh_Hant_TW/dataset/hostile"):
        page = soup(app, path)
        assert not page.find_all("script", src=False)
        assert page.h1["dir"] == "auto"
        assert page.select_one(".gd-file__name a")["dir"] == "auto"


def test_an_entry_that_is_not_public_is_marked_for_its_officer(app, entries) -> None:
    user = factories.UserWithToken()
    call_action("organization_member_create", id="yaohai", username=user["name"], role="editor")
    make_entry("hidden", private=True)
    officer = {"Authorization": user["token"]}
    assert app.get("/dataset/hidden", status=404)
    badges = app.get("/en/dataset/hidden", headers=officer).body
    assert "Private" in badges
    call_action("package_patch", id="hidden", state="draft")
    assert "Draft" in app.get("/en/dataset/hidden", headers=officer).body
