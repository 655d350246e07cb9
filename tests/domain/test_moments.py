"""The newest row is the newest by time, sums are left out, and nothing is guessed (K20)."""

from __future__ import annotations

from datetime import datetime

import pytest

from ckanext.govdata.domain.division import Division, Divisions
from ckanext.govdata.domain.moments import BEIJING, Unclear, newest, read
from ckanext.govdata.domain.sheet import FigureUnclear, Sheet, is_total, number, totals


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-07-01 10:00", (2026, 7, 1, 10, 0)), ("2026/7/1 8:05", (2026, 7, 1, 8, 5)),
        ("2026年7月1日8时30分", (2026, 7, 1, 8, 30)),
        ("２０２６年７月１日８时", (2026, 7, 1, 8, 0)),
        ("115年7月1日8时", (2026, 7, 1, 8, 0)), ("民国115年7月1日", (2026, 7, 1, 0, 0)),
        ("115/07/01 08:00", (2026, 7, 1, 8, 0)), ("20260701", (2026, 7, 1, 0, 0)),
        ("202607011030", (2026, 7, 1, 10, 30)), ("2026-07-01T02:00:00Z", (2026, 7, 1, 10, 0)),
        ("2026-07-01T10:00:00+08:00", (2026, 7, 1, 10, 0)), ("2026.7.1", (2026, 7, 1, 0, 0)),
        ("截至2026年7月1日10时", (2026, 7, 1, 10, 0)), ("2026年7月1日下午3时", (2026, 7, 1, 15, 0)),
        ("2026年7月1日（星期三）24时", (2026, 7, 2, 0, 0)),
        ("2026年7月1日8点半", (2026, 7, 1, 8, 30)),
        ("2026-07-01 10:00:00.4", (2026, 7, 1, 10, 0)), ("2026年7月", (2026, 7, 1, 0, 0)),
        ("2026年7月2日零时", (2026, 7, 2, 0, 0)),
        ("2026-07-01 10:00:00+08:00", (2026, 7, 1, 10, 0)),
        ("2026/7/1 3:00 PM", (2026, 7, 1, 15, 0)), ("2026年7月1日中午12时", (2026, 7, 1, 12, 0)),
    ],
)  # fmt: skip
def test_times_are_read(written, expected):
    assert read(written).first == datetime(*expected, tzinfo=BEIJING)


@pytest.mark.parametrize(
    "text",
    ["", "昨日", "26-07-01", "7.10", "2026-13-01", "2026-02-30", "7月1日8时-10时", "1/7/2026",
     "2026-07-01 25:00", "合计", "第一批", "2026-07-01 10:61", "7月1日8:00-10:00",
     "2026年7月1日8:00-10:00", "2026-07-01 08:00-10:00", "七月上旬", "第27周", "三季度"],
)  # fmt: skip
def test_what_is_no_time_is_not_guessed(text):
    assert read(text) is None


