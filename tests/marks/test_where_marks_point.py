"""A mark points at one datum, however it is written, and at nothing that is not there."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest

from tests.cases.conftest import site

pytestmark = pytest.mark.usefixtures("yaohai_in_force")


def gone(villages, **where) -> str:
    with pytest.raises(tk.ValidationError) as refused:
        villages.mark(**where)
    return str(refused.value.error_dict["mark"][0])


def test_a_row_without_a_name_is_not_just_any_row(villages):
    where = {"resource_id": villages.file, "row": {"村名": ""}, "column": "户数"}
    assert "no such row" in gone(villages, **where)
    tk.get_action("datastore_upsert")(site(), {
        "resource_id": villages.file, "force": True, "method": "insert",
        "records": [{"村名": None, "户数": 55}, {"村名": "乙村", "户数": 60}],
    })  # fmt: skip
    case = villages.mark(**where)
    assert villages.open_marks()[0]["row"] == {"村名": ""}
    villages.mend("浒湾村")
    with pytest.raises(tk.ValidationError) as refused:
        villages.act("officer", case, "correct")
    assert refused.value.error_dict["reasons"][0]["code"] == "mark_not_mended", "another row was"


def test_an_item_has_one_address_under_both_its_names(villages):
    villages.mark("citizen", column="村名")
    villages.mark("other", column="village")
    marks = [(one["grain"], one["column"], one["count"]) for one in villages.open_marks()]
    assert marks == [("item", "村名", 2)]


def test_a_column_has_one_address_however_it_is_written(villages):
    villages.mark("citizen", resource_id=villages.file, row={"村名": "浒湾村"}, column="户数")
    villages.mark("other", resource_id=villages.file, row={" 村名 ": "浒湾村"}, column="户数 ")
    assert [one["count"] for one in villages.open_marks()] == [2]


def test_a_row_that_was_taken_out_is_not_read_from_its_mark(villages):
    """It may have been taken out because it should never have been seen."""
    villages.mark(**villages.cell("浒湾村"))
    villages.mark("other", resource_id=villages.file, row={"村名": "田铺村"})
    assert len(villages.open_marks()) == 2
    tk.get_action("datastore_delete")(site(), {
        "resource_id": villages.file, "force": True, "filters": {"村名": "田铺村"}})
    left = villages.open_marks()
    assert [one["row"] for one in left] == [{"村名": "浒湾村"}]
