"""Fewer columns than were asked for, the download, the token, the report, the end, the renewal."""
from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import requests
from playwright.sync_api import Page, expect

from ckanext.govdata import now
from tests.journeys.cases_told import (
    TABLE,
    Visit,
    apply_for,
    command,
    fill_period,
    hand_in,
    propose,
    start,
)

REASON = "所述研究用途只需社区名称及其所属街道，按最小必要原则授权这两项信息。"
BASIS = "《中华人民共和国政府信息公开条例》第十五条"


def download(page: Page) -> tuple[str, str]:
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载").first.click()
    return taken.value.suggested_filename, Path(taken.value.path()).read_text("utf-8")


def approve_in_part(visit: Visit, case: str, first: date, days: int) -> None:
    head = visit(case, as_user="yaohai-head")
    command(
        head,
        "部分同意",
        check=("名称", "街道名称"),
        reason=REASON,
        basis_own=BASIS,
        valid_from=first.isoformat(),
        valid_until=(first + timedelta(days=days)).isoformat(),
    )
    expect(head.get_by_role("heading", level=1)).to_contain_text("部分同意")


def test_from_the_application_to_the_renewal(visit, site, on_day):
    today = now.today()
    page = apply_for(visit, TABLE, today, 60, columns=("名称", "类别", "街道名称"))
    reference = page.get_by_role("heading", level=1).inner_text().split()[0]
    case = page.url
    propose(visit, case, "approve_partly")
    approve_in_part(visit, case, today, 60)

    page.goto(case)
    page.get_by_role("link", name="下载与使用").click()
    grant = page.url
    name, text = download(page)
    assert reference in name
    assert text.splitlines()[0] == "\ufeffname,township", "a spreadsheet knows the encoding by it"
    assert "填海巷社区居委会,明光路街道" in text

    page.fill("#name", "每周更新")
    page.get_by_role("button", name="生成令牌").click()
    token = page.locator(".gd-case-token").inner_text()
    address = page.locator(".gd-case-code").inner_text().split('"')[3]
    given = requests.get(address, headers={"X-Grant-Token": token}, timeout=60).json()
    assert set(given["records"][0]) == {"name", "township"}
    assert requests.get(address, timeout=60).status_code == 401
    page.reload()
    expect(page.get_by_text(token)).to_have_count(0)

    on_day(today + timedelta(days=55))
    page.goto("/notices")
    page.get_by_role("link", name=f"{reference} ").first.click()
    expect(page).to_have_url(grant)
    page.get_by_role("button", name="续期").click()
    start(page)
    page.get_by_role("button", name="保存并继续").click()
    expect(page.locator("#purpose")).to_have_value(re.compile("^研究社区与街道公共服务设施的布局"))
    fill_period(page, today + timedelta(days=60), 90)
    page.get_by_role("button", name="保存并继续").click()
    renewal = hand_in(page).url
    propose(visit, renewal, "approve_partly")
    approve_in_part(visit, renewal, today + timedelta(days=60), 90)

    on_day(today + timedelta(days=61))
    page.goto(grant)
    expect(page.get_by_role("heading", level=1)).to_contain_text("已到期")
    expect(page.get_by_role("link", name="下载")).to_have_count(0)
    assert requests.get(address, headers={"X-Grant-Token": token}, timeout=60).status_code == 403
    page.locator("summary", has_text="填写报告").click()
    page.fill("#report-use", "用于社区布局研究，论文已发表，未超出授权范围。")
    page.fill("#report-link", "https://example.org/paper")
    page.select_option("#report-deleted", "archived")
    page.get_by_role("button", name="提交报告").click()
    expect(page.get_by_role("main")).to_contain_text("应交的报告已于")
    page.goto(renewal)
    page.get_by_role("link", name="下载与使用").click()
    assert "明光路街道" in download(page)[1]
