"""What a mark points at, and who may be told of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.domain import mark
from ckanext.govdata.domain.mark import Grain, Mark, Readable, SeenDatum
from ckanext.govdata.domain.refusal import Refusal

VILLAGES = Readable(
    entry="e1",
    items=frozenset({"村名", "village", "户数"}),
    files=frozenset({"f1", "f2"}),
    columns=("村名", "户数"),
    key=("村名",),
    version="v1",
)


def pointed(**parts):
    return mark.point(mark.read(parts), VILLAGES)


@pytest.mark.parametrize(
    ("parts", "grain"),
    [
        ({}, Grain.ENTRY),
        ({"column": "户数"}, Grain.ITEM),
        ({"resource_id": "f1"}, Grain.FILE),
        ({"resource_id": "f1", "column": "户数"}, Grain.COLUMN),
        ({"resource_id": "f1", "row": {"村名": "浒湾村"}}, Grain.ROW),
        ({"resource_id": "f1", "row": {"村名": "浒湾村"}, "column": "户数"}, Grain.CELL),
    ],
)
def test_each_grain_is_named_by_its_parts(parts, grain):
    found = pointed(**parts)
    assert isinstance(found, Mark)
    assert found.grain is grain
    assert found.version == ("v1" if parts.get("resource_id") else "")


def test_a_mark_of_the_same_cell_has_the_same_address_in_every_version_and_width():
    one = Mark("e1", "f1", "v1", {"ＩＤ": "7"}, "Ｎame")
    other = Mark("e1", "f1", "v2", {"id": "7"}, "name")
    assert one.address == other.address
    assert one.address != Mark("e1", "f1", "v1", {"id": "8"}, "name").address
    assert one.address != Mark("e1", "f1", "v1", {"id": "7"}).address
    assert one.address != Mark("e2", "f1", "v1", {"id": "7"}, "name").address


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"resource_id": "f9"}, "mark_no_file"),
        ({"column": "身份证号"}, "mark_no_column"),
        ({"resource_id": "f1", "column": "身份证号"}, "mark_no_column"),
        ({"resource_id": "f1", "row": {"身份证号": "3401"}}, "mark_no_column"),
        ({"resource_id": "f1", "row": {"村名": "x", "身份证号": "3401"}}, "mark_no_column"),
        ({"row": {"村名": "x"}}, "mark_no_table"),
        ({"resource_id": "f1", "row": {"户数": "3"}}, "mark_row_key"),
        ({"resource_id": "f1", "row": {"村名": "x", "户数": "3"}}, "mark_row_key"),
        ({"resource_id": "f1", "row": {"村名": "x"}, "version": "v0"}, "mark_other_version"),
    ],
)
def test_what_cannot_be_named_is_refused(parts, code):
    found = pointed(**parts)
    assert isinstance(found, Refusal)
    assert found.code == code


def test_a_column_that_is_hidden_is_refused_as_one_that_never_was():
    hidden = pointed(resource_id="f1", row={"村名": "x"}, column="身份证号")
    never = pointed(resource_id="f1", row={"村名": "x"}, column="没有这一列")
    assert isinstance(hidden, Refusal)
    assert isinstance(never, Refusal)
    assert (hidden.code, hidden.facts, hidden.article) == (never.code, never.facts, never.article)


@pytest.mark.parametrize(
    "value",
    [
        None, "x", ["f1"], 7,
        {"file": "f1"},
        {"resource_id": 7},
        {"resource_id": ["f1"]},
        {"column": "长" * 201},
        {"row": "村名"},
        {"row": {"村名": 7}},
        {"row": {"村名": "长" * 2001}},
        {"row": {str(i): "x" for i in range(31)}},
        {"row": {7: "x"}},
        {"row": {"村名": "浒湾\x00村"}},
        {"row": {"村\ud800名": "浒湾村"}},
        {"column": "户\x00数"},
    ],
)  # fmt: skip
def test_a_mark_of_another_shape_is_refused(value):
    assert isinstance(mark.read(value), Refusal)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*mark.PARTS, "x", "村名"]), inner, max_size=4),
        max_leaves=12,
    )
)
def test_whatever_is_sent_is_a_mark_or_a_refusal(value):
    read = mark.read(value)
    if isinstance(read, Refusal):
        return
    found = mark.point(read, VILLAGES)
    assert isinstance(found, Refusal) or mark.may_read(found, VILLAGES)


def test_a_row_is_named_by_the_declared_key_if_the_reader_has_all_of_it():
    assert mark.key_of(["村名", "户数"], ["村名"]) == ("村名",)
    assert mark.key_of(["ＩＤ", "户数"], ["id"]) == ("ＩＤ",)
    # A key of two columns of which one is hidden names nothing: then the whole row does.
    assert mark.key_of(["村名", "户数"], ["村名", "身份证号"]) == ("村名", "户数")
    assert mark.key_of(["村名", "户数"], []) == ("村名", "户数")
    assert len(mark.key_of([str(i) for i in range(40)], [])) == mark.WIDEST


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (Mark("e1"), True),
        (Mark("e2"), False),
        (Mark("e1", column="户数"), True),
        (Mark("e1", column="身份证号"), False),
        (Mark("e1", "f1"), True),
        (Mark("e1", "f9"), False),
        (Mark("e1", "f1", "v0", {"村名": "x"}, "户数"), True),
        (Mark("e1", "f1", "v0", {"村名": "x"}, "身份证号"), False),
        (Mark("e1", "f1", "v0", {"身份证号": "3401"}, "户数"), False),
        (Mark("e1", "f1", "v0", {"身份证号": "3401"}), False),
    ],
)
def test_only_who_reads_the_datum_is_told_of_its_marks(one, told):
    assert mark.may_read(one, VILLAGES) is told


def test_a_table_that_the_reader_does_not_have_has_no_marks_for_him():
    closed = Readable("e1", files=frozenset({"f1"}))
    assert not mark.may_read(Mark("e1", "f1", "v1", {"村名": "x"}), closed)
    assert not mark.may_read(Mark("e1", "f1", "v1", column="户数"), closed)
    assert mark.may_read(Mark("e1", "f1"), closed)


def test_mended_is_what_reads_otherwise():
    wrong, right = SeenDatum("v1", '"127"'), SeenDatum("v2", '"172"')
    assert mark.is_mended(Grain.CELL, wrong, right)
    assert mark.is_mended(Grain.ROW, wrong, SeenDatum("v2", None))
    assert mark.is_mended(Grain.CELL, wrong, SeenDatum("v1", '"172"'))
    assert not mark.is_mended(Grain.CELL, wrong, SeenDatum("v2", '"127"'))
    assert not mark.is_mended(Grain.FILE, SeenDatum("v1"), SeenDatum("v1"))
    assert mark.is_mended(Grain.COLUMN, SeenDatum("v1"), SeenDatum("v2"))
    assert mark.is_mended(Grain.ENTRY, SeenDatum("1"), SeenDatum("2"))
    assert mark.is_mended(Grain.FILE, SeenDatum("v1"), SeenDatum("v1", kept=False))
