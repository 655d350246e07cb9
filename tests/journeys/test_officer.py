"""An officer drops in a sheet with errors, mends it, imports it, and finds it again."""
from __future__ import annotations

import openpyxl
from playwright.sync_api import expect

HEADINGS = (
    *("信息资源名称（必填）", "信息资源摘要", "信息资源提供方"),
    *("更新周期", "开放属性", "发布日期"),
)
GOOD = (
    *("瑶海区婚姻登记机关名录", "婚姻登记机关的名称、地址和办公时间", "区民政局"),
    *("每年", "无条件开放", "2026-03-01"),
)
BAD = ("瑶海区社会组织名录", "社会组织名录", "区民政局", "每年", "无条件开放", "2026-02-31")


def sheet(folder, name, *rows):
    book = openpyxl.Workbook()
    for row in (HEADINGS, *rows):
        book.active.append(row)
    file = folder / name
    book.save(file)
    return file


def send(page, file):
    page.get_by_label("xlsx").set_input_files(file)
    page.get_by_role("button", name="检查").click()


def test_import_with_an_error_mended(visit, tmp_path):
    page = visit("/dashboard/", as_user="yaohai-officer")
    page.get_by_role("link", name="导入目录").first.click()
    send(page, sheet(tmp_path, "有错.xlsx", GOOD, BAD))
    main = page.get_by_role("main")
    expect(main).to_contain_text("2026-02-31")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注").click()
    download.value.save_as(tmp_path / "marked.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    notes = [c.comment.text for row in marked.active.iter_rows() for c in row if c.comment]
    assert any("2026-02-31" in note for note in notes)

    page.goto("/catalogue/import")
    send(page, sheet(tmp_path, "已改.xlsx", GOOD, (*BAD[:-1], "2026-02-28")))
    page.get_by_role("button", name="导入", exact=True).click()
    expect(main).to_contain_text("目录已导入")

    page.goto("/dataset/?q=婚姻登记机关名录")
    page.get_by_role("link", name="瑶海区婚姻登记机关名录").click()
    expect(page.get_by_role("main")).to_contain_text("合肥市瑶海区民政局")


def test_importing_again_changes_nothing(visit, tmp_path):
    file = sheet(tmp_path, "再次.xlsx", (*GOOD[:1], "只导入一次", *GOOD[2:]))
    for expected in ("目录已导入", "0 新增"):
        page = visit("/catalogue/import", as_user="yaohai-officer")
        send(page, file)
        if expected == "目录已导入":
            page.get_by_role("button", name="导入", exact=True).click()
        expect(page.get_by_role("main")).to_contain_text(expected)


def test_another_departments_rows_are_refused(visit, tmp_path):
    page = visit("/catalogue/import", as_user="yaohai-officer")
    send(page, sheet(tmp_path, "别家.xlsx", (*GOOD[:2], "怀宁县教育体育局", *GOOD[3:])))
    expect(page.get_by_role("main")).to_contain_text("怀宁县教育体育局")
    expect(page.get_by_role("button", name="导入", exact=True)).to_have_count(0)


def test_readers_cannot_import(visit):
    main = visit("/catalogue/import").get_by_role("main")
    expect(main).to_contain_text("工作人员")
    expect(main.get_by_role("link", name="登录")).to_be_visible()