@pytest.mark.parametrize(
    ("cells", "row"),
    [
        (["7月1日8时", "7月1日10时"], 1), (["9月30日", "10月1日"], 1),
        (["2026/7/1 8:00", "2026/7/1 10:00"], 1), (["2026-10-01", "2026-9-30"], 0),
        (["112年12月31日", "113年1月1日"], 1), (["113年1月1日", "2023-12-31"], 0),
        (["7月1日（8时）", "7月1日（20时）"], 1), (["7月1日【8:00】", "7月1日【20:00】"], 1),
        (["7月1日（20:00）", "7月1日（8:00）"], 0), (["7月1日(上午8时)", "7月1日(下午3时)"], 1),
        (["7月1日（初报）", "7月2日（续报）"], 1), (["2026-07-01（10时）", "2026-07-01（9时）"], 0),
        (["20时", "14时", "8时"], 0), (["12", "11", "10"], 0), (["2025", "2024"], 0),
        (["8时", "10时"], 1), (["上午11时", "下午2时"], 1), (["2月", "9月"], 1),
        (["2026-07-01 23:00:00", "2026-07-02", "2026-07-02 01:00:00"], 2),
        (["第3期"[1:2], "12"], 1), (["2024", "2025"], 1), (["7/1 9:00", "7/1 10:00"], 1),
        (["2026-07-01T23:30:00Z", "2026-07-02 07:00"], 0),
    ],
)  # fmt: skip
def test_the_newest_is_newest_by_time(cells, row):
    assert newest(cells) == [row]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["12月31日", "1月1日"], "time_turn"), (["2月", "11月"], "time_turn"),
        (["23时", "0时"], "time_turn"),
        (["18:00", "22:00", "06:00"], "time_turn"), (["20时", "8时"], "time_turn"),
        (["23:30", "5:30"], "time_turn"), (["0630", "1231", "0101"], "time_turn"),
        (["30", "31", "1"], "time_turn"), (["22", "23", "0", "1"], "time_turn"),
        (["0800", "2000", "0200"], "time_turn"), (["１２", "１"], "time_turn"),
        (["晚上8时", "上午9时"], "time_turn"),
        (["7月1日（上午）", "7月1日（下午）"], "time_unread"),
        (["7月1日（第3次）", "7月1日（第4次）"], "time_unread"),
        (["7月1日8时", "昨日"], "time_unread"), (["2026-07-01", ""], "time_unread"),
        (["2026年7月1日", "7月2日"], "time_mixed"), (["7月1日", "7月1日10时"], "time_mixed"),
        (["8时", "7月1日10时"], "time_mixed"), (["26-07-01", "26-07-02"], "time_unread"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_asked(cells, code):
    with pytest.raises(Unclear) as error:
        newest(cells)
    assert error.value.code == code
    assert error.value.rows


HEAD = ("时间", "地点", "受灾人数")
CASE = [
    ("7月1日8时", "甲镇", "120"),
    ("7月1日10时", "甲镇", "100"),
    ("7月1日10时", "乙镇", "30"),
    ("7月1日10时", "合计", "130"),
]


def summed(*rows, time="时间", figures=("受灾人数",)):
    return totals(Sheet(HEAD, tuple(rows)), time, figures)


def test_the_case_from_the_field():
    assert summed(*CASE) == {"受灾人数": 130}


@pytest.mark.parametrize(
    "label", ["合计", "总计", "小 计", "共计", "合　计", "合计：", "全区合计", "全市", "累计",
              "（合计）", "其中：儿童", "Total", "總計", "东片小计", "总数", "本日累计", "年累计",
              "合计（人）", "合计(不含高新区)", "【合计】", "*合计", "合计数", "总计：3县", "∑",
              "Grand Total", "Sub-total", "TOTALS", "全部", "全县情况", "全旗", "平均", "最高",
              "总共", "均值", "1—7月合计", "怀宁县小计", "總人數", "滁州市（合计）", "合计/Total",
              "共计2个县", "全市共", "合计2县", "共", "汇总表", "总量", "全市总", "#琅琊区",
              "较昨日增加", "环比", "上期", "占比", "全县（小计）", "Total/合计", "总计3个镇",
              "全市共计",
              "共5个乡镇", "比上期减少", "同比增长", "去年同期", "增幅", "＃其中重点", "全省总计",
              "含学生", "内：老人", "內：兒童", "#儿童", "含失联人员", "内含老人", "含外籍人員",
              "較昨日增加", "全市【合计】", "总额", "较7月1日增加"],
)  # fmt: skip
def test_sums_are_not_added_to_their_parts(label):
    assert is_total(("7月1日10时", label, "130"))
    assert summed(*CASE[:3], ("7月1日10时", label, "130")) == {"受灾人数": 130}
    assert summed(*CASE[:3], (label, "", "130")) == {"受灾人数": 130}


@pytest.mark.parametrize(
    "label", ["总口镇", "小计划村", "合计村", "全椒县", "全南县", "共青城市", "累计降雨站",
              "总医院", "总工会", "汇总表编制组", "全福镇", "合肥市", "共和镇", "共青团路",
              "上期村", "甲镇（含总部）", "1#机组", "比干镇", "共12路社区"[:1] + "建村", "昨日村",
              "含山县", "含光路", "内江市", "内蒙古"],
)  # fmt: skip
def test_places_that_sound_like_a_sum_are_none(label):
    assert not is_total(("7月1日10时", label, "130"))
    assert summed(*CASE[:3], ("7月1日10时", label, "5")) == {"受灾人数": 135}


def test_a_remark_does_not_make_a_sum_of_a_row():
    rows = [("1", "甲镇", "20", "数据来自各村汇总"), ("2", "乙镇", "30", "全县")]
    rows.append(("合计", "", "50", ""))
    sheet = Sheet(("序号", "地点", "人数", "备注"), tuple(rows))
    assert totals(sheet, "", ("人数",)) == {"人数": 50}
    part = [("1", "怀宁县", "小计", "50"), ("2", "怀宁县", "高河镇", "30")]
    part.append(("3", "怀宁县", "月山镇", "20"))
    assert totals(Sheet(("序号", "县", "镇", "人数"), tuple(part)), "", ("人数",)) == {"人数": 50}


def test_a_day_in_one_column_and_the_hour_in_another_are_asked_about():
    head = ("日期", "时间", "地点", "人数")
    rows = (("7月1日", "8时", "甲镇", "120"), ("7月1日", "10时", "甲镇", "130"))
    with pytest.raises(Unclear) as error:
        totals(Sheet(head, rows), "日期", ("人数",))
    assert (error.value.code, error.value.rows) == ("time_split", (2,))
    each = (("7月1日", "8时", "甲镇", "120"), ("7月1日", "10时", "乙镇", "130"))
    assert totals(Sheet(head, each), "日期", ("人数",)) == {"人数": 250}
    whole = (("7月1日8时", "甲镇", "x", "120"), ("7月1日10时", "甲镇", "x", "130"))
    assert totals(Sheet(head, whole), "日期", ("人数",)) == {"人数": 130}


def test_a_newest_time_with_only_its_sum_has_that_sum():
    assert summed(*CASE[:1], ("7月1日10时", "合计", "150")) == {"受灾人数": 150}
    with pytest.raises(Unclear):
        summed(*CASE[:1], ("7月1日10时", "小计", "150"), ("7月1日10时", "合计", "150"))


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1.2万", 12000), ("１，３００", 1300), ("1,300", 1300), ("1 300", 1300), ("1.2万人", 12000),
     ("0.5亿元", 5e7), ("300人", 300), ("-3", -3), ("3千", 3000), ("1.2万亿", 1.2e12),
     ("1,300.50元", 1300.5), ("３．５", 3.5), ("23.5℃", 23.5), ("12.5%", 12.5), ("300人次", 300),
     ("5m²", 5), ("15毫米/小时", 15), ("−3", -3), ("3百", 300)],
)  # fmt: skip
def test_numbers_as_people_write_them(cell, value):
    assert summed(("", "甲镇", cell), time="") == {"受灾人数": value}


