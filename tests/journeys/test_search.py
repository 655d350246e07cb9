"""Journeys of a reader and of the operator through the search."""
from __future__ import annotations

import re

from playwright.sync_api import expect


def test_type_pinyin_pick_a_suggestion_and_narrow(visit):
    page = visit("/dataset/")
    for _ in range(180):  # a young portal learns its words behind the scenes, once a minute
        if page.request.get("/api/govdata/suggest?q=gongj").json()["words"]:
            break
        page.wait_for_timeout(500)
    field = page.locator("#gd-q")
    first = page.locator(".gd-suggest [role=option]").first
    field.fill("gongj")  # at once: typed slowly, the answer to its beginning may stand there first
    first.wait_for()
    assert not first.get_attribute("data-name"), "words stand before entries"
    assert field.get_attribute("aria-expanded") == "true"
    chosen = first.get_attribute("data-text")
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == first.get_attribute("id")
    field.press("Enter")
    page.wait_for_url(re.compile(r"/dataset/\?.*q="))
    expect(page.locator("#gd-q")).to_have_value(chosen)
    expect(page.locator(".gd-results .gd-result").first).to_be_visible()
    expect(page.locator(".gd-results mark").first).to_be_visible()
    page.locator(".gd-facet a").first.click()
    expect(page.locator(".gd-chip")).to_have_count(1)
    expect(page.locator("#gd-q")).to_have_value(chosen)


def test_escape_closes_the_suggestions(visit):
    page = visit("/dataset/")
    field = page.locator("#gd-q")
    field.press_sequentially("学校", delay=40)
    page.locator(".gd-suggest [role=option]").first.wait_for()
    field.press("Escape")
    assert page.locator(".gd-suggest:visible").count() == 0
    assert field.input_value() == "学校"
    field.press("ArrowDown")  # and the arrow brings them back
    page.locator(".gd-suggest [role=option]").first.wait_for()


def test_who_looks_for_a_department_is_not_offered_entries(visit):
    page = visit("/organization/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#gd-dq").press_sequentially("瑶海", delay=40)
    expect(page.locator("#gd-dq")).not_to_have_attribute("role", "combobox")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert not [url for url in asked if "suggest" in url]


def test_without_scripts_the_search_is_a_form(visit):
    page = visit("/dataset/", java_script_enabled=False)
    page.fill("#gd-q", "gongce")
    page.click(".gd-bigsearch button[type=submit]")
    page.wait_for_url(re.compile("q=gongce"))
    assert "公厕" in page.locator(".gd-search-hint").inner_text()
    assert page.locator(".gd-result").count()


def test_find_an_entry_by_its_column(visit):
    page = visit("/search/items")
    page.fill("#gd-item-q", "名称")
    page.click(".gd-bigsearch button[type=submit]")
    page.locator(".gd-result a").first.click()
    page.wait_for_url(re.compile("/dataset/"))


def test_the_operator_adds_a_synonym_and_sees_it_work(visit):
    desk = visit("/govdata/search/preview?q=茅坑&kind=synonym&line=茅坑 > 公厕", as_user="admin")
    assert desk.locator("main section").count() == 2
    desk.locator("main section").nth(1).locator("button").click()
    desk.wait_for_url(re.compile("/govdata/search"))
    reader = visit("/dataset/?q=茅坑")
    for _ in range(60):
        if reader.locator(".gd-result").count():
            break
        reader.wait_for_timeout(1000)
        reader.reload()
    assert "公厕" in reader.locator(".gd-results").inner_text()
