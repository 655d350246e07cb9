"""The officer's desk, driven as a browser without JavaScript would: every form, every refusal."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.govdata.emergency.desk.desk_pages import desk_choices, desk_values
from ckanext.govdata.ledger.model import ledger
from tests.cases.conftest import call
from tests.emergency.conftest import TABLE

DECLARED = {
    "title": "瑶海区洪涝灾害",
    "kind": "natural_disaster/flood_drought",
    "level": "II",
    "organization": "yaohai-shuiwuju",
    "regions": "340102",
    "basis": "瑶海区防汛抗旱应急预案",
    "threshold": "harm_likely",
    "duty": "区防汛抗旱指挥部成员单位。",
    "contact": "防汛抗旱指挥部 0551-64490000",
    "rhythm": "60",
    "text": "水位超过警戒水位。",
}
PUBLISHED = {
    "target": "create",
    "title": "河道水位",
    "table": TABLE,
    "rhythm": "15",
    "time_column": "时间",
    "place_column": "站点",
    "figures": "",
    "bulletin_title": "一号通报",
    "bulletin_text": "水位上涨。",
}
COUNTED = {**PUBLISHED, "table": TABLE.replace("水位", "转移（万人）"), "figures": "转移（万人）"}


def with_hidden_parts() -> bytes:
    book = openpyxl.Workbook()
    for line in TABLE.strip().splitlines():
        book.active.append(line.split(","))
    book.active.row_dimensions[3].hidden = True
    book.create_sheet("值班表").append(["张三"])
    book["值班表"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ledger_of(action: str) -> dict:
    row = model.Session.execute(
        sa.select(ledger.c.content).where(ledger.c.action == action)
        .order_by(ledger.c.number.desc()).limit(1)).scalar()
    return json.loads(row)["facts"]


def words(page) -> str:
    return page.get_text(" ", strip=True)


def wrong(page, field: str) -> str:
    """The error that belongs to a field, tied to it for readers' aids."""
    return words(page.select_one(f"#error-{field}"))


def named(page) -> dict[str, str]:
    """What the summary names, and to which field each leads; that field is there and is marked."""
    links = {words(link): link["href"] for link in page.select("[role=alert] li a")}
    for name, href in links.items():
        place = page.select_one(href)
        assert place, (name, href)
        wrong_one = place if place.name == "fieldset" else place.find_parent(class_="gd-field")
        assert "gd-field--wrong" in wrong_one["class"], (name, href)
    return links


class TestSummary:
    """What is wrong is said once more above the form, by the names of the fields."""

    def test_of_a_declaration(self, place, browse):
        page = browse("head", "/emergency-desk/declare", {"organization": "yaohai-shuiwuju"})
        assert named(page) == {
            "事件名称": "#title", "法律依据": "#basis", "处置职责": "#duty", "类型": "#kind",
            "对公众的影响": "#threshold", "响应级别": "#level", "地区": "#regions",
        }  # fmt: skip
        assert "缺少内容" in words(page.select_one("[role=alert]"))

    def test_of_a_change_and_an_end(self, flood, browse):
        path = f"/emergency-desk/{flood.event}"
        assert "事件名称" in named(browse("head", f"{path}/change", {**DECLARED, "title": ""}))
        page = browse("head", f"{path}/end", {"ended": "gestern"})
        assert list(named(page).values()) == ["#ended"]

    @pytest.mark.parametrize(
        ("asked", "leads"),
        [
            ({"target": ""}, {"表格": "#table"}),
            ({"target": "", "table": TABLE}, {"哪个数据集": "#dataset"}),
            ({"target": "package", "table": TABLE}, {"所属条目": "#package"}),
            ({"target": "", "bulletin_title": "一号"}, {"通报": "#bulletin_text"}),
            ({"target": "", "bulletin_text": "联系人电话13800138000"}, {"通报": "#bulletin_text"}),
            ({**PUBLISHED, "rhythm": "x"}, {"更新频率": "#rhythm"}),
            ({**PUBLISHED, "figures": "流量"}, {"合计为关键数字的列": "#figures"}),
        ],
    )
    def test_of_a_publication(self, flood, browse, asked, leads):
        assert named(browse("officer", f"/emergency-desk/{flood.event}/publish", asked)) == leads

    def test_of_an_override_whose_reason_is_too_short(self, flood, browse):
        table = "站点,联系电话\n巢湖,13800138000\n"
        asked = {**PUBLISHED, "table": table, "time_column": "", "place_column": "", "figures": ""}
        path = f"/emergency-desk/{flood.event}/publish"
        [ban] = browse("head", path, asked).select("input[name=bans]")
        page = browse("head", path, {**asked, "bans": ban["value"], "reason": "短"})
        assert named(page) == {"例外准许": "#override"}
        assert page.select_one(f"input[name=bans][value={ban['value']}][checked]")


