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


def test_what_no_item_declares_is_told():
    assert items.undeclared(["身份证号", "phone", "Site Name"], ITEMS) == ["身份证号"]


@given(st.lists(st.sampled_from(["站点名称", "负责人电话", "补贴", "备注", "身份证号", "phone"])))
def test_naming_more_never_gives_more(names):
    assert set(items.columns_of(names, ITEMS)) <= {"站点名称", "site name"}
