"""Values as sheets write them become the values of our fields; every change is told."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata import config_reader, vocabularies
from ckanext.govdata.domain import cell_date, cell_list, mapping
from ckanext.govdata.domain.cell_value import Became, CannotRead

CONFIG = Path(__file__).parents[2] / "config" / "imports" / "values.yaml"
FOLD = opencc.OpenCC("t2s").convert
RULES = config_reader.checked(
    CONFIG, lambda top: mapping.rules_from(top, vocabularies.every(), FOLD)
)


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("每年", "yearly"), ("‘每年’", "yearly"), ("按年更新", "yearly"), ("年", "yearly"),
        ("每年1次", "yearly"), ("1年", "yearly"), ("每12个月", "yearly"), ("每三个月", "quarterly"),
        ("每两年", "biennial"), ("每2年", "biennial"), ("每半年", "half_yearly"),
        ("每季", "quarterly"), ("季度", "quarterly"), ("1次/月", "monthly"), ("按月", "monthly"),
        ("每週", "weekly"), ("每7天", "weekly"), ("每天", "daily"), ("實時", "real_time"),
        ("每5分鐘", "real_time"), ("不定期更新", "irregular"), ("不定時", "irregular"),
        ("每三年", "other"), ("不更新", "other"),
    ],
)  # fmt: skip
def test_update_periods(written, period):
    assert mapping.update_period(written, RULES) == Became(period)


def test_an_update_period_that_nobody_knows_is_told():
    assert mapping.update_period("牲畜饲养", RULES) == Became("other", known=False)
    assert mapping.update_period("每5个月", RULES) == Became("other", known=False)


@pytest.mark.parametrize(
    ("written", "conditions", "attribute", "condition"),
    [
        ("无条件开放", "", "unconditional", ""),
        ("無條件開放", "", "unconditional", ""),
        ("有条件开放", "", "conditional", ""),
        ("依申请开放", "", "conditional", ""),
        ("实名注册用户可下载", "", "conditional", "实名注册用户可下载"),
        ("普通公开,简单注册用户可下载", "", "unconditional", ""),
        ("不予开放", "", "non_open", ""),
        ("是", "", "unconditional", ""),
        ("是", "须签订协议", "conditional", ""),
        ("否", "", "non_open", ""),
    ],
)
def test_open_attributes(written, conditions, attribute, condition):
    assert mapping.open_attribute(written, RULES, conditions) == (Became(attribute), condition)
    assert RULES.knows("open_attributes", written)


def test_shared_is_not_open():
    """无条件共享 in an open column says nothing of openness: empty, and told."""
    assert mapping.open_attribute("无条件共享", RULES)[0] == Became("", known=False)


@pytest.mark.parametrize("written", ["大概开放", "<b>开放</b>", "=1+1", "开" * 5000])
def test_an_open_attribute_that_nobody_knows_is_refused(written):
    with pytest.raises(CannotRead) as caught:
        mapping.open_attribute(written, RULES)
    assert caught.value.code == "unknown_value"


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2022-11-09", "2022-11-09"), ("2022/11/9", "2022-11-09"), ("2022.11.9", "2022-11-09"),
        ("20221109", "2022-11-09"), ("20221109120000", "2022-11-09"),
        ("2022年11月9日", "2022-11-09"), ("2022 年 11 月 9 日", "2022-11-09"),
        ("２０２２年１１月９日", "2022-11-09"), ("2022-11-09 08:30:00", "2022-11-09"),
        ("2022-11-09T00:00:00Z", "2022-11-09"), ("44874", "2022-11-09"),
        ("44874.5", "2022-11-09"), ("1667952000000", "2022-11-09"),
        ("2022-11", "2022-11-01"), ("2022年11月", "2022-11-01"), ("2022", "2022-01-01"),
        ("104/3/5", "2015-03-05"), ("民國104年3月5日", "2015-03-05"),
        ("中華民國104年3月5日", "2015-03-05"), ("2024-02-29", "2024-02-29"),
    ],
)  # fmt: skip
def test_dates(written, iso):
    assert cell_date.day(written) == iso


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2022-02-30", "date_impossible"), ("2023年2月29日", "date_impossible"),
        ("2022/13/1", "date_impossible"), ("20221399", "date_impossible"),
        ("0001-01-01", "date_impossible"), ("9999-12-31", "date_impossible"),
        ("12345", "date_impossible"), ("99999", "date_impossible"),
        ("昨天", "date_unreadable"), ("2022-11-09<script>", "date_unreadable"),
        ("1" * 500, "date_unreadable"), ("-", "date_unreadable"),
    ],
)  # fmt: skip
def test_dates_that_are_none(written, code):
    with pytest.raises(CannotRead) as caught:
        cell_date.day(written)
    assert caught.value.code == code


@given(st.text(max_size=40))
def test_no_text_breaks_a_reader(text):
    for read in (mapping.open_attribute, mapping.flag, lambda t, _: cell_date.day(t)):
        with contextlib.suppress(CannotRead):
            read(text, RULES)
    periods = RULES.vocabularies["update_periods"].codes
    assert mapping.update_period(text, RULES).value in {"", *periods}
    assert set(mapping.formats(text, RULES).value) <= set(RULES.vocabularies["formats"].codes)
    assert all(2 <= len(word) <= 100 for word in cell_list.keywords(text)[0])


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_reads_back(day):
    assert cell_date.day(day.isoformat()) == day.isoformat()
    assert cell_date.day(f"{day.year}年{day.month}月{day.day}日") == day.isoformat()


def test_formats_each_once():
    assert mapping.formats("xls,XLS、.csv；json", RULES) == Became(["xls", "csv", "json"])
    assert mapping.formats("xls,没听说过", RULES) == Became(["xls", "other"], known=False)


def test_domains():
    assert mapping.domain("医疗卫生", RULES) == Became("health")
    assert mapping.domain("信用服务，", RULES) == Became("credit")
    assert mapping.domain("公共安全,医疗卫生", RULES) == Became("public_safety", known=False)
    assert mapping.domain("星际航行", RULES) == Became("other", known=False)


def test_keywords_are_what_a_tag_may_be():
    assert cell_list.keywords("水价、水价;自来水（居民）, a") == (["水价", "自来水居民"], False)


@pytest.mark.parametrize(
    ("written", "value"), [("是", True), ("√", True), ("否", False), ("-", None)]
)
def test_flags(written, value):
    assert mapping.flag(written, RULES) is value


def test_the_record_of_mappings_counts_and_is_bounded():
    record = mapping.MappingRecord(most=2)
    for written in ["每年", "每年", "年", "季"]:
        record.note("更新周期", written, "yearly")
    record.note("标题", "同", "同")
    assert record.rows() == [
        {"column": "更新周期", "value": "每年", "became": "yearly", "known": True, "count": 2},
        {"column": "更新周期", "value": "年", "became": "yearly", "known": True, "count": 1},
    ]


@pytest.mark.parametrize(
    ("written", "attribute", "condition"),
    [
        ("有条件开放（实名）", "conditional", "实名"), ("不予开放（涉密）", "non_open", ""),
        ("否（涉密）", "non_open", ""), ("不公開【個人隱私】", "non_open", ""),
        ("有条件开放［实名］", "conditional", "实名"),
        ("有条件开放｛实名｝", "conditional", "实名"),
        ("不予开放﹙涉密﹚", "non_open", ""), ("有条件开放＜实名＞", "conditional", "实名"),
        ("依申请开放(需签协议)", "conditional", "需签协议"), ("有条件〔须登记〕", "conditional",
        "须登记"),
    ],
)  # fmt: skip
def test_a_note_beside_an_open_attribute(written, attribute, condition):
    assert mapping.open_attribute(written, RULES) == (Became(attribute), condition)


@pytest.mark.parametrize(
    "written",
    ["无条件开放（部分字段）", "不予开放（可申请）", "有条件开放（无）", "是（有条件）",
     "开放（涉密除外）",
     "否（暂缓）", "有条件开放（不予公开）"],
)  # fmt: skip
def test_a_note_that_may_say_otherwise_is_refused(written):
    with pytest.raises(CannotRead):
        mapping.open_attribute(written, RULES)


@pytest.mark.parametrize(
    "written",
    ["每年（6月、12月各一次）", "每周（周一、周四）", "每月(1日、15日)", "每月（每月两次）",
     "年度（每季度更新）", "每年【3月和9月】", "每年（半年更新）", "每月（逐日更新）",
     "每週（週二及週五）",
     "每年（分两次）", "每季度（月报）", "每年（按季）"],
)  # fmt: skip
def test_a_note_that_names_several_times_is_told(written):
    found = mapping.update_period(written, RULES)
    assert not found.known or found.value == "half_yearly"


@pytest.mark.parametrize(
    ("written", "period"),
    [("每月（暂定）", "monthly"), ("每月［暂定］", "monthly"),
     ("每年（第一季度）", "yearly"), ("每月（10日前）", "monthly"),
     ("每年（上半年）", "yearly"), ("每周（如遇节假日顺延）", "weekly"), ("每年（3月底前）",
     "yearly")],
)  # fmt: skip
def test_a_note_that_says_when_or_whether(written, period):
    assert mapping.update_period(written, RULES) == Became(period)
