"""A district with its people, and an entry that is open on conditions."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from ckanext.govdata import now
from ckanext.govdata.access.grantable import WHOLE_ENTRY
from tests.snapshots import restored

REASON = "所申请的数据涉及第三方商业秘密，经征求意见权利人不同意公开。"
BASIS = ["yaohai:第十五条", "《中华人民共和国政府信息公开条例》第十五条"]
CLAUSE = "数据使用条款（2026-2）第一条"
"""On what a grant is ended: a clause of the terms that its holder has accepted."""
HEARD = "持有人陈述：数据只存放在本单位，没有其他意见。"
"""What the holder said at a hearing that was not held on the portal."""
POWER = ["yaohai:第二十四条"]
"""By which the authority notifies and the government orders."""
NOT_SEVERED = "各信息项均属同一商业秘密，无法作区分处理。"
"""Why no part is given, which whoever withholds all of it says."""
ID_NUMBER = "11010519491231002X"
OTHER_NUMBER = "340822198503070024"


def heard(**said):
    """The record of a hearing of today by telephone."""
    day = now.today().isoformat()
    return {"heard_on": day, "heard_by": "telephone", "heard": HEARD, **said}


@dataclass
class World:
    """Names of people and ids of things."""

    department: dict[str, Any]
    authority: dict[str, Any]
    entry: dict[str, Any]
    asked: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    """Numbers of the forms: each is for another purpose, for the same one is handed in once."""

    def act(self, who: str, case_id: str, command: str, **fields: Any) -> dict[str, Any]:
        if command == "refuse" and "reason" in fields:
            fields = {"not_severed": NOT_SEVERED, **fields}
        return call(who, "govdata_case_act", id=case_id, command=command, fields=fields)

    def form(self, **more: Any) -> dict[str, Any]:
        first = now.today() + timedelta(days=30)
        number = next(self.asked)
        another = f"，第{number}项" if number > 1 else ""
        files = [one["id"] for one in self.entry["resources"]] or [WHOLE_ENTRY]
        return {
            "contact_name": "王小明",
            "contact_phone": "0551-62620000",
            "purpose": f"研究瑶海区公交线路与客流之间的关系{another}",
            "scenario": "research",
            "resources": files[:1],
            "columns": {files[0]: ["线路名称", "客流量"]},
            "period_from": first.isoformat(),
            "period_until": (first + timedelta(days=300)).isoformat(),
            "delivery": "download",
            "security_measures": "数据只保存在本单位的服务器上",
            "terms_version": "2026-2",
            "commitment": True,
            **more,
        }

    def supplied(self, **more: Any) -> dict[str, Any]:
        form = self.form(**more)
        return {key: form[key] for key in form if key not in ("terms_version", "commitment")}

    def apply(self, who: str = "citizen", **more: Any) -> dict[str, Any]:
        return call(
            who,
            "govdata_case_create",
            kind="open_application",
            dataset_id=self.entry["id"],
            form=self.form(**more),
            submit=True,
        )

    def prepared(self, who: str = "citizen", **more: Any) -> dict[str, Any]:
        case = self.apply(who, **more)
        self.act("officer", case["id"], "accept")
        return self.act("officer", case["id"], "propose", proposal="refuse", note="拟不予开放")


def call(who: str, action: str, **data: Any) -> Any:
    """An action as this user would call it."""
    user = model.User.by_name(who)
    return tk.get_action(action)({"user": who, "auth_user_obj": user}, data)


def site(**more: Any) -> dict[str, Any]:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"ignore_auth": True, "user": user["name"], **more}


def make_user(name: str, **more: Any) -> None:
    tk.get_action("user_create")(
        site(),
        {
            "name": name,
            "email": f"{name}@example.invalid",
            "password": "Correct-horse-7",
            "fullname": f"全名 {name}",
            **more,
        },
    )


@pytest.fixture
def world(fresh, monkeypatch) -> World:
    """Yaohai: a department with officer and head, its authority, a citizen who is known."""
    return World(*restored("cases", district))


def district() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Everybody, the department, its authority, and the entry that is open on conditions."""
    department, authority = _people()
    return department, authority, make_entry(department["id"])


