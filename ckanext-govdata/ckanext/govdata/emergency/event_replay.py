"""Replay daily counts as an event with updates: for the demo, for drills and for tests.

Every step goes through the actions that officers use, with the portal's clock set to its day.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context

from .. import now
from .answers import EventAnswer
from .event import event_record

FIGURES = {"confirmed": "确诊", "suspected": "疑似", "cured": "治愈", "dead": "死亡"}
HOUR = time(10)
"""When a day's counts are published, in Beijing time."""


@dataclass(frozen=True)
class Replay:
    """One region's counts: whose event it is, and the rows of each day in order."""

    name: str
    region: str
    organization: str
    title: str
    user: str
    days: Mapping[str, list[dict[str, str]]]


def read(path: Path, region: str) -> dict[str, list[dict[str, str]]]:
    """The cities' rows of a region by day; a province's own rows would count twice.

    ``region`` is a province (2 digits) or a city (4).
    """
    days: dict[str, list[dict[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["city_code"].startswith(region):
                days.setdefault(row["date"], []).append(row)
    return dict(sorted(days.items()))


def run(replay: Replay) -> Iterator[EventAnswer]:
    """Declare the event on its first day and publish each day's table; each answer in turn."""
    user = model.User.get(replay.user)
    if user is None:
        raise tk.ObjectNotFound(replay.user)
    try:
        for number, (day, rows) in enumerate(replay.days.items()):
            at = turn_to(day, HOUR)
            if number == 0 and event_record.row_of(replay.name) is None:
                _act(user, "declare", **_declaration(replay, at))
            yield _act(user, "publish", **_update(replay, number, rows))
    finally:
        now.shift(None)


def turn_to(day: str, hour: time) -> datetime:
    """Set the portal's clock to an hour of a day, in Beijing time; the instant."""
    at = datetime.combine(datetime.fromisoformat(day).date(), hour, now.BEIJING)
    now.shift(None)
    now.shift(at - now.now())
    return at


def _act(user: model.User, command: str, **given: object) -> EventAnswer:
    context = Context(user=user.name, auth_user_obj=user)
    return tk.get_action(f"govdata_emergency_{command}")(context, given)


def _declaration(replay: Replay, at: datetime) -> dict[str, object]:
    return {
        "name": replay.name,
        "title": replay.title,
        "kind": "public_health",
        "subtype": "epidemic",
        "level": "I",
        "regions": [replay.region],
        "organization": replay.organization,
        "basis": "国家突发公共卫生事件应急预案",
        "threshold": "harm_caused",
        "duty": "本级人民政府疫情防控指挥体系成员单位，负责汇集和公布疫情数据。",
        "started": at.isoformat(),
        "rhythm": str(int(timedelta(days=1).total_seconds() // 60)),
        "text": "启动突发公共卫生事件Ⅰ级响应。",
    }


def _update(replay: Replay, number: int, rows: list[dict[str, str]]) -> dict[str, object]:
    table = [
        {"日期": row["date"], "城市": row["city"], **{FIGURES[k]: row[k] for k in FIGURES}}
        for row in rows
    ]
    # A county may report beside its city, so the total says that no row sums another.
    totals = {shown: str(sum(int(row[name]) for row in rows)) for name, shown in FIGURES.items()}
    table.append({"日期": rows[0]["date"], "城市": "合计", **totals})
    which: dict[str, object] = (
        {"dataset": "cases"}
        if number
        else {"create": {"title": f"{replay.title}每日病例数", "domain": "health"}, "name": "cases"}
    )
    return {
        "id": replay.name,
        **which,
        "rows": table,
        "source": "卫生健康部门每日通报",
        "note": "每日更新；累计数以通报为准，核减时合计会下降。",
        "time_column": "日期",
        "place_column": "城市",
        "figures": list(FIGURES.values()),
    }
