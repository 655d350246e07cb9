"""An officer writes an entry, is told of mistakes, mends them; with and without a script."""
from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

OFFICER = "yaohai-officer"
ITEMS = "[data-gd-rows=information_items]"


def fill_well(page: Page) -> None:
    page.fill("#field-title", "瑶海区社区养老机构名录")
    page.fill("#field-notes", "全区社区养老机构的名称、地址和床位数。")
    page.select_option("#field-domain", "social_aid")
    page.select_option("#field-update_period", "yearly")
    page.select_option("#field-share_type", "unconditional")
    page.select_option("#field-open_attribute", "unconditional")
    page.check("input[name=data_formats][value=csv]")


def save(page: Page) -> None:
    page.get_by_role("button", name="保存", exact=True).click()


@pytest.mark.usefixtures("yaohai_in_force")
def test_an_officer_is_told_what_is_missing_and_mends_it(visit: Callable[..., Page]):
    page = visit("/dataset/new", as_user=OFFICER)
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    expect(page.locator("#field-open_basis")).to_be_hidden()
    fill_well(page)
    page.select_option("#field-open_attribute", "conditional")
    expect(page.locator("#field-open_basis")).to_be_visible()
    save(page)
    wrong = page.get_by_role("alert")
    expect(wrong).to_be_focused()
    expect(wrong).to_contain_text("平台自定规则")
    wrong.get_by_role("link", name="开放条件").click()
    page.fill("#field-open_conditions", "签订使用协议")
    page.fill("#field-open_basis", "《中华人民共和国政府信息公开条例》第十五条")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("瑶海区社区养老机构名录")
    assert not [text for text in complaints if "Content Security Policy" in text]


def test_rows_are_added_and_removed(visit: Callable[..., Page]):
    page = visit("/dataset/new", as_user=OFFICER)
    fill_well(page)
    for number, name in enumerate(("机构名称", "临时列", "床位数")):
        if number:
            page.locator(ITEMS).get_by_role("button", name="添加一行").click()
        page.fill(f"#field-information_items-{number:04d}-name", name)
    page.locator(ITEMS).get_by_role("button", name="移除 2").click()
    expect(page.locator(f"{ITEMS} [role=status]")).to_have_text("已移除第2行")
    save(page)
    items = page.locator("main")
    expect(items).to_contain_text("床位数")
    expect(items).not_to_contain_text("临时列")


def test_without_a_script_all_fields_stand_there_and_the_entry_is_saved(
    visit: Callable[..., Page],
):
    page = visit("/dataset/new", as_user=OFFICER, java_script_enabled=False)
    expect(page.locator("#field-open_basis")).to_be_visible()
    fill_well(page)
    page.fill("#field-information_items-0000-name", "机构名称")
    page.fill("#field-information_items-0002-name", "床位数")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("瑶海区社区养老机构名录")
    expect(page.locator("main")).to_contain_text("床位数")


def test_the_form_is_usable_on_a_phone(visit: Callable[..., Page]):
    page = visit("/dataset/new", as_user=OFFICER, viewport={"width": 390, "height": 844})
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    expect(page.locator("#field-title")).to_be_in_viewport(ratio=0)
