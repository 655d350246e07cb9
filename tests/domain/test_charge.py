"""Data is opened free of charge (Regulations on Open Government Information 42)."""

import pytest
from case_world import HEAD
from test_case import REASON, Story

from ckanext.govdata.domain import charge


@pytest.mark.parametrize("words", [
    "须支付数据费五万元，并事先将论文送本局审查", "使用前应当缴纳服务费", "按每条 0.5 元收取",
    "先交费后下载", "缴费后开通接口", "须交保证金", "有償使用", "每年￥3000", "收取工本費",
    "A fee of 300 yuan is due", "Payment in advance", "未支付费用的不得使用", "按年付款",
    "数据处理费另计",
])  # fmt: skip
def test_what_asks_for_money_is_recognised(words):
    assert charge.asked_for(words)


@pytest.mark.parametrize("words", [
    "成果须注明数据来源", "免费提供，不收取任何费用", "不得有偿转让给第三方", "不得收费提供给他人",
    "仅限科学研究，禁止用于收费服务", "须注明元数据版本", "以单元为统计口径", "无偿使用",
    "Free of charge; name the source", "The source is to be named",
    "经费来源须公开", "消费数据须脱敏后展示",
])  # fmt: skip
def test_what_only_speaks_of_money_is_let_through(words):
    assert charge.asked_for(words) == ""


@pytest.mark.parametrize(("basis", "founded"), [
    (["《某某收费管理条例》第三条（行政法规）"], True),
    (["《某某价格法》第十二条（法律）"], True),
    (["《某某收费办法》第三条（规章）"], False),
    (["《某某管理条例》第三条（行政法规）"], False),
    (["国务院令第711号 第十五条"], False),
])  # fmt: skip
def test_only_a_law_or_administrative_regulation_on_fees_founds_one(basis, founded):
    assert charge.is_founded(basis) is founded


@pytest.mark.parametrize("command", ["approve_conditionally", "approve_partly"])
def test_a_decision_that_asks_for_money_is_refused_with_the_article(command):
    story = Story()
    story.prepare()
    part = {
        "grant_resources": ["r1"], "grant_columns": {"r1": ["name"]},
        "valid_from": "2025-10-25", "valid_until": "2026-09-24",
    } if command == "approve_partly" else {}  # fmt: skip
    fields = {**part, **REASON, "conditions": "须支付数据费五万元"}
    assert story.refused(command, HEAD, **fields) == {("fee_without_basis", "conditions")}
    founded = [*REASON["basis"], "《某某收费管理条例》第三条（行政法规）"]
    story.do(command, HEAD, **{**fields, "basis": founded})


@pytest.mark.parametrize("missing", ["conditions", "reason", "basis"])
def test_a_condition_needs_what_a_refusal_needs(missing):
    story = Story()
    story.prepare()
    fields = {**REASON, "conditions": "成果须注明数据来源", missing: ""}
    assert story.refused("approve_conditionally", HEAD, **fields) == {("missing", missing)}


def test_a_plain_approval_has_no_conditions():
    story = Story()
    story.prepare()
    assert story.refused("approve", HEAD, conditions="成果须注明数据来源") == {
        ("unknown_field", "conditions")
    }
