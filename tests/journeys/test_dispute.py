"""Two departments of different provinces whose data differs: nobody here stands above both, so that
it goes there on paper; what was decided is noted by one of them and compared by the other."""
from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.cases_told import Visit, command
from tests.journeys.test_accessibility import NARROW, faults

pytestmark = pytest.mark.usefixtures("yaohai_in_force")
ENTRY = "yaohai-communities"
DECISION = {"name": "决定书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 decision"}
SAID = {
    "decided_by": "国家数据局", "decision_number": "国数协〔2026〕12号", "decided_on": "2026-11-20",
    "what_holds": "以瑶海区民政局的区划资料为准。",
    "reason": "区划资料是该项数据的法定来源，户籍迁移登记晚于区划调整。",
}  # fmt: skip


def note(page: Page, *left_out: str) -> None:
    """What was decided above, as it stands in the decision."""
    box = page.locator("details.gd-case-command", has_text="登记上级的处理决定")
    if box.get_attribute("open") is None:
        box.locator("summary").first.click()
    for field, value in SAID.items():
        box.locator(f"[name={field}]").fill("" if field in left_out else value)
    if "decision_paper" not in left_out:
        box.locator("input[type=file]").set_input_files(DECISION)
    box.get_by_role("button", name="登记上级的处理决定").click()


def state(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def test_what_was_decided_on_paper_is_compared_by_the_other_side(visit: Visit) -> None:
    asker = visit(f"/dataset/{ENTRY}", as_user="xinxian-officer")
    asker.get_by_role("link", name="与本部门数据不一致").or_(
        asker.get_by_role("button", name="与本部门数据不一致")).first.click()
    asker.fill("#difference", "本县登记的社区迁往户数与该目录不一致，相差三户。")
    asker.fill("#own_data", "来源于本县户籍迁移登记。")
    asker.get_by_role("button", name="提请协商").click()
    expect(asker.get_by_role("heading", level=1)).to_contain_text(re.compile("XS-"))
    case = asker.url
    command(asker, "书面移送共同的上级", handed_to="国家数据局", answer="两地协商未能一致。")
    state(asker, "已书面移送共同的上级")

    provider = visit(case, as_user="yaohai-officer")
    note(provider, "decision_paper")
    expect(provider.get_by_role("main")).to_contain_text("决定原件的扫描件")
    note(provider)
    state(provider, "待提请部门核对")
    own = provider.get_by_role("main").get_by_role("button", name="与决定原件核对一致")
    expect(own).to_have_count(0)

    asker = visit(case, as_user="xinxian-officer", viewport=NARROW)
    expect(asker.get_by_role("link", name="决定书.pdf")).to_be_visible()
    assert faults(asker) == []
    command(asker, "与决定原件不符", answer="决定书第二条写的是以户籍登记为准。")
    state(asker, "已书面移送共同的上级")
    expect(visit("/notices", as_user="yaohai-officer").get_by_role("main")).to_contain_text(
        "所登记的处理决定与原件不符")

    note(visit(case, as_user="yaohai-officer"))
    asker = visit(case, as_user="xinxian-officer")
    asker.get_by_role("button", name="与决定原件核对一致").click()
    state(asker, "已由上级或者人民政府决定")
