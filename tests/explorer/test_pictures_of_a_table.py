"""Pictures of a table: what they show is counted in the table, and nothing kept back is drawn."""
from __future__ import annotations

from xml.etree import ElementTree as Xml

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from explorer_world import CSV, HEAD, buses, entry, readable
from test_page_of_a_table import address, page, text

from ckanext.govdata.domain.explorer.picture import Look, Measure, TablePicture
from ckanext.govdata.domain.explorer.question import Condition, Question, Test
from ckanext.govdata.explorer.picture_data import LONGEST, MOST_DOTS, PictureData, shown_in
from ckanext.govdata.explorer.views import TYPES
from tests.tables.table_world import upload

pytestmark = pytest.mark.usefixtures("at_once")
LIMITS = {"open_conditions": "仅限研究用途使用",
          "open_basis": "《中华人民共和国政府信息公开条例》第十五条"}
PLACES = "名称,经度,纬度\n甲,117.3,31.9\n乙,117.4,31.8\n丙,0,0\n丁,,\n戊,1173.0,31.9\n"


def site() -> str:
    return tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]


def days(shown: PictureData) -> dict[str, float]:
    return {f"{at:%Y-%m-%d}": count for at, count in shown.groups if count}


def test_bars_count_rows_and_rows_without_a_value() -> None:
    shown = shown_in(readable(buses()), Question(), TablePicture(Look.BARS, "区"))
    assert dict(shown.groups) == {"瑶海区": 2, "蜀山区": 2, None: 1}


@pytest.mark.parametrize(("measure", "figures"), [
    (Measure.SUM, {"瑶海区": 19, "蜀山区": 107.5, None: None}),
    (Measure.MEAN, {"瑶海区": 9.5, "蜀山区": 53.75, None: None}),
    (Measure.LEAST, {"瑶海区": 7, "蜀山区": 7.5, None: None}),
    (Measure.MOST, {"瑶海区": 12, "蜀山区": 100, None: None}),
])  # fmt: skip
def test_a_figure_is_what_it_is_called(measure, figures) -> None:
    picture = TablePicture(Look.BARS, "区", "客流量", measure)
    assert dict(shown_in(readable(buses()), Question(), picture).groups) == figures


def test_a_condition_narrows_a_picture() -> None:
    question = Question(conditions=(Condition("区", Test.EQUALS, ("瑶海区",)),))
    shown = shown_in(readable(buses()), question, TablePicture(Look.BARS, "line"))
    assert {label for label, _count in shown.groups} == {"1路", "2路"}


def test_times_are_put_together_by_months_where_they_are_far_apart() -> None:
    shown = shown_in(readable(buses()), Question(), TablePicture(Look.TIMES, "开通日期"))
    assert shown.step == "month"
    assert days(shown) == {"2019-01-01": 1, "2020-03-01": 2, "2021-12-01": 1}
    assert shown.unplaced == 1


def test_a_time_without_rows_has_none_and_no_figure() -> None:
    table = readable(buses())
    counted = shown_in(table, Question(), TablePicture(Look.TIMES, "开通日期"))
    assert len(counted.groups) == 36
    assert [count for _at, count in counted.groups].count(0) == 33
    picture = TablePicture(Look.TIMES, "开通日期", "客流量", Measure.SUM)
    summed = shown_in(table, Question(), picture)
    assert [figure for _at, figure in summed.groups].count(None) == 33


def test_the_last_of_times_that_are_very_far_apart_is_drawn() -> None:
    file = upload(entry(), HEAD + "1路,区,1,1100-01-01,,是,\n2路,区,1,2026-01-01,,是,\n")
    shown = shown_in(readable(file), Question(), TablePicture(Look.TIMES, "开通日期"))
    assert days(shown) == {"1100-01-01": 1, "2026-01-01": 1}


