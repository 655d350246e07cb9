"""The demo's emergencies: the epidemic of 2020 as an archive, and a drill that is going on.

The counts are real (see ``data/README.md``); bulletins are put together from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from importlib.resources import as_file
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from .. import now
from ..emergency import event_replay
from ..emergency.event import event_record
from .content import DATA

USER, HANDLER, REGION = "anhui-authority", "anhui-shujuziyuanguanliju", "34"
EPIDEMIC, DRILL = "covid-2020", "flood-drill"
WEEK = 7
FIRST = date(2020, 1, 24)
"""The day on which Anhui decided its level I response (China News Service, Hefei, 24 January 2020,
reprinted at bbs.anhuishengzx.com/showtopic-11919.aspx; the hour is not told)."""
LEVELS = {date(2020, 2, 25): (12, "II"), date(2020, 3, 15): (18, "III")}
"""When the response was lowered, from what hour and to which level: to II (Xinhua,
news.cn/politics/2020-02/25/c_1125624193.htm), to III (the province's command,
ydah.china.com.cn/2020-03/16/content_41091877.html)."""
STATIONS = {"王家坝": 27.5, "润河集": 25.1, "正阳关": 23.9, "蚌埠闸": 19.2}
QUARTER = timedelta(minutes=15)


def load() -> int:
    """Load what is missing; how many events are new."""
    return _epidemic() + _drill()


def _act(command: str, **given: object) -> DataDict:
    user = model.User.get(USER)
    context: Context = {"user": USER, "auth_user_obj": user}
    return tk.get_action(f"govdata_emergency_{command}")(context, given)


def _epidemic() -> int:
    """Replay the counts from the day of level I; a bulletin each week, each change of level at its
    hour, the end."""
    if event_record.row_of(EPIDEMIC):
        return 0
    with as_file(DATA / "covid19.csv") as file:
        counts = event_replay.read(file, REGION)
    days = {day: rows for day, rows in counts.items() if day >= FIRST.isoformat()}
    title = "新型冠状病毒感染的肺炎疫情（演示）"
    wanted = event_replay.Replay(EPIDEMIC, REGION, HANDLER, title, USER, days)
    for number, (day, shown) in enumerate(zip(days, event_replay.run(wanted), strict=True)):
        today = date.fromisoformat(day)
        if number == 0:
            _act("update", id=EPIDEMIC, contact="安徽省卫生健康委员会，卫生热线 12320",
                 text="每日公布全省疫情数据。")  # fmt: skip
        if number % WEEK == 0:
            totals = {one["name"]: one["value"] for one in shown["key_figures"]}
            _act("publish", id=EPIDEMIC, bulletin=_bulletin(today, totals))
        if today in LEVELS:
            hour, level = LEVELS[today]
            event_replay.turn_to(day, time(hour))
            _act("update", id=EPIDEMIC, level=level, text="疫情防控形势好转，调整应急响应级别。")
        if number == len(days) - 1:
            _act("end", id=EPIDEMIC, text="本演示的数据到此为止，事件存档。")
    return 1


def _bulletin(today: date, totals: Mapping[str, float]) -> dict[str, str]:
    """The day's totals in plain words."""
    said = "，".join(f"累计{name}{int(totals[name])}例" for name in ("确诊", "治愈", "死亡"))
    return {
        "title": f"{today.month}月{today.day}日疫情通报",
        "text": f"截至{today.month}月{today.day}日，全省{said}。\n请勤洗手、戴口罩、少聚集；"
        "如有发热、咳嗽等症状，及时到就近的发热门诊就诊。",
    }


def _drill() -> int:
    """A drill with water levels every quarter of an hour; whoever takes part sees it go on."""
    if event_record.row_of(DRILL):
        return 0
    began = now.now() - 6 * QUARTER
    try:
        for step in range(6):
            now.shift(None)
            now.shift(began + step * QUARTER - now.now())
            if step == 0:
                _act("declare", name=DRILL, title="淮河防汛应急数据开放演练", level="II",
                     kind="natural_disaster", subtype="flood_drought", regions=[REGION],
                     organization=HANDLER, basis="《安徽省政务数据资源管理办法》第四十一条",
                     threshold="harm_likely", duty="承担政务数据应急预案演练的组织工作。",
                     contact="省防汛抗旱指挥部办公室（演练席）", rhythm="15", drill="true",
                     text="演练开始：按二级响应每15分钟公布主要站点水位。")  # fmt: skip
            _act("publish", id=DRILL, **_levels(began, step))
    finally:
        now.shift(None)
    return 1


def _levels(began: Any, step: int) -> DataDict:
    """All readings up to a step, with a bulletin every second time."""
    rows = [
        {"时间": f"{(began + n * QUARTER).astimezone(now.BEIJING):%Y-%m-%d %H:%M}", "站点": name,
         "水位": f"{level + 0.06 * n * (1 + place % 3):.2f}"}
        for n in range(step + 1)
        for place, (name, level) in enumerate(STATIONS.items())
    ]  # fmt: skip
    which: DataDict = (
        {"dataset": "levels"}
        if step
        else {
            "create": {"title": "淮河干流主要站点水位（演练）", "domain": "resources"},
            "name": "levels",
        }
    )
    said = {
        "title": f"演练通报第{step // 2 + 1}号",
        "text": "淮河干流水位继续上涨，请低洼地区做好转移准备。（演练）",
    }
    return {
        **which,
        "rows": rows,
        "source": "演练数据",
        "time_column": "时间",
        "place_column": "站点",
        **({"bulletin": said} if step % 2 == 0 else {}),
    }
