"""An emergency from its declaration to its archive: head, officer, citizen on a phone, machine."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.portals import Portal

TITLE = "瑶海区强降雨内涝（旅程）"
PHONE = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False}
TABLE = "街道\t时间\t积水深度\n三里街\t2026-07-01 12:00\t35\n铜陵路\t2026-07-01 12:00\t20\n"
LATER = TABLE.replace("12:00", "12:15").replace("35", "41")
NUMBERS = "街道\t联系电话\n三里街\t13800138000\n"

Visit = Callable[..., Page]


def declare(page: Page, title: str, **more: str) -> str:
    """Fill the form of a declaration and send it; the event's name."""
    page.fill("#title", title)
    page.select_option("#kind", "natural_disaster/flood_drought")
    page.locator("input[name=level][value=III]").check()
    page.fill("#basis", "瑶海区防汛抗旱应急预案")
    page.fill("#duty", "区防汛抗旱指挥部成员单位")
    page.locator("input[name=threshold][value=harm_likely]").check()
    page.fill("#contact", "区防汛抗旱指挥部 0551-64490000")
    page.select_option("#rhythm", "15")
    page.fill("#text", "启动防汛三级应急响应。")
    if more.get("drill"):
        page.locator("input[name=drill]").check()
    page.get_by_role("button", name="启动").click()
    expect(page.get_by_role("status").first).to_contain_text("已启动")
    found = re.search(r"/emergency-desk/([^/]+)/publish", page.url)
    assert found
    return found.group(1)


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """What one step of the journey tells the next."""
    return {}


def test_a_head_declares(visit: Visit, told: dict[str, str]) -> None:
    page = visit("/", as_user="yaohai-head")
    page.get_by_role("link", name="应急工作台").click()
    page.get_by_role("link", name="启动应急事件").click()
    told["event"] = declare(page, TITLE)
    banner = visit("/dataset/").locator("aside.gd-banner", has_text=TITLE)
    expect(banner).to_contain_text("较大")


def test_an_officer_publishes_in_a_hurry(visit: Visit, told: dict[str, str]) -> None:
    page = visit("/emergency-desk", as_user="yaohai-officer")
    item = page.locator(".gd-em-item", has_text=TITLE)
    item.get_by_role("link", name="发布").click()
    page.fill("#bulletin_title", "第一号汛情通报")
    page.fill("#bulletin_text", "三里街积水三十五厘米，请绕行。")
    page.get_by_label("新建数据集").check()
    page.fill("#title", "瑶海区积水点实时监测")
    page.fill("#table", NUMBERS)
    page.get_by_role("button", name="立即发布").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("电话")
    expect(alert).to_contain_text("第三十五条")
    page.fill("#table", TABLE)
    page.get_by_role("button", name="先检查").click()
    expect(page.get_by_role("status").last).to_contain_text("未发现")
    page.fill("#time_column", "时间")
    page.fill("#place_column", "街道")
    page.get_by_role("button", name="立即发布").click()
    expect(page.get_by_role("main")).to_contain_text("第一号汛情通报")
    expect(page.get_by_role("main")).to_contain_text("三里街")


def test_an_update_is_a_version_that_stays(visit: Visit, told: dict[str, str]) -> None:
    page = visit("/emergency-desk", as_user="yaohai-officer")
    row = page.locator("tbody tr", has_text="瑶海区积水点实时监测").first
    row.get_by_role("link").last.click()
    page.fill("#table", TABLE.rstrip("\n") + "\n" + LATER.partition("\n")[2])
    page.fill("#note", "增加十二时十五分的读数")
    page.get_by_role("button", name="立即发布").click()
    expect(page.locator(".gd-em-dataset")).to_contain_text("第2版")
    expect(page.locator("figure.gd-em-chart").first).to_contain_text("积水深度变化趋势")


