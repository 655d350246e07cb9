"""The pages of cases under axe (WCAG 2.2 AA), wide and on a telephone, for each of their people."""
from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.cases_told import start

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FIRST = re.compile(r"/cases/[0-9a-f-]{36}$")
GRANT = re.compile(r"/grants/[0-9a-f-]{36}$")
PAGES = (
    ("citizen", ("/cases/mine", FIRST, GRANT, "/notices")),
    ("firm", ("/cases/mine", GRANT)),
    ("yaohai-officer", ("/cases/desk", FIRST, "/grants", "/cases/away")),
    ("yaohai-head", ("/cases/desk", FIRST, "/grants", GRANT)),
    ("yaohai-authority", ("/cases/desk?tab=overdue", FIRST)),
    ("auditor", ("/audit", "/cases/desk?tab=all", FIRST)),
    (None, ("/decisions", "/letters/verify", "/procedures", "/ledger")),
)
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def faults(page: Page) -> list[str]:
    """What axe found, with the first place of each."""
    only = {"type": "tag", "values": TAGS}
    found = Axe().run(page, options={"runOnly": only, "resultTypes": ["violations"]})
    return [
        f"{page.url}: {one['id']} ({one['help']}) {one['nodes'][0]['html'][:150]}"
        for one in found.response["violations"]
    ]


def go(page: Page, where: str | re.Pattern[str]) -> None:
    """To an address, or by the first link of the page that leads to one like it."""
    if isinstance(where, str):
        page.goto(where)
        return
    links = page.eval_on_selector_all("main a[href]", "all => all.map(one => one.pathname)")
    page.goto(next(link for link in links if where.search(link)))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize(("who", "pages"), PAGES, ids=[who or "public" for who, _pages in PAGES])
def test_nobody_is_kept_out(visit, who, pages, size):
    begin = str(pages[0])
    page = visit(begin, as_user=who, viewport=size)
    found: list[str] = []
    for where in pages:
        if where == GRANT:
            page.goto("/grants" if who == "yaohai-head" else "/cases/mine")
        go(page, where)
        found += faults(page)
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if width > 0:
            found.append(f"{page.url}: {width} pixels stand outside of the screen")
    assert found == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_three_steps_keep_nobody_out(visit, size):
    page = visit("/apply/yaohai-food-inspections", as_user="citizen", viewport=size)
    found = faults(page)
    start(page)
    found += faults(page)
    for step in ("what", "terms"):
        page.goto(page.url.rsplit("/", 1)[0] + f"/{step}")
        found += faults(page)
    page.get_by_role("button", name="提交申请").click()
    found += faults(page)
    assert found == []


def test_a_draft_is_kept_while_it_is_typed(visit):
    page = visit("/apply/yaohai-dump-truck-tracks", as_user="citizen")
    start(page)
    page.goto(page.url.rsplit("/", 1)[0] + "/what")
    page.locator("#purpose").press_sequentially("研究渣土车")
    page.get_by_text(re.compile("已保存 ")).wait_for()
    page.goto(page.url)
    assert page.locator("#purpose").input_value() == "研究渣土车"
    assert page.locator(".flash-messages .alert, [role=status].alert").count() == 0


def test_everything_can_be_reached_by_keys(visit):
    """From the top of a case the keyboard opens a command and comes to its first field."""
    page = visit("/cases/desk", as_user="yaohai-officer")
    page.get_by_role("main").get_by_role("link", name="KF-").first.click()
    page.locator("details.gd-case-command summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.closest('details.gd-case-command') !== null")
    assert focused
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
