"""Rows become entries: one row each, or one row for each information item."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import opencc
import pytest

from ckanext.govdata import config_reader, vocabularies
from ckanext.govdata.domain import (
    column_choice,
    heading_rules,
    headings,
    mapping,
    records,
    row_groups,
)

CONFIG = Path(__file__).parents[2] / "config" / "imports"
FOLD = opencc.OpenCC("t2s").convert
HEADINGS = config_reader.checked(
    CONFIG / "headings.yaml", lambda top: heading_rules.rules_from(top, FOLD)
)
VALUES = config_reader.checked(
    CONFIG / "values.yaml", lambda top: mapping.rules_from(top, vocabularies.every(), FOLD)
)


def read(*rows: list[str]) -> tuple[list[records.Reading], records.RecordReader]:
    head = headings.find_head(rows, HEADINGS, VALUES.knows)
    assert head is not None
    first = head.row + head.depth
    numbered = ((first + i + 1, row) for i, row in enumerate(rows[first:]))
    reader = records.RecordReader(head, HEADINGS, VALUES)
    return [reader.read(record) for record in row_groups.records(numbered, head, HEADINGS)], reader


def test_a_row_becomes_an_entry():
    (reading,), reader = read(
        [
            "标题",
            "提供单位",
            "所属领域",
            "开放属性",
            "更新频率",
            "数据格式",
            "发布日期",
            "标签",
            "浏览量",
        ],
        [
            "水价信息",
            "市发改委",
            "城建住房",
            "无条件开放",
            "每年",
            "xls,csv",
            "2022年1月2日",
            "水价、民生",
            "17",
        ],
    )
    assert reading.entry == {
        "title": "水价信息",
        "domain": "housing",
        "open_attribute": "unconditional",
        "update_period": "yearly",
        "data_formats": ["xls", "csv"],
        "issued": "2022-01-02",
        "tags": ["水价", "民生"],
        "imported_columns": {"浏览量": "17"},
    }
    assert not reading.unread
    became = {(m["column"], m["value"], m["became"]) for m in reader.mappings.rows()}
    assert ("更新频率", "每年", "yearly") in became


def test_one_row_for_each_information_item():
    readings, _ = read(
        ["信息资源名称", "信息资源提供方", "信息项信息", "", "", "更新周期"],
        ["", "", "信息项名称", "数据类型", "是否主键", ""],
        ["学校名录", "市教育局", "校名", "字符型", "是", "每年"],
        ["", "", "学生数", "整型", "否", ""],
        ["医院名录", "市卫健委", "院名", "C", "", "每月"],
        ["医院名录", "市卫健委", "床位", "N", "", ""],
    )
    school, hospital = readings
    assert school.entry["information_items"] == [
        {"name": "校名", "type": "C", "key": True},
        {"name": "学生数", "type": "I", "key": False},
    ]
    assert school.entry["update_period"] == "yearly"
    assert [i["name"] for i in hospital.entry["information_items"]] == ["院名", "床位"]
    assert (school.record.row, school.record.item_rows) == (3, (3, 4))
    assert hospital.record.row == 5


def test_a_cell_that_lists_the_items():
    (reading,), _ = read(["資料名稱", "主要欄位"], ["旅館", "編號、名稱；地址"])
    assert [item["name"] for item in reading.entry["information_items"]] == ["編號", "名稱", "地址"]


def test_bad_cells_name_their_row_and_field():
    readings, _ = read(
        ["标题", "开放属性", "发布日期"],
        ["甲", "大概", "2022-02-30"],
        ["乙", "无条件开放", "2022-02-28"],
        ["丙", "无条件开放", "明天"],
    )
    assert [(u.row, u.field, u.code) for r in readings for u in r.unread] == [
        (2, "issued", "date_impossible"),
        (2, "open_type", "unknown_value"),
        (4, "issued", "date_unreadable"),
    ]


def test_what_lost_something_is_kept_as_it_was_written():
    (reading,), _ = read(
        ["标题", "更新频率", "所属领域", "开放主题", "数据条数"],
        ["甲", "牲畜饲养", "公共安全,医疗卫生", "平安", "12"],
    )
    assert reading.entry["update_period"] == "other"
    assert reading.entry["imported_columns"] == {
        "更新频率": "牲畜饲养",
        "所属领域": "公共安全,医疗卫生",
        "开放主题": "平安",
        "数据条数": "12",
    }


def test_a_missing_title_is_taken_from_a_short_summary_and_told():
    readings, reader = read(
        ["标题", "摘要"], ["", "公证处信息"], ["", "很长" * 60], ["", "两行\n摘要"], ["有", "摘要"]
    )
    assert [r.entry["title"] for r in readings] == ["公证处信息", "", "", "有"]
    assert [r.called_by_summary for r in readings] == [True, False, False, False]
    assert reader.mappings.rows()[0]["became"] == "公证处信息"


def test_only_columns_of_the_sheet_are_in_the_entry():
    (reading,), _ = read(["标题", "摘要"], ["甲", ""])
    # nor the other columns: those that the entry has from another sheet stay
    assert set(reading.entry) == {"title", "notes"}


def test_empty_rows_are_passed_over():
    readings, _ = read(["标题", "摘要"], ["甲", "一"], ["", ""], [], ["乙", "二"])
    assert [r.record.row for r in readings] == [2, 5]


def test_nothing_below_open_attribute_does_not_open():
    """无 is no condition below 开放条件; below 开放属性 nobody knows what it says."""
    (reading,), _ = read(["标题", "提供单位", "开放属性"], ["甲", "局", "无"])
    assert [u.code for u in reading.unread] == ["unknown_value"]
    assert not reading.entry["open_attribute"]
    (reading,), _ = read(["标题", "提供单位", "开放条件"], ["甲", "局", "无"])
    assert reading.entry["open_attribute"] == "unconditional"


def test_two_columns_with_one_heading_are_both_kept():
    (reading,), _ = read(["标题", "摘要", "备注", "备注"], ["甲", "一", "二", "三"])
    assert reading.entry["imported_columns"] == {"备注": "二", "备注#2": "三"}


@pytest.mark.parametrize(
    "headings_alike",
    [["备注", "备注#2", "备注"], ["备注", "备注", "备注#2"], ["备注#2", "备注", "备注"],
     ["备注", "备注", "备注", "备注#2", "备注#2", "备注#3"], ["备注"] * 12, ["备注#2"] * 3],
)  # fmt: skip
def test_no_column_of_one_heading_takes_the_place_of_another(headings_alike):
    cells = [f"第{n}列" for n in range(len(headings_alike))]
    rows = [["标题", "摘要", *headings_alike], ["甲", "一", *cells]]
    (reading,), _ = read(*rows)
    assert list(reading.entry["imported_columns"].values()) == cells
    head = headings.find_head(rows, HEADINGS, VALUES.knows)
    assert head is not None
    assert list(column_choice.keyed(head.columns, FOLD).values()) == list(head.columns)


def test_a_known_column_does_not_take_the_place_of_an_unknown_one_of_its_heading():
    """数据量 is kept beside the entry, wherever it stands."""
    rows = [["标题", "摘要", "数据量", "数据量"], ["甲", "一", "120", "5MB"]]
    head = headings.find_head(rows, HEADINGS, VALUES.knows)
    assert head is not None
    for field in ([None, "rows"], ["rows", None]):
        columns = [replace(c, field=field[c.index - 2]) if c.index > 1 else c for c in head.columns]
        other = replace(head, columns=tuple(columns))
        (record,) = row_groups.records([(2, rows[1])], other, HEADINGS)
        reading = records.RecordReader(other, HEADINGS, VALUES).read(record)
        assert sorted(reading.entry["imported_columns"].values()) == ["120", "5MB"]


def test_what_items_say_of_themselves_stays_with_them():
    head = ["信息资源名称", "提供方", "更新周期", "信息项名称", "数据类型", "值域", "备注", "密级"]
    (reading,), _ = read(
        head, ["甲", "局", "每年", "校名", "C..50", "", "整体备注", "内部"],
        ["", "", "", "人数", "N..6", "0~9", "", "内部"],
    )  # fmt: skip
    assert reading.entry["information_items"] == [
        {"name": "校名", "type": "C", "length": "50"}, {"name": "人数", "type": "N", "length": "6"}]
    assert reading.entry["imported_columns"] == {
        "值域": "人数：0~9", "备注": "整体备注", "密级": "内部"}
    assert "notes" not in reading.entry


def test_a_name_that_explains_itself_is_name_and_description():
    long = (
        "由主管部门核发的证照编号，由十八位数字与字母组成，"
        "前六位为登记机关所在的行政区划代码，后十二位为序列号"
    )
    (reading,), reader = read(["标题", "主要栏位"], ["甲", f"证照编号（{long}）、名称"])
    assert reading.entry["information_items"] == [
        {"name": "证照编号", "description": long}, {"name": "名称"}]
    assert reader.mappings.rows()


def test_prose_is_no_list_of_names_and_is_told():
    prose = (
        "本数据集包含全区各学校的名称地址电话以及历年学生人数等信息"
        "每年更新一次由教育局负责维护并向社会公布欢迎使用"
    )
    (reading,), reader = read(["标题", "主要栏位"], ["甲", prose])
    assert reading.entry["information_items"] == []
    assert reading.entry["imported_columns"] == {"主要栏位": prose}
    assert [m["known"] for m in reader.mappings.rows()] == [False]


def test_days_are_told_by_their_ways_of_writing():
    """Not a line for each of thousands of days."""
    rows = [[f"数据{n}", f"2023年5月{n}日", f"2023-05-{n:02}"] for n in range(1, 29)]
    readings, reader = read(["标题", "发布日期", "更新日期"], *rows)
    assert len({r.entry["issued"] for r in readings}) == 28
    assert [(m["value"], m["became"], m["count"]) for m in reader.mappings.rows()] == [
        ("2023年5月10日", "2023-05-10", 19), ("2023年5月1日", "2023-05-01", 9)]


@pytest.mark.parametrize(
    "cell",
    ["无", "略", "见附件", "共12项", "無", "-", "（略）", "详见附件2", "共 5 项字段", "待定",
     "N/A", "同上"],
)
def test_a_cell_that_names_no_items_makes_none(cell):
    (reading,), reader = read(["标题", "提供单位", "信息项"], ["水价信息", "市发改委", cell])
    assert reading.entry["information_items"] == []
    assert reading.entry["imported_columns"] == {"信息项": cell}
    assert any(not one["known"] for one in reader.mappings.rows())


@pytest.mark.parametrize("cell", ["无", "無", "“无”", "（无）", " 无 "])
def test_none_below_an_open_attribute_is_refused(cell):
    (reading,), _ = read(["標題", "提供單位", "開放屬性"], ["水價資訊", "市發改委", cell])
    assert [(one.field, one.code) for one in reading.unread] == [("open_type", "unknown_value")]


def test_a_row_of_more_cells_than_headings_is_refused():
    rows = [["标题", "提供单位", "摘要"], ["甲", "局", "摘要"], ["乙", "局", "前", "后"]]
    head = headings.find_head(rows, HEADINGS, VALUES.knows)
    assert head is not None
    found = row_groups.records(enumerate(rows[1:], 2), head, HEADINGS, width=3)
    assert [[(one.row, one.code, one.detail) for one in each.unread] for each in found] == [
        [], [(3, "row_too_long", "1")]]


@pytest.mark.parametrize(
    ("codes", "mixed"),
    [("012", True), ("03", True), ("123", False), ("01", False), ("１０２", True), ("1", False)],
)
def test_codes_of_two_lists_in_one_column_are_refused(codes, mixed):
    assert mapping.is_of_two_lists(codes) is mixed
    rows = [["标题", "提供单位", "开放属性"], *(["甲" + code, "局", code] for code in codes)]
    head = headings.find_head(rows, HEADINGS, VALUES.knows)
    assert head is not None
    reader = records.RecordReader(head, HEADINGS, VALUES, codes_of_two_lists=mixed)
    found = [reader.read(one) for one in row_groups.records(enumerate(rows[1:], 2), head, HEADINGS)]
    assert {one.code for each in found for one in each.unread} == (
        {"codes_of_two_lists"} if mixed else set())


NOTHING = ["无", "無", "nan", "暂无", "暫無", "不适用", "-", "——", "/", "…", "N/A", "NULL",
           "（无）", "“-”", "无。", " 空 ", "\u200b-"]  # fmt: skip


@pytest.mark.parametrize("cell", NOTHING)
def test_what_says_nothing_says_it_in_every_column(cell):
    head = ["标题", "资源编码", "摘要", "开放属性", "开放条件说明", "发布日期", "关键字",
            "数据格式", "主题库", "关联资源代码", "申请材料", "来源网址", "共享类型",
            "浏览量"]  # fmt: skip
    (reading,), reader = read(head, ["甲", cell, cell, "无条件开放", *[cell] * 10])
    assert not reading.unread
    assert reading.entry == {
        "title": "甲", "notes": "", "open_attribute": "unconditional", "open_conditions": "",
        "issued": "", "tags": [], "data_formats": [], "theme_database": "", "related_entries": [],
        "application_materials": [], "url": "", "share_type": "",
        "imported_columns": {"浏览量": reading.record.others["浏览量"]},
    }  # fmt: skip
    assert reading.record.values.keys() == {"title", "open_type"}, "no number, no page of nothing"
    assert {one["column"] for one in reader.mappings.rows()} >= {"开放条件说明", "关键字", "主题库"}


@pytest.mark.parametrize("cell", NOTHING)
def test_what_says_nothing_names_no_item_and_says_nothing_of_one(cell):
    head = ["标题", "提供方", "更新周期", "信息项名称", "数据类型", "字段长度", "字段说明",
            "是否主键"]  # fmt: skip
    (one,), _ = read(head, ["甲", "局", "每年", "校名", *[cell] * 4])
    (item,) = one.entry["information_items"]
    assert {key: value for key, value in item.items() if value} == {"name": "校名"}
    (one,), _ = read(head, ["甲", "局", "每年", *[cell] * 5])
    assert one.entry["information_items"] == []
    (one,), _ = read(["标题", "提供方", "信息项"], ["甲", "局", cell])
    assert one.entry["information_items"] == []


@pytest.mark.parametrize("opened", ["是", "开放", "√", "Yes"])
@pytest.mark.parametrize(
    "conditions", ["待定", "未填", "暂无", "空", "-", "——", "/", "NULL", "nan", "（待定）", "暫無"])
def test_conditions_that_are_left_open_open_nothing(opened, conditions):
    """Nobody chose that it is open without any."""
    (reading,), _ = read(["标题", "摘要", "是否开放", "开放条件"], ["甲", "乙", opened, conditions])
    assert [one.code for one in reading.unread] == ["conditions_unsaid"]
    assert not reading.entry["open_attribute"]


@pytest.mark.parametrize(
    ("opened", "conditions", "attribute"),
    [("是", "", "unconditional"), ("是", "无", "unconditional"), ("是", "不适用", "unconditional"),
     ("是", "（無）", "unconditional"), ("是", "实名认证", "conditional"),
     ("否", "待定", "non_open"),
     ("无条件开放", "待定", "unconditional"), ("有条件开放", "-", "conditional")],
)  # fmt: skip
def test_conditions_that_are_said_are_read(opened, conditions, attribute):
    (reading,), _ = read(["标题", "摘要", "是否开放", "开放条件"], ["甲", "乙", opened, conditions])
    assert not reading.unread
    assert reading.entry["open_attribute"] == attribute


@pytest.mark.parametrize("name", ["Na", "NA", "na"])
def test_sodium_is_an_item(name):
    head = ["标题", "提供方", "更新周期", "信息项名称", "数据类型"]
    (one,), _ = read(head, ["水质", "局", "每年", name, "na"])
    assert one.entry["information_items"] == [{"name": name, "type": ""}]
