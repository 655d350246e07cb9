"""What every journey of an application begins with, said once."""
from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

Visit = Callable[..., Page]
TABLE = "yaohai-grassroots-organisations"
"""A conditional entry of the demo whose table really is there."""
DESK_LINK = ".gd-decide__choice, .gd-decide__other"
STUDIES = itertools.count(1)
"""One purpose each: the same application is there once while it is open."""


def apply_for(
    visit: Visit,
    entry: str,
    first: date,
    days: int,
    columns: tuple[str, ...] = (),
    **more: Any,
) -> Page:
    """The citizen's application, from the entry's page to its receipt."""
    page = visit(f"/dataset/{entry}", as_user="citizen", **more)
    page.get_by_role("button", name="申请此数据").first.click()
    start(page)
    page.fill("#contact_name", "李晓雨")
    page.fill("#contact_phone", "0551-62620000")
    page.get_by_role("button", name="保存并继续").click()
    purpose = f"研究社区与街道公共服务设施的布局，成果向社会公开。课题之{next(STUDIES)}。"
    page.fill("#purpose", purpose)
    page.select_option("#scenario", "research")
    for column in columns:
        page.get_by_label(column, exact=True).check()
    if not columns:  # what is not chosen is not given
        for box in page.locator("[name^='columns:']").all():
            box.check()
    fill_period(page, first, days)
    page.select_option("#delivery", "download")
    page.fill("#security_measures", "数据只保存在本单位的加密服务器，专人管理。")
    page.get_by_role("button", name="保存并继续").click()
    return hand_in(page)


def start(page: Page) -> None:
    """Begin the draft: a link shows what is applied for, and only the button begins it. Who has
    a draft of this entry already is led to it.
    """
    if "/apply/" in page.url:
        page.get_by_role("button", name="开始申请").click()
    expect(page.locator("#contact_name")).to_be_visible()


def fill_period(page: Page, first: date, days: int) -> None:
    """From when until when the data is wanted."""
    page.fill("#period_from", first.isoformat())
    page.fill("#period_until", (first + timedelta(days=days)).isoformat())


def hand_in(page: Page) -> Page:
    """The last step: terms, commitment, receipt."""
    page.locator("input[name=commitment]").check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("KF-瑶海-")
    return page


def propose(visit: Visit, case: str, proposal: str) -> None:
    """The officer accepts the application as complete and proposes a decision."""
    officer = visit(case, as_user="yaohai-officer")
    officer.get_by_role("button", name="受理").click()
    command(officer, "拟办意见", note="材料齐全，拟办意见如上。", choose={"proposal": proposal})
    expect(officer.get_by_role("heading", level=1)).to_contain_text("待审批")


def command(
    page: Page,
    name: str,
    choose: dict[str, str] | None = None,
    check: tuple[str, ...] = (),
    **fields: str,
) -> None:
    """Open a command, fill its fields and give it; what is decided is looked at before."""
    proposal = (choose or {}).get("proposal", "")
    link = f"main a[href*='proposal={proposal}']" if proposal else DESK_LINK
    desk = page.locator(link, has_text=None if proposal else name)
    if desk.count():
        decide(page, desk, check, fields)
        return
    box = page.locator("details.gd-case-command", has=page.locator("summary", has_text=name))
    if box.get_attribute("open") is None:  # what is wanted of the reader stands open already
        box.locator("summary").first.click()
    for field, value in (choose or {}).items():
        box.locator(f"select[name={field}]").select_option(value)
    for label in check:
        box.get_by_label(label, exact=True).check()
    for field, value in fields.items():
        box.locator(f"[name={field}]").fill(value)
    box.get_by_role("button", name=name).click()


def decide(page: Page, desk: Locator, check: tuple[str, ...], fields: dict[str, str]) -> None:
    """Decide, or propose to: fill in, look at the letter, confirm."""
    desk.first.click()
    form = page.locator("form[data-decide]")
    for label in check:
        form.get_by_label(label, exact=True).check()
    for field, value in fields.items():
        form.locator(f"[name={field}]").fill(value)
    form.locator("button[name=look]").click()
    page.locator("button[name=confirm]").click()
    expect(page.locator(".gd-case-timeline")).to_be_visible()
