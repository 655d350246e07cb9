"""Which pictures fit a table, and one as an address."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.domain.explorer.column import Column, Kind
from ckanext.govdata.domain.explorer.picture import (
    ALONG,
    Look,
    Measure,
    TablePicture,
    coordinates,
    figures,
    fitting,
    read,
    written,
)

STOPS = (
    Column("线路", Kind.TEXT, "线路名称", "line"),
    Column("日期", Kind.DAY, "统计日期", "day"),
    Column("客流", Kind.NUMBER, "客流量（人次）", "riders"),
    Column("里程", Kind.NUMBER, "里程", "km"),
    Column("区划", Kind.NUMBER, "行政区划代码", "division_code"),
    Column("lng", Kind.NUMBER, "经度", "lng"),
    Column("lat", Kind.NUMBER, "纬度", "lat"),
    Column("夜班", Kind.FLAG, "是否夜班", "night"),
)


def asked(**words: str):
    return read({f"_{key}": value for key, value in words.items()}, STOPS)


def test_where_it_lies_goes_first_then_when_then_what():
    found = fitting(STOPS, {"线路": 12, "夜班": 2})
    assert [one.look for one in found[:4]] == [Look.MAP, Look.TIMES, Look.BARS, Look.BARS]
    assert found[0] == TablePicture(Look.MAP, "lng", "lat")
    assert all(one.measure is Measure.COUNT for one in found)


def test_no_sum_is_drawn_that_nobody_asked_for():
    assert {one.measure for one in fitting(STOPS, {})} == {Measure.COUNT}


def test_codes_and_places_are_no_figures():
    assert [one.name for one in figures(STOPS)] == ["客流", "里程"]


@pytest.mark.parametrize("title", [
    "行政区划代码", "序号", "统一编码", "联系电话", "邮编", "id", "ID", "zip", "身份证号", "门牌号",
    "house no",
])  # fmt: skip
def test_a_number_that_names_is_no_figure(title):
    assert figures([Column("x", Kind.NUMBER, title)]) == []


@pytest.mark.parametrize("title", ["数量", "video", "number", "人数", "编制数", "套号数量"])
def test_a_number_that_counts_is_one(title):
    assert len(figures([Column("x", Kind.NUMBER, title)])) == 1


@pytest.mark.parametrize(("east", "north"), [
    ("经度", "纬度"), ("WGS84经度", "WGS84纬度"), ("lng", "lat"), ("longitude", "latitude"),
    ("起点經度", "起点緯度"), ("gis_lon", "gis_lat"),
])  # fmt: skip
def test_coordinates_are_known_by_their_names(east, north):
    both = (Column(east, Kind.NUMBER, east), Column(north, Kind.NUMBER, north))
    assert coordinates(both) == both


@pytest.mark.parametrize("title", ["flat", "plat", "belong", "长度", "along"])
def test_other_words_are_no_coordinates(title):
    other = Column("lat", Kind.NUMBER, "lat")
    assert coordinates([Column(title, Kind.NUMBER, title), other]) is None


def test_coordinates_that_are_texts_are_none():
    assert coordinates([Column("lng", Kind.TEXT, "lng"), Column("lat", Kind.TEXT, "lat")]) is None


def test_an_address_without_a_picture():
    assert asked(by="客流") is None
    assert asked(chart="  ") is None


@pytest.mark.parametrize(("words", "code", "field"), [
    ({"chart": "pie", "by": "线路"}, "unknown_choice", "_chart"),
    ({"chart": "bars", "by": "线路", "measure": "median"}, "unknown_choice", "_measure"),
    ({"chart": "bars"}, "no_column_named", "_by"),
    ({"chart": "bars", "by": "身份证号"}, "unknown_column", "身份证号"),
    ({"chart": "bars", "by": "线路", "measure": "sum", "figure": "秘密"}, "unknown_column", "秘密"),
    ({"chart": "bars", "by": "线路", "measure": "sum"}, "no_column_named", "_figure"),
    ({"chart": "bars", "by": "线路", "measure": "sum", "figure": "日期"}, "wrong_kind", "_figure"),
    ({"chart": "times", "by": "线路"}, "wrong_kind", "_by"),
    ({"chart": "histogram", "by": "线路"}, "wrong_kind", "_by"),
    ({"chart": "map", "by": "lng"}, "no_column_named", "_figure"),
    ({"chart": "dots", "by": "客流", "figure": "线路"}, "wrong_kind", "_figure"),
])  # fmt: skip
def test_what_cannot_be_drawn_is_said(words, code, field):
    found = asked(**words)
    assert isinstance(found, list)
    assert [(one.code, one.field) for one in found] == [(code, field)]


def test_a_count_has_no_figure():
    assert asked(chart="bars", by="线路", figure="客流") == TablePicture(Look.BARS, "线路")


@given(st.sampled_from(list(Look)), st.sampled_from(STOPS), st.sampled_from(STOPS),
       st.sampled_from(list(Measure)))
def test_an_address_says_the_picture_that_it_was_made_of(look, by, of, measure):
    grouped = look in (Look.BARS, Look.TIMES)
    figure = of.name if not grouped or measure is not Measure.COUNT else ""
    picture = TablePicture(look, by.name, figure, measure if grouped else Measure.COUNT)
    if look is Look.HISTOGRAM:
        picture = TablePicture(look, by.name)
    found = read(dict(written(picture)), STOPS)
    fits = by.kind in ALONG[look] and (not picture.of or of.kind is Kind.NUMBER)
    assert (found == picture) if fits else isinstance(found, list)