def _people() -> tuple[dict[str, Any], dict[str, Any]]:
    """Everybody, the district's department and its authority."""
    for name in ("citizen", "other", "officer", "officer2", "head", "authority", "auditor", "root"):
        make_user(name)
    tk.get_action("user_patch")(site(), {"id": "root", "sysadmin": True})
    district = make_body("yaohai", "瑶海区人民政府", jurisdiction="yaohai", role="government")
    department = make_body(
        "yaohai-minzhengju", "瑶海区民政局", groups=[{"name": district["name"]}]
    )
    authority = make_body(
        "yaohai-shujuju",
        "瑶海区数据资源管理局",
        groups=[{"name": district["name"]}],
        role="authority",
    )
    for organization, user, capacity in (
        (department, "officer", "editor"),
        (department, "officer2", "editor"),
        (department, "head", "admin"),
        (authority, "authority", "admin"),
    ):
        tk.get_action("organization_member_create")(
            site(), {"id": organization["id"], "username": user, "role": capacity}
        )
    for who, number in (("citizen", ID_NUMBER), ("other", OTHER_NUMBER)):
        call(who, "govdata_identity_update", kind="person", name="王小明", number=number)
    return department, authority


def make_entry(owner_org: str, **more: Any) -> dict[str, Any]:
    return tk.get_action("package_create")(
        site(),
        {
            "name": f"e-{uuid.uuid4().hex[:10]}",
            "title": "公交线路客流",
            "owner_org": owner_org,
            "notes": "全区公交线路的名称、站点和客流。",
            "domain": "transport",
            "update_period": "yearly",
            "share_type": "unconditional",
            "open_attribute": "conditional",
            "open_conditions": "仅限研究用途",
            "open_basis": "瑶政办〔2024〕2号第十五条",
            "data_formats": ["csv"],
            "information_items": [
                {"name": "线路名称", "type": "C", "opened": True},
                {"name": "客流量", "type": "N", "opened": True},
                {"name": "司机电话", "type": "C", "sensitive": True},
            ],
            "resources": [
                {"name": "客流.csv", "url": "https://example.invalid/a.csv", "format": "CSV"}
            ],
            **more,
        },
    )


def make_body(name: str, title: str, **more: Any) -> dict[str, Any]:
    return tk.get_action("organization_create")(
        site(), {"name": name, "title": title, "level": "county", "region": "340102", **more}
    )


@pytest.fixture
def on_day():
    """Move the portal's clock to a day; the real time comes back afterwards."""
    yield lambda day: now.move(date.fromisoformat(day) if isinstance(day, str) else day)
    now.move(None)


def expected(page) -> int:
    """The status of a page: 409 where a form was refused, which its head says and its title."""
    refused = page.select_one("[data-gd-wrong]") is not None
    title = page.title.text.strip() if page.title else ""
    assert title.startswith(("Error:", "错误：", "錯誤：")) == refused
    return 409 if refused else 200


@pytest.fixture
def browse(app):
    """Get and post pages as somebody; a page is never a 500."""

    def visit(who, path, data=None, status=None, follow=True):
        token = call_action("api_token_create", context={"user": who}, user=who, name=f"{who}-t")
        headers = {"Authorization": token["token"]}
        how = app.get if data is None else app.post
        more = {} if data is None else {"data": data}
        answer = how(path, headers=headers, follow_redirects=follow, **more)
        page = BeautifulSoup(answer.body, "html.parser")
        assert answer.status_code == (status or expected(page)), answer.body[:3000]
        return page

    return visit


def seat(organization, user, capacity):
    """Make a user a member of a department."""
    tk.get_action("organization_member_create")(
        site(), {"id": organization, "username": user, "role": capacity}
    )


def away(who, deputy):
    """Somebody is away for three days, from today, and another stands in."""
    today = now.today()
    day = {"first": today.isoformat(), "last": (today + timedelta(days=3)).isoformat()}
    call(who, "govdata_away_create", deputy=model.User.by_name(deputy).id, **day)