@pytest.mark.parametrize(
    "cell",
    [
        "约300",
        "300余",
        "三百",
        "近1万",
        "300多",
        "0551",
        "1.300,5",
        "12-15",
        "300/400",
        "#N/A",
        "(300)",
        "300左右",
        "3OO",
        "1300①",
        "300²",
        "1½",
        "300上下",
        "300不到",
        "300来人",
        "300人以上",
        "300待核",
        "300（估）",
        "0.35↓",
        "1300（失联3）",
        "1万2千",
        "3~5",
        "3至5",
        ">300",
        "300+",
        "未知",
        "若干",
        "12:30",
        "1.2.3",
        "12,34",
        "一百二十",
        "30人5户",
    ],
)
def test_what_is_no_number_is_asked_about_and_not_dropped(cell):
    with pytest.raises(FigureUnclear) as error:
        summed(("", "甲镇", "30"), ("", "乙镇", cell), time="")
    assert error.value.cells == ((2, cell),)


@pytest.mark.parametrize("cell", ["", "-", "—", "暂无", "/", "N/A"])
def test_no_figure_is_no_figure(cell):
    assert summed(("", "甲镇", "30"), ("", "乙镇", cell), time="") == {"受灾人数": 30}


def test_a_number_with_a_unit_is_no_plain_number():
    assert number("300人") is None
    assert number("1.2万") == 12000


HOURS = [("20:00（初报）", "甲县", "90"), ("20:00（续报）", "甲县", "130")]


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        (HEAD, HOURS), (HEAD, [*HOURS, ("20:00", "乙县", "5")]),
        ((*HEAD, "备注"), [("7月1日8时", "甲县", "90", "初报"), ("7月1日8时", "甲县", "130",
        "更正")]),
        ((*HEAD, "类别"), [("7月1日8时", "甲县", "90", "初报"), ("7月1日8时", "甲县", "130",
        "续报")]),
        (HEAD, [("7月1日8时", "甲县", "10"), ("7月1日8时", "甲县（更正）", "12")]),
        (HEAD, [("7月1日8时", "甲县", "10"), ("7月1日8时", "甲 县", "12")]),
        (HEAD, [("7月1日8时", "甲县（初报）", "10"), ("7月1日8时", "甲县【续报】", "12")]),
        (("时间", "受灾人数"), [("7月1日8时", "90"), ("7月1日8时", "130")]),
        (("时间", "站码", "受灾人数"), [("7月1日8时", "6001", "9"), ("7月1日8时", "6001", "13")]),
    ],
)  # fmt: skip
def test_a_name_that_stands_twice_in_the_newest_rows_is_asked_about(head, rows):
    with pytest.raises(Unclear) as error:
        totals(Sheet(head, tuple(rows)), "时间", ("受灾人数",))
    assert error.value.code == "name_twice"


