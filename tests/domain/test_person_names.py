"""Columns of people's names are known by the names, whatever stands above them (Anhui 36)."""

from __future__ import annotations

import pytest

from ckanext.govdata.domain import person_names, prohibition
from ckanext.govdata.domain.sheet import Sheet
from ckanext.govdata.emergency.publication import bans

NAMES = ["张建国", "王芳", "欧阳震华", "李某某", "诸葛亮"]


@pytest.mark.parametrize(
    "heading",
    ["已寻获", "投靠亲友者", "租客", "第一列", "撤离", "受灾村民", "社区居民", "人物"])
def test_names_are_known_below_any_heading(heading):
    assert person_names.are_names(heading, NAMES)
    assert person_names.are_names(heading, [*NAMES, "", "不详"])


@pytest.mark.parametrize(("heading", "cells"), [
    ("站点", ["方集", "张湾", "王店"]), ("乡镇名", ["方集", "张湾"]), ("乡镇", ["方集", "张湾"]),
    ("物资", ["白菜", "黄瓜"]),
    ("预警", ["黄色", "红色", "蓝色"]), ("响应", ["高风险", "严重"]),
    ("断面", ["张家桥", "李集闸"]),
    ("结果", ["已安置", "已转移"]), ("受灾人数", ["12", "5"]), ("撤离", ["张建国"]), ("撤离", []),
    ("去向", ["张建国", "集中安置点", "投亲靠友", "王芳"]), ("险种", ["高温", "雷电", "暴雨"]),
])  # fmt: skip
def test_places_things_and_words_are_no_names(heading, cells):
    assert not person_names.are_names(heading, cells)


def test_a_table_of_names_is_asked_about_and_may_be_answered_for():
    sheet = Sheet(("已寻获", "地点"), tuple((name, "王店") for name in
        ("張建國（女，45岁）", "王 芳", "李\u200b四海", "欧阳震华[伤]")))
    found = prohibition.findings(bans.bans().bans, "unconditional", {}, sheet)
    assert [(one.ban, one.override, one.places) for one in found] == [("name", True, ("已寻获",))]
