"""Charts: round marks, gaps, one point, nothing, negative and huge numbers, hostile names."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as Xml

import pytest

from ckanext.govdata.domain.chart.bars import Bar, bar_chart, ranked
from ckanext.govdata.domain.chart.drawing import (
    Caption,
    breadth,
    clean,
    place,
    shortened,
    sound_number,
)
from ckanext.govdata.domain.chart.lines import (
    NARROW,
    Series,
    line_chart,
    spark,
    spread,
    thinned,
)
from ckanext.govdata.domain.chart.scale import moments, number, plain, ticks, time_ticks

BEIJING = timezone(timedelta(hours=8))
START = datetime(2020, 1, 20, tzinfo=BEIJING)
CAPTION = Caption("cases", "累计病例", "由0增至991。", "zh_Hans_CN", "暂无数据")
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert(1)</script>\x00\u202e\"'&amp;"


def days(*values: float | None, step: timedelta = timedelta(days=1)):
    return [(START + n * step, value) for n, value in enumerate(values)]


def drawn(text: str) -> Xml.Element:
    """The drawing, read again: it must be well-formed XML without style or script."""
    assert "style" not in text
    assert "<script" not in text
    return Xml.fromstring(text)


def of_class(root: Xml.Element, name: str) -> list[Xml.Element]:
    return [e for e in root.iter() if name in (e.get("class") or "").split()]


def words(root: Xml.Element) -> list[str]:
    return [e.text or "" for e in root.iter(f"{SVG}text")]


class TestMarks:
    @pytest.mark.parametrize(
        ("low", "high", "expected"),
        [
            (0, 991, ["0", "200", "400", "600", "800", "1000"]),
            (0, 5, ["0", "1", "2", "3", "4", "5"]),
            (0, 0.3, ["0.0", "0.1", "0.2", "0.3"]),
            (-7, 12, ["-10", "-5", "0", "5", "10", "15"]),
            (0, 0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ],
    )
    def test_are_round_and_hold_the_data(self, low, high, expected):
        assert [Decimal(e) for e in expected] == list(ticks(low, high))

    def test_of_things_counted_are_whole(self):
        assert ticks(0, 2, whole=True) == (0, 1, 2)

    @pytest.mark.parametrize("high", [1, 7, 99, 12_345, 1e9, 3.3e17, 1e300])
    def test_are_few_at_any_size(self, high):
        found = ticks(0, high)
        assert found[0] == 0
        assert found[-1] >= Decimal(str(high))
        assert 3 <= len(found) <= 7

    def test_backwards_is_the_same(self):
        assert ticks(10, 0) == ticks(0, 10)


@pytest.mark.parametrize(
    ("value", "locale", "expected"),
    [
        (1250, "zh_Hans_CN", "1,250"),
        (35_000, "zh_Hans_CN", "3.5万"),
        (1_200_000_000, "zh_Hans_CN", "12亿"),
        (1_200_000_000, "zh_Hant_TW", "12億"),
        (35_000, "en", "35K"),
        (1_200_000_000, "en", "1.2B"),
        (-35_000, "zh_Hans_CN", "-3.5万"),
        (0.25, "en", "0.25"),
        (1e20, "zh_Hans_CN", "1.0e+20"),
        (0, "xx", "0"),
    ],
)
def test_numbers(value, locale, expected):
    assert number(value, locale) == expected


def test_numbers_in_full():
    assert plain(1234567.5) == "1,234,567.5"
    assert plain(100) == "100"


class TestTime:
    @pytest.mark.parametrize(
        ("span", "first", "last"),
        [
            (timedelta(hours=1), "1月20日", "01:00"),
            (timedelta(hours=20), "1月20日", "18:00"),
            (timedelta(days=3), "1月20日", "1月23日"),
            (timedelta(days=6), "1月20日", "1月26日"),
            (timedelta(days=40), "1月20日", "2月24日"),
            (timedelta(days=101), "2020年2月", "4月"),
            (timedelta(days=3000), "2022年", "2028年"),
        ],
    )
    def test_marks_follow_the_span(self, span, first, last):
        marks = time_ticks(START, START + span)
        found = moments(marks, "zh_Hans_CN")
        assert (found[0], found[-1]) == (first, last)
        assert len(marks) <= 7

    def test_one_instant_has_one_mark(self):
        noon = START + timedelta(hours=12, minutes=7)
        assert time_ticks(noon, noon) == (noon,)
        assert moments((noon,), "en") == ("20 Jan 12:07",)
        assert moments((START,), "en") == ("20 Jan",)

    def test_months_name_their_year_once(self):
        marks = time_ticks(START, START + timedelta(days=200))
        assert moments(marks, "en") == ("Feb 2020", "Mar", "Apr", "May", "Jun", "Jul", "Aug")

    def test_a_new_year_is_named(self):
        marks = time_ticks(datetime(2019, 11, 5, tzinfo=BEIJING), START + timedelta(days=60))
        assert "2020年1月" in moments(marks, "zh_Hans_CN")

    def test_a_century_ends(self):
        marks = time_ticks(START.replace(year=1900), START.replace(year=2020))
        assert 1 < len(marks) <= 7


class TestLines:
    def test_is_named_for_readers_aids(self):
        root = drawn(line_chart([Series("确诊", days(0, 1, 5))], CAPTION))
        assert root.get("role") == "img"
        ids = (root.get("aria-labelledby") or "").split()
        assert [root.find(f"*[@id='{i}']").text for i in ids] == [
            CAPTION.title,
            CAPTION.description,
        ]

    def test_scales_with_its_place(self):
        root = drawn(line_chart([Series("确诊", days(0, 1))], CAPTION, NARROW))
        assert root.get("viewBox", "").startswith("0 0 360 ")
        assert root.get("width") is None

    def test_is_the_same_every_time(self):
        series = [Series("确诊", days(0, 1, 5)), Series("治愈", days(0, 0, 2))]
        assert line_chart(series, CAPTION) == line_chart(series, CAPTION)

    def test_several_series_are_told_apart(self):
        series = [Series(f"第{n}列", days(n, n + 1)) for n in range(7)]
        root = drawn(line_chart(series, CAPTION))
        assert set(words(root)) >= {one.name for one in series}
        looks = {e.get("class") for e in of_class(root, "gd-chart__line")}
        assert len(looks) == 6

    def test_legend_wraps_on_a_phone(self):
        series = [Series(f"一个相当长的名称{n}", days(n, n + 1)) for n in range(4)]
        root = drawn(line_chart(series, CAPTION, NARROW))
        names = of_class(root, "gd-chart__name")
        assert len({e.get("y") for e in names}) > 1
        assert all(float(e.get("x", "0")) + breadth(e.text or "") <= NARROW for e in names)

    def test_ends_carry_the_last_value_and_do_not_cover_each_other(self):
        counted = {"确诊": 991, "治愈": 985, "亡": 6}
        series = [Series(name, days(0, last)) for name, last in counted.items()]
        ends = of_class(drawn(line_chart(series, CAPTION)), "gd-chart__end")
        assert [e.text for e in ends] == ["991", "985", "6"]
        heights = sorted(float(e.get("y", "0")) for e in ends)
        assert all(b - a >= 13 for a, b in pairwise(heights))

    def test_a_gap_breaks_the_line(self):
        root = drawn(line_chart([Series("确诊", days(1, 2, None, 4, 5))], CAPTION))
        assert len(root.findall(f"{SVG}polyline")) == 2

    def test_order_of_points_does_not_matter(self):
        points = days(1, 2, 3)
        assert line_chart([Series("a", points[::-1])], CAPTION) == line_chart(
            [Series("a", points)], CAPTION
        )

    def test_nothing_says_so(self):
        for series in ([], [Series("a", [])], [Series("a", days(None, None))]):
            assert "暂无数据" in words(drawn(line_chart(series, CAPTION)))

    def test_one_point_is_a_dot(self):
        root = drawn(line_chart([Series("确诊", days(7))], CAPTION))
        assert of_class(root, "gd-chart__dot")
        assert not root.findall(f"{SVG}polyline")

    def test_negative_values_have_a_zero_line_above_them(self):
        root = drawn(line_chart([Series("变化", days(-5, 3, -2))], CAPTION))
        zero = of_class(root, "gd-chart__zero")
        lowest = max(float(e.get("y1", "0")) for e in of_class(root, "gd-chart__grid"))
        assert len(zero) == 1
        assert float(zero[0].get("y1", "0")) < lowest

    @pytest.mark.parametrize("value", [1e12, 1e299, -1e299, 5e-9])
    def test_huge_and_tiny_values_stay_on_the_paper(self, value):
        root = drawn(line_chart([Series("量", days(0, value))], CAPTION))
        box = [float(n) for n in root.get("viewBox", "").split()]
        for line in of_class(root, "gd-chart__line"):
            for corner in line.get("points", "").split():
                x, y = map(float, corner.split(","))
                assert 0 <= x <= box[2]
                assert 0 <= y <= box[3]

    def test_what_is_no_number_is_a_gap(self):
        text = line_chart([Series("量", days(1, float("nan"), float("inf"), 1e308, 2))], CAPTION)
        assert len(drawn(text).findall(f"{SVG}circle")) == 3  # two dots and the end

    def test_hostile_names_are_text(self):
        caption = Caption('x"><script>', HOSTILE, HOSTILE, "zh_Hans_CN", HOSTILE)
        for text in (
            line_chart([Series(HOSTILE, days(1, 2)), Series("b", days(1))], caption),
            line_chart([], caption),
            bar_chart([Bar(HOSTILE, 3)], caption),
        ):
            root = drawn(text)
            assert re.fullmatch(r"[A-Za-z-]+", (root.get("aria-labelledby") or "").split()[0])
            assert "\x00" not in text
            assert "\u202e" not in text

    def test_thousands_of_points_stay_small(self):
        points = days(*[n % 17 for n in range(5000)], step=timedelta(minutes=15))
        assert len(line_chart([Series("水位", points)], CAPTION)) < 40_000

    def test_a_thinned_line_keeps_its_peaks(self):
        spots = [(n / 100, float(n == 42)) for n in range(300)]
        kept = thinned(spots)
        assert (0.42, 1.0) in kept
        assert {spots[0], spots[-1]} <= set(kept)
        assert len(kept) <= 12


class TestSpark:
    def test_is_skipped_by_readers_aids(self):
        root = drawn(spark(days(1, 2, 3)))
        assert root.get("aria-hidden") == "true"

    def test_needs_two_points(self):
        assert spark(days(1)) == ""
        assert spark([]) == ""

    def test_all_zero_is_a_flat_line(self):
        assert drawn(spark(days(0, 0))).findall(f"{SVG}polyline")


class TestBars:
    def test_longest_first_unknown_last(self):
        rows = ranked([Bar("乙", 1), Bar("甲", None), Bar("丙", 9), Bar("丁", 1)])
        assert rows == [("丙", 9.0), ("丁", 1.0), ("乙", 1.0), ("甲", None)]

    def test_bars_are_as_long_as_their_numbers(self):
        root = drawn(bar_chart([Bar("合肥市", 174), Bar("六安市", 87)], CAPTION))
        long, short = (float(e.get("width", "0")) for e in of_class(root, "gd-chart__bar"))
        assert long == pytest.approx(short * 2, abs=0.2)
        assert words(root) == ["合肥市", "174", "六安市", "87"]

    def test_negative_bars_go_the_other_way(self):
        root = drawn(bar_chart([Bar("甲", 10), Bar("乙", -5)], CAPTION))
        zero = float(of_class(root, "gd-chart__zero")[0].get("x1", "0"))
        right, left = of_class(root, "gd-chart__bar")
        assert float(right.get("x", "0")) == pytest.approx(zero, abs=0.1)
        assert float(left.get("x", "0")) < zero

    def test_unknown_is_a_dash_and_zero_is_zero(self):
        root = drawn(bar_chart([Bar("甲", 0), Bar("乙", None)], CAPTION))
        assert words(root) == ["甲", "0", "乙", "—"]

    def test_nothing_says_so(self):
        for bars in ([], [Bar("甲", None)], [Bar("甲", float("nan"))]):
            assert "暂无数据" in words(drawn(bar_chart(bars, CAPTION)))

    def test_no_more_than_asked(self):
        bars = [Bar(f"{n}", n) for n in range(50)]
        assert len(of_class(drawn(bar_chart(bars, CAPTION, most=8)), "gd-chart__bar")) == 8

    def test_long_names_leave_room_for_bars(self):
        root = drawn(bar_chart([Bar("很长" * 40, 3), Bar("乙", 2)], CAPTION, NARROW))
        name = of_class(root, "gd-chart__place")[0]
        assert (name.text or "").endswith("…")
        assert breadth(name.text or "") < NARROW / 2


def test_spread_keeps_order_and_floor():
    assert spread([10.0, 11.0, 50.0], 14, 100) == [10, 24, 50]
    assert spread([98.0, 99.0, 100.0], 14, 100) == [72, 86, 100]
    assert spread([], 14, 100) == []


def test_small_parts():
    assert (place(1.04), place(-0.01), place(3.0)) == ("1", "0", "3")
    assert clean(" a\n\tb\x07\u200f ") == "a b"
    assert shortened("合肥市", 100) == "合肥市"
    assert shortened("合肥市", 5) == "…"
    assert sound_number(None) is None
    assert sound_number(3) == 3.0