def test_the_end_that_nobody_knows_is_no_time() -> None:
    file = upload(entry(), HEAD + "1路,区,1,2026-01-01,,是,\n")
    tk.get_action("datastore_upsert")({"ignore_auth": True}, {
        "resource_id": file, "method": "insert", "force": True,
        "records": [{"line": "2路", "开通日期": "9999-12-31"}]})
    shown = shown_in(readable(file), Question(), TablePicture(Look.TIMES, "开通日期"))
    assert days(shown) == {"2026-01-01": 1}
    assert shown.unplaced == 1


def test_a_histogram_holds_each_value_once_the_greatest_too() -> None:
    shown = shown_in(readable(buses()), Question(), TablePicture(Look.HISTOGRAM, "客流量"))
    assert sum(count for _low, _high, count in shown.stretches) == 4
    assert shown.unplaced == 1
    assert shown.stretches[0][0] <= 7
    assert shown.stretches[-1][1] >= 100


def test_one_value_makes_one_column() -> None:
    file = upload(entry(), HEAD + "1路,区,5,,,,\n2路,区,5,,,,\n")
    shown = shown_in(readable(file), Question(), TablePicture(Look.HISTOGRAM, "客流量"))
    assert sum(count for _low, _high, count in shown.stretches) == 2


def test_places_that_are_none_are_counted_and_not_guessed() -> None:
    file = upload(entry(information_items=[]), PLACES)
    shown = shown_in(readable(file), Question(), TablePicture(Look.MAP, "经度", "纬度"))
    assert sorted(shown.dots) == [(117.3, 31.9), (117.4, 31.8)]
    assert shown.unplaced == 3


def test_of_many_dots_some_are_drawn_and_that_is_said() -> None:
    rows = "".join(f"{n}路,区,{n % 97},,,,\n" for n in range(MOST_DOTS + 900))
    file = upload(entry(), HEAD + rows)
    shown = shown_in(readable(file), Question(), TablePicture(Look.DOTS, "客流量", "客流量"))
    assert 0 < len(shown.dots) <= MOST_DOTS
    assert len(shown.dots) + shown.left_out == MOST_DOTS + 900


def test_the_page_draws_what_fits_and_offers_the_others(app) -> None:
    file = buses()
    found = page(app, file, "_view=chart")
    assert found.select_one("svg.gd-chart")
    assert "开通日期" in found.select_one("#picture-name").get_text()
    offered = [one.get_text() for one in found.select(".gd-views--small a")]
    assert any("区" in one for one in offered)
    other = page(app, file, "_view=chart&_chart=bars&_by=区&_measure=sum&_figure=客流量")
    table = [one.get_text() for one in other.select("figure td.gd-num")]
    assert table == ["107.5", "19", "—"]


def test_a_picture_is_a_file_that_stands_alone(app) -> None:
    file = buses()
    path, query = address(file), "?_chart=bars&_by=%E5%8C%BA"
    answer = app.get(f"{path}/chart.svg{query}", status=200)
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert "瑶海区" in "".join(Xml.fromstring(answer.body).itertext())
    pixels = app.get(f"{path}/chart.png{query}", status=200)
    assert pixels.data.startswith(b"\x89PNG")
    assert len(pixels.data) > 5_000


@pytest.mark.parametrize("query", [
    "_view=chart&_chart=pie&_by=区", "_view=chart&_chart=bars&_by=司机",
    "_view=chart&_chart=bars&_by=区&_measure=sum&_figure=司机", "_view=chart&_chart=times&_by=区",
    "_view=chart&_chart=map&_by=客流量", "_view=chart&_chart=bars&_by=<script>alert(1)</script>",
    "_view=chart&司机=张三",
])  # fmt: skip
def test_what_cannot_be_drawn_is_refused_in_words(app, query) -> None:
    found = page(app, buses(), query, status=400)
    assert found.select_one("[role=alert] li")
    assert "张三" not in str(found.select_one("[role=alert]"))
    assert not found.find_all("script", string=lambda said: said and "alert(1)" in said)


