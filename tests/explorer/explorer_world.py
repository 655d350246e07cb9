"""A table with a column of each kind, and what readers get of it; for tests."""
from __future__ import annotations

from typing import Any

from ckanext.govdata.domain.explorer.question import Condition, Order, Question, Test
from ckanext.govdata.explorer.readable_table import ReadableTable, readable_table
from ckanext.govdata.explorer.table_rows import batches
from tests.tables.table_world import make, upload

ITEMS = [
    {"name": "线路名称", "name_en": "line", "type": "C", "opened": True, "description": "如1路"},
    {"name": "区", "name_en": "district", "type": "C", "opened": True},
    {"name": "客流量", "name_en": "riders", "type": "N", "opened": True},
    {"name": "开通日期", "name_en": "opened", "type": "D", "opened": True},
    {"name": "更新时刻", "type": "T", "opened": True},
    {"name": "在用", "type": "L", "opened": True},
    {"name": "司机", "type": "C", "opened": False},
]
ROWS = [
    ("1路", "瑶海区", "12", "2019-01-05", "2026-05-01 08:30:00", "是", "张三"),
    ("2路", "瑶海区", "7", "2020-03-01", "2026-05-01 09:00:00", "否", "李四"),
    ("312路", "蜀山区", "100", "2020-03-31", "2026-05-02 00:00:00", "是", "王五"),
    ("BRT快线", "", "", "", "", "", ""),
    ("机场巴士", "蜀山区", "7.5", "2021-12-31", "2026-06-01 12:00:30", "否", "张三"),
]
HEAD = "line,区,客流量,开通日期,更新时刻,在用,司机\n"
CSV = HEAD + "".join(",".join(row) + "\n" for row in ROWS)
ALL = ["line", "区", "客流量", "开通日期", "更新时刻", "在用", "司机"]


def entry(**more: Any) -> dict[str, Any]:
    """An entry that declares all columns, and 司机 not open."""
    return make(**{"information_items": ITEMS, **more})


def buses(**more: Any) -> str:
    """The file of the table in an entry that is open to everybody; its id."""
    return upload(entry(**more), CSV)


def readable(resource_id: str, user: str = "") -> ReadableTable:
    """What somebody gets of a table; the public, where nobody is named."""
    found = readable_table({"user": user}, resource_id)
    assert isinstance(found, ReadableTable)
    return found


def asked(*conditions: tuple[str, Test] | tuple[str, Test, str], words: str = "", sort: str = "",
          descending: bool = False, columns: tuple[str, ...] = ()) -> Question:
    """A question of conditions on one value each."""
    orders = (Order(sort, descending),) if sort else ()
    listed = tuple(Condition(one[0], one[1], tuple(one[2:])) for one in conditions)
    return Question(words, listed, orders, columns)


def numbers(table: ReadableTable, question: Question, size: int = 2) -> list[int]:
    """The numbers of the rows that answer, in their order, read by two."""
    return [int(str(row[0])) for part in batches(table, question, size) for row in part]
