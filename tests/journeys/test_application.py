"""A refusal: the letter, which a stranger checks, and the objection to the authority."""
from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from ckanext.govdata import now
from tests.journeys.cases_told import apply_for, command, propose

BASIS = "《中华人民共和国政府信息公开条例》第十五条"
ENTRY = "yaohai-elderly-care-stations"
REASON = "所申请的数据涉及服务对象个人隐私，经征求意见权利人不同意公开，故不予开放。"


@pytest.mark.usefixtures("yaohai_in_force")
def test_apply_decide_and_verify(visit):
    page = apply_for(visit, ENTRY, now.today() + timedelta(days=40), 300)
    expect(page.get_by_role("main")).to_contain_text("第十七条")
    case = page.url
    propose(visit, case, "refuse")

    head = visit(case, as_user="yaohai-head")
    command(head, "不予开放", reason=REASON, basis_own=BASIS,
            not_severed="各信息项均属同一商业秘密，无法作区分处理。")  # fmt: skip
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

    page.goto(case)
    command(page, "提出异议", grounds="我只需要床位数和服务人次，不涉及个人隐私。")
    expect(page.get_by_role("heading", level=1)).to_contain_text("异议处理中")
    authority = visit(case, as_user="yaohai-authority")
    command(
        authority,
        "维持原决定",
        reason="经复核，原决定认定事实清楚，适用依据正确，予以维持。",
        basis_own=BASIS,
    )
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("维持原决定")
    expect(page.locator("section", has=page.locator("#letters")).locator("p")).to_have_count(3)
    assert page.locator("summary", has_text="提出异议").count() == 0
