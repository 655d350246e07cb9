"""A citizen subscribes on a phone and is told; data that is late is told of in turn."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import requests
from playwright.sync_api import Page, expect

from ckanext.govdata import now
from tests.journeys.test_emergency import PHONE, PROMISED, TABLE, Visit, declare
from tests.mailbox import Mailbox, links
from tests.portals import Portal

TITLE = "瑶海区内涝（订阅）"
LATE = "瑶海区内涝（逾期）"
READER = "li.ming@example.invalid"
Job = Callable[[str], None]


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """What one step of the journey tells the next."""
    return {}


def publish(visit: Visit, event: str, **filled: str) -> Page:
    """The officer's form, filled and sent."""
    page = visit(f"/emergency-desk/{event}/publish", as_user="yaohai-officer")
    if "title" in filled:
        page.get_by_label("新建数据集").check()
    for field, text in filled.items():
        if field == "rhythm":
            page.select_option("#rhythm", text)
        else:
            page.fill(f"#{field}", text)
    page.get_by_role("button", name="立即发布").click()
    expect(page.get_by_role("status").first).to_contain_text("已发布")
    return page


def test_a_citizen_subscribes_without_javascript(
    visit: Visit, post: Mailbox, job: Job, told: dict[str, str]
) -> None:
    told["event"] = declare(visit("/emergency-desk/declare", as_user="yaohai-head"), TITLE)
    page = visit(f"/emergency/{told['event']}", **PHONE)
    page.get_by_role("link", name="订阅").first.click()
    page.get_by_label("邮箱地址").fill(READER)
    page.get_by_role("button", name="邮件订阅").click()
    expect(page.get_by_role("main")).to_contain_text("请查看您的邮箱")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    job("emergency_letters")
    [letter] = post.to(READER)
    assert "请确认订阅" in str(letter["Subject"])
    page.goto(next(one for one in links(letter) if one.endswith("/confirm")))
    expect(page.get_by_role("main")).to_contain_text(TITLE)
    page.get_by_role("main").get_by_role("button", name="确认").click()
    expect(page.get_by_role("main")).to_contain_text("订阅成功")


def test_a_letter_comes_when_the_officer_publishes_and_leads_to_the_page(
    visit: Visit, post: Mailbox, job: Job, told: dict[str, str]
) -> None:
    publish(visit, told["event"], bulletin_title="第一号通报", bulletin_text="三里街请绕行。",
            title="积水点监测（订阅）", table=TABLE)  # fmt: skip
    job("emergency_letters")
    letter = post.to(READER)[-1]
    assert "第一号通报" in str(letter["Subject"])
    assert "三里街请绕行。" in letter.get_content()
    address = next(one for one in links(letter) if one.endswith(told["event"]))
    page = visit(address, **PHONE)
    page.wait_for_timeout(PROMISED)
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("三里街请绕行。")
    job("emergency_letters")
    assert len(post.to(READER)) == 2, "each is told once"


def test_one_click_in_the_mail_program_ends_it(
    visit: Visit, post: Mailbox, job: Job, told: dict[str, str]
) -> None:
    letter = post.to(READER)[-1]
    leave = letter["List-Unsubscribe"].strip("<>")
    answer = requests.post(leave, data={"List-Unsubscribe": "One-Click"}, timeout=30)
    assert answer.status_code == 200
    page = visit(f"/emergency-desk/{told['event']}/end", as_user="yaohai-head")
    page.fill("#text", "雨停。")
    page.get_by_role("button", name="结束此事件").click()
    expect(page.locator(".gd-em-summary")).to_be_visible()
    job("emergency_letters")
    assert len(post.to(READER)) == 2, "of the end nobody is told who has unsubscribed"


def test_somebody_signed_in_adds_a_webhook_and_sees_that_it_fails(
    visit: Visit, job: Job
) -> None:
    page = visit("/emergency-hooks", as_user="yaohai-officer")
    page.get_by_label("您的服务器地址").fill("https://127.0.0.1/hook")
    page.get_by_label("地区").select_option("340102")
    page.get_by_role("button", name="创建").click()
    expect(page.get_by_role("main")).to_contain_text("不指向公共网络")
    page.get_by_label("您的服务器地址").fill("https://nobody.example.invalid/hook")
    page.get_by_role("button", name="创建").click()
    expect(page.get_by_role("status").first).to_contain_text("whsec_")
    page.get_by_role("link", name=re.compile("nobody.example")).click()
    job("emergency_hooks")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("地址不指向公共网络")
    expect(page.get_by_role("main")).to_contain_text("等待验证")
    page.get_by_role("button", name="删除").click()
    expect(page.get_by_role("main")).not_to_contain_text("nobody.example")


TURNS = (("yaohai-officer", 1), ("yaohai-head", 2), ("yaohai-authority", 3))
"""Who is told when so many days have gone by."""


def notices(visit: Visit, who: str) -> str:
    return visit("/notices", as_user=who).get_by_role("main").inner_text()


def test_late_data_is_told_of_in_turn_and_the_public_sees_it(
    visit: Visit, site: Portal, job: Job
) -> None:
    event = declare(visit("/emergency-desk/declare", as_user="yaohai-head"), LATE)
    publish(visit, event, title="积水点监测（逾期）", rhythm="1440", table=TABLE)
    expect(visit(f"/emergency/{event}", **PHONE).get_by_role("main")).to_contain_text("下次更新")
    job("emergency_alarms")
    assert not any(LATE in notices(visit, who) for who, _days in TURNS)
    first = now.today()
    try:
        for number, (_who, days) in enumerate(TURNS):
            site.pretend(str(first + timedelta(days=days)))
            job("emergency_alarms")
            job("emergency_alarms")
            said = [notices(visit, who).count(LATE) for who, _days in TURNS]
            assert said == [1] * (number + 1) + [0] * (len(TURNS) - number - 1), days
        page = visit(f"/emergency/{event}?at=", **PHONE)
        expect(page.get_by_role("main")).to_contain_text("更新逾期")
        expect(visit(f"/emergency/{event}/light", **PHONE).locator("body")).to_contain_text("逾期")
        told = visit("/notices", as_user="yaohai-head").get_by_role("main")
        told.get_by_role("link", name=re.compile(LATE)).click()
        publish(visit, event, bulletin_title="说明", bulletin_text="设备故障，数据正在恢复。")
        page = visit(f"/emergency-desk/{event}/publish?dataset=data-1", as_user="yaohai-officer")
        page.fill("#table", TABLE.replace("35", "36"))
        page.get_by_role("button", name="立即发布").click()
        expect(page.get_by_role("main")).not_to_contain_text("更新逾期")
        timeline = visit(f"/emergency/{event}/timeline", as_user="yaohai-officer")
        expect(timeline.get_by_role("main")).to_contain_text("2天")
    finally:
        site.pretend("")