class TestDeclare:
    def test_leads_to_publishing(self, place, browse):
        form = browse("head", "/emergency-desk/declare")
        assert [o["value"] for o in form.select("#organization option")] == ["yaohai-shuiwuju"]
        assert form.select_one("input[name=regions][value='340102'][checked]")
        page = browse("head", "/emergency-desk/declare", DECLARED)
        assert "已启动" in words(page)
        assert page.select_one("[name=bulletin_text]")
        [event] = call("head", "govdata_emergency_list", state="running")["results"]
        assert (event["level"], event["subtype"], event["drill"]) == ("II", "flood_drought", False)

    def test_wrong_values_stand_beside_their_fields_with_the_article(self, place, browse):
        page = browse(
            "head", "/emergency-desk/declare",
            {**DECLARED, "regions": "", "more_regions": "340822", "basis": "", "rhythm": "7"},
        )  # fmt: skip
        assert "340822" in wrong(page, "regions")
        assert "第三十五条" in wrong(page, "regions")
        assert wrong(page, "basis")
        assert "7" in wrong(page, "rhythm")
        assert page.select_one("#title")["value"] == DECLARED["title"]
        assert page.select_one("#basis")["aria-invalid"] == "true"
        assert not call("head", "govdata_emergency_list")["results"]

    def test_the_government_declares_for_its_departments_and_the_authority_for_itself(
        self, place, browse
    ):
        def offered(who: str) -> set[str]:
            form = browse(who, "/emergency-desk/declare")
            return {option["value"] for option in form.select("#organization option")}

        assert offered("mayor") == {"yaohai", "yaohai-shuiwuju", "yaohai-shujuju"}
        assert offered("authority") == {"yaohai-shujuju"}
        page = browse("authority", "/emergency-desk/declare", DECLARED)
        assert "第三十五条" in wrong(page, "organization")
        assert "已启动" in words(browse("mayor", "/emergency-desk/declare", DECLARED))

    def test_suggests_on_what_it_may_rest(self, place, browse):
        form = browse("head", "/emergency-desk/declare")
        suggested = {option["value"] for option in form.select("datalist#gd-bases option")}
        assert "《安徽省政务数据资源管理办法》第三十五条" in suggested
        page = browse("head", "/emergency-desk/declare", {**DECLARED, "basis": "演练"})
        assert "演练" in wrong(page, "basis")

    def test_nobody_else(self, place, browse, app):
        for who in ("officer", "citizen", "root"):
            browse(who, "/emergency-desk/declare", status=403)
            browse(who, "/emergency-desk/declare", DECLARED, status=403)
        answer = app.get("/emergency-desk/declare", follow_redirects=False)
        assert answer.status_code == 302
        assert "/user/login" in answer.headers["Location"]

    def test_a_drill(self, place, browse, app):
        browse("head", "/emergency-desk/declare", {**DECLARED, "drill": "true", "title": "演练一"})
        assert "演练一" in words(browse("officer", "/emergency-desk"))
        assert "演练一" not in words(browse("citizen", "/emergency-desk"))
        assert "演练一" not in app.get("/emergency").body


