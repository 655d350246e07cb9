"""Attributes are called as the texts of the entry's place call them (Yaohai 15, Xin 26)."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from ckanext.govdata.catalogue.index import writer

DISCLOSURE = "《中华人民共和国政府信息公开条例》第十五条"
pytestmark = pytest.mark.usefixtures("fresh", "yaohai_in_force")
PLACES = {"yaohai": "340102", "xinxian": "411523", "huaining": "340822"}
CALLED = {
    ("yaohai", "conditional"): ("依申请开放", "依申請開放", "Open on application"),
    ("yaohai", "non_open"): ("依法不予开放", "依法不予開放", "Not open by law"),
    ("xinxian", "conditional"): ("有条件开放", "有條件開放", "Conditionally open"),
    ("xinxian", "non_open"): ("不予开放", "不予開放", "Not to be opened"),
    ("huaining", "unconditional"): ("无条件开放类", "無條件開放類", "Unconditionally open"),
    ("huaining", "conditional"): ("有条件开放类", "有條件開放類", "Conditionally open"),
    ("huaining", "non_open"): ("非开放类", "非開放類", "Not open"),
    ("yaohai", "unconditional"): ("无条件开放", "無條件開放", "Unconditionally open"),
}
LOCALES = ("zh_Hans_CN", "zh_Hant_TW", "en")


def make(place: str, attribute: str) -> str:
    department = factories.Organization(
        name=f"{place}-{attribute.replace('_', '-')}", title="局", level="county",
        region=PLACES[place], jurisdiction=place)  # fmt: skip
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    fields = {"open_conditions": "登记"} if attribute == "conditional" else {}
    made = tk.get_action("package_create")({"ignore_auth": True, "user": user["name"]}, {
        "name": f"e-{place}-{attribute}", "title": "名录", "notes": "名录", "domain": "transport",
        "owner_org": department["id"], "update_period": "yearly", "share_type": "unconditional",
        "open_attribute": attribute, **fields,
        **({} if attribute == "unconditional" else {"open_basis": DISCLOSURE})})  # fmt: skip
    writer.drain()
    return made["name"]


def page(app: Any, path: str, locale: str) -> BeautifulSoup:
    return BeautifulSoup(app.get(f"/{locale}{path}").body, "html.parser")


@pytest.mark.parametrize(("place", "attribute"), CALLED)
def test_on_the_page_of_the_entry_and_in_lists(app, place, attribute):
    name = make(place, attribute)
    for locale, words in zip(LOCALES, CALLED[place, attribute], strict=True):
        shown = page(app, f"/dataset/{name}", locale)
        assert shown.select_one(".gd-title .gd-badge").get_text(strip=True) == words
        assert shown.select_one(".gd-right__what").get_text(strip=True) == words
        listed = page(app, "/dataset/", locale)
        assert listed.select_one(".gd-result .gd-badge").get_text(strip=True) == words


def facet(app: Any, query: str) -> str:
    shown = page(app, f"/dataset/?{query}", "zh_Hans_CN")
    links = (one for one in shown.select("aside a[href]") if "open_attribute=" in one["href"])
    return " ".join(one.get_text(" ", strip=True) for one in links)


def test_a_facet_has_the_general_term_where_places_are_mixed_and_the_places_own_else(app):
    make("yaohai", "non_open")
    make("xinxian", "non_open")
    assert "非开放" in facet(app, "")
    for narrowed in ("region=340102", "organization=yaohai-non-open"):
        assert "依法不予开放" in facet(app, narrowed), narrowed
    assert "不予开放" in facet(app, "region=411523")
    chip = page(app, "/dataset/?region=411523&open_attribute=non_open", "zh_Hans_CN")
    assert "开放属性：不予开放" in chip.select_one(".gd-chips").get_text(" ", strip=True)
