"""One pager: whatever is no page is refused in words, on every list and every page of one."""

from __future__ import annotations

from urllib.parse import quote

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup

from ckanext.govdata import pager
from tests.cases.conftest import browse, call, site, world  # noqa: F401

NO_PAGES = ["x", "2x", "-1", "0", "1.5", "٢", "２", "1_0", "+1", "1e3", str(10**30), "true"]
LISTS = {
    "govdata_case_list": "citizen",
    "govdata_grant_list": "citizen",
    "govdata_grant_given_list": "officer",
    "govdata_notice_list": "citizen",
    "govdata_emergency_subscriptions": "citizen",
    "govdata_emergency_list": "citizen",
    "govdata_decision_list": "citizen",
    "govdata_ledger_day_list": "citizen",
    "govdata_ledger_list": "",
    "govdata_search_demand_list": "",
}
"""Actions that answer a list by pages, and who asks; nobody is the portal itself."""
PAGES = [
    ("citizen", "/cases/mine"), ("officer", "/cases/desk"), ("officer", "/grants"),
    ("citizen", "/notices"), ("citizen", "/emergency-hooks"), ("citizen", "/decisions"),
    ("citizen", "/ledger"), ("citizen", "/search/ask"), ("citizen", "/dataset/"),
    ("citizen", "/organization/$department"), ("citizen", "/region/340102"),
]  # fmt: skip


def asked(action: str, who: str, **data):
    return tk.get_action(action)(site(), data) if not who else call(who, action, **data)


ODD = [*NO_PAGES, True, False, 2.0, [1], {"page": 1}, -3, 0, pager.LAST + 1, 10**30]


@pytest.mark.parametrize("value", ODD)
def test_what_is_no_page_is_told_with_the_rule(value, with_request_context):
    with pytest.raises(tk.ValidationError) as error:
        pager.read_page({"page": value}, 20)
    (said,) = error.value.error_dict["page"]
    assert str(value)[:40] in said
    assert "from 1 to 100000" in said


def test_a_page_is_a_number_from_one(with_request_context):
    assert pager.read_page({}, 20) == pager.Pager(1, 20)
    assert pager.read_page({"page": ""}, 20).page == 1
    assert pager.read_page({"page": str(pager.LAST)}, 20).page == pager.LAST
    assert pager.read_page({"page": " 3 "}, 20).offset == 40
    assert pager.read_page({"page": 3}, 20).cut(range(45)) == {
        "count": 45, "page": 3, "page_size": 20, "results": [40, 41, 42, 43, 44]}


def test_every_list_refuses_what_is_no_page(world):  # noqa: F811
    for action, who in LISTS.items():
        asked(action, who, page="1")
        for value in NO_PAGES:
            with pytest.raises(tk.ValidationError) as error:
                asked(action, who, page=value)
            assert list(error.value.error_dict) == ["page"], (action, value)


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_every_page_of_a_list_says_so(world, browse, who, path):  # noqa: F811
    path = path.replace("$department", world.department["name"])
    browse(who, path, status=200)
    for value in ("2x", "-1", "0", "٢", str(10**30)):
        page = browse(who, f"/en{path}?page={quote(value)}", status=400)
        assert "is no page: pages are numbered from 1 to" in page.text
    page = browse(who, f"/zh_Hans_CN{path}?page=2x", status=400)
    assert "“2x”不是页码" in page.text


def test_programs_are_told_in_their_form(world, app):  # noqa: F811
    answer = app.get("/emergency.json?page=2x", status=400)
    assert "2x" in answer.json["error"]


def test_numbers_of_pages():
    assert pager.page_numbers(20, 1, 20) == []
    assert pager.page_numbers(21, 1, 20) == [1, 2]
    assert pager.page_numbers(400, 10, 20) == [1, 0, 8, 9, 10, 11, 12, 0, 20]
    assert pager.page_numbers(400, 5, 20) == [1, 0, 3, 4, 5, 6, 7, 0, 20]
    assert pager.page_numbers(10**9, 1, 20) == [1, 2, 3, 0, pager.LAST]


def test_a_list_leads_through_its_pages(world, browse, monkeypatch):  # noqa: F811
    monkeypatch.setattr("ckanext.govdata.notices.action.PAGE", 2)
    monkeypatch.setattr("ckanext.govdata.notices.views.PAGE", 2)
    for _ in range(5):
        case = world.apply()
        call("citizen", "govdata_case_act", id=case["id"], command="withdraw", fields={})
    count = call("citizen", "govdata_notice_list")["count"]
    seen, address = [], "/notices"
    while address:
        page = browse("citizen", address)
        seen += [one.text for one in page.select(".gd-case-timeline li")]
        following = page.find("a", rel="next")
        address = "/notices" + following["href"] if following else ""
    assert len(seen) == count > 4
    assert isinstance(page, BeautifulSoup)
