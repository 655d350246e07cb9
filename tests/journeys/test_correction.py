"""Somebody finds a mistake: marked, passed on, extended, checked, mended, answered; at the counter.

The citizen signed in and at the counter, the officer, the head and the authority, in a browser.
"""
from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.cases_told import Visit, command

pytestmark = pytest.mark.usefixtures("yaohai_in_force")
ENTRY = "yaohai-communities"
BASIS = "《中华人民共和国统计法》第二十九条"
REASON = "经与民政部门区划资料核对，原数据与登记一致，所指情况不属实。"
PROTECTED = "受理单位不得以复核数据为由拒绝、推诿"


def mark(page: Page, place: str, wrong: str, button: str, **fields: str) -> str:
    """From the button beside a row or an item to the case's page; its address."""
    row = page.locator("tr", has_text=place).first
    row.get_by_role("link", name=re.compile("^纠错")).click()
    fill(page, wrong, button, **fields)
    return page.url


def fill(page: Page, wrong: str, button: str, **fields: str) -> None:
    """What is wrong, what is right and why; then one of the buttons."""
    said = {"wrong": wrong, "should_be": "以居委会门口的牌子为准。", **fields}
    said["why"] = "居委会门口的牌子和区政府公告上都是另一个名称。"
    for name, words in said.items():
        page.fill(f"#{name}", words)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"JC-(瑶海|怀宁)-"))


def state(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def open_case(visit: Visit, case: str, who: str) -> Page:
    return visit(case, as_user=who)


def test_a_row_is_marked_shown_to_others_answered_and_published(visit: Visit) -> None:
    page = visit(f"/dataset/{ENTRY}", as_user="citizen")
    case = mark(page, "填海巷社区居委会", "这一行的名称写得不完整。", "向数据提供部门提交")
    main = page.get_by_role("main")
    expect(main).to_contain_text("第二十六条")
    expect(main).to_contain_text("填海巷社区居委会")

    page.get_by_role("link", name="数据校核收件回执").first.click()
    expect(page.get_by_role("main")).to_contain_text(PROTECTED)
    expect(page.get_by_role("main")).to_contain_text("第二十六条")

    stranger = visit(f"/dataset/{ENTRY}")
    expect(stranger.locator("tr", has_text="填海巷社区居委会").first).to_contain_text("校核中")

    officer = open_case(visit, case, "yaohai-officer")
    command(officer, "答复：已更正")
    expect(officer.get_by_role("main")).to_contain_text("尚未更正")
    command(officer, "答复：维持原数据", reason=REASON, basis_own=BASIS)
    state(officer, "维持原数据")
    page.goto(case)
    state(page, "维持原数据")
    page.get_by_role("link", name="数据校核答复书").first.click()
    expect(page.get_by_role("main")).to_contain_text(REASON)
    page.get_by_role("link", name="验证此答复书").click()
    holder = visit(page.url)
    expect(holder.get_by_role("main")).to_contain_text("此答复书真实有效")

    stranger = visit("/help")
    stranger.get_by_role("link", name="数据校核结果").click()
    published = stranger.get_by_role("main")
    expect(published).to_contain_text(REASON)
    expect(published).not_to_contain_text("李")
    expect(published).not_to_contain_text("填海巷")


def test_through_the_platform_extended_by_the_head_and_corrected(visit: Visit) -> None:
    entry = "huaining-school-districts"
    page = visit(f"/dataset/{entry}", as_user="citizen")
    button = page.get_by_role("link", name="纠错", exact=True).first
    button.click()
    fill(page, "摘要里写的年份不对。", "通过平台提交")
    case = page.url
    state(page, "待转交")

    authority = open_case(visit, case, "huaining-authority")
    authority.get_by_role("button", name="转交数据提供部门").click()
    state(authority, "校核中")
    assert authority.locator("summary", has_text="同意延期").count() == 0, "the head's alone"

    officer = open_case(visit, case, "huaining-officer")
    command(officer, "申请延期", note="需要向乡镇核实。")
    head = open_case(visit, case, "huaining-head")
    command(head, "同意延期", reason="学区划分涉及多个乡镇和学校，需要逐一核实，同意延长校核期限。")
    expect(head.get_by_role("main")).to_contain_text("延长")


def test_the_demo_shows_open_marks_an_inbox_and_answers(visit: Visit) -> None:
    stranger = visit(f"/dataset/{ENTRY}")
    row = stranger.locator("tr", has_text="金大塘社区居委会").first
    expect(row).to_contain_text("校核中（2人指出）")
    desk = visit("/cases/desk", as_user="yaohai-officer").get_by_role("main")
    expect(desk).to_contain_text("JC-瑶海-")
    answers = visit("/decisions?kind=correction_review").get_by_role("main")
    for outcome in ("已更正", "维持原数据"):
        expect(answers).to_contain_text(outcome)


def test_at_the_counter_an_officer_writes_it_down(visit: Visit) -> None:
    officer = visit(f"/dataset/{ENTRY}", as_user="yaohai-officer")
    expect(officer.get_by_role("link", name=re.compile("^纠错"))).to_have_count(0)
    row = officer.locator("tr", has_text="凤凰桥社区居委会").first
    row.get_by_role("link", name=re.compile("^窗口代为登记")).click()
    said: dict[str, Any] = {"citizen_name": "陈桂花", "citizen_contact": "瑶海区凤凰桥12号"}
    fill(officer, "名称和牌子上的不一致。", "窗口代为登记", **said)
    expect(officer.get_by_role("main")).not_to_contain_text("陈桂花")
    officer.get_by_role("link", name="数据校核收件回执").first.click()
    expect(officer.get_by_role("main")).to_contain_text("陈桂花")
    expect(officer.get_by_role("main")).to_contain_text(PROTECTED)