class TestPublish:
    def path(self, flood) -> str:
        return f"/emergency-desk/{flood.event}/publish"

    def test_a_pasted_table_and_a_bulletin_in_one_step(self, flood, browse, app):
        page = browse("officer", self.path(flood), COUNTED)
        assert "已发布" in words(page)
        assert "一号通报" in words(page)
        shown = flood.show()
        assert shown["datasets"][0]["rhythm"] == 15
        assert shown["datasets"][0]["figures"] == ["转移（万人）"]
        assert "一号通报" in app.get(f"/emergency/{flood.event}").body

    def test_a_file(self, flood, browse):
        given = {**PUBLISHED, "table": "", "upload": (io.BytesIO(TABLE.encode()), "水位.csv")}
        browse("officer", self.path(flood), given)
        assert flood.show()["datasets"][0]["latest"]["rows"] == 2

    def test_what_a_workbook_has_beside_it_is_told_and_stands_in_the_ledger(self, flood, browse):
        def form(**more):
            return {**PUBLISHED, "table": "", "leave_hidden": "true",
                    "upload": (io.BytesIO(with_hidden_parts()), "水位.xlsx"), **more}

        page = browse("officer", self.path(flood), form(check="1"))
        assert "值班表" in words(page)
        assert page.select_one("#table").text.strip() == ""  # the file is asked for again
        page = browse("officer", self.path(flood), form())
        assert "值班表" in words(page)
        entry = ledger_of("emergency_publish")
        assert entry["datasets"][0]["left_out"] == {"sheets": ["值班表"], "rows": ["3"]}
        for who in ("", "citizen", "officer"):  # nobody reads it who was not told
            assert "值班表" not in str(call(who, "govdata_emergency_show", id=flood.event))

    def test_a_check_of_several_files_tells_of_each(self, flood, browse):
        tables = (TABLE, "站点,护照号\n巢湖,x\n")
        files = [(io.BytesIO(one.encode()), f"{n}.csv") for n, one in enumerate(tables)]
        asked = {**PUBLISHED, "table": "", "upload": files, "check": "1", "time_column": "",
                 "place_column": "", "figures": ""}  # fmt: skip
        assert "护照号" in browse("officer", self.path(flood), asked).text

    def test_several_files_make_several_datasets(self, flood, browse):
        files = [(io.BytesIO(TABLE.encode()), name) for name in ("水位甲.csv", "水位乙.csv")]
        browse("officer", self.path(flood), {**PUBLISHED, "table": "", "upload": files})
        assert [one["title"] for one in flood.show()["datasets"]] == ["水位甲", "水位乙"]

    def test_an_interface(self, flood, browse):
        given = {"target": "create", "title": "水位接口", "url": "https://example.org/levels"}
        browse("officer", self.path(flood), given)
        assert flood.show()["datasets"][0]["kind"] == "interface"

    def test_an_entry_is_picked_from_the_bodys_own(self, flood, browse):
        entry = flood.entry(open_attribute="unconditional")
        form = browse("officer", self.path(flood))
        assert entry["name"] in {o["value"] for o in form.select("#gd-entries option")}
        given = {"target": "package", "package": entry["name"], "table": TABLE}
        page = browse("officer", self.path(flood), given)
        assert flood.show()["datasets"], words(page)
        assert flood.show()["datasets"][0]["package_id"] == entry["id"]

    def test_only_a_bulletin(self, flood, browse):
        browse("officer", self.path(flood), {"bulletin_text": "请勿靠近河道。", "target": ""})
        assert flood.show()["bulletins"][0]["text"] == "请勿靠近河道。"

    def test_nothing_at_all_is_refused(self, flood, browse):
        page = browse("officer", self.path(flood), {"target": ""})
        assert "请提供文件" in wrong(page, "table")
        page = browse("officer", self.path(flood), {"target": "", "check": "1"})
        assert page.select_one("[role=alert]")

    def test_check_first_writes_nothing_and_names_the_columns(self, flood, browse):
        page = browse("officer", self.path(flood), {**PUBLISHED, "check": "1"})
        assert "未发现" in words(page.select_one("[role=status]"))
        assert [o["value"] for o in page.select("#gd-columns option")] == ["站点", "时间", "水位"]
        assert page.select_one("#table").text.strip() == TABLE.strip()
        assert flood.show()["datasets"] == []

    def test_a_checked_file_need_not_be_sent_twice(self, flood, browse):
        upload = (io.BytesIO(TABLE.encode("gb18030")), "水位.csv")
        page = browse(
            "officer", self.path(flood), {**PUBLISHED, "table": "", "upload": upload, "check": "1"}
        )
        assert page.select_one("#table").text.strip() == TABLE.strip()

    def test_another_kind_of_file_must_be_chosen_again_and_that_is_said(self, flood, browse):
        upload = (io.BytesIO(b"%PDF-1.4"), "图.pdf")
        page = browse(
            "officer", self.path(flood), {**PUBLISHED, "table": "", "upload": upload, "check": "1"}
        )
        assert "图.pdf" in words(page)

    def test_personal_data_stops_and_a_head_may_answer_for_it(self, flood, browse):
        table = "站点,联系电话\n巢湖,13800138000\n"
        asked = {**PUBLISHED, "table": table, "time_column": "", "place_column": "", "figures": ""}
        page = browse("officer", self.path(flood), asked)
        assert "电话" in words(page.select_one("[role=alert]"))
        assert "例外准许" in words(page.select_one(".gd-em-override"))
        assert not page.select("input[name=bans]")
        page = browse("head", self.path(flood), asked)
        [ban] = page.select("input[name=bans]")
        answered = {**asked, "bans": ban["value"], "reason": "值班电话，已公开，非个人号码。"}
        browse("head", self.path(flood), {**answered, "reason": "短"})
        assert flood.show()["datasets"] == []
        page = browse("head", self.path(flood), answered)
        assert "值班电话" in words(page)
        assert flood.show()["datasets"][0]["latest"]["overridden"]

    def test_what_nobody_may_open_has_no_override(self, flood, browse):
        asked = {**PUBLISHED, "table": "姓名代号,身份证号\nA,11010519491231002X\n"}
        for name in ("time_column", "place_column", "figures"):
            asked[name] = ""
        page = browse("head", self.path(flood), asked)
        assert "身份" in words(page.select_one("[role=alert]"))
        assert not page.select("input[name=bans]")

    def test_an_update_knows_what_was_there(self, flood, browse):
        browse("officer", self.path(flood), COUNTED)
        name = flood.show()["datasets"][0]["name"]
        form = browse("officer", f"{self.path(flood)}?dataset={name}")
        assert form.select_one(f"input[value='dataset:{name}'][checked]")
        assert form.select_one("#time_column")["value"] == "时间"
        assert form.select_one("#figures")["value"] == "转移（万人）"
        assert form.select_one(f"input[name='expected:{name}']")["value"] == "1"

    def test_a_fallen_total_asks_for_a_note(self, flood, browse):
        browse("officer", self.path(flood), COUNTED)
        name = flood.show()["datasets"][0]["name"]
        table = COUNTED["table"].replace("9.80", "9.10")
        less = {"target": f"dataset:{name}", "table": table, "rhythm": "15"}
        page = browse("officer", self.path(flood), less)
        assert "转移" in wrong(page, "note")
        browse("officer", self.path(flood), {**less, "note": "校正"})
        assert flood.show()["datasets"][0]["latest"]["note"] == "校正"

    def test_two_officers_at_once(self, flood, browse):
        browse("officer", self.path(flood), PUBLISHED)
        name = flood.show()["datasets"][0]["name"]
        update = {"target": f"dataset:{name}", "table": TABLE, f"expected:{name}": "1"}
        browse("officer", self.path(flood), update)
        page = browse("officer2", self.path(flood), {**update, "note": "第二人"})
        assert "版" in words(page.select_one("[role=alert]"))
        assert page.select_one(f"main a[href$='/emergency/{flood.event}'][target]")
        assert flood.show()["datasets"][0]["latest"]["number"] == 2
        seen = page.select_one(f"input[name='expected:{name}']")["value"]
        page = browse("officer2", self.path(flood), {**update, f"expected:{name}": seen})
        assert "已发布" in words(page)
        assert flood.show()["datasets"][0]["latest"]["number"] == 3

    def test_nobody_else(self, flood, browse):
        for who in ("citizen", "stranger", "root"):
            browse(who, self.path(flood), status=403)
            browse(who, self.path(flood), PUBLISHED, status=403)
        browse("officer", "/emergency-desk/nothing/publish", status=404)


