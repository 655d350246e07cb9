"""A district whose villages are published with a mistake, and those who see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from tests.cases.conftest import (  # noqa: F401 - fixtures
    World,
    browse,
    call,
    make_entry,
    on_day,
    site,
    world,
)
from tests.snapshots import restored

ITEMS = [
    {"name": "村名", "name_en": "village", "type": "C", "opened": True, "key": True},
    {"name": "户数", "type": "N", "opened": True},
    {"name": "书记电话", "type": "C", "sensitive": True},
]
ROWS = [
    {"村名": "浒湾村", "户数": 127, "书记电话": "13900000001"},
    {"村名": "田铺村", "户数": 98, "书记电话": "13900000002"},
    {"村名": "西河村", "户数": 210, "书记电话": "13900000003"},
]
WRONG = {
    "wrong": "浒湾村户数写成127户，两个数字颠倒了。",
    "should_be": "172户",
    "why": "我是本村村民，村务公开栏公示的是172户。",
}
REASON = "经与公安户籍数据核对，原数据与登记一致，所指情况不属实。"
BASIS = ["《中华人民共和国统计法》第二十九条"]


@dataclass
class Villages:
    """The entry with its table, and what people do about it."""

    world: World
    entry: dict[str, Any]
    file: str

    def mark(
        self, who: str = "citizen", command: str = "submit", form: Any = None, **where: Any
    ) -> dict[str, Any]:
        """Mark something of the entry as wrong; the household number of a village by default."""
        if not where:
            where = self.cell()
        return call(who, "govdata_case_create", kind="correction_review",
                    dataset_id=self.entry["id"], form=form or WRONG, submit=True,
                    command=command, **where)  # fmt: skip

    def cell(self, village: str = "浒湾村", column: str = "户数") -> dict[str, Any]:
        return {"resource_id": self.file, "row": {"村名": village}, "column": column}

    def act(self, who: str, case: dict[str, Any], command: str, **fields: Any) -> dict[str, Any]:
        return call(who, "govdata_case_act", id=case["id"], command=command, fields=fields)

    def mend(self, village: str = "浒湾村", households: int = 172) -> None:
        """The department puts up the right number."""
        tk.get_action("datastore_upsert")(site(), {
            "resource_id": self.file, "force": True, "method": "update",
            "records": [{"村名": village, "户数": households}],
        })  # fmt: skip

    def open_marks(self, who: str = "") -> list[dict[str, Any]]:
        reader = {"user": who} if who else {"user": "", "auth_user_obj": None}
        return tk.get_action("govdata_mark_list")(reader, {"dataset_id": self.entry["id"]})[
            "results"
        ]


def put_up(owner_org: str, attribute: str = "unconditional", **more: Any) -> dict[str, Any]:
    """An entry with a table of villages."""
    conditions = {} if attribute == "conditional" else {"open_conditions": "", "open_basis": ""}
    if attribute == "non_open":
        conditions["open_basis"] = "《中华人民共和国政府信息公开条例》第十五条"
    entry = make_entry(owner_org, title="行政村名录", notes="全区行政村的名称和户数。",
                       open_attribute=attribute, resources=[],
                       **{"information_items": ITEMS, **conditions, **more})  # fmt: skip
    tk.get_action("datastore_create")(site(), {
        "resource": {"package_id": entry["id"], "name": "行政村.csv", "format": "CSV"},
        "fields": [{"id": "村名", "type": "text"}, {"id": "户数", "type": "int"},
                   {"id": "书记电话", "type": "text"}],
        "primary_key": ["村名"], "records": ROWS,
    })  # fmt: skip
    return tk.get_action("package_show")(site(), {"id": entry["id"]})


@pytest.fixture
def villages(world) -> Villages:  # noqa: F811 - the fixture
    entry = restored("villages", lambda: put_up(world.department["id"]))
    return Villages(world, entry, entry["resources"][0]["id"])
