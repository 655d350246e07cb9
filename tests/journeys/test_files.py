"""An officer looks after an entry's files; a citizen finds it by telephone, without a script."""
from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_accessibility import NARROW, WIDE, faults

OFFICER = "yaohai-officer"
ENTRY = "/dataset/yaohai-communities"
PHONE = {"viewport": {"width": 375, "height": 812}, "java_script_enabled": False}
FILES = ".gd-files h3"


def names(page: Page) -> list[str]:
    return [text.split()[-1] for text in page.locator(FILES).all_inner_texts()]


def add(page: Page, place: Path, name: str, text: str) -> None:
    file = place / name
    file.write_text(text, "utf-8")
    page.set_input_files("input[type=file]", str(file))
    page.get_by_role("button", name="添加", exact=True).click()


def test_an_officer_adds_orders_and_removes_files(visit: Callable[..., Page], tmp_path: Path):
    page = visit(ENTRY, as_user=OFFICER)
    page.get_by_role("link", name=re.compile("管理文件|添加文件")).first.click()
    before = page.locator(FILES).count()
    add(page, tmp_path, "居委会甲.csv", "名称,电话\n甲,1\n乙,2\n")
    add(page, tmp_path, "居委会乙.csv", "名称\n丙\n")
    expect(page.locator(FILES)).to_have_count(before + 2)
    assert names(page)[-2:] == ["居委会甲.csv", "居委会乙.csv"]
    page.get_by_role("button", name="上移 居委会乙.csv").click()
    assert names(page)[-2:] == ["居委会乙.csv", "居委会甲.csv"]
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("请选择文件")
    for name in ("居委会乙.csv", "居委会甲.csv"):
        page.get_by_role("link", name=f"移除 {name}").click()
        page.get_by_role("button", name="移除文件").click()
    expect(page.locator(FILES)).to_have_count(before)


def test_on_a_telephone_without_a_script(visit: Callable[..., Page]):
    page = visit("/", **PHONE)
    page.locator("main input[name=q]").fill("行政区划代码")
    page.locator("main input[name=q]").press("Enter")
    page.goto("/dataset/")
    expect(page.get_by_role("link", name="民生服务")).to_be_hidden()
    fold = page.locator(".gd-facets__fold > summary")
    assert fold.bounding_box()["y"] < page.locator(".gd-results").bounding_box()["y"]
    fold.click()
    page.locator(".gd-facet a[href*='open_attribute=unconditional']").click()
    page.locator(".gd-facets__fold > summary").click()
    page.locator(".gd-facet a[href*='open_attribute=conditional']").click()
    expect(page.locator(".gd-chip")).to_have_count(2)
    page.locator(".gd-bar").get_by_role("link", name="名称").click()
    expect(page.locator(".gd-chip")).to_have_count(2)
    page.goto("/dataset/anhui-divisions")
    page.locator("summary", has_text="引用").click()
    expect(page.locator("#cite")).to_be_visible()
    page.locator("summary", has_text="引用").click()
    expect(page.locator(".gd-facts--key")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nobody_is_kept_out_of_lists_entries_and_files(visit: Callable[..., Page], size):
    page = visit("/dataset/?open_attribute=unconditional", viewport=size)
    found = faults(page)
    for entry in ("anhui-divisions", "yaohai-elderly-care-stations",
                  "yaohai-minimum-living-recipients"):
        page.goto(f"/dataset/{entry}")
        found += faults(page)
    page = visit(f"{ENTRY}/files", as_user=OFFICER, viewport=size)
    found += faults(page)
    page = visit(ENTRY, as_user=OFFICER, viewport=size)
    found += faults(page)
    assert found == []
