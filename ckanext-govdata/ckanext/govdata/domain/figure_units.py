"""Whether the figures of a column make a sum: units and scales, also of its heading."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

COUNTED = (
    r"(?:[人名位户戶次起件处處座間间栋棟幢台臺辆輛艘头頭只隻条條根棵株个個家所村项項例宗]"
    r"|人次|户次|人口)"
)
"""Units that a figure may have or not without being another one."""
_SCALE = r"(?:[万萬亿億]+|[百千](?![瓦米克帕卡伏分]))+"
_IN_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_SCALED = re.compile(rf"(?:^|[:以按]){_SCALE}[^\d:]{{0,5}}$")
_SCALED_END = re.compile(
    rf"{_SCALE}(?:[元人户戶亩畝吨噸次个個名头頭只隻株台臺辆輛升方]|美元|公顷|立方米|平方米)?$"
)
_NAMED = re.compile(rf"({COUNTED})[数數]$|(人次|户次|人口)$")
_SAME = {"名": "人", "位": "人", "人口": "人", "人次": "人", "戶": "户",
         "間": "间", "處": "处", "棟": "栋", "幢": "栋",
         "臺": "台", "輛": "辆", "頭": "头", "隻": "只", "條": "条", "個": "个",
         "項": "项", "株": "棵"}  # fmt: skip
"""Units of the same things under another word."""


@dataclass(frozen=True)
class Figure:
    """A cell's figure: its value with the scale worked in, its unit, and whether it had a scale."""

    value: float
    unit: str = ""
    scaled: bool = False


def are_mixed(figures: Collection[Figure], heading: str) -> bool:
    """Whether they cannot be added as they stand: they have different units, some have a measure
    and others none (5厘米 and 5), or the heading names another unit or scale: 万元 over 1.2亿."""
    head = re.sub(r"\s+", "", unicodedata.normalize("NFKC", heading))
    units = {figure.unit for figure in figures}
    named = units - {""}
    if len(named) > 1:
        return True
    if _has_scale(head):
        return bool(named) or any(figure.scaled for figure in figures)
    unit = next(iter(named), "")
    if re.fullmatch(COUNTED, unit):
        return _alike(unit) not in {_alike(said) for said in _counted_by(head) or (unit,)}
    return "" in units and bool(unit) and unit not in head


def _has_scale(head: str) -> bool:
    """Whether the heading tells a scale: 损失（万元）, 人数（单位：万人）, 损失万元."""
    if any(map(_SCALED.search, _IN_BRACKETS.findall(head))):
        return True
    return _SCALED_END.search(_IN_BRACKETS.sub("", head)) is not None


def _counted_by(head: str) -> list[str]:
    """What the heading counts, in brackets or at its end: 房屋（间）, 转移户数; nothing if it does
    not say."""
    measures = [part.rpartition(":")[2] for part in _IN_BRACKETS.findall(head)]
    found = [part for part in measures if re.fullmatch(COUNTED, part)]
    end = _NAMED.search(_IN_BRACKETS.sub("", head))
    return found or ([end[1] or end[2]] if end else [])


def _alike(unit: str) -> str:
    return _SAME.get(unit, unit)


_LEVEL_UNIT = re.compile(
    r"°c|℃|摄氏度|攝氏度|度|°|%|‰|m|米|km/h|h?pa|百帕|kpa|mpa|db|分贝|kv|级|級|.*/.+|.*每.+",
    re.IGNORECASE,
)
"""Units of what is not more for being there twice: temperatures, shares, levels, rates."""
_NO_UNIT = re.compile(r"[含如或]|.{9}")
"""What stands in brackets behind a heading and is no unit: （含失联/失踪）."""
_LENGTHS = re.compile(r"[长長]度?$|里程|[管堤路渠带帶绳繩]|[围圍][挡擋]|电缆|線|线")
"""Headings whose metres are laid end to end."""
_LEVEL = re.compile(
    r"(?:[^概频頻功]率|比例|[占佔]比|比重|百分比|均[价價]|单价|單價|水位|水深|[气氣水体體室地]温|[氣水體室地]溫"
    r"|[温溫湿濕浓濃]度|[风風]速|流速|[风風]力|[震烈]度|震[级級]|[气氣水][压壓]|海拔|高程|[经經纬緯坡]度"
    r"|能[见見]度|pm2\.?5|pm10|aqi|ph|指[数數]|等[级級]|[风風][级級]|(?:[预預]警|响应|響應)[级級][别別]"
    r"|平均|最[高低])[值数數]?(?:[a-z℃°%/])*$"
    r"|^(?:最[高低]|平均|人均|户均|戶均|日均)|^最[大小].*(?:雨量|雨强|流量)$|最[大小]值$|均值$",
    re.IGNORECASE,
)
"""Headings of what is measured at a place, of ranks and of what was reckoned from others."""


def are_levels(figures: Collection[Figure], heading: str) -> bool:
    """Whether they are measured, not counted: two of them (水位, 震级, 35%) add up to nothing."""
    head = re.sub(r"\s+", "", unicodedata.normalize("NFKC", heading))
    bare = _IN_BRACKETS.sub("", head)
    said = {part.rpartition(":")[2] for part in _IN_BRACKETS.findall(head)}
    units = {figure.unit for figure in figures} | {u for u in said if not _NO_UNIT.search(u)}
    laid = {"m", "M", "米"} if _LENGTHS.search(bare) else set[str]()
    return bool(_LEVEL.search(bare)) or any(map(_LEVEL_UNIT.fullmatch, units - laid))
