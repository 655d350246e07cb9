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
