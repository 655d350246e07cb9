"""Items and columns: what may be handed out is what is declared open, under whatever writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.domain import items

OPEN = {"name": "站点名称", "name_en": "Site Name", "opened": True}
SECRET = {"name": "负责人电话", "name_en": "phone", "opened": True, "sensitive": "true"}
CLOSED = {"name": "补贴", "opened": False}
UNSAID = {"name": "备注"}
ITEMS = [OPEN, SECRET, CLOSED, UNSAID]


def test_only_what_is_declared_open_and_not_sensitive():
    assert items.open_names(ITEMS) == ["站点名称"]
    assert not items.all_open(ITEMS)
    assert items.all_open([OPEN])


@pytest.mark.parametrize("written", ["站点名称", " 站点名称 ", "site name", "ＳＩＴＥ ｎａｍｅ"])
def test_a_column_is_known_in_every_writing(written):
    columns = items.columns_of(["站点名称"], ITEMS)
    assert items.folded(written) in columns
    assert items.undeclared([written], ITEMS) == []


@pytest.mark.parametrize("closed", [
    {"name": "联系电话", "name_en": "contact", "opened": True, "sensitive": True},
    {"name": "联系电话", "name_en": "ＣＯＮＴＡＣＴ ", "opened": False},
    {"name": "contact"},
    {"name": "联系人"},
])
@pytest.mark.parametrize("first", [True, False])
def test_a_column_that_a_closed_item_claims_too_is_not_given(closed, first):
    open_ = {"name": "联系人", "name_en": "contact", "opened": True}
    listed = [open_, OPEN, closed] if first else [closed, OPEN, open_]
    name = {"联系人": "联系人"}.get(closed["name"], "contact")
    assert name not in items.columns_of(["联系人", "站点名称"], listed)
    assert name not in (items.given_to_all(listed) or ())
    assert name in items.kept_back([name], listed, to_all=True)
    assert "site name" in (items.given_to_all(listed) or ())


def test_what_no_item_declares_is_told():
    assert items.undeclared(["身份证号", "phone", "Site Name"], ITEMS) == ["身份证号"]


@given(st.lists(st.sampled_from(["站点名称", "负责人电话", "补贴", "备注", "身份证号", "phone"])))
def test_naming_more_never_gives_more(names):
    assert set(items.columns_of(names, ITEMS)) <= {"站点名称", "site name"}


COLUMNS = ["Site Name", "phone", "补贴", "身份证号"]


@pytest.mark.parametrize("to_all", [True, False])
def test_each_column_that_is_kept_back_says_why(to_all):
    assert items.kept_back(COLUMNS, ITEMS, to_all=to_all) == {
        "phone": "sensitive", "补贴": "not_open", "身份证号": "undeclared"}


def test_without_items_an_open_entry_keeps_nothing_back_and_a_conditional_one_all():
    assert items.kept_back(COLUMNS, [], to_all=True) == {}
    assert set(items.kept_back(COLUMNS, [], to_all=False).values()) == {"undeclared"}


@given(st.lists(st.sampled_from(COLUMNS), unique=True), st.booleans())
def test_what_is_kept_back_and_what_is_given_are_all_there_is(columns, to_all):
    kept = items.kept_back(columns, ITEMS, to_all=to_all)
    given_ = items.columns_of(items.open_names(ITEMS), ITEMS)
    assert {*kept, *(name for name in columns if items.folded(name) in given_)} == set(columns)
    assert not [name for name in kept if items.folded(name) in given_]


def test_sensitive_items_are_named():
    assert items.sensitive_names(ITEMS) == ["负责人电话"]


@pytest.mark.parametrize("sign", list("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a"))
@pytest.mark.parametrize("written", ["{}客流量", "客{}流量", "客流量{}", " {}客流量{} "])
def test_signs_that_nobody_sees_make_no_other_name(sign: str, written: str) -> None:
    assert items.folded(written.replace("{}", sign)) == items.folded("客流量")


def test_signs_that_nobody_sees_make_no_other_long_name() -> None:
    long = "全国一体化政务大数据体系建设过程中需要说明的其他有关事项（单位：万元）"
    assert items.folded("\u200b".join(long)) == items.folded(long) != items.folded(f"{long}2")
