"""Real headings of catalogue sheets are recognised, whatever their form."""

from __future__ import annotations

import json
from pathlib import Path

import opencc
import pytest

from ckanext.govdata import config_reader
from ckanext.govdata.domain import headings

FOLD = opencc.OpenCC("t2s").convert
CONFIG = Path(__file__).parents[2] / "config" / "imports" / "headings.yaml"
RULES = config_reader.checked(CONFIG, lambda top: headings.rules_from(top, FOLD))
SHEETS = json.loads((Path(__file__).parent / "data" / "headings.json").read_text("utf-8"))


def mapped(*names: str, body: list[list[str]] | None = None, seen=None) -> dict[str, str]:
    fields, _ = headings.recognise(names, RULES, body or [], seen)
    return {names[index]: field for field, index in fields.items()}


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet["where"][:40] for sheet in SHEETS])
def test_real_headings_of_24_sheets(sheet):
    found, _ = headings.recognise([text for text, _ in sheet["headings"]], RULES)
    by_index = {index: field for field, index in found.items()}
    assert [[t, by_index.get(i)] for i, (t, _) in enumerate(sheet["headings"])] == sheet["headings"]


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("信息资源名称\n（必填）", "title"),
        ("【国】信息资源摘要", "notes"),
        ('"更新周期（必填项）', "frequency"),
        ("＊数据提供方：", "publisher"),
        ("資料集提供機關", "publisher"),
        ("資料集描述", "notes"),
        ("　标　题　", "title"),
        ("Title", "title"),
        ("更新频率（选填,单位为天）", "frequency"),
        ("某某市局提供单位", "publisher"),
        ("联系电话", None),
        ("信息系统名称", None),
        ("数据存储总量（G）", None),
    ],
)
def test_one_heading(written, field):
    fields = mapped(written) if field == "title" else mapped("标题", written)
    assert fields.get(written) == field


def test_an_ambiguous_heading_is_decided_by_the_other_columns():
    assert mapped("标题", "开放条件")["开放条件"] == "open_type"
    both = mapped("标题", "开放条件", "开放属性")
    assert both["开放条件"] == "open_conditions"
    assert both["开放属性"] == "open_type"
    assert mapped("标题", "数据主题")["数据主题"] == "category"
    assert mapped("标题", "数据主题", "数据领域")["数据主题"] == "theme"


def test_an_ambiguous_heading_is_decided_by_its_values():
    def seen(_vocabulary: str, value: str) -> bool:
        return value == "无条件开放"

    kinds = [["甲", "无条件开放"], ["乙", "无条件开放"], ["丙", "？"]]
    texts = [["甲", "须签订协议"], ["乙", "实名注册后申请"]]
    assert mapped("标题", "开放条件", body=kinds, seen=seen)["开放条件"] == "open_type"
    assert mapped("标题", "开放条件", body=texts, seen=seen)["开放条件"] == "open_conditions"


def test_two_merged_rows_under_a_caption():
    rows = [
        ["某市政务信息资源目录", "", "", "", "", ""],
        ["信息资源名称", "信息资源提供方", "信息项信息", "", "开放属性", ""],
        ["", "", "信息项名称", "数据类型", "是否向社会开放", "开放条件"],
        ["学校名录", "市教育局", "校名", "C", "是", ""],
    ]
    head = headings.find_head(rows, RULES)
    assert head is not None
    assert (head.row, head.depth) == (1, 2)
    assert {c.heading: c.field for c in head.columns} == {
        "信息资源名称": "title",
        "信息资源提供方": "publisher",
        "信息项信息/信息项名称": "item_name",
        "信息项信息/数据类型": "item_type",
        "开放属性/是否向社会开放": "open_type",
        "开放属性/开放条件": "open_conditions",
    }


def test_the_head_may_stand_below_advice_and_above_data():
    rows = [["填表说明：请逐项填写，不得漏项。"], [""], ["标题", "提供单位"], ["水价", "市发改委"]]
    head = headings.find_head(rows, RULES)
    assert head is not None
    assert (head.row, head.depth) == (2, 1)


@pytest.mark.parametrize(
    "rows",
    [[], [[""]], [["甲", "乙"], ["1"]], [["标题"]], [["提供单位", "更新周期"]], [["标" * 500]]],
)
def test_no_head(rows):
    assert headings.find_head(rows, RULES) is None


def test_item_columns_need_an_item_name():
    assert "item_key" not in mapped("标题", "是否主键", "提供单位").values()


def test_a_second_column_of_the_same_meaning_stays_unknown():
    assert list(mapped("标题", "提供单位", "来源部门").values()).count("publisher") == 1


def test_every_own_label_is_recognised_as_its_field():
    labels = {rule.label: rule.name for rule in RULES.fields if rule.label != rule.name}
    fields, _ = headings.recognise(list(labels), RULES)
    names = list(labels)
    assert {names[index]: field for field, index in fields.items()} == labels
