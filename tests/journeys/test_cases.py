"""Supplement over the National Day, withdrawal, overdue, the auditor: each by its own people."""
from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import expect

from ckanext.govdata import now
from tests.journeys.cases_told import TABLE, apply_for, command


def test_a_supplement_over_the_national_day_stops_the_clock(visit, on_day):
    """2026: 25 September and 1–7 October are holidays, Saturday 10 October is worked.

    Received on 24 September: 28, 29, 30 September, 8, 9, 10, 12, 13, 14, 15 October are the ten
    days. It stands from 29 September to 12 October: six working days, so the 23rd is the last.
    """
    on_day("2026-09-24")
    page = apply_for(visit, TABLE, date(2026, 11, 1), 60)
    case = page.url
    expect(page.locator(".gd-case-clock")).to_contain_text("2026-10-15")
    page.get_by_role("link", name="逐日计算").click()
    days = page.get_by_role("main").locator("tr")
    expect(days.filter(has_text="2026年10月1日").last).to_contain_text("国庆节")
    expect(days.filter(has_text="2026年10月10日").last).to_contain_text("调休")

    on_day("2026-09-28")
    officer = visit(case, as_user="yaohai-officer")
    command(officer, "一次性告知补正", missing_items="请补充加盖公章的数据安全承诺书。")
    expect(officer.locator(".gd-case-clock")).to_contain_text("2026-09-28")
    assert officer.locator("summary", has_text="一次性告知补正").count() == 0

    on_day("2026-10-12")
    page.goto(case)
    expect(page.get_by_role("main")).to_contain_text("请补充加盖公章的数据安全承诺书。")
    command(page, "提交补正", point_replies="承诺书已补充。")
    expect(page.get_by_role("heading", level=1)).to_contain_text("办理中")
    expect(page.locator(".gd-case-clock")).to_contain_text("2026-10-23")
    page.get_by_role("link", name="逐日计算").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("2026年10月23日")
    expect(main.locator("tr").filter(has_text="2026年10月10日").last).to_contain_text("期限中止")


def test_withdrawn_until_decided(visit):
    page = apply_for(visit, TABLE, now.today() + timedelta(days=30), 60)
    case = page.url
    command(page, "撤回申请", answer="已从其他渠道取得。")
    expect(page.get_by_role("heading", level=1)).to_contain_text("已撤回")
    assert page.locator(".gd-case-command").count() == 0
    officer = visit(case, as_user="yaohai-officer")
    expect(officer.get_by_role("main")).to_contain_text("已从其他渠道取得。")
    assert officer.get_by_role("button", name="受理").count() == 0


def test_overdue_goes_up_to_the_authority(visit, on_day):
    page = apply_for(visit, TABLE, now.today() + timedelta(days=60), 60)
    reference = page.get_by_role("heading", level=1).inner_text().split()[0]
    case = page.url
    due = date.fromisoformat(page.locator(".gd-case-clock time").inner_text())

    on_day(due)
    authority = visit("/cases/desk?tab=overdue", as_user="yaohai-authority")
    expect(authority.get_by_role("main")).not_to_contain_text(reference)
    officer = visit("/notices", as_user="yaohai-officer")
    expect(officer.get_by_role("main")).to_contain_text(due.isoformat())

    on_day(due + timedelta(days=1))
    authority.reload()
    expect(authority.get_by_role("main")).to_contain_text(reference)
    authority.goto("/notices")
    expect(authority.get_by_role("main")).to_contain_text("逾期")
    page.goto(case)
    expect(page.locator(".gd-case-clock")).to_contain_text("逾期")
    expect(page.locator(".gd-case-timeline li").first).to_contain_text(
        (due + timedelta(days=1)).isoformat()
    )


def test_the_auditor_reads_and_decides_nothing(visit):
    page = visit("/", as_user="auditor")
    page.get_by_role("link", name="审计", exact=True).click()
    page.get_by_role("button", name="校验整条链").click()
    expect(page.get_by_role("status")).to_contain_text("全部完好")
    page.get_by_role("link", name="件已收到的申请").click()
    page.get_by_role("main").get_by_role("link", name="KF-瑶海-").first.click()
    expect(page.get_by_role("main")).to_contain_text("**")
    expect(page.get_by_role("main")).not_to_contain_text("0551-")
    assert page.locator(".gd-case-command, form.gd-case-plain").count() == 0
    page.goto("/audit?action=data_delivered")
    expect(page.get_by_role("heading", level=1)).to_contain_text("审计")
    with page.expect_download() as taken:
        page.get_by_role("link", name="全部记录").click()
    assert len(Path(taken.value.path()).read_text("utf-8").splitlines()) > 20
    page.goto("/audit")
    page.get_by_role("link", name="已公布的摘要").click()
    assert page.locator("tbody tr").count() > 5
    stranger = visit("/", as_user="citizen")
    assert stranger.request.get("/audit").status == 404
