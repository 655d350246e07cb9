"""Columns, dots and maps are drawn soundly, and a drawing stands without the page."""
from __future__ import annotations

import math
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.domain.chart.bars import Bar, bar_chart
from ckanext.govdata.domain.chart.dots import dot_chart, dot_map
from ckanext.govdata.domain.chart.drawing import Caption, breadth, clean, shortened
from ckanext.govdata.domain.chart.histogram import Stretch, column_chart
from ckanext.govdata.domain.chart.poster import poster

CAPTION = Caption("k", "客流", "说明", "zh_Hans_CN", "没有可画的行")
SVG = "{http://www.w3.org/2000/svg}"


def numbers(root: Xml.Element) -> list[float]:
    named = ("x", "y", "cx", "cy", "x1", "x2", "y1", "y2", "width", "height", "r")
    return [float(one.get(name)) for one in root.iter() for name in named if one.get(name)]


def inside(drawn: str) -> Xml.Element:
    root = Xml.fromstring(drawn)
    _x, _y, width, height = map(float, root.get("viewBox").split())
    for one in root.iter(f"{SVG}circle"):
        assert 0 <= float(one.get("cx")) <= width
        assert 0 <= float(one.get("cy")) <= height
    assert all(map(math.isfinite, numbers(root)))
    return root


def test_a_column_is_as_high_as_its_count():
    root = inside(column_chart([Stretch(0, 10, 4), Stretch(10, 20, 8), Stretch(20, 30, 0)],
                               CAPTION, "里程"))
    heights = [float(one.get("height")) for one in root.iter(f"{SVG}rect")]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)
    assert heights[2] == 0


def test_nothing_to_draw_is_said():
    for drawn in (column_chart([], CAPTION, "里程"),
                  column_chart([Stretch(0, 1, 0)], CAPTION, "里程"),
                  dot_chart([], CAPTION, ("a", "b")), dot_map([(200.0, 1.0)], CAPTION, ("a", "b")),
                  dot_chart([(float("nan"), 1.0)], CAPTION, ("a", "b"))):  # fmt: skip
        assert "没有可画的行" in drawn


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=40))
def test_dots_lie_on_the_paper(dots):
    inside(dot_chart(dots, CAPTION, ("长", "宽")))


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=40))
def test_places_lie_on_the_map(dots):
    inside(dot_map(dots, CAPTION, ("经度", "纬度"), 360))


def test_north_is_up_and_east_is_right():
    root = inside(dot_map([(116.0, 30.0), (118.0, 32.0)], CAPTION, ("经度", "纬度")))
    first, second = ((float(c.get("cx")), float(c.get("cy"))) for c in root.iter(f"{SVG}circle"))
    assert second[0] > first[0]
    assert second[1] < first[1]


def test_a_poster_needs_no_page():
    drawn = poster(bar_chart([Bar("甲 <b>", 3), Bar("乙", 1)], CAPTION), "客流 & 线路", "瑶海区")
    root = Xml.fromstring(drawn)
    assert not [one for one in root.iter() if one.get("class") or one.get("style")]
    assert root.get("width")
    text = "".join(root.itertext())
    assert "客流 & 线路" in text
    assert "瑶海区" in text
    assert "甲 <b>" in text
    filled = {one.get("fill") for one in root.iter(f"{SVG}rect")}
    assert "#1466c8" in filled


@pytest.mark.parametrize("words", ["水" * 200_000, "a" * 200_000, "\u202e" * 200_000, ""])
def test_a_text_of_any_length_is_shortened_by_its_beginning(words):
    found = shortened(words, 260)
    assert breadth(found) <= 260
    assert len(found) < 60


@given(st.text(max_size=60), st.floats(20, 400))
def test_what_is_shortened_fits(words, room):
    found = shortened(words, room)
    assert breadth(found) <= room
    if breadth(clean(words)) <= room:
        assert found == clean(words)
