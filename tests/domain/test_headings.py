"""Real headings of catalogue sheets are recognised, whatever their form."""

from __future__ import annotations

import json
from pathlib import Path

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.govdata import config_reader
from ckanext.govdata.domain import heading_rules, headings

FOLD = opencc.OpenCC("t2s").convert
CONFIG = Path(__file__).parents[2] / "config" / "imports" / "headings.yaml"
RULES = config_reader.checked(CONFIG, lambda top: heading_rules.rules_from(top, FOLD))
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


@pytest.mark.parametrize(
    ("heading", "field"),
    [*((one, "notes") for one in ("资源介绍", "简要说明", "内容概述", "数据概况", "主要内容",
                                  "资源概要", "数据集介绍", "资源描述信息", "數據概況")),
     *((one, "open_type") for one in ("是否可开放", "可否开放", "能否公开", "公开方式", "开放情况",
                                      "开放性质", "开放范围", "是否可公開")),
     ("是否共享", "share_type")],
)  # fmt: skip
def test_further_words_of_officers_are_known(heading, field):
    assert mapped("标题", heading) == {"标题": "title", heading: field}


@pytest.mark.parametrize("turned", [True, False])
def test_a_summarys_note_is_the_summary_beside_a_mere_note(turned):
    names = ["标题", "说明", "摘要说明"] if turned else ["标题", "摘要说明", "说明"]
    assert mapped(*names) == {"标题": "title", "摘要说明": "notes"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("数据集说明", "备注"), ("说明", "备注"), ("摘要说明", "备注"), ("內容描述", "備註"),
        ("资源内容说明", "备注"), ("数据简介（内容）", "备注"), ("desc", "备注"),
        ("数据内容", "备注"),
        ("资源描述", "备注信息"), ("目录说明", "备注"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("turned", [True, False])
def test_a_description_wins_over_a_remark(first, second, turned):
    """K09, whichever stands first."""
    names = ["标题", second, first] if turned else ["标题", first, second]
    assert mapped(*names) == {"标题": "title", first: "notes"}


@pytest.mark.parametrize(
    "heading",
    ["提供单位名称", "提供機關名稱", "数据提供机构名称", "数据责任部门", "发布机构", "单位", "部门",
     "主管机关名称", "數源部門名稱", "来源部门", "資料提供單位", "责任单位名称", "委办局",
     "开放主体",
     "发布单位（全称）", "Organization", "orgName", "业务主管部门", "数据来源单位", "提供者"],
)  # fmt: skip
@pytest.mark.parametrize(
    "title", ["数据集名称", "資料集名稱", "数据标题", "公共数据名称", "cataName"]
)
def test_the_ways_to_head_a_provider_and_a_title(heading, title):
    """K10"""
    assert mapped(heading, title) == {heading: "publisher", title: "title"}


def test_an_address_column_in_which_nothing_stands_yields():
    names = ["標題", "資料集說明網址", "資料連結網址"]
    body = [["甲", "無", "https://a.example/1"], ["乙", "", "https://a.example/2"]] * 10
    nothing = {"無": True}

    def seen(vocabulary: str, value: str) -> bool:
        return nothing.get(value, False) if vocabulary == headings.NOTHING else True

    assert mapped(*names, body=body, seen=seen)["資料連結網址"] == "url"
    assert mapped(*names)["資料集說明網址"] == "url"


def test_the_upper_of_two_heads_is_the_sheets_own():
    """What stands between them are entries; the lower one may be recognised better."""
    upper = ["序号", "信息资源名称", "提供单位", "更新周期", "开放属性"]
    rows = [upper, ["1", "甲", "局", "每年", "无条件开放"], ["", *upper[1:]], ["2", "乙", "局"]]
    head = headings.find_head(rows, RULES)
    assert head is not None
    assert head.row == 0


def test_three_hundred_columns():
    names = ["信息资源名称", "提供单位", *[f"列{n}" for n in range(298)]]
    head = headings.find_head([names, *[["甲"] * 300 for _ in range(40)]], RULES)
    assert head is not None
    assert (len(head.columns), len(head.unknown)) == (300, 298)


NOTED = [
    "{}（必填）", "{}［必填］", "{}*必填", "{}必填", "必填{}", "【必填】{}", "*{}", "{}*", "{}1",
    "{}①", "{}²", "{}注1", "{}（注1）", "{}\n（填全称（与三定一致））", "{}（必填", "1.{}", "2、{}",
    "(3){}", "{}<必填项>", "{}﹙选填﹚", "{}★", "△{}", "{}※", "{}：必填", "{}（非必填）", "{}[1]",
    "①{}", "{} 条件必填", "{}/必填", "{}（单位：个）（必填）", "{}〔国〕", "{}｛必填｝", "{} *",
    "{}（可不填）1", "\u200b{}\ufeff", "{}(required)",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([one for one in NOTED if "\u200b" not in one]), max_size=3,
                unique_by=lambda note: any(map(str.isnumeric, note)) or note),
       st.sampled_from([("资源名称", "title"), ("更新频率", "frequency"), ("摘要", "notes")]))
def test_notes_beside_notes_do_not_change_a_heading(notes, known):
    written, field = known
    for one in notes:
        written = one.format(written)
    assert mapped("标题" if field != "title" else "摘要", written).get(written) == field


@pytest.mark.parametrize("noted", NOTED)
@pytest.mark.parametrize(
    ("heading", "field"),
    [("信息资源名称", "title"), ("資源名稱", "title"), ("更新周期", "frequency"), ("摘要", "notes"),
     ("提供单位", "publisher"), ("开放属性", "open_type"), ("发布日期", "issued"),
     ("关键字", "keywords"), ("信息资源代码", "catalogue_code"), ("来源网址", "url")],
)  # fmt: skip
def test_what_stands_at_a_heading_does_not_change_it(noted, heading, field):
    written = noted.format(heading)
    rows = [["标题" if field != "title" else "摘要", written], ["甲", "乙"]]
    head = headings.find_head(rows, RULES)
    assert head is not None, written
    assert head.columns[1].field == field


DAY_FORMS = [
    "YYYY-MM-DD", "yyyy/MM/dd", "YYYYMMDD", "YYYY年MM月DD日", "YYYY-MM", "yyyy-MM-dd HH:mm:ss",
    "YYYY-MM-DD hh24:mi:ss", "YYYY.MM.DD",
]  # fmt: skip
BESIDE = ["{}{}", "{} {}", "{}：{}", "{}格式{}", "{}\n{}（必填）", "*{}{}必填"]


@pytest.mark.parametrize("form", DAY_FORMS)
@pytest.mark.parametrize("noted", BESIDE)
@pytest.mark.parametrize(("heading", "field"), [("发布日期", "issued"), ("更新時間", "modified")])
def test_the_form_of_its_days_does_not_change_a_heading(noted, form, heading, field):
    written = noted.format(heading, form)
    assert mapped("资源名称", "摘要", written).get(written) == field


def test_what_is_only_the_form_of_a_day_is_no_heading():
    assert mapped("资源名称", "摘要", "YYYY-MM-DD") == {"资源名称": "title", "摘要": "notes"}


@pytest.mark.parametrize("heading", ["2023年数据", "112年度名称", "一级分类", "可选字段", "12月数"])
def test_a_number_that_says_something_stays(heading):
    assert heading not in mapped("资源名称", "摘要", heading, "提供单位") or (
        mapped("资源名称", "摘要", heading)[heading] == "category")


@pytest.mark.parametrize("heading", ["是否开放", "是否公开", "是否向社会开放"])
@pytest.mark.parametrize("values", [("审核中", "部分", "是"), ("有", "T", "待研究")])
def test_whether_it_is_open_stays_ours_whatever_stands_below_it(heading, values):
    """Unknown words are refused by row then; without items it can say nothing of one."""
    body = [["公厕名录", "位置", value] for value in values]
    known = mapped("资源名称", "摘要", heading, body=body, seen=lambda _words, cell: cell == "是")
    assert known[heading] == "open_type"
