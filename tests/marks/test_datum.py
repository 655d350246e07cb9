"""What a reader has of an entry to point at, asked of the real tables."""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest

from ckanext.govdata.domain.mark import Grain, Mark
from ckanext.govdata.marks import datum
from tests.marks.conftest import put_up, site


def readable(who: str, entry, file: str = ""):
    user = model.User.by_name(who) if who else None
    context = {"user": who, "auth_user_obj": user}
    shown = tk.get_action("package_show")(dict(context), {"id": entry["id"]})
    return datum.readable(context, shown, file)


def test_a_stranger_names_rows_by_the_key_and_sees_no_hidden_column(villages):
    known = readable("", villages.entry, villages.file)
    assert known.columns == ("村名", "户数")
    assert known.key == ("村名",)


def test_the_department_sees_all_its_columns(villages):
    known = readable("officer", villages.entry, villages.file)
    assert known.columns == ("村名", "户数", "书记电话")


@pytest.mark.parametrize("attribute", ["conditional", "non_open"])
def test_a_table_that_is_not_open_has_no_rows_for_strangers(world, attribute):
    entry = put_up(world.department["id"], attribute)
    known = readable("citizen", entry, entry["resources"][0]["id"])
    assert known.columns is None
    assert (known.files == frozenset()) is (attribute == "non_open")
    assert "书记电话" in known.items if attribute == "conditional" else "户数" in known.items
    if attribute == "non_open":
        assert "书记电话" not in known.items


def test_a_row_is_found_by_its_key_wherever_it_stands(villages):
    mark = Mark(villages.entry["id"], villages.file, "", {"村名": "西河村"}, "户数")
    assert datum.row_of(mark, ["户数"]) == {"户数": "210"}
    assert datum.numbered(villages.file, 1, ["村名"]) == {"村名": "浒湾村"}
    assert datum.numbered(villages.file, 99, ["村名"]) is None
    gone = Mark(villages.entry["id"], villages.file, "", {"村名": "无此村"}, "户数")
    assert datum.row_of(gone, ["户数"]) is None


def test_a_value_that_the_column_cannot_hold_is_in_no_row(villages):
    mark = Mark(villages.entry["id"], villages.file, "", {"户数": "一百二十七"})
    assert datum.row_of(mark, ["村名"]) is None


def test_a_datum_reads_otherwise_once_it_is_mended_and_not_before(villages):
    mark = Mark(villages.entry["id"], villages.file, "", {"村名": "浒湾村"}, "户数")
    before = datum.seen(mark)
    assert datum.seen(mark) == before
    assert mark.grain is Grain.CELL
    villages.mend("田铺村", 99)
    assert datum.seen(mark) == before, "another cell is not this one"
    villages.mend()
    assert datum.seen(mark).value != before.value


def test_another_file_has_another_version(villages):
    before = datum.version_of(villages.file)
    assert before == datum.version_of(villages.file)
    tk.get_action("resource_patch")(
        site(), {"id": villages.file, "last_modified": "2026-11-01T00:00:00"}
    )
    assert datum.version_of(villages.file) != before