def test_what_tells_rows_of_one_place_apart_is_read():
    rows = (("7月1日8时", "甲县", "90", "儿童"), ("7月1日8时", "甲县", "130", "成人"))
    assert totals(Sheet((*HEAD, "人群"), rows), "时间", ("受灾人数",)) == {"受灾人数": 220}


def test_hours_begin_again_with_each_place():
    rows = [("8时", "甲镇", "1"), ("20时", "甲镇", "2"), ("8时", "乙镇", "3"), ("20时", "乙镇",
    "4")]
    assert summed(*rows) == {"受灾人数": 6}
    with pytest.raises(Unclear):
        summed(("22时", "甲镇", "1"), ("6时", "乙镇", "2"))


@pytest.mark.parametrize(
    "rows",
    [
        (("", "滁州市", "300"), ("", "琅琊区", "100"), ("", "南谯区", "200")),
        (("", "琅琊区", "100"), ("", "南谯区", "200"), ("", "滁州市", "300")),
        (("", "城区", "10.3"), ("", "甲镇", "10.1"), ("", "乙镇", "0.2")),
        (("", "甲镇", "600"), ("", "乙镇", "100"), ("", "丙镇", "200"), ("", "丁镇", "300")),
    ],
)  # fmt: skip
def test_a_row_as_much_as_the_others_is_asked_about(rows):
    with pytest.raises(Unclear) as error:
        summed(*rows, time="")
    assert error.value.code == "row_sums"
    whole = sum(number(row[2]) for row in rows)
    assert summed(*rows, ("", "合计", f"{whole:.10g}"), time="") == {"受灾人数": round(whole, 6)}


@pytest.mark.parametrize(
    "rows",
    [
        [("甲镇", "30"), ("东村", "10"), ("西村", "20"), ("乙镇", "5"), ("南村", "5")],
        [("乙镇", "7"), ("甲镇", "30"), ("东村", "10"), ("西村", "20")],
        [("甲县", "3.3"), ("东镇", "1.1"), ("西镇", "2.2"), ("乙县", "9"), ("南镇", "1")],
    ],
)
def test_a_row_as_much_as_the_run_below_it_is_asked_about(rows):
    with pytest.raises(Unclear) as error:
        summed(*(("", *row) for row in rows), time="")
    assert error.value.code == "row_sums"


def test_small_figures_that_happen_to_add_up_pass():
    assert summed(("", "甲镇", "1"), ("", "乙镇", "2"), ("", "丙镇", "3"), time="") == {
        "受灾人数": 6}


@pytest.mark.parametrize("cell", ["未报", "缺测", "未統計", "待报", "缺", " 未上报 "])
def test_a_figure_that_is_owed_is_asked_about(cell):
    with pytest.raises(FigureUnclear) as error:
        summed(("", "琅琊区", "100"), ("", "南谯区", cell), time="")
    assert error.value.cells == ((2, cell),)


PLACES = Divisions({
    code: Division(code, name, "", "") for code, name in (
        ("3411", "滁州市"), ("341102", "琅琊区"), ("341103", "南谯区"), ("340181", "巢湖市"),
        ("3401", "合肥市"), ("340103", "庐阳区"))
})  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "sums"),
    [
        ((("滁州市", "300"), ("琅琊区", "100"), ("南谯区", "150")), True),
        ((("琅琊区", "100"), ("滁州市", "300")), True), ((("琅琊区", "1"), ("南谯区", "2")), False),
        ((("巢湖市", "5"), ("庐阳区", "8")), False), ((("合肥市", "5"), ("滁州市", "8")), False),
        ((("合肥市", "9"), ("琅琊区", "1"), ("巢湖市", "8")), True),
    ],
)  # fmt: skip
def test_a_place_that_contains_another_one_is_asked_about(rows, sums):
    sheet = Sheet(("地点", "人数"), rows)
    if not sums:
        assert totals(sheet, "", ("人数",), PLACES)
        return
    with pytest.raises(Unclear) as error:
        totals(sheet, "", ("人数",), PLACES)
    assert error.value.code == "row_sums"
