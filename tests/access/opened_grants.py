"""Grants as decisions open them, of a person and of a firm; for tests."""

from datetime import timedelta

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from tests.cases.conftest import call, site, world  # noqa: F401

USCC = "91110000600037341L"
REPORT = {"use": "用于线路客流的研究，未超出授权范围。", "deleted": "deleted"}


@pytest.fixture
def granted(world):  # noqa: F811
    """A person's grant of two columns of a table, in force from today."""
    return opened(world)


@pytest.fixture
def firms(world):  # noqa: F811
    """The same grant of somebody who was a firm when he applied."""
    organisation()
    return opened(world)


def opened(world):  # noqa: F811
    resource_id = world.entry["resources"][0]["id"]
    rows = [{"线路名称": f"{n}路", "客流量": n, "司机电话": f"1380000{n:04}"} for n in range(5)]
    tk.get_action("datastore_create")(
        site(),
        {
            "resource_id": resource_id,
            "force": True,
            "fields": [
                {"id": "线路名称", "type": "text"},
                {"id": "客流量", "type": "int"},
                {"id": "司机电话", "type": "text"},
            ],
            "records": rows,
        },
    )
    today = now.today()
    days = {
        "period_from": today.isoformat(),
        "period_until": (today + timedelta(days=100)).isoformat(),
    }
    case = world.apply(columns={resource_id: ["线路名称", "客流量"]}, **days)
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "propose", proposal="approve", note="拟同意")
    world.act("head", case["id"], "approve")
    [line] = call("citizen", "govdata_grant_list")
    return call("citizen", "govdata_grant_show", id=line["id"])


def organisation(who: str = "citizen") -> None:
    call(who, "govdata_identity_update", kind="firm", name="某某科技有限公司", number=USCC)


def ledger_of(grant_id: str) -> list[str]:
    query = sa.text("SELECT action FROM govdata_ledger WHERE object_id = :id ORDER BY number")
    return list(model.Session.scalars(query, {"id": grant_id}))


def ask(app, granted, secret, **parameters):
    path = f"/api/govdata/granted/{granted['resources'][0]}"
    return app.get(
        path, headers={"X-Grant-Token": secret}, query_string=parameters, status=None
    )
