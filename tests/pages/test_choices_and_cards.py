"""Cards of a list and the choices that narrow it: what they tell, to whom, and where they lead."""
from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.search import rebuild
from ckan.tests.helpers import call_action

from ckanext.govdata.pages import entry_list
from ckanext.govdata.tables.model import table_load
from tests.pages.conftest import make_entry, soup
from tests.statements import statements

pytestmark = pytest.mark.usefixtures("fresh")
BASIS = "《中华人民共和国政府信息公开条例》第十五条"
ITEMS = [
    {"name": "站名", "type": "C", "opened": "true", "sensitive": "false"},
    {"name": "线路", "type": "C", "opened": "true", "sensitive": "false"},
    {"name": "电话", "type": "C", "opened": "false", "sensitive": "true"},
]


def titles(page: BeautifulSoup) -> set[str]:
    return {a.get_text(strip=True) for a in page.select(".gd-result h3 a")}


def card(page: BeautifulSoup, title: str) -> BeautifulSoup:
    return next(one for one in page.select(".gd-result") if title in one.h3.get_text())


def facet(page: BeautifulSoup, name: str) -> dict[str, str]:
    """Values of a facet by what they are called, each with its address."""
    part = next(one for one in page.select(".gd-facet") if one.summary.get_text() == name)
    return {a.span.get_text(): a["href"] for a in part.select("a")}


def add(entry: str, name: str, **more: Any) -> dict[str, Any]:
    return call_action("resource_create", package_id=entry, name=name,
                       url=f"https://example.com/{name}", **more)


def loaded(resource: dict[str, Any], rows: int) -> None:
    """What the job that loads tables writes when it is done."""
    told = {
        "digest": "d", "filename": "f", "asked_by": "", "state": "loaded", "job": "j",
        "attempts": 0, "done": rows, "error": None, "changed": "2026-11-01", "loaded_digest": "d",
        "loaded_filename": "f", "loaded": "2026-11-01", "sheet": "", "row_count": rows,
        "column_count": 7, "findings": [],
    }  # fmt: skip
    model.Session.execute(table_load.insert().values(resource_id=resource["id"], **told))
    model.Session.commit()


def test_several_values_of_a_facet_are_one_or_the_other(app, entries) -> None:
    page = soup(app, "/en/dataset/?open_attribute=conditional&open_attribute=non_open")
    assert titles(page) == {"企业信用记录", "人口明细"}
    page = soup(app, "/en/dataset/?open_attribute=conditional")
    offered = facet(page, "Open attribute")
    assert set(offered) == {"Open without conditions", "Open on conditions", "Not open"}, (
        "what may be added is still counted")
    more = soup(app, "/en/dataset/" + offered["Not open"])
    assert titles(more) == {"企业信用记录", "人口明细"}
    chips = {a.span.get_text(): a["href"] for a in more.select(".gd-chip")}
    assert chips == {
        "Open attribute: Open on conditions": "?open_attribute=non_open",
        "Open attribute: Not open": "?open_attribute=conditional",
    }
    fields = more.select("form[role=search] input[name=open_attribute]")
    assert [one["value"] for one in fields] == ["conditional", "non_open"]


def test_values_of_two_facets_both_hold_and_each_is_counted_within_the_other(app, entries) -> None:
    make_entry("health-one", title="医院", domain="health", open_attribute="conditional",
               open_conditions="说明用途。", open_basis=BASIS)
    page = soup(app, "/en/dataset/?domain=health&open_attribute=conditional")
    assert titles(page) == {"医院"}
    assert set(facet(page, "Open attribute")) == {"Open on conditions"}
    assert len(facet(page, "Domain")) == 2


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("region=34&region=340102", ["?"]),
        ("open_attribute=conditional&open_attribute=conditional", ["?"]),
        ("&".join(f"format=f{n}" for n in range(60)), 20),
        ("open_attribute=%22)+OR+*:*&open_attribute=non_open", ["?"]),
        ("open_attribute=nothing_like_it", ["?"]),
    ],
    ids=["within each other", "twice", "too many", "hostile", "unknown"],
)
def test_what_an_address_says_of_a_facet_is_read_with_care(app, entries, query, shown) -> None:
    page = soup(app, f"/en/dataset/?{query}")
    chips = [a["href"] for a in page.select(".gd-chip")]
    assert chips == shown if isinstance(shown, list) else len(chips) == shown


