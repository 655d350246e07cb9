"""The update period that a phrase counts: 每3个月, 2次/年, 每年3月底前, 月报."""

from __future__ import annotations

import re

from .cell_value import Became, arabic

_UNIT = r"(?P<unit>年度|年|季度|季|月度|月份|月|周|星期|礼拜|日|天|小时|分钟|分|秒钟|秒|半年|半月)"
LONGEST = 100
"""Characters of a phrase that counts a period."""
_N = r"(?P<n>\d{1,4}(?:\.\d{1,4})?|半)?个?"
_TIMES = r"(?P<times>\d{1,4})[次回期]"
_EACH = r"(?:每隔|每|按|逐|隔)?"
_LAST = r"(?:(?:定期)?(?:更新|发布|采集|上报|报送|同步|更)?(?:一次)?)"
_WHEN = (
    r"(?:的?(?:年|季|月)?第?(?:初|末|底|中|中旬|上旬|下旬|前|后|之前|之后|结束后|一个?月|\d+个?月|\d+[日号天]"
    r"|\d+个?工作日|以?内|左右))*"
)
_FORMS = [
    re.compile(rf"{_EACH}{_N}{_UNIT}(?:内|更新|发布|采集)?{_TIMES}{_LAST}$"),
    re.compile(rf"(?:更新)?{_TIMES}[/每](?:每)?{_N}{_UNIT}{_LAST}$"),
    re.compile(rf"{_EACH}{_N}{_UNIT}/(?:次|回|期){_LAST}$"),
    re.compile(rf"{_EACH}{_N}{_UNIT}{_LAST}(?:[1一]?[次报刊更])?{_LAST}$"),
    re.compile(rf"每(?P<unit>年度|年|季度|季|月){_WHEN}{_LAST}$"),
    re.compile(rf"每(?P<unit>周|星期|礼拜)[1-7日天末]{_LAST}$"),
]
_DAYS = {"年度": 365.25, "年": 365.25, "半年": 182.6, "季度": 91.3, "季": 91.3, "月度": 30.4,
         "月份": 30.4, "月": 30.4, "半月": 15.2, "周": 7.0, "星期": 7.0, "礼拜": 7.0, "日": 1.0,
         "天": 1.0, "小时": 1 / 24, "分钟": 1 / 1440, "分": 1 / 1440, "秒钟": 1 / 86400,
         "秒": 1 / 86400}  # fmt: skip
_NAMED = {"daily": 1.0, "weekly": 7.0, "monthly": 30.4, "quarterly": 91.3, "half_yearly": 182.6,
          "yearly": 365.25, "biennial": 730.5}  # fmt: skip
_NEAR = 0.08
"""28 to 32 days are a month."""
_HOUR = 1.01 / 24


def counted(key: str) -> Became | None:
    """The named period of that length; ``None`` where the phrase counts none or none has it.

    ``key`` is plain (``cell_value.plain``). Several times a day is daily, and not known: no
    word says how often.
    """
    days = _length(key)
    if days is None:
        return None
    if days <= _HOUR:
        return Became("real_time")
    for name, length in _NAMED.items():
        if abs(days - length) <= _NEAR * length:
            return Became(name)
    return Became("daily", known=False) if days < 1 else None


def _length(key: str) -> float | None:
    """How many days lie between two updates."""
    if len(key) > LONGEST:
        return None
    text = re.sub(r"[()\[\]【】。:：]", "", arabic(key.replace("一次", "1次")))
    for form in _FORMS:
        if match := form.match(text):
            found = match.groupdict()
            count = 0.5 if found.get("n") == "半" else float(found.get("n") or 1)
            if text.startswith("隔"):
                count = 2 if not found.get("n") else 0
            if text.startswith("每隔") and count == 1:  # every year or every other one
                return None
            times = int(found.get("times") or 1)
            return _DAYS[found["unit"]] * count / times if count and times else None
    return None