class TestChangeAndEnd:
    def test_another_level(self, flood, browse):
        path = f"/emergency-desk/{flood.event}/change"
        form = browse("head", path)
        values = {tag["name"]: tag.get("value", "") for tag in form.select("main input[name]")}
        asked = {
            "title": values["title"], "kind": values["kind"], "level": "I", "rhythm": "60",
            "more_regions": values["more_regions"], "basis": values["basis"], "text": "升级。",
        }  # fmt: skip
        page = browse("head", path, asked)
        assert "Ⅰ级" in words(page.select_one(".gd-em-hero"))
        assert "级别 II → I" in words(page)

    def test_an_officer_changes_words_but_not_the_level(self, flood, browse):
        path = f"/emergency-desk/{flood.event}/change"
        assert not browse("officer", path).select("input[type=radio][name=level]")
        asked = {**DECLARED, "text": "补充。", "level": "I"}
        page = browse("officer", path, asked)
        assert "负责人" in words(page.select_one("[role=alert]"))
        browse("officer", path, {**asked, "level": "II"})
        assert flood.show()["acts"][-1]["text"] == "补充。"

    def test_the_end(self, flood, browse):
        path = f"/emergency-desk/{flood.event}/end"
        browse("officer", path, status=403)
        early = {"text": "解除。", "ended": "2020-01-01T00:00"}
        assert wrong(browse("head", path, early), "ended")
        page = browse("head", path, {"text": "解除。", "ended": ""})
        assert "存档" in words(page)
        for page in ("publish", "change", "end"):
            browse("head", f"/emergency-desk/{flood.event}/{page}", status=409)


