"""The page of a table: each question an address, each answer a page without a script."""
from __future__ import annotations

from typing import Any
from urllib.parse import quote

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from explorer_world import ALL, buses

from ckanext.govdata.explorer import facets, table_rows, views

pytestmark = pytest.mark.usefixtures("at_once")


def address(file: str, query: str = "") -> str:
    entry = tk.get_action("resource_show")({"ignore_auth": True}, {"id": file})["package_id"]
    name = tk.get_action("package_show")({"ignore_auth": True}, {"id": entry})["name"]
    asked = f"?{quote(query, safe='=&.+')}" if query else ""
    return f"/zh_Hans_CN/dataset/{name}/data/{file}{asked}"


def page(app: Any, file: str, query: str = "", status: int = 200) -> BeautifulSoup:
    answer = app.get(address(file, query), follow_redirects=False, status=status)
    return BeautifulSoup(answer.body, "html.parser")


def lines(found: BeautifulSoup) -> list[str]:
    """The first cell of each row."""
    return [row.find("td").get_text() for row in found.select("table.gd-table--sticky tbody tr")]


def choices(found: BeautifulSoup) -> dict[str, dict[str, str]]:
    return {one.find("summary").get_text(strip=True): {
        a.find("span").get_text(strip=True): a.select_one(".gd-num").get_text()
        for a in one.select("a")} for one in found.select(".gd-facet")}


def text(found: BeautifulSoup) -> str:
    return " ".join(found.find("main").get_text(" ").split())


def test_a_table_is_read_asked_and_turned_by_addresses(app, monkeypatch) -> None:
    file = buses()
    plain = page(app, file)
    assert lines(plain) == ["1路", "2路", "312路", "BRT快线", "机场巴士"]
    assert "5行" in text(plain)
    assert "司机" not in str(plain)
    assert "张三" not in str(plain)
    heads = [th.get_text(" ", strip=True) for th in plain.select("thead th")]
    assert heads[1].startswith("区")
    assert "district" in heads[1]
    assert choices(plain)["区"] == {"瑶海区": "2", "蜀山区": "2", "（空）": "1"}
    assert choices(plain)["在用"] == {"是": "2", "否": "2", "（空）": "1"}

    sort = next(a["href"] for a in plain.select("a.gd-sort") if "客流量" in a.get_text())
    down = page(app, file, "_sort=客流量.desc")
    assert lines(down) == ["312路", "1路", "机场巴士", "2路", "BRT快线"]
    assert sort.endswith(f"?_sort={quote('客流量')}")
    assert down.select_one("th[aria-sort=descending]").get_text(strip=True).startswith("客流量")

    one = page(app, file, "区=瑶海区&客流量__from=8")
    assert lines(one) == ["1路"]
    assert choices(one)["区"] == {"瑶海区": "1", "蜀山区": "1"}, "without its own condition"
    assert [a.find("span").get_text() for a in one.select("a.gd-chip")] == [
        "区为瑶海区", "客流量不小于8"]
    assert lines(page(app, file, "区=瑶海区&区=蜀山区&在用=true")) == ["1路", "312路"]
    assert lines(page(app, file, "_q=海区+2路")) == ["2路"]
    assert lines(page(app, file, "区__empty=1")) == ["BRT快线"]

    monkeypatch.setattr(views, "ROWS", 2)
    second = page(app, file, "_sort=客流量.desc&_page=2")
    assert lines(second) == ["机场巴士", "2路"]
    assert "_sort" in second.select_one("a[rel=next]")["href"]
    back = second.select_one("a[rel=prev]")["href"]
    assert "_page" not in back, "the first page has one address"
    assert "_sort" in back
    assert lines(page(app, file, "_sort=客流量.desc&_page=3")) == ["BRT快线"]
    assert "已超出最后一页" in text(page(app, file, "_page=9"))
    page(app, file, "_page=0", status=400)
    page(app, file, "_page=两", status=400)


