"""Rows become entries: one row each, or one row for each information item."""

from __future__ import annotations

from pathlib import Path

import opencc

from ckanext.govdata import config_reader, vocabularies
from ckanext.govdata.domain import headings, mapping, records

CONFIG = Path(__file__).parents[2] / "config" / "imports"
FOLD = opencc.OpenCC("t2s").convert
HEADINGS = config_reader.checked(
    CONFIG / "headings.yaml", lambda top: headings.rules_from(top, FOLD)
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
    return [reader.read(record) for record in records.records(numbered, head, HEADINGS)], reader


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
