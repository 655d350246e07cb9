"""Rows of a sheet that are no entries are passed over and named; entries never are (K14)."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import opencc
import pytest

from ckanext.govdata import config_reader, vocabularies
from ckanext.govdata.domain import body_rows, heading_rules, headings, mapping, row_groups
from ckanext.govdata.domain.text import visible

CONFIG = Path(__file__).parents[2] / "config" / "imports"
FOLD = opencc.OpenCC("t2s").convert
HEADINGS = config_reader.checked(
    CONFIG / "headings.yaml", lambda top: heading_rules.rules_from(top, FOLD)
)
VALUES = config_reader.checked(
    CONFIG / "values.yaml", lambda top: mapping.rules_from(top, vocabularies.every(), FOLD)
)
HEAD = ["序号", "信息资源名称", "信息资源摘要", "所属领域", "开放属性", "共享类型", "更新周期"]
ENTRY = ["1", "学校名录", "全区学校", "教育文化", "无条件开放", "无条件共享", "每年"]


def read(*rows: list[str]) -> tuple[list[row_groups.Record], list[body_rows.NoEntry]]:
    head = headings.find_head(rows, HEADINGS, VALUES.knows)
    assert head is not None
    first = head.row + head.depth
    passed: list[body_rows.NoEntry] = []
    numbered = ((first + i + 1, row) for i, row in enumerate(rows[first:]))
    return list(row_groups.records(numbered, head, HEADINGS, passed.append)), passed


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("total", ["合计", "2项"]), ("total", ["", "合计：12项"]), ("total", ["总 计", "", "12"]),
        ("total", ["小计（项）", "5"]), ("total", ["", "以上共2项"]), ("total", ["共计12条"]),
        ("total", ["Total", "12"]), ("total", ["合計", "２項"]), ("total", ["本页小计", "", "8"]),
        ("total", ["", "汇总", "", "", "", "", "3"]), ("total", ["总数：", "30"]),
        ("note", ["注：本表由各科室汇总。"]), ("note", ["备注：1.须逐项填写"]),
        ("note", ["注1：略"]),
        ("note", ["填表说明："]), ("note", ["", "说明：本表一式两份"]),
        ("note", ["※ 请勿改动表头"]),
        ("note", ["（以下空白）"]), ("note", ["第1页 共3页"]), ("note", ["*为必填"]),
        ("note", ["數據來源：各單位"]), ("note", ["附注:见附件"]), ("note", ["以下无正文"]),
        ("signature", ["填表人：张某某", "", "联系电话：0551-60000000"]),
        ("signature", ["", "联系电话：0551-60000000"]), ("signature", ["审核人（签字）："]),
        ("signature", ["填报日期：2023年5月1日"]), ("signature", ["单位（盖章）"]),
        ("signature", ["填報單位（公章）：某局", "", "", "填報日期："]),
        ("signature", ["填表人：甲", "审核人：乙", "负责人：丙"]), ("signature", ["制表人：王"]),
        ("signature", ["联系人及电话:", "王 0551-1"]) , ("signature", ["报送时间：2023-05-01"]),
        ("signature", ["分管领导签字：", "", "", "日期："]), ("signature", ["邮箱：a@example.com"]),
        ("caption", ["一、学前教育"]), ("caption", ["（二）义务教育"]),
        ("signature", ["瑶海区教体局（盖章）"]),
        ("signature", ["", "2023年5月1日"]), ("note", ["——以下空白——"]), ("note", ["（续表）"]),
        ("note", ["以上数据截至2023年5月"]),
        ("note", ["", "数据截至2022年", "全市"]), ("note", ["截至2023年12月31日"]),
        ("note", ["截止时间：2023年底"]), ("total", ["合\u200b计\ufeff", "12"]),
        ("total", ["合计（共12项）"]), ("example", ["示例", *ENTRY[1:]]),
        ("example", ["例：", "甲", "乙"]),
        ("signature", ["填报单位", "教体局"]), ("signature", ["", "负责人签名", "王五"]),
        ("note", ["备注", "以上数据由各科室提供"]), ("signature", ["日期", "2023年5月1日"]),
        ("signature", ["滁州市数据资源管理局", "2023年5月1日"]),
        ("signature", ["", "某某局", "2023-05-01"]),
        ("signature", ["填報人", "王某"]), ("signature", ["单位盖章", "某局"]),
        ("signature", ["联系电话", "0551-62620000"]), ("signature", ["审核人（签字）", "李四"]),
        ("example", ["1", "示例：人口信息", *ENTRY[2:]]), ("example", ["1", "例", *ENTRY[2:]]),
        ("example", ["", "(样例)企业名录", *ENTRY[2:]]), ("example", ["1",
        "【示例】甲", *ENTRY[2:]]),
        ("example", ["【例】", "甲", *ENTRY[2:]]), ("example", ["1", "範例：甲", *ENTRY[2:]]),
        ("head_line", ["1", "2", "3", "4", "5", "6", "7"]),
        ("head_line", ["", "必填", "选填", "必填"]),
        ("head_line", ["(1)", "(2)", "(3)"]),
        ("caption", ["第一部分 基础库"]),
        ("repeated_head", HEAD), ("repeated_head", ["", *HEAD[1:]]),
        ("repeated_head", ["序 号", "信息资源名称 ", *HEAD[2:]]),
    ],
)  # fmt: skip
def test_what_is_no_entry(kind, row):
    found, passed = read(HEAD, ENTRY, row, ["2", "医院名录", *ENTRY[2:]])
    assert [one.values["title"] for one in found] == ["学校名录", "医院名录"]
    assert [(one.row, one.kind) for one in passed] == [(3, kind)]


def test_nothing_of_a_person_is_told_of_a_passed_row():
    _, passed = read(HEAD, ENTRY, ["填表人：张某某 13900000001", "", "联系电话：0551-60000000"])
    assert passed[0].text == "填表人"


@pytest.mark.parametrize(
    "title",
    ["合计表", "统计汇总信息", "备注信息表", "联系电话号码簿", "注册商标信息", "填表人信息",
     "第一幼儿园信息",      "一、二类疫苗接种点", "总数据目录", "说明书备案信息",
     "例行检查结果", "示例学校名录", "例会安排", "样例数据库", "负责人名录", "备注",
     "日期：节假日安排", "合计：全市用电量"],
)  # fmt: skip
def test_an_entry_is_one_whatever_it_is_called(title):
    found, passed = read(HEAD, ["1", title, *ENTRY[2:]])
    assert [one.values["title"] for one in found] == [title]
    assert not passed


def test_an_item_may_be_called_total_or_note():
    head = ["信息资源名称", "信息资源提供方", "更新周期", "信息项名称", "数据类型"]
    found, passed = read(head, ["学校", "市教育局", "每年", "校名", "C"], ["", "", "", "合计", "N"],
                         ["", "", "", "备注：", "C"], ["合计", "", "", "3", ""])  # fmt: skip
    assert [item["item_name"] for item in found[0].items] == ["校名", "合计", "备注："]
    assert [(one.row, one.kind) for one in passed] == [(5, "total")]


def test_a_head_of_two_rows_may_stand_there_again():
    upper = ["信息资源名称", "信息资源提供方", "信息项信息", "", "更新周期"]
    lower = ["", "", "信息项名称", "数据类型", ""]
    found, passed = read(upper, lower, ["甲", "局", "校名", "C", "每年"], upper, lower,
                         ["乙", "局", "院名", "C", "每年"])  # fmt: skip
    assert [one.values["title"] for one in found] == ["甲", "乙"]
    assert [one.kind for one in passed] == ["repeated_head"] * 2


@pytest.mark.parametrize(
    "other",
    [
        ["序号", "目录名称", "提供单位", "开放属性", "数据格式", "更新周期", ""],
        ["资源名称", "提供部门", "摘要", "关键字", "发布日期"],
        ["編號", "資料集名稱", "資料集描述", "提供機關", "更新頻率"],
    ],
)
def test_below_another_head_nothing_is_read(other):
    below = [["2", "甲", "市教育局", "无条件开放", "xls"], ["3", "乙", "局", "", ""]]
    rows = [HEAD, ENTRY, other, *below]
    found, _ = read(*rows)
    assert [one.values["title"] for one in found if not one.unread] == ["学校名录"]
    refused = [(one.unread[0].row, one.unread[0].code, one.unread[0].detail) for one in found[1:]]
    assert refused == [(3, "other_columns", "3"), (4, "other_columns", "3"),
                       (5, "other_columns", "3")]  # fmt: skip
    again, _ = read(*rows, HEAD, ["4", "丙", *ENTRY[2:]])
    assert [one.values["title"] for one in again if not one.unread] == ["学校名录", "丙"]


DATED = ["资源名称", "摘要", "提供方", "发布日期", "更新周期", "采集时间"]


@pytest.mark.parametrize(
    "row",
    [
        ["学校名录", "", "", "2023-05-01", "", ""], ["医院名录", "", "", "2023年5月1日"],
        ["某某局", "", "", "2023/5/1"], ["联系电话", "", "", "2023年5月"],
        ["说明", "", "", "2023-05-01"], ["日期", "", "", "20230501"],
        ["学校名录", "", "", "", "", "2023-05-01"], ["附（一）名录", "", "", "2023.5.1"],
        ["来源（水源）地名录", "", "", "2023-05-01"], ["截至2023年底企业名录"],
        ["截止2023年5月的在建项目", "全市"],
        ["统计截至2022年的企业名录", "全市"], ["汇总（2023年）统计表", "全市"],
        ["累计（2020—2023年）用电量", "全市"], ["合计：全市用电量", "全市"],
        ["电子证照（印章）目录", "全市"], ["总计2023年用电量", "全市"], ["2023年12月", "工业统计"],
        ["附（一）幼儿园名录", "全市"],
    ],
)  # fmt: skip
def test_an_entry_with_little_in_it_is_no_note(row):
    """What stands below the headings of title and day is a title and a day."""
    found, passed = read(DATED, ["学校", "全区", "市教育局", "2023-01-01", "每年", ""], row)
    assert not passed
    assert found[1].values["title"] == row[0]
    assert not found[1].unread


@pytest.mark.parametrize(
    "row",
    [
        ["说明", "由各科室汇总"], ["备注", "", "市教育局"], ["联系电话", "各部门对外电话"],
        ["日期", "节假日安排"], ["负责人", "王五"], ["学校名录", "2023年5月1日"],
    ],
)
def test_what_may_be_a_note_or_an_entry_is_asked_about(row):
    found, passed = read(DATED, ["学校", "全区", "市教育局", "2023-01-01", "每年", ""], row)
    assert not passed
    assert [(one.code, one.value) for one in found[1].unread] == [("note_or_entry", row[0])]


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\xad", "\u200e", "\u2060", "\u061c"])
def test_what_nobody_sees_changes_no_row(unseen):
    """Titles, headings, values and totals are the same with characters that nobody sees."""
    def within(row: list[str]) -> list[str]:
        return [unseen.join(cell) + unseen if cell else unseen for cell in row]

    rows = [HEAD, ENTRY, ["合计", "2项"], ["备注：略"], HEAD, ["2", "医院名录", *ENTRY[2:]]]
    assert read(*map(within, rows)) == read(*rows)


def test_a_wide_row_is_folded_once():
    calls = []

    def counted(text: str) -> str:
        calls.append(text)
        return FOLD(text)

    head = headings.find_head([HEAD, ENTRY], HEADINGS, VALUES.knows)
    rows = body_rows.BodyRows(head, replace(HEADINGS, fold=counted))
    calls.clear()
    assert rows.kind(["企业名称", *(f"资源名称第{n}种" for n in range(300))]) == ""
    assert len(calls) == 1


def test_every_format_character_is_one_that_nobody_sees():
    every = "".join(map(chr, range(0x110000)))
    unseen = {sign for sign in every if unicodedata.category(sign) == "Cf"}
    dropped = set(every) - set(visible(every))
    assert unseen <= dropped
    assert {unicodedata.category(sign) for sign in dropped} <= {"Cf", "Cn", "Mn"}, "none is seen"


@pytest.mark.parametrize("line", [
    ["1", "2", "3", "4", "5"], ["(1)", "(2)", "(3)"], ["必填", "选填"], ["必填"] * 5,
])  # fmt: skip
def test_a_line_of_column_numbers_heads_no_table_of_ours(line):
    """Below another table's head it is that table's."""
    other = ["序号", "目录名称", "提供单位", "开放属性", "数据格式", "更新周期", ""]
    below = [["2", "甲", "市教育局", "无条件开放", "xls"], ["3", "乙", "局", "", ""]]
    found, passed = read(HEAD, ENTRY, other, line, *below)
    assert [one.unread[0].code for one in found[1:]] == ["other_columns"] * 3
    assert [one.kind for one in passed] == ["head_line"]


@pytest.mark.parametrize("topic", ["电话", "传真", "邮箱", "日期", "联系方式", "联系人"])
@pytest.mark.parametrize("title", ["全市公用电话一览", "机构通讯录", "节假日安排"])
def test_what_stands_below_the_titles_heading_is_asked_about(topic, title):
    head = ["主题", "信息资源名称", "信息资源摘要", "所属领域", "开放属性", "共享类型"]
    found, passed = read(head, ["教育", *ENTRY[1:6]], [topic, title, "", "", "", ""])
    assert not passed
    assert [one.code for one in found[1].unread] == ["note_or_entry"]


@pytest.mark.parametrize(("head", "row", "kind"), [
    (["资源名称", "摘要", "关键字", "发布日期", "资源格式"],
     ["填表人：张三", "审核人：李四", "2023年5月1日"], "signature"),
    (["资源名称", "摘要", "更新周期"], ["制表：甲", "审核：乙", "复核：丙"], "signature"),
    (["资源名称", "摘要", "关键字", "领域"], ["制表：甲", "审核：乙", "复核：丙"], "signature"),
    (["资源名称", "摘要", "更新周期"], ["填报人", "张三"], "signature"),
    (["资源名称", "摘要", "更新周期"], ["咨询电话：", "0551-62620000"], "signature"),
    (["序号", "资源名称", "摘要", "更新周期"], ["3", "合计"], "total"),
    (["序号", "资源名称", "摘要", "数据量"], ["3", "合 计", "", "1,204"], "total"),
])  # fmt: skip
def test_who_signs_and_totals_are_no_entries_however_narrow_the_sheet(head, row, kind):
    entry = ["1", *ENTRY[1:]] if head[0] == "序号" else ENTRY[1:]
    found, passed = read(head, entry[: len(head)], row)
    assert [one.kind for one in passed] == [kind]
    assert len(found) == 1


@pytest.mark.parametrize("row", [
    ["*停车场名录", "停车位"], ["※公厕名录", "公厕位置"], ["审核：办理流程", "流程的步骤", "每年"],
    ["合计数据统计表", "统计", "每年"],
])  # fmt: skip
def test_a_title_with_a_mark_or_a_word_of_signatures_is_an_entrys(row):
    found, passed = read(["资源名称", "摘要", "更新周期"], ENTRY[1:4], row)
    assert passed == []
    assert len(found) == 2
