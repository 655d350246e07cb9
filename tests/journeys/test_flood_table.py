"""A flood's table as WPS saves it: told in words what stands against it, published, and the newest
figure is that of the latest hour, not of the greatest text."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.journeys.test_accessibility import NARROW, WIDE
from tests.journeys.test_emergency import declare
from tests.journeys.test_import import look

LIST = Path(__file__).parents[1] / "emergency" / "data" / "K21-em-list.et"
HEADINGS = ("街道", "观测时间", "转移人数")
ROWS = (
    ("三里街", "7月1日8时", 120), ("铜陵路", "7月1日8时", 40),
    ("三里街", "7月1日10时", 130), ("铜陵路", "7月1日10时", 45), ("合计", "7月1日10时", 175),
)  # fmt: skip
APP = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.'
       'openxmlformats.org/officeDocument/2006/extended-properties"><Application>WPS 表格'
       "</Application></Properties>")  # fmt: skip


def of_wps(path: Path, draft: bool) -> Path:
    """A workbook with WPS's own description of itself; a hidden draft if asked."""
    book = openpyxl.Workbook()
    book.active.title = "转移安置"
    for row in (HEADINGS, *ROWS):
        book.active.append(row)
    if draft:
        hidden = book.create_sheet("内部研判")
        hidden.append(("结论",))
        hidden.append(("拟泄洪",))
        hidden.sheet_state = "hidden"
    plain = path.with_name(f"plain-{path.name}")
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, APP if name == "docProps/app.xml" else old.read(name))
    return path


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_flood_in_wps(visit, tmp_path, size):
    title = f"瑶海区转移安置（{'宽' if size is WIDE else '窄'}）"
    event = declare(visit("/emergency-desk/declare", as_user="yaohai-head"), title)
    page = visit(f"/emergency-desk/{event}/publish", as_user="yaohai-officer", viewport=size)
    main, alert = page.get_by_role("main"), page.get_by_role("alert")

    def publish(file: Path) -> None:
        page.get_by_label("新建数据集").check()
        page.fill("#title", f"{title}人数")
        page.set_input_files("input[type=file]", file)
        page.get_by_role("button", name="立即发布").click()

    found = look(page)
    publish(Path(shutil.copy(LIST, tmp_path / "转移名单.et")))
    expect(alert).to_contain_text("公民身份号码")
    expect(alert).to_contain_text("第三十五条")
    found += look(page)
    publish(of_wps(tmp_path / "转移安置.xlsx", draft=True))
    expect(alert).to_contain_text("内部研判")
    found += look(page)
    page.locator("details.gd-em-columns summary").click()
    page.fill("#time_column", "观测时间")
    page.fill("#place_column", "街道")
    page.fill("#figures", "转移人数")
    publish(of_wps(tmp_path / "转移安置.et", draft=False))
    expect(page.locator(".gd-em-figures")).to_contain_text("转移人数")
    expect(page.locator(".gd-em-figures .gd-em-fig__n").first).to_have_text("175")
    found += look(page)
    reader = visit(f"/emergency/{event}")
    expect(reader.locator(".gd-em-figures .gd-em-fig__n").first).to_have_text("175")
    expect(reader.get_by_role("main")).not_to_contain_text("拟泄洪")
    expect(main).not_to_contain_text("内部研判")
    assert found == []
    page = visit(f"/emergency-desk/{event}/end", as_user="yaohai-head")
    page.fill("#text", "险情解除。")
    page.get_by_role("button", name="结束此事件").click()
