"""What strangers see of an entry (Anhui 36, Yaohai 15, Xin 26)."""
from __future__ import annotations

import pytest

from ckanext.govdata.domain import publicity

SHOWN = {"title", "open_attribute", "open_basis", "update_period", "information_items"}
ENTRY = {
    "id": "e", "name": "e", "title": "涉密档案", "owner_org": "d", "open_basis": "保密法第九条",
    "update_period": "yearly", "notes": "内部说明", "url": "https://intern.example",
    "sensitivity": "4", "brought_by_a_plugin": "x", "num_resources": 1, "num_tags": 1,
    "resources": [{"id": "r", "name": "名单.csv"}], "tags": [{"name": "keyword"}],
    "information_items": [
        {"name": "年份", "opened": True}, {"name": "姓名"}, {"name": "电话", "opened": "false"},
        {"name": "身份证", "opened": True, "sensitive": "true"},
    ],
}


def test_of_a_closed_entry_strangers_see_what_is_chosen() -> None:
    seen = publicity.outline({**ENTRY, "open_attribute": "non_open"}, SHOWN)
    assert seen == {
        "id": "e", "name": "e", "title": "涉密档案", "owner_org": "d", "open_attribute": "non_open",
        "open_basis": "保密法第九条", "update_period": "yearly", "num_resources": 0, "num_tags": 0,
        "resources": [], "tags": [], "information_items": [{"name": "年份", "opened": True}]}


@pytest.mark.parametrize("attribute", ["unconditional", "conditional"])
def test_of_others_they_see_everything(attribute: str) -> None:
    entry = {**ENTRY, "open_attribute": attribute}
    assert publicity.outline(entry, SHOWN) == entry


@pytest.mark.parametrize("attribute", ["", None, "unknown"])
def test_files_are_named_only_where_an_attribute_says_so(attribute: str | None) -> None:
    seen = publicity.outline({**ENTRY, "open_attribute": attribute}, SHOWN)
    assert seen["resources"] == []
    assert seen["num_resources"] == 0
    assert seen["notes"] == "内部说明"


def test_items_that_are_no_rows_are_no_items() -> None:
    assert publicity.open_items("[]") == []
    assert publicity.open_items([None, "x", {"opened": True}]) == [{"opened": True}]