def test_a_citizen_reads_it_on_a_phone_without_javascript(
    visit: Visit, site: Portal, told: dict[str, str]
) -> None:
    page = visit("/", **PHONE)
    page.locator("aside.gd-banner", has_text=TITLE).get_by_role("link").click()
    main = page.get_by_role("main")
    for said in ("第一号汛情通报", "请绕行", "下次更新", "0551-64490000", "瑶海区积水点实时监测"):
        expect(main).to_contain_text(said)
    expect(page.locator(".gd-chart-narrow svg").first).to_be_visible()
    expect(page.locator(".gd-chart-wide svg").first).to_be_hidden()
    page.locator("summary", has_text="以表格显示").first.click()
    expect(page.locator("figure table").first).to_be_visible()
    page.locator(".gd-em-step").last.get_by_role("link").click()
    expect(main).to_contain_text("所知的情况")
    expect(main).not_to_contain_text("请绕行")
    page.get_by_role("link", name="返回当前情况").click()
    page.get_by_role("link", name="弱网简版页面").click()
    expect(page.locator("body")).to_contain_text("请绕行")
    expect(page.locator("script")).to_have_count(0)


def test_nothing_is_wider_than_a_phone(browser: Browser, site: Portal, told) -> None:
    context = browser.new_context(base_url=site.url, viewport={"width": 360, "height": 800})
    page = context.new_page()
    for path in ("", "/light", "/timeline"):
        page.goto(f"/emergency/{told['event']}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    context.close()


def test_a_reader_closes_the_banner(visit: Visit, told: dict[str, str]) -> None:
    page = visit("/about", **PHONE)
    banner = page.locator("aside.gd-banner", has_text=TITLE)
    banner.get_by_role("button").click()
    page.wait_for_url("**/about")
    expect(banner).to_have_count(0)


def test_machines_read_the_same(site: Portal, told: dict[str, str]) -> None:
    def get(path: str) -> str:
        with urllib.request.urlopen(f"{site.url}/emergency/{told['event']}{path}") as answer:
            return answer.read().decode()

    shown = json.loads(get(".json"))
    assert shown["datasets"][0]["latest"]["number"] == 2
    assert "<msgType>Update</msgType>" in get(".cap")
    assert "第一号汛情通报" in get(".atom")
    assert "dcat:DatasetSeries" in get(".jsonld")


def test_a_head_raises_the_level(visit: Visit, told: dict[str, str]) -> None:
    page = visit(f"/emergency-desk/{told['event']}/change", as_user="yaohai-head")
    page.locator("input[name=level][value=II]").check()
    page.fill("#text", "雨势加大，响应级别提升为二级。")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".gd-em-hero--orange")).to_be_visible()
    expect(page.locator("#timeline")).to_contain_text("级别 III → II")


def test_a_drill_is_seen_by_those_who_take_part_only(visit: Visit, site: Portal) -> None:
    page = visit("/emergency-desk/declare", as_user="yaohai-head")
    name = declare(page, "防汛演练（旅程）", drill="true")
    page.goto(f"/emergency/{name}")
    expect(page.get_by_role("main")).to_contain_text("这是演练")
    stranger = visit(f"/emergency/{name}")
    expect(stranger.locator("body")).not_to_contain_text("防汛演练（旅程）")
    page.goto(f"/emergency-desk/{name}/end")
    page.fill("#text", "演练结束。")
    page.get_by_role("button", name="结束此事件").click()


PROMISED = 2000
"""An answer that is kept may be this old, in milliseconds, and no older."""


def until_fresh(page: Page, words: str) -> None:
    """Load the page again while what is kept may still be old; after that it must say the words."""
    if words not in page.get_by_role("main").inner_text():
        page.wait_for_timeout(PROMISED)
        page.reload()
    expect(page.get_by_role("main")).to_contain_text(words)


def test_a_head_ends_it_and_the_archive_stays(visit: Visit, told: dict[str, str]) -> None:
    page = visit(f"/emergency-desk/{told['event']}/end", as_user="yaohai-head")
    page.fill("#text", "雨停，险情解除。")
    page.get_by_role("button", name="结束此事件").click()
    expect(page.locator(".gd-em-summary")).to_contain_text("本页为其存档")
    citizen = visit("/emergency", **PHONE)
    expect(citizen.locator("aside.gd-banner", has_text=TITLE)).to_have_count(0)
    citizen.get_by_role("link", name=TITLE).click()
    until_fresh(citizen, "本页为其存档")
    citizen.get_by_role("link", name="何时发布了什么").click()
    until_fresh(citizen, "雨停，险情解除。")
    expect(citizen.get_by_role("main")).to_contain_text("2 个版本")
