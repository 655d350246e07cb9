"""Types of fields: what a page sent, what it means, and how it is shown again."""

from __future__ import annotations

from datetime import date, timedelta, timezone

import pytest
from werkzeug.datastructures import MultiDict

from ckanext.govdata.domain.field_base import Choices, FieldType, ShownValue
from ckanext.govdata.domain.field_type import GONE, TYPES
from ckanext.govdata.domain.points_type import points_of
from ckanext.govdata.domain.procedure import Field
from ckanext.govdata.domain.typed_value import Bad, is_empty

LABEL = {"zh_Hans_CN": "甲", "zh_Hant_TW": "乙", "en": "A"}
CHOICES = Choices(
    date(2026, 11, 29), offered={"handlers": {"a", "b"}}, zone=timezone(timedelta(hours=8))
)
TITLES = {
    "resources": {"r1": "站点"},
    "attachments": {"f1": "证明.pdf"},
    "colleagues": {"u1": "李四"},
    "handlers": {"a": "应急局"},
}


def field(kind: str, **more: object) -> Field:
    return Field("f", LABEL, kind, **more)


def words(kind: str, value: object, **more: object) -> list[ShownValue]:
    return list(TYPES[kind].shown(field(kind, **more), value, TITLES))


@pytest.mark.parametrize("name", TYPES)
def test_every_type_says_how_it_is_asked_and_shown(name: str) -> None:
    kind = TYPES[name]
    assert isinstance(kind, FieldType)
    assert kind.macro
    value = {
        "columns": {"r1": ["a"]}, "periods": [["2026-01-01", "2026-01-02"]],
        "checks": ["a"], "places": ["a"], "resources": ["r1"], "attachments": ["f1"],
    }.get(name, "a")
    said = kind.shown(field(name), value, TITLES)
    assert said
    assert all(one.words for one in said)


def test_what_was_chosen_is_shown_by_its_name() -> None:
    assert words("choice", "x", options={"x": LABEL})[0].words == LABEL
    assert words("radio", "a", choices="handlers")[0].words == "应急局"
    assert words("colleague", "u1")[0].words == "李四"
    assert [one.words for one in words("resources", ["r1", "gone"])] == ["站点", GONE]
    assert words("attachments", ["f1", "gone"]) == [ShownValue("证明.pdf", file="f1", folds=False)]
    assert words("columns", {"r1": ["x", "y"]}) == [
        ShownValue("x", of="站点"), ShownValue("y", of="站点")
    ]
    assert words("columns", {"gone": ["x"]}) == [ShownValue("x", of=GONE)]
    assert words("link", "https://a.cn/")[0].link == "https://a.cn/"
    assert words("accepted", True)[0].words["en"] == "Yes"


def test_what_somebody_typed_is_not_folded_into_another_script() -> None:
    assert not words("long_text", "里")[0].folds
    assert words("articles", ["第十七条"])[0].folds


@pytest.mark.parametrize(
    ("kind", "sent", "read"),
    [
        ("text", {"f": "x"}, "x"),
        ("checks", {"f": ["a", "b"]}, ["a", "b"]),
        ("places", {"f": ["34"], "more_f": " 3401，3402, "}, ["34", "3401", "3402"]),
        (
            "periods",
            {"f_from": ["2026-01-01", "", "2026-02-01"], "f_to": ["2026-01-03", "", ""]},
            [["2026-01-01", "2026-01-03"], ["2026-02-01", ""]],
        ),
        ("columns", {"f:r1": ["a"], "f:r2": [], "g": "x"}, {"r1": ["a"]}),
        ("articles", {"f": ["1"], "f_own": "甲\n\n 乙 "}, ["1", "甲", "乙"]),
        ("uploads", {"f": ["no file"]}, []),
    ],
)
def test_a_sent_form_is_read_by_the_type(kind, sent, read) -> None:
    assert TYPES[kind].read("f", MultiDict(sent)) == read


