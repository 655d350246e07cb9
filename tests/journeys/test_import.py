"""A workbook of three departments with a hidden draft: headings corrected by hand and kept, faults
read, imported, undone; the next sheet rests on what was kept. Without scripts, too; under axe."""
from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_accessibility import NARROW, WIDE, faults

SENDER = "yaohai-officer"
DEPARTMENTS = ("yaohai-jiaoyutiyuju", "yaohai-chengshiguanliju")
HEADINGS = ("信息资源名称", "信息资源提供方", "内容", "更新周期", "开放属性", "发布日期", "录入人")
HIDDEN = "去年旧稿"


@pytest.fixture(scope="module", autouse=True)
def of_three_departments(site):
    """The officer of the civil affairs bureau writes for two more departments meanwhile."""
    for one in DEPARTMENTS:
        site.act("organization_member_create", id=one, username=SENDER, role="editor")
    yield
    for one in DEPARTMENTS:
        site.act("organization_member_delete", id=one, username=SENDER)


def row(number: int, department: str, day: str = "2026-03-01") -> tuple[str, ...]:
    title = f"{department}办事指南（{number}）"
    return title, department, f"{title}的事项和材料", "每年", "无条件开放", day, "王录入"


def workbook(folder: Path, name: str, bad: bool = True) -> Path:
    """Three departments, a hidden sheet, a list of words, an empty sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, department in enumerate(("区民政局", "区教育体育局", "区城市管理局"), 1):
        sheet = book.create_sheet(department)
        sheet.append(HEADINGS)
        sheet.append(row(number, department))
        day = "2026-02-31" if bad and number == 2 else "2026-03-02"
        named = "怀宁县教育体育局" if bad and number == 1 else department
        sheet.append(row(number + 10, named, day))
    draft = book.create_sheet(HIDDEN)
    draft.append(HEADINGS)
    draft.append(row(99, "区民政局"))
    draft.sheet_state = "hidden"
    words = book.create_sheet("字典")
    for cells in (("代码", "名称", "说明"), ("01", "每年", "一年一次")):
        words.append(cells)
    book.create_sheet("备用")
    file = folder / name
    book.save(file)
    return file


def send(page: Page, file: Path) -> None:
    page.get_by_label("xlsx").set_input_files(file)
    page.get_by_role("button", name="检查").click()
    expect(page.get_by_role("main")).to_contain_text("未读取的工作表")


def look(page: Page) -> list[str]:
    """What axe finds, and what stands outside of a telephone's screen."""
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return faults(page) + ([f"{page.url}: {width} pixels outside"] if width > 0 else [])


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_whole_way(visit, tmp_path, size):
    kind = "宽" if size is WIDE else "窄"
    page = visit("/catalogue/import", as_user=SENDER, viewport=size)
    main, found = page.get_by_role("main"), look(page)
    send(page, workbook(tmp_path, f"全区目录{kind}.xlsx"))
    expect(main).to_contain_text(HIDDEN)
    expect(main).to_contain_text("已隐藏；如需导入")
    for department in ("民政局", "教育体育局", "城市管理局"):
        expect(page.get_by_role("region", name="按部门")).to_contain_text(department)
    expect(main).to_contain_text("2026-02-31")
    found += look(page)

    page.get_by_role("link", name="选定工作表并更正表头对照").click()
    page.locator("#column-0-2").select_option("notes")
    page.locator("#column-0-6").select_option("left_out")
    page.locator("#column-0-3").select_option("notes")
    page.get_by_role("button", name="重新检查表格").click()
    expect(page.get_by_role("alert")).to_contain_text("一个字段只能对应一列")
    found += look(page)
    page.locator("#column-0-3").select_option("frequency")
    page.locator("#keep_for").select_option(label="合肥市瑶海区民政局")
    page.get_by_role("button", name="重新检查表格").click()
    expect(page.get_by_text("已更正").first).to_be_attached()

    page.get_by_label("列", exact=True).select_option("发布日期")
    page.get_by_role("button", name="显示").click()
    expect(page.get_by_role("region", name="无法导入的内容")).to_contain_text("2026-02-31")
    expect(page.get_by_role("region", name="无法导入的内容")).not_to_contain_text("怀宁县")
    found += look(page)
    page.get_by_role("button", name="跳过有问题的行导入").click()
    expect(main).to_contain_text("目录已导入")
    found += look(page)
    page.goto("/dataset/?q=办事指南")
    expect(page.get_by_role("main")).to_contain_text("区城市管理局办事指南（3）")
    expect(page.get_by_role("main")).not_to_contain_text("办事指南（99）")
    stranger = visit("/dataset/?q=办事指南")
    expect(stranger.get_by_role("main")).to_contain_text("办事指南（3）")
    expect(stranger.get_by_role("main")).not_to_contain_text("办事指南（99）")
    page.go_back()

    page.get_by_text("撤销会做什么").click()
    page.get_by_role("button", name="立即撤销本次导入").click()
    expect(main).to_contain_text("导入已撤销")
    expect(main.locator(".gd-import-counts").first).to_contain_text("4 已撤下新增")
    found += look(page)
    page.goto("/dataset/?q=办事指南")
    expect(page.get_by_role("main")).not_to_contain_text("区城市管理局办事指南（3）")

    page.goto("/catalogue/import")
    expect(main).to_contain_text("已保存的表头对照关系")
    found += look(page)
    send(page, workbook(tmp_path, f"下一份{kind}.xlsx", bad=False))
    expect(main).to_contain_text("对照关系沿用瑶海区民政局经办人于")
    expect(main).to_contain_text("已读取的内容可以导入")
    page.get_by_role("button", name="放弃").click()
    page.get_by_role("button", name="移除").first.click()
    expect(main).not_to_contain_text("已保存的表头对照关系")
    assert found == []


def test_the_way_without_scripts(visit, tmp_path):
    page = visit("/catalogue/import", as_user=SENDER, java_script_enabled=False)
    page.get_by_label("xlsx").set_input_files(workbook(tmp_path, "无脚本.xlsx", bad=False))
    page.get_by_role("button", name="检查").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("未读取的工作表")
    page.get_by_role("link", name="选定工作表并更正表头对照").click()
    page.get_by_label("区教育体育局", exact=True).uncheck()
    page.locator("#column-0-2").select_option("notes")
    page.get_by_role("button", name="重新检查表格").click()
    expect(main).to_contain_text("未选定")
    page.get_by_role("button", name="导入", exact=True).click()
    expect(main).to_contain_text("目录已导入")
    page.get_by_text("撤销会做什么").click()
    page.get_by_role("button", name="立即撤销本次导入").click()
    expect(main).to_contain_text("导入已撤销")