def test_a_form_leads_to_a_plain_address(app) -> None:
    file = buses()
    answer = app.get(address(file, "_q=&_sort=&区__contains=瑶&客流量__from=&客流量__until="),
                     follow_redirects=False, status=302)
    assert answer.headers["Location"].endswith(quote("?区__contains=瑶", safe="?="))
    asked = page(app, file, "区__contains=瑶&区__contains=海&line=1路&line=2路&_sort=区")
    form = asked.select_one("form.gd-ask")
    sent = [(one["name"], one.get("value", "")) for one in form.select("input[name]")
            if one.get("value") and one.get("type") != "checkbox"]
    assert sorted(sent) == sorted([
        ("区__contains", "瑶"), ("区__contains", "海"), ("line", "1路"), ("line", "2路")])


def test_an_answer_without_rows_helps(app) -> None:
    found = page(app, buses(), "区=瑶海区&客流量__from=50&_q=路")
    assert lines(found) == []
    offers = [li.get_text(" ", strip=True) for li in found.select(".gd-note li")]
    assert offers == ["去掉“区为瑶海区” 1行", "去掉“客流量不小于50” 2行"]


@pytest.mark.parametrize(("query", "said"), [
    ("县=瑶海区", "表中没有名为“县”的列"), ("司机=张三", "表中没有名为“司机”的列"),
    ("_sort=司机", "表中没有名为“司机”的列"), ("_column=司机", "表中没有名为“司机”的列"),
    ("客流量__from=许多", "“许多”不是数字"), ("开通日期=昨天", "“昨天”不是日期"),
    ("客流量__from=9&客流量__until=1", "“9”在“1”之后"), ("区__from=瑶", "不能这样筛选"),
    ("_limit=5", "“_limit”"), ("区__empty=x", "“x”"),
])
def test_what_cannot_be_asked_is_said_with_a_way_on(app, query: str, said: str) -> None:
    found = page(app, buses(), query, status=400)
    assert said in text(found)
    assert found.select_one(".gd-wrong a")
    assert lines(found) == []


def test_the_way_on_leaves_out_what_is_wrong_and_nothing_else(app) -> None:
    file = buses()
    query = "_q=路&区=瑶海区&_sort=线&客流量__from=许多"
    ways = [a["href"] for a in page(app, file, query, status=400).select(".gd-wrong a")]
    assert address(file, "_q=路&区=瑶海区&_sort=线") in ways
    assert address(file, "_q=路&区=瑶海区&客流量__from=许多") in ways
    long = page(app, file, f"_q={'字' * 201}&区=瑶海区", status=400)
    assert [a["href"] for a in long.select(".gd-wrong a")] == [address(file)]


def test_of_several_sortings_the_form_shows_the_first(app) -> None:
    found = page(app, buses(), "_sort=客流量.desc&_sort=区")
    chosen = [one["value"] for one in found.select("#gd-ask-sort option[selected]")]
    assert chosen == ["客流量.desc"]


def test_hostile_texts_are_texts(app) -> None:
    file = buses()
    for value in ("'; DROP TABLE x --", "<script>alert(1)</script>", "%", "\\", "a' OR '1'='1",
                  ":name %(x)s {0}", "‮", "\x00", "\ud800".encode("utf-8", "replace").decode()):
        for key in ("line", "line__contains", "_q", "_sort", "_column", "客流量__from"):
            entry = address(file)
            answer = app.get(f"{entry}?{quote(key)}={quote(value)}", status=None)
            assert answer.status_code in (200, 400), (key, value)
            assert "<script>alert" not in answer.body


def test_many_columns_are_chosen_from(app) -> None:
    names = [f"列{n}" for n in range(300)]
    file = buses(information_items=[])
    from tests.tables.table_world import replace
    replace(file, ",".join(names) + "\n" + ",".join(map(str, range(300))) + "\n")
    found = page(app, file)
    assert len(found.select("thead th")) - len(found.select("th.gd-mark-cell")) == 20
    assert "显示 20 列，共 300 列" in text(found)
    other = page(app, file, "_column=列299&_column=列7")
    assert lines(other) == ["7"]
    assert len(found.encode()) < 150_000


