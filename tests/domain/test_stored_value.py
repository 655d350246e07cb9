"""What is stored of an entry is read without failing, and nothing is made up."""
from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.domain.stored_value import SHAPES, Shape, damaged, read, rows

KINDS = {Shape.ROWS: list, Shape.TEXTS: list, Shape.OBJECT: dict}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@pytest.mark.parametrize(("shape", "stored", "value", "whole"), [
    (Shape.ROWS, "{broken", [], False),
    (Shape.ROWS, "[" * 100_000, [], False),
    (Shape.ROWS, "3", [], False),
    (Shape.ROWS, "{}", [], False),
    (Shape.ROWS, "", [], True),
    (Shape.ROWS, None, [], True),
    (Shape.ROWS, "null", [], False),
    (Shape.TEXTS, '""', [], False),
    (Shape.ROWS, '[1, null, {"name": "a", "key": true}]', [{"name": "a", "key": True}], False),
    (Shape.ROWS, '[{"name": {"a": 1}, "type": "C"}]', [{"type": "C"}], False),
    (Shape.ROWS, json.dumps('[{"name": "a"}]'), [{"name": "a"}], True),
    (Shape.ROWS, [{"name": "a"}], [{"name": "a"}], True),
    (Shape.TEXTS, '["csv", 7]', ["csv"], False),
    (Shape.TEXTS, "csv", ["csv"], True),
    (Shape.TEXTS, '["csv"', [], False),
    (Shape.TEXTS, "7", [], False),
    (Shape.OBJECT, "[]", {}, False),
    (Shape.OBJECT, '{"处室": "一科"}', {"处室": "一科"}, True),
])
def test_what_can_be_read_is_read_and_the_rest_is_told(shape, stored, value, whole):
    found = read(shape, stored)
    assert (found.value, found.whole) == (value, whole)


@given(st.sampled_from(list(Shape)), JSON, st.integers(0, 200))
def test_any_text_is_read(shape, value, cut):
    for text in (json.dumps(value), json.dumps(value)[:cut], str(value)):
        assert isinstance(read(shape, text).value, KINDS[shape])


@given(st.lists(st.dictionaries(st.text(), st.text() | st.booleans())))
def test_a_whole_text_is_read_wholly(items):
    assert rows(json.dumps(items)) == items
    assert read(Shape.ROWS, json.dumps(items)).whole


def test_the_fields_of_an_entry_that_cannot_be_read_are_named():
    assert damaged({"information_items": "{broken", "data_formats": '["csv"]', "domain": "{x"}) == [
        "information_items"]
    assert damaged(dict.fromkeys(SHAPES, "")) == []