@pytest.mark.parametrize(
    ("kind", "value", "clean"),
    [
        ("choice", "a", "a"),
        ("checks", ["a", "b"], ["a", "b"]),
        ("instant", "2026-11-29T08:00", "2026-11-29T08:00:00+08:00"),
        ("instant", "2026-11-29T00:00:00Z", "2026-11-29T00:00:00+00:00"),
        ("flag", "true", True),
        ("flag", False, False),
    ],
)
def test_a_value_is_taken_in_its_type(kind, value, clean) -> None:
    assert TYPES[kind].clean(field(kind, choices="handlers"), value, CHOICES) == clean


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("choice", "c", "not_a_choice"),
        ("choice", ["a"], "not_a_choice"),
        ("checks", ["a", "c"], "not_here"),
        ("checks", {"a": 1}, "not_a_list"),
        ("instant", "yesterday", "instant"),
        ("flag", "perhaps", "not_a_flag"),
    ],
)
def test_what_is_none_of_it_is_refused(kind, value, code) -> None:
    with pytest.raises(Bad) as caught:
        TYPES[kind].clean(field(kind, choices="handlers"), value, CHOICES)
    assert caught.value.code == code


def test_a_choice_is_declared_with_options_or_with_choices_of_its_page() -> None:
    assert "needs options" in TYPES["choice"].flaw(field("choice"))
    both = field("choice", options={"x": LABEL}, choices="y")
    assert "needs options" in TYPES["choice"].flaw(both)
    assert TYPES["choice"].flaw(field("choice", choices="y")) == ""
    assert "only a choice" in TYPES["text"].flaw(field("text", options={"x": LABEL}))


BLANKS = ["　", "\u200b\u200b\u200b", "\ufeff \u00a0", "\u3164", "\u2800\t"]


@pytest.mark.parametrize("blank", BLANKS)
def test_what_shows_nothing_is_nothing(blank: str) -> None:
    assert is_empty(blank)
    with pytest.raises(Bad) as refused:
        TYPES["long_text"].clean(field("long_text", min=2), f"错{blank * 9}", CHOICES)
    assert refused.value.code == "too_short"
    assert not is_empty(f"{blank}错")


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("phone", "１３９　１２３４－５６７８", "139 1234-5678"),
        ("phone", "0551-62620000转8001", "0551-62620000转8001"), ("phone", "12345", "12345"),
        ("phone", "(0551)62620000", "(0551)62620000"), ("phone", "0551—62620000", "0551-62620000"),
        ("phone", "（０５５１）62620000", "(0551)62620000"), ("phone", "110", "110"),
        ("phone", "0551-62620000#8001", "0551-62620000#8001"), ("phone", "95598", "95598"),
        ("phone", "400–800–8820", "400-800-8820"), ("date", "2027年11月30日", "2027-11-30"),
        ("phone", "＋８６１３９１２３４５６７８", "+8613912345678"),
        ("email", "ｗａｎｇ＠example．cn", "wang@example.cn"),
    ],
)
def test_a_number_typed_in_full_width_is_the_number(kind: str, typed: str, kept: str) -> None:
    assert TYPES[kind].clean(field(kind), typed, CHOICES) == kept


@pytest.mark.parametrize(("written", "points"), [
    ("1、营业执照\n2、承诺书", ["营业执照", "承诺书"]),  # as it was kept before there were points
    ("（1）备案号；\r\n\r\n② 用途说明", ["备案号；", "用途说明"]),
    (["3.5万条记录的来源", "2026年的用途"], ["3.5万条记录的来源", "2026年的用途"]),
    ("3.5万条的来源\n-5℃以下的数据\n1. 3.5万条", ["3.5万条的来源", "-5℃以下的数据", "3.5万条"]),
    ("  \n", []),
])  # fmt: skip
def test_points_stand_one_a_line_without_their_numbers(written, points):
    assert points_of(written) == points
