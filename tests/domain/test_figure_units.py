"""Figures of a column make a sum or are asked about: units, scales, levels, also of its heading."""

from __future__ import annotations

import pytest

from ckanext.govdata.domain.sheet import FigureUnclear, Sheet, totals


def test_units_that_differ_are_asked_about():
    with pytest.raises(FigureUnclear):
        totals(Sheet(("地点", "长度"), (("甲镇", "300米"), ("乙镇", "1公里"))), "", ("长度",))


@pytest.mark.parametrize(
    ("cells", "heading"),
    [(("35.2℃", "33.1℃"), "受灾人数"), (("100%", "50%"), "n"), (("25.1m", "30.2m"), "水位"),
     (("5厘米", "5"), "雨量"), (("5", "5mm"), "雨量"), (("12mg/L", "5mg/L"), "氨氮"),
     (("90.1", "95"), "入住率（%）"), (("35.2", "33"), "最高气温"), (("3级", "5级"), "风力"),
     (("1.2亿", "300"), "直接经济损失（万元）"), (("500万元", "300"), "损失（万元）"),
     (("5000元", "300"), "损失(单位：万元)"), (("1.2", "3000人"), "受灾人数（万人）"),
     (("1.2", "3000万"), "损失(亿元)"), (("5", "3人"), "转移户数"), (("5", "3户"), "倒塌房屋(间)"),
     (("5", "3户"), "转移人数"), (("3户", "4户"), "受灾人口"), (("500元", "3"), "损失万元"),
     (("1.2万", "3"), "受灾人数（本日）（千人）"), (("2万元", "3万元"), "损失（萬元）"),
     (("25.1米", "30.2米"), "水位"), (("3m/s", "4m/s"), "风速"), (("5", "5公里"), "道路")],
)  # fmt: skip
def test_figures_that_make_no_sum_are_asked_about(cells, heading):
    rows = tuple((f"{place}镇", cell) for place, cell in zip("甲乙", cells, strict=True))
    with pytest.raises(FigureUnclear):
        totals(Sheet(("地点", heading), rows), "", (heading,))


@pytest.mark.parametrize(
    "heading",
    ["水位", "水位(m)", "水深", "警戒水位", "最高水位（米）", "水位值", "震级", "震級(M)", "风速",
     "瞬时风速(m/s)",
     "最大风力", "最大風力（級）", "AQI", "PM2.5", "PM2.5（μg/m³）", "PM10浓度", "预警等级", "海拔",
     "氨氮浓度值", "经度", "緯度", "温度", "室外溫度(℃)", "平均水深", "最低气温", "湿度（%）",
     "流量(m³/s)",
     "日均客流", "水压", "危险等级", "雨强（单位：mm/h）", "pH值"],
)  # fmt: skip
def test_levels_of_several_places_make_no_sum(heading):
    with pytest.raises(FigureUnclear):
        totals(Sheet(("地点", heading), (("甲", "5.1"), ("乙", "4.9"))), "", (heading,))
    one = Sheet(("地点", heading), (("甲", "5.1"),))
    assert totals(one, "", (heading,)) == {heading: 5.1}


@pytest.mark.parametrize(
    "heading",
    ["受灾人数", "雨量（毫米）", "道路长度（米）", "堤防(m)", "失踪（含失联/被困）",
     "超警戒水位站数",
     "库容（万m³）",
     "最大容纳人数", "装机功率", "受淹面积（平方米）", "高温天数", "降水量(mm)", "转移人数（人）"],
)  # fmt: skip
def test_what_is_counted_is_added(heading):
    sheet = Sheet(("地点", heading), (("甲", "5"), ("乙", "4")))
    assert totals(sheet, "", (heading,)) == {heading: 9}


@pytest.mark.parametrize(
    ("cells", "heading", "value"),
    [(("0.1", "0.2"), "雨量", 0.3), (("5毫米", "5"), "雨量（毫米）", 10), (("30人", "5"),
     "转移", 35),
     (("1.2", "3"), "损失（万元）", 4.2), (("1.2万", "300"), "受灾人数（人）", 12300),
     (("500万元", "300"), "损失（元）", 5000300), (("5名", "3"), "转移人数", 8),
     (("5间", "3"), "倒塌房屋（间）", 8), (("5", "3"), "用电量（千瓦时）", 8),
     (("5次", "3"), "出动车辆", 8),
     (("25.1m",), "水位", 25.1), (("5公里", "3公里"), "道路", 8), (("2.3亿元", "0.1亿元"),
     "损失", 2.4e8)],
)  # fmt: skip
def test_figures_that_make_a_sum_are_added_as_written(cells, heading, value):
    rows = tuple((f"{place}镇", cell) for place, cell in zip("甲乙", cells))  # noqa: B905
    assert totals(Sheet(("地点", heading), rows), "", (heading,)) == {heading: value}
