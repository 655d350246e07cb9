"""What a catalogue entry must say: every attribute, every rule, every kind of bad value."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.govdata import vocabularies
from ckanext.govdata.domain.catalogue import (
    LINES,
    TEXTS,
    WHERE_CITED,
    EntryRule,
    EntryRules,
    Problem,
    check_entry,
    is_entry,
    shortened,
)
from ckanext.govdata.domain.text import Fault

CODES = {name: frozenset(v.codes) for name, v in vocabularies.every().items()}
ARTICLES = {rule.value: f"anhui {rule.value}" for rule in EntryRule if rule not in WHERE_CITED}
RULES = EntryRules(CODES, ARTICLES)
BASE = {
    "title": "公交线路信息",
    "notes": "公交线路的名称、起点和终点。",
    "domain": "transport",
    "update_period": "yearly",
    "share_type": "unconditional",
    "open_attribute": "unconditional",
}
CONDITIONAL = {
    "open_attribute": "conditional",
    "open_conditions": "登记",
    "open_basis": "某法第三条",
}
NON_OPEN = {"open_attribute": "non_open", "open_basis": "保守国家秘密法"}


def problems(**fields: Any) -> list[Problem]:
    return check_entry({**BASE, **fields}, RULES)


def found(**fields: Any) -> set[tuple[str, Fault, EntryRule]]:
    return {(p.field, p.fault, p.rule) for p in problems(**fields)}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        CONDITIONAL,
        NON_OPEN,
        {"share_type": "conditional", "share_conditions": "履职需要", "share_basis": "某条例"},
        {"share_type": "non_shared", "share_basis": "某条例"},
        {"source_type": "shared_in", "shared_from": "安徽省统计局", **NON_OPEN},
        {"data_grade": "core", "share_type": "non_shared", "share_basis": "法", **NON_OPEN},
        {"data_grade": "important", **CONDITIONAL},
        {"sensitivity": "3", **CONDITIONAL},
        {"sensitivity": 4, **NON_OPEN},
        {"catalogue_code": "3340000822/000001", "data_formats": ["csv", "api"]},
        {"issued": "2020-02-29", "modified": "2024-01-01T08:00:00"},
        {"notes": "第一行\n\t第二行，1<2 且 a < b"},
        {
            "information_items": [
                {"name": "名称", "type": "C", "length": 50, "key": True},
                {"name": "金额", "type": "Y", "opened": "false", "sensitive": ""},
            ]
        },
    ],
)
def test_good_entries(fields: dict[str, Any]):
    assert problems(**fields) == []


@pytest.mark.parametrize(
    ("fields", "field", "rule"),
    [
        ({"title": " "}, "title", EntryRule.FORM),
        ({"notes": None}, "notes", EntryRule.OPEN_LIST_CONTENT),
        ({"domain": ""}, "domain", EntryRule.OPEN_LIST_CONTENT),
        ({"update_period": ""}, "update_period", EntryRule.CATALOGUE_CONTENT),
        ({"share_type": ""}, "share_type", EntryRule.SHARE_TYPE_SET),
        ({"open_attribute": ""}, "open_attribute", EntryRule.OPEN_ATTRIBUTE_SET),
        ({**CONDITIONAL, "open_conditions": ""}, "open_conditions", EntryRule.OPEN_CONDITIONS),
        ({**CONDITIONAL, "open_basis": "　"}, "open_basis", EntryRule.OPEN_BASIS),
        ({**NON_OPEN, "open_basis": ""}, "open_basis", EntryRule.OPEN_BASIS),
        (
            {"share_type": "conditional", "share_basis": "法"},
            "share_conditions",
            EntryRule.SHARE_CONDITIONS,
        ),
        (
            {"share_type": "conditional", "share_conditions": "x"},
            "share_basis",
            EntryRule.CONDITIONAL_SHARE_BASIS,
        ),
        ({"share_type": "non_shared"}, "share_basis", EntryRule.NON_SHARED_BASIS),
        ({"source_type": "shared_in", **NON_OPEN}, "shared_from", EntryRule.SHARED_FROM),
    ],
)
def test_what_the_attribute_asks_for(fields: dict[str, Any], field: str, rule: EntryRule):
    (problem,) = problems(**fields)
    assert (problem.field, problem.fault, problem.rule) == (field, Fault.MISSING, rule)
    assert problem.article == ARTICLES[rule.value]
    assert problem.gap is (field != "title"), (
        "an import may record a gap, but no entry lacks a name"
    )


@pytest.mark.parametrize(
    ("fields", "field", "rule", "because"),
    [
        (
            {"source_type": "shared_in", "shared_from": "某局"},
            "open_attribute",
            EntryRule.SHARED_IN_NOT_OPENED,
            "source_type",
        ),
        (
            {"source_type": "shared_in", "shared_from": "某局", **CONDITIONAL},
            "open_attribute",
            EntryRule.SHARED_IN_NOT_OPENED,
            "source_type",
        ),
        (
            {"data_grade": "core", "share_type": "non_shared", "share_basis": "法", **CONDITIONAL},
            "open_attribute",
            EntryRule.CORE_NOT_OPENED,
            "data_grade",
        ),
        ({"data_grade": "core", **NON_OPEN}, "share_type", EntryRule.CORE_NOT_OPENED, "data_grade"),
        (
            {"data_grade": "important"},
            "open_attribute",
            EntryRule.IMPORTANT_NOT_UNCONDITIONAL,
            "data_grade",
        ),
        ({"sensitivity": "3"}, "open_attribute", EntryRule.SENSITIVE_NOT_OPENED, "sensitivity"),
        (
            {"sensitivity": "4", **CONDITIONAL},
            "open_attribute",
            EntryRule.SENSITIVE_NOT_OPENED,
            "sensitivity",
        ),
        (
            {"information_items": [{"name": "身份证号", "sensitive": True, "opened": True}]},
            "information_items-0-opened",
            EntryRule.SENSITIVE_NOT_OPENED,
            "sensitive",
        ),
    ],
)
def test_what_is_forbidden(fields: dict[str, Any], field: str, rule: EntryRule, because: str):
    (problem,) = problems(**fields)
    assert (problem.field, problem.fault, problem.rule) == (field, Fault.NOT_ALLOWED, rule)
    assert (problem.detail, problem.gap) == (because, False)


def test_an_entry_that_is_closed_keeps_its_items_marked():
    """No text forbids it; the items marked open are what strangers see of a closed entry."""
    assert problems(information_items=[{"name": "地址", "opened": "true"}], **NON_OPEN) == []


def test_base_databases_bind_only_where_the_text_names_them():
    entry = {
        **BASE,
        "base_database": "population",
        "share_type": "conditional",
        "share_conditions": "履职",
        "share_basis": "法",
    }
    assert check_entry(entry, RULES) == []
    rule = EntryRule.BASE_DATABASE_UNCONDITIONAL
    xin = EntryRules(CODES, {rule.value: "xinxian 第二十三条"}, {rule.value: {"population"}})
    (problem,) = check_entry(entry, xin)
    assert (problem.field, problem.rule, problem.article) == (
        "share_type",
        rule,
        "xinxian 第二十三条",
    )
    assert check_entry({**entry, "base_database": "macro_economy"}, xin) == []
    assert check_entry({**entry, "share_type": "unconditional"}, xin) == []


@pytest.mark.parametrize("field", [*LINES, *TEXTS])
@pytest.mark.parametrize(
    ("value", "fault", "detail"),
    [
        ("字" * 20_001, Fault.TOO_LONG, None),
        ("a\x00b", Fault.CONTROL_CHARACTERS, "U+0000"),
        ("a\x1bb", Fault.CONTROL_CHARACTERS, "U+001B"),
        ("abc\u202etxt", Fault.CONTROL_CHARACTERS, "U+202E"),
        ("ab<script>alert(1)</script>", Fault.HTML, "3"),
        ("<!-- x -->", Fault.HTML, "1"),
        (["list"], Fault.NOT_TEXT, "list"),
        ({"a": 1}, Fault.NOT_TEXT, "dict"),
    ],
)
def test_hostile_text(field: str, value: Any, fault: Fault, detail: str | None):
    (problem,) = problems(**{field: value})
    assert (problem.field, problem.fault, problem.rule) == (field, fault, EntryRule.FORM)
    assert detail is None or problem.detail == detail
    assert problem.value.isprintable()
    assert len(problem.value) <= 60


def test_a_title_of_five_thousand_characters_is_refused_with_its_limit():
    (problem,) = problems(title="数" * 5_000)
    assert (problem.fault, problem.detail) == (Fault.TOO_LONG, "300")
    assert len(problem.value) == 60


@pytest.mark.parametrize(
    "value",
    [
        "2021-02-30",
        "2021-13-01",
        "2021/03/01",
        "20210301",
        "0000-00-00",
        "1899-12-31",
        "9999-01-01",
        "昨天",
        "2021-3-1",
        20210301,
        "２０２１-０３-０１",
        "2021-03-01" + "x" * 100,
    ],
)
@pytest.mark.parametrize("field", ["issued", "modified"])
def test_impossible_dates(field: str, value: Any):
    assert found(**{field: value}) == {(field, Fault.BAD_DATE, EntryRule.FORM)}


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("https://data.example.cn/1?a=b#c", None),
        (" HTTP://数据.example.cn ", None),
        ("", None),
        ("javascript:alert(1)", Fault.BAD_ADDRESS),
        ("见官网", Fault.BAD_ADDRESS),
        ("https://", Fault.BAD_ADDRESS),
        ("https:///a", Fault.BAD_ADDRESS),
        ("https://a b", Fault.BAD_ADDRESS),
        ("https://a.cn/\x00", Fault.CONTROL_CHARACTERS),
        ("https://a.cn/" + "x" * 2_000, Fault.TOO_LONG),
    ],
)
def test_an_address_is_one_that_a_browser_opens(value: str, fault: Fault | None):
    assert found(url=value) == ({("url", fault, EntryRule.FORM)} if fault else set())


def test_half_a_character_is_no_text():
    assert found(title="水价\ud800") == {("title", Fault.CONTROL_CHARACTERS, EntryRule.FORM)}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("domain", "交通"),
        ("update_period", "hourly"),
        ("share_type", "open"),
        ("share_mode", "qq"),
        ("open_attribute", "maybe"),
        ("base_database", "people"),
        ("data_grade", "secret"),
        ("sensitivity", "5"),
        ("source_type", "bought"),
        ("catalogue_class", "4"),
        ("domain", ["transport"]),
    ],
)
def test_values_that_no_vocabulary_has(field: str, value: Any):
    assert (field, Fault.UNKNOWN_VALUE, EntryRule.FORM) in found(**{field: value})


def test_formats_are_judged_one_by_one():
    bad = problems(data_formats=["csv", "exe", "floppy"])
    assert [(p.field, p.value) for p in bad] == [
        ("data_formats", "exe"),
        ("data_formats", "floppy"),
    ]


@pytest.mark.parametrize(
    "value",
    [
        "3340000822",
        "434000/1",
        "33400/1",
        "334000/",
        "334000/0",
        "334000/abc",
        "３３４０００/１",
        "334000/1\n",
        "3" * 80 + "/1",
        "../../etc/passwd",
    ],
)
def test_codes_that_are_none(value: str):
    assert found(catalogue_code=value) == {("catalogue_code", Fault.BAD_CODE, EntryRule.FORM)}


def test_items_are_judged_row_by_row():
    items = [
        {"name": "名称", "type": "C"},
        {"name": "名称"},
        {"name": ""},
        {"name": "a<b>"},
        {"name": "x", "type": "Z", "sensitive": "vielleicht", "length": "1" * 21},
        "no row",
    ]
    assert [(p.field, p.fault) for p in problems(information_items=items)] == [
        ("information_items-1-name", Fault.REPEATED),
        ("information_items-2-name", Fault.MISSING),
        ("information_items-3-name", Fault.HTML),
        ("information_items-4-length", Fault.TOO_LONG),
        ("information_items-4-type", Fault.UNKNOWN_VALUE),
        ("information_items-4-sensitive", Fault.UNKNOWN_VALUE),
        ("information_items-5-name", Fault.MISSING),
    ]


def test_materials_need_names():
    materials = [{"name": "申请表", "required": True}, {"description": "没有名称"}]
    assert found(application_materials=materials) == {
        ("application_materials-1-name", Fault.MISSING, EntryRule.FORM)
    }


def test_all_problems_come_at_once():
    assert len(problems(title="", domain="?", issued="?", share_type="non_shared")) == 4


def test_a_shown_value_is_short_and_printable():
    assert shortened("a\x00\x1b[31mb") == "a��[31mb"
    assert shortened("字" * 100) == "字" * 59 + "…"
    assert shortened(None) == ""


@pytest.mark.parametrize(
    "fields",
    [{"open_attribute": "non_open"}, {"catalogue_code": "3340000822/1"}, {"sensitivity": "1"},
     {"information_items": [{"name": "a"}]}, {"data_formats": ["csv"]},
     {"data_formats": '["csv"]'}],
)
def test_one_statement_makes_an_entry(fields: dict[str, Any]):
    assert is_entry({"title": "t", "notes": "n", **fields})


@pytest.mark.parametrize(
    "fields",
    [{}, {"title": "t", "notes": "n", "url": "http://x", "colour": "blue"},
     {"data_formats": "[]", "related_entries": [], "domain": "", "share_type": None}],
)
def test_ckans_own_fields_make_none(fields: dict[str, Any]):
    assert not is_entry(fields)
