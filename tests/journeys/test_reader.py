"""A reader finds an entry, reads it, previews and downloads the file, and changes script."""
from __future__ import annotations

import csv
import io

import pytest
from playwright.sync_api import expect

TITLE = "安徽省及信阳市行政区划代码（至乡镇）"


def test_find_read_preview_download(visit):
    page = visit("/")
    page.locator("main input[name=q]").fill("行政区划代码")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=TITLE, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_role("table").first).to_contain_text("安徽省")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").first.click()
    text = download.value.path().read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 2058
    assert rows[0] == {"code": "34", "name": "安徽省", "level": "province", "parent_code": ""}


def test_filter_by_attribute_and_department(visit):
    page = visit("/dataset/?q=瑶海区")
    page.get_by_role("link", name="非开放").first.click()
    expect(page.get_by_role("link", name="瑶海区最低生活保障对象明细")).to_be_visible()
    expect(page.get_by_role("link", name="瑶海区社区居委会名录")).to_have_count(0)


def test_a_non_open_entry_says_why(visit):
    page = visit("/dataset/yaohai-minimum-living-recipients")
    main = page.get_by_role("main")
    expect(main).to_contain_text("依法不予开放")
    expect(main).to_contain_text("政府信息公开条例")
    expect(main.get_by_role("link", name="下载")).to_have_count(0)


@pytest.mark.usefixtures("yaohai_in_force")
def test_a_conditional_entry_says_how_and_by_when(visit):
    main = visit("/dataset/yaohai-elderly-care-stations").get_by_role("main")
    expect(main).to_contain_text("数据安全承诺书")
    expect(main).to_contain_text("10个工作日")
    expect(main).to_contain_text("第十七条")


def test_traditional_script_and_english(visit):
    page = visit("/dataset/anhui-divisions")
    page.get_by_role("link", name="繁體").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant-TW")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("安徽省及信陽市行政區劃代碼（至鄉鎮）")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_role("main")).to_contain_text("Open")


def test_readable_on_a_phone_without_javascript(visit):
    phone = {"viewport": {"width": 390, "height": 800}, "java_script_enabled": False}
    for path in ("/", "/dataset/", "/dataset/anhui-divisions", "/organization/", "/rules"):
        page = visit(path, **phone)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.locator("main").bounding_box()["width"] <= 390, path


def test_region_and_department_lead_to_entries(visit):
    page = visit("/organization/yaohai-minzhengju")
    expect(page.get_by_role("main")).to_contain_text("合肥市瑶海区民政局")
    page.get_by_role("link", name="瑶海区社区居委会名录", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("瑶海区社区居委会名录")
