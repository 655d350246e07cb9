"""A citizen applies, the officer proposes, the head refuses; a stranger checks the letter."""
from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from ckanext.govdata import now

ENTRY = "yaohai-elderly-care-stations"
REASON = "所申请的数据涉及服务对象个人隐私，经征求意见权利人不同意公开，故不予开放。"


def test_apply_decide_and_verify(visit):
    page = visit(f"/dataset/{ENTRY}", as_user="citizen")
    page.get_by_role("link", name="申请此数据").click()
    page.fill("#contact_name", "李晓雨")
    page.fill("#contact_phone", "0551-62620000")
    if page.locator("#number").is_visible():
        page.fill("#identity_name", "李晓雨")
        page.fill("#number", "11010519491231002X")
    page.get_by_role("button", name="保存并继续").click()
    page.fill("#purpose", "研究社区养老服务设施的分布与可达性，成果向社会公开。")
    page.select_option("#scenario", "research")
    first = now.today() + timedelta(days=40)
    page.fill("#period_from", first.isoformat())
    page.fill("#period_until", (first + timedelta(days=300)).isoformat())
    page.select_option("#delivery", "download")
    page.fill("#security_measures", "数据只保存在本单位的加密服务器，专人管理。")
    page.get_by_role("button", name="保存并继续").click()
    page.locator("input[name=commitment]").check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("KF-瑶海-")
    expect(page.get_by_role("main")).to_contain_text("第十七条")
    case = page.url

    officer = visit(case, as_user="yaohai-officer")
    officer.get_by_role("button", name="受理").click()
    officer.locator("summary", has_text="拟办意见").click()
    officer.select_option("#propose-proposal", "refuse")
    officer.fill("#propose-note", "涉及个人隐私，建议不予开放")
    officer.get_by_role("button", name="拟办意见").click()
    expect(officer.get_by_role("heading", level=1)).to_contain_text("待审批")

    head = visit(case, as_user="yaohai-head")
    head.locator("summary", has_text="不予开放").click()
    head.fill("#refuse-reason", REASON)
    head.locator("#refuse-basis-own").fill("《中华人民共和国政府信息公开条例》第十五条")
    head.get_by_role("button", name="不予开放").click()
    expect(head.get_by_role("heading", level=1)).to_contain_text("不予开放")

    page.goto(case)
    page.get_by_role("link", name="数据开放申请答复书").first.click()
    expect(page.get_by_role("main")).to_contain_text(REASON)
    page.get_by_role("link", name="验证此答复书").click()
    stranger = visit(page.url)
    expect(stranger.get_by_role("main")).to_contain_text("此答复书真实有效")
    stranger = visit("/decisions")
    expect(stranger.get_by_role("main")).to_contain_text(REASON)
    expect(stranger.get_by_role("main")).not_to_contain_text("李")