class TestOverview:
    def test_late_updates_come_first(self, flood, clock, browse):
        clock.at("2026-07-01T08:00:00+08:00")
        flood.event = flood.declare(name="desk")["name"]
        flood.levels(rhythm=60)
        flood.publish(create={"title": "转移人数"}, name="moved", table=TABLE, rhythm=15)
        clock.forward(20)
        page = browse("officer", "/emergency-desk")
        rows = [words(row) for row in page.select("tbody tr")]
        assert "转移人数" in rows[0]
        assert "逾期5分钟" in rows[0]
        assert "还有39分钟" in rows[1]
        assert "1项数据更新逾期" in words(page)

    def test_a_citizen_finds_nothing_to_do_there(self, flood, browse):
        page = browse("citizen", "/emergency-desk")
        assert not page.select("main .gd-em-acts a, main .gd-em-bar a")

    def test_is_never_kept_by_a_cache(self, flood, app):
        token = call_action("api_token_create", context={"user": "head"}, user="head", name="c")
        answer = app.get("/emergency-desk", headers={"Authorization": token["token"]})
        assert "no-store" in answer.headers["Cache-Control"]


def test_a_body_without_a_place_offers_no_regions(place):
    assert desk_choices.places([]) == []
    assert desk_values.first_values([])["regions"] == []