def test_too_slow_is_told(app, monkeypatch) -> None:
    file = buses()

    def slow(*_: object) -> list[object]:
        raise table_rows.TooSlowError

    monkeypatch.setattr(facets, "offered_columns", slow)
    assert "用时过长" in text(page(app, file, status=503))


def test_what_stands_in_the_columns(app) -> None:
    found = page(app, buses(), "_view=columns")
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("th, td")]
            for row in found.select("tbody tr")]
    assert rows[1] == ["区 district", "文本", "1 (20.0%)", "2", "–", "瑶海区 2 ；蜀山区 2"]
    assert rows[2][2:5] == ["1 (20.0%)", "4", "7 – 100"]
    assert "司机" not in str(found)


def api(**asked: Any) -> dict[str, Any]:
    return tk.get_action("govdata_table_rows")({"user": ""}, asked)


def test_programs_get_the_same(app) -> None:
    file = buses()
    found = api(resource_id=file, query="区=瑶海区&_sort=客流量&_column=客流量&_column=在用",
                facets=True)
    assert found["rows"] == [[2, 7, False], [1, 12, True]]
    assert [one["name"] for one in found["columns"]] == ["客流量", "在用"]
    assert found["count"] == {"number": 2, "exact": True, "about": 0}
    assert found["facets"][0] == {"column": "区", "exact": True, "values": [
        {"value": "瑶海区", "count": 2}, {"value": "蜀山区", "count": 2},
        {"value": None, "count": 1}]}
    second = api(resource_id=file, page="2", page_size="2")
    assert (second["page"], second["page_size"]) == (2, 2)
    assert [row[0] for row in second["rows"]] == [3, 4]
    assert second["rows"][1][1:] == ["BRT快线", None, None, None, None, None]
    shown = page(app, file, "区=瑶海区").select_one("pre.gd-code").get_text()
    said = app.get(shown.partition("example")[2]).json
    assert [row[1] for row in said["result"]["rows"]] == ["1路", "2路"]


@pytest.mark.parametrize("wrong", [
    {"query": "县=x"}, {"query": ["a"]}, {"query": "a=b&" * 1001}, {"query": "x" * 20_001},
    {"page": "0"}, {"page": "x"}, {"page_size": "1001"}, {"page_size": "-1"}, {"facets": "maybe"},
    {"query": {"a": 1}}, {"query": 7},
])
def test_programs_are_told_what_is_wrong(wrong: dict[str, object]) -> None:
    with pytest.raises(tk.ValidationError) as told:
        api(resource_id=buses(), **wrong)
    assert told.value.error_dict.keys() <= {*wrong, "县"}


def test_programs_are_told_that_no_column_is_open() -> None:
    closed = [{"name": name, "type": "C", "opened": False} for name in ALL]
    with pytest.raises(tk.ValidationError) as refused:
        api(resource_id=buses(information_items=closed))
    assert list(refused.value.error_dict) == ["resource"]


def test_the_first_rows_are_shown_elsewhere(app) -> None:
    file = buses()
    resource = tk.get_action("resource_show")({"ignore_auth": True}, {"id": file})
    entry = tk.get_action("package_show")({"ignore_auth": True}, {"id": resource["package_id"]})
    with app.flask_app.test_request_context("/"):
        view = tk.h.govdata_first_table(entry, resource)
        assert len(view.page.rows) == 5
        shown = tk.render("govdata/explorer/table.html", {
            "view": view, "pkg": entry, "marks": [], "brief": True})
    assert "机场巴士" in shown
    assert "司机" not in shown


def test_what_is_no_table_leads_to_its_file(app) -> None:
    file = buses()
    tk.get_action("datastore_delete")({"ignore_auth": True}, {"resource_id": file, "force": True})
    answer = app.get(address(file), follow_redirects=False, status=302)
    assert f"/resource/{file}" in answer.headers["Location"]