def test_a_column_that_is_kept_back_is_one_that_never_was(app) -> None:
    file = buses()
    told = [text(page(app, file, f"_view=chart&_chart=bars&_by={name}", status=400))
            .replace(name, "X") for name in ("司机", "从未有过")]
    assert told[0] == told[1]
    for form in ("svg", "png"):
        app.get(f"{address(file)}/chart.{form}?_chart=bars&_by=%E5%8F%B8%E6%9C%BA", status=400)
    assert "张三" not in app.get(f"{address(file)}?_view=chart").body


def test_a_picture_of_a_table_that_is_not_open(app) -> None:
    file = upload(entry(open_attribute="conditional", **LIMITS), CSV)
    path = address(file)
    for more in ("?_view=chart", *(f"/chart.{form}?_chart=bars&_by=line" for form in TYPES)):
        app.get(path + more, status=403)


def test_long_values_make_short_bars(app) -> None:
    long = "水" * 20_000
    file = upload(entry(), HEAD + "".join(f"{long}{n},区,1,,,,\n" for n in range(20)))
    shown = shown_in(readable(file), Question(), TablePicture(Look.BARS, "line"))
    assert len(shown.groups) == 20
    assert all(len(str(label)) <= LONGEST + 1 for label, _count in shown.groups)
    answer = app.get(f"{address(file)}?_view=chart&_chart=bars&_by=line", status=200)
    assert len(answer.body) < 200_000


@pytest.mark.parametrize("look", [Look.HISTOGRAM, Look.DOTS, Look.BARS])
def test_numbers_beyond_measure_are_left_out(look) -> None:
    file = upload(entry(), HEAD + "1路,区,1.5,,,,\n2路,区,2.5,,,,\n")
    tk.get_action("datastore_upsert")({"ignore_auth": True}, {
        "resource_id": file, "method": "insert", "force": True, "records": [
            {"line": "3路", "区": "区", "客流量": "9" * 400}, {"line": "4路", "客流量": "NaN"}]})
    named = {Look.HISTOGRAM: TablePicture(look, "客流量"),
             Look.DOTS: TablePicture(look, "客流量", "客流量"),
             Look.BARS: TablePicture(look, "区", "客流量", Measure.SUM)}  # fmt: skip
    shown = shown_in(readable(file), Question(), named[look])
    if look is Look.BARS:
        assert dict(shown.groups) == {"区": 4, None: None}
    else:
        assert shown.unplaced == 2


def test_what_is_shown_elsewhere_is_escaped_for_that_page(app) -> None:
    file = buses()
    tk.get_action("resource_patch")({"ignore_auth": True, "user": site()}, {
        "id": file, "name": 'x" onerror="alert(1)'})
    found = page(app, file, "_view=chart&_chart=bars&_by=区")
    inner = BeautifulSoup(found.select_one("#gd-embed").get_text(), "html.parser")
    picture = inner.select_one("a img")
    assert set(picture.attrs) == {"src", "alt"}
    assert 'onerror="alert(1)' in picture["alt"]
    assert picture["src"].startswith("http")


def test_a_picture_shown_elsewhere_is_drawn_once_a_minute_and_the_gate_is_asked_each_time(
    app, monkeypatch
) -> None:
    file = buses()
    where = f"{address(file)}/chart.svg?_chart=bars&_by=%E5%8C%BA"
    first = app.get(where, status=200).body
    monkeypatch.setattr("ckanext.govdata.explorer.picture_data.shown_in", None)
    assert app.get(where, status=200).body == first
    made = tk.get_action("resource_show")({"ignore_auth": True}, {"id": file})["package_id"]
    tk.get_action("package_patch")({"ignore_auth": True, "user": site()}, {
        "id": made, "open_attribute": "conditional", **LIMITS})
    app.get(where, status=403)
