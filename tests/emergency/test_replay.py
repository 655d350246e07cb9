"""The spring of 2020 again: 102 days in two regions, and what was known on each of them."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest

from ckanext.govdata import now
from ckanext.govdata.emergency import event_replay
from tests.cases.conftest import make_body, make_user, site

COUNTS = Path(str(files("ckanext.govdata.demo"))) / "data" / "covid19.csv"
REGIONS = {"34": "anhui", "4115": "xinyang"}
FIRST, LAST = date(2020, 1, 20), date(2020, 4, 30)
NAMES = {"confirmed": "确诊", "suspected": "疑似", "cured": "治愈", "dead": "死亡"}


def counted(region: str) -> dict[str, dict[str, int]]:
    """Each day's sums, read from the file without any of the portal's code."""
    sums: dict[str, dict[str, int]] = {}
    with COUNTS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if not row["city_code"].startswith(region):
                continue
            day = sums.setdefault(row["date"], dict.fromkeys(NAMES.values(), 0))
            for name, shown in NAMES.items():
                day[shown] += int(row[name])
    return sums


@pytest.fixture
def replayed(fresh):
    for name in REGIONS.values():
        make_user(f"{name}-head")
    bodies = {
        "anhui": make_body(
            "anhui", "安徽省卫生健康委员会", jurisdiction="anhui", level="province", region="34"
        ),
        "xinyang": make_body("xinyang", "信阳市卫生健康委员会", level="city", region="4115"),
    }
    for name, body in bodies.items():
        tk.get_action("organization_member_create")(
            site(), {"id": body["id"], "username": f"{name}-head", "role": "admin"}
        )
    for region, name in REGIONS.items():
        days = event_replay.read(COUNTS, region)
        wanted = event_replay.Replay(name, region, name, f"{name} 2020", f"{name}-head", days)
        for _answer in event_replay.run(wanted):
            pass
    yield
    now.shift(None)


@pytest.mark.slow
def test_every_historic_state_is_right(replayed) -> None:
    asked = 0
    for region, name in REGIONS.items():
        truth = counted(region)
        day, known = FIRST, None
        while day <= LAST:
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=now.BEIJING)
            known = truth.get(day.isoformat(), known)
            asked += 1
            if known is not None:
                _check(name, noon, known, sum(1 for d in truth if d <= day.isoformat()))
            before = noon - timedelta(hours=3)
            former = [d for d in truth if d < day.isoformat()]
            if former:
                _check(name, before, truth[former[-1]], len(former))
            day += timedelta(days=1)
    assert asked == 204


def _check(name: str, at: datetime, truth: dict[str, int], number: int) -> None:
    shown = tk.get_action("govdata_emergency_show")(
        {"user": "", "auth_user_obj": None}, {"id": name, "at": at.isoformat()}
    )
    (one,) = shown["datasets"]
    assert one["latest"]["number"] == number, at
    assert one["latest"]["totals"] == truth, at
    assert {f["name"]: f["value"] for f in shown["key_figures"]} == truth, at
