"""A district in a flood: the bodies that handle it, their officers, their entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from ckanext.govdata import now
from tests.cases.conftest import call, expected, make_body, make_entry, make_user, site
from tests.snapshots import restored

TABLE = "站点,时间,水位\n巢湖,2026-07-01T12:00,9.80\n长临河,2026-07-01T12:00,9.75\n"
HOURS = "站点,时间,水位\n" + "".join(
    f"{place},2026-07-01T{hour:02}:00,{9 + hour / 10 + n}\n"
    for hour in range(6)
    for n, place in enumerate(("巢湖", "长临河"))
)
COUNTS = "街道,日期,转移人数\n三里街,2026-07-01,120\n铜陵路,2026-07-01,80\n"


@dataclass
class Flood:
    """Names of people and ids of things; ``event`` is the name of a running event."""

    department: dict[str, Any]
    authority: dict[str, Any]
    government: dict[str, Any]
    elsewhere: dict[str, Any]
    event: str = ""

    def declare(self, who: str = "head", **more: Any) -> dict[str, Any]:
        asked = self.asked()
        if "name" in more:  # no body declares twice what runs
            asked["title"] += more["name"]
        return call(who, "govdata_emergency_declare", **{**asked, **more})

    def asked(self) -> dict[str, Any]:
        return {
            "title": "瑶海区洪涝灾害",
            "kind": "natural_disaster",
            "subtype": "flood_drought",
            "level": "II",
            "regions": ["340102"],
            "organization": self.department["name"],
            "basis": "瑶海区防汛抗旱应急预案",
            "threshold": "harm_likely",
            "duty": "区防汛抗旱指挥部成员单位，负责汛情监测和发布。",
            "contact": "瑶海区防汛抗旱指挥部 0551-64490000",
            "rhythm": 60,
            "text": "南淝河水位超过警戒水位。",
        }

    def publish(self, who: str = "officer", event: str = "", **more: Any) -> dict[str, Any]:
        return call(who, "govdata_emergency_publish", id=event or self.event, **more)

    def levels(self, table: str = TABLE, who: str = "officer", **more: Any) -> dict[str, Any]:
        """A new dataset of water levels, or a version of it."""
        given = {"create": {"title": "河道水位"}, "name": "water"} if "dataset" not in more else {}
        return self.publish(
            who,
            **given,
            **{
                "table": table,
                "source": "区水务局",
                "time_column": "时间",
                "place_column": "站点",
                "figures": [],
                **more,
            },
        )

    def show(self, who: str = "", **more: Any) -> dict[str, Any]:
        if who:
            return call(who, "govdata_emergency_show", id=self.event, **more)
        return tk.get_action("govdata_emergency_show")(
            {"user": "", "auth_user_obj": None}, {"id": self.event, **more}
        )

    def entry(self, **more: Any) -> dict[str, Any]:
        return make_entry(self.department["id"], **more)


@pytest.fixture
def place(fresh) -> Flood:
    """Yaohai's water bureau, data authority and government, and a bureau of another county."""
    return restored("emergency", _place)


def _place() -> Flood:
    people = ("officer", "officer2", "head", "authority", "mayor", "citizen", "stranger", "root")
    for name in people:
        make_user(name)
    tk.get_action("user_patch")(site(), {"id": "root", "sysadmin": True})
    government = make_body("yaohai", "瑶海区人民政府", jurisdiction="yaohai", role="government")
    above = [{"name": "yaohai"}]
    department = make_body("yaohai-shuiwuju", "瑶海区水务局", groups=above)
    authority = make_body(
        "yaohai-shujuju", "瑶海区数据资源管理局", groups=above, role="authority"
    )
    elsewhere = make_body(
        "huaining-shuiliju", "怀宁县水利局", region="340822", jurisdiction="huaining"
    )
    for organization, user, capacity in (
        (department, "officer", "editor"),
        (department, "officer2", "editor"),
        (department, "head", "admin"),
        (authority, "authority", "admin"),
        (government, "mayor", "admin"),
        (elsewhere, "stranger", "admin"),
    ):
        tk.get_action("organization_member_create")(
            site(), {"id": organization["id"], "username": user, "role": capacity}
        )
    return Flood(department, authority, government, elsewhere)


@pytest.fixture
def flood(place) -> Flood:
    """The same with a flood declared."""
    place.event = place.declare()["name"]
    return place


@pytest.fixture
def clock():
    """Set the portal's clock to an instant, or let minutes go by."""

    class Clock:
        shift = timedelta()

        def at(self, instant: str) -> None:
            now.shift(None)
            self.shift = datetime.fromisoformat(instant) - now.now()
            now.shift(self.shift)

        def forward(self, minutes: int) -> None:
            self.shift += timedelta(minutes=minutes)
            now.shift(self.shift)

    yield Clock()
    now.shift(None)


@pytest.fixture
def soup(app):
    def visit(path: str, status: int = 200, **more):
        if not path.startswith(("/zh_", "/en", "http")):
            path = f"/zh_Hans_CN{path}"
        answer = app.get(path, status=status, **more)
        return BeautifulSoup(answer.body, "html.parser")

    return visit


@pytest.fixture
def browse(app):
    """Get and post pages as somebody; a page is never a 500."""
    tokens = {}

    def visit(who, path, data=None, status=None):
        if who not in tokens:
            made = call_action("api_token_create", context={"user": who}, user=who, name=f"{who}-d")
            tokens[who] = {"Authorization": made["token"]}
        how = app.get if data is None else app.post
        more = {} if data is None else {"data": data, "follow_redirects": True}
        answer = how(f"/zh_Hans_CN{path}", headers=tokens[who], **more)
        page = BeautifulSoup(answer.body, "html.parser")
        assert answer.status_code == (status or expected(page)), answer.body[:3000]
        return page

    return visit


@pytest.fixture
def published(flood):
    """A flood with water levels of two places, a count, and two bulletins."""
    first = {"title": "一号通报", "text": "水位上涨。\n请勿靠近。"}
    flood.levels(HOURS, figures=[], bulletin=first)
    flood.publish(
        create={"title": "转移人数"}, name="moved", table=COUNTS, time_column="日期",
        place_column="街道", figures=["转移人数"], source="区应急局",
        bulletin={"title": "二号通报", "text": "已转移两百人。"},
    )  # fmt: skip
    return flood


def words(page) -> str:
    return page.get_text(" ", strip=True)