def test_a_division_is_chosen_beside_its_neighbours_and_not_beside_what_holds_it() -> None:
    codes = ("34", "3401", "3402", "340102", "340103", "41")
    known = [entry_list.Choice(code, 1) for code in codes]
    assert [one.value for one in entry_list.nearest(known)] == ["34", "41"]
    within = [one.value for one in entry_list.nearest(known, ("3401",))]
    assert within == ["3401", "340102", "340103", "3402"]


def test_lists_are_ordered_and_cut_by_links(app, entries) -> None:
    page = soup(app, "/en/dataset/?region=34")
    assert not page.select(".gd-bar form")
    order, size = page.select(".gd-bar nav")
    assert [a.get_text() for a in order.select("a")] == ["Last changed", "Most used", "Name"]
    assert order.select_one("[aria-current]").get_text() == "Last changed"
    links = {a.get_text(): a["href"] for a in order.select("a")}
    assert links["Name"] == "?region=34&sort=title"
    assert [a["href"] for a in size.select("a")][:2] == ["?region=34&size=10", "?region=34&size=20"]
    named = soup(app, "/en/dataset/" + links["Name"])
    assert named.select_one(".gd-bar [aria-current]").get_text() == "Name"
    assert "Best match" in soup(app, "/en/dataset/?q=公交").select_one(".gd-bar").get_text()


def test_filters_stand_in_a_fold_above_the_results(app, entries) -> None:
    page = soup(app, "/en/dataset/?region=34&domain=transport")
    fold = page.select_one(".gd-facets > details")
    assert fold.summary.get_text(" ", strip=True) == "Narrow the list 2"
    assert fold.find_next(class_="gd-results")


def test_a_card_tells_files_items_rows_and_leads_to_the_data(app, entries) -> None:
    call_action("package_patch", id="open-one", information_items=ITEMS)
    loaded(add("open-one", "a.csv", format="CSV", datastore_active=True), 3312)
    page = soup(app, "/en/dataset/")
    text = card(page, "公交线路").get_text(" ", strip=True)
    for words in ("1 file CSV", "3 information items", "3,312 rows", "Update overdue"):
        assert words in text
    links = {a.find(string=True, recursive=False): a["href"]
             for a in card(page, "公交线路").select(".gd-take a")}
    assert links["Preview"] == "/en/dataset/open-one#data"
    assert "/download" in links["Download CSV"]
    add("open-one", "b.json", format="JSON")
    take = card(soup(app, "/en/dataset/"), "公交线路").select(".gd-take a")[-1]
    assert take["href"] == "/en/dataset/open-one#files"


def test_a_card_tells_nothing_of_data_that_is_not_open(app, entries) -> None:
    for entry in ("by-application", "closed-one"):
        call_action("package_patch", id=entry, information_items=ITEMS)
        loaded(add(entry, f"秘密{entry}.csv", format="CSV", datastore_active=True), 4711)
    rebuild()
    page = soup(app, "/en/dataset/")
    conditional, closed = (card(page, title) for title in ("企业信用记录", "人口明细"))
    assert "4,711" not in page.get_text()
    assert "秘密" not in page.get_text()
    assert not page.select(".gd-take")
    assert "1 file CSV" in conditional.get_text(" ", strip=True)
    text = closed.get_text(" ", strip=True)
    assert "file" not in text
    assert "2 information items" in text, "the sensitive one is not counted"
    for entry in ("by-application", "closed-one"):
        assert "4,711" not in soup(app, f"/en/dataset/{entry}").get_text()


def test_uses_are_told(app, entries) -> None:
    add("open-one", "a.csv", format="CSV")
    file = call_action("package_show", id="open-one")["resources"][0]["id"]
    for _ in range(2):
        app.get(f"/dataset/open-one/resource/{file}/download", follow_redirects=False)
    assert "used 2 times" in card(soup(app, "/en/dataset/"), "公交线路").get_text(" ", strip=True)
    facts = soup(app, "/en/dataset/open-one").select_one(".gd-facts--key").get_text(" ", strip=True)
    assert "Used 2 times" in facts


def test_a_list_asks_the_database_the_same_for_one_entry_and_for_fifty(app, departments) -> None:
    counts = []
    for start, end in ((0, 1), (1, 50)):
        for n in range(start, end):
            make_entry(f"many-{n}", information_items=ITEMS, title=f"条目{n}" + "长" * 180)
            add(f"many-{n}", f"a{n}.csv", format="CSV")
        app.get("/dataset/?size=50")
        with statements() as found:
            body = app.get("/dataset/?size=20").body
        counts.append(len(found))
    assert counts[0] == counts[1] <= 9
    assert len(body.encode()) <= 80_000
