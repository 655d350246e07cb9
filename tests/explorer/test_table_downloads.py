"""A table is taken in each form: whole, or as it was asked; named, marked, and true to its rows."""
from __future__ import annotations

import csv
import io
import json
import re
import threading
import zipfile
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote
from xml.etree import ElementTree

import arro3.io
import ckan.plugins.toolkit as tk
import openpyxl
import pytest
import sqlalchemy as sa
from ckan import model
from ckanext.datastore.backend.postgres import get_write_engine
from explorer_world import CSV, HEAD, buses, entry, readable

from ckanext.govdata import now
from ckanext.govdata.access import answer_watch
from ckanext.govdata.domain.explorer.question import Order, Question
from ckanext.govdata.explorer import copied_rows
from ckanext.govdata.explorer.formats.parquet import parquet_file
from ckanext.govdata.tables import datastore_table, replaced_tables
from tests.tables.table_world import replace, site, upload

pytestmark = pytest.mark.usefixtures("at_once")
SHOWN = [  # without 司机, which is not open
    ["1路", "瑶海区", "12", "2019-01-05", "2026-05-01 08:30:00", "true"],
    ["2路", "瑶海区", "7", "2020-03-01", "2026-05-01 09:00:00", "false"],
    ["312路", "蜀山区", "100", "2020-03-31", "2026-05-02 00:00:00", "true"],
    ["BRT快线", "", "", "", "", ""],
    ["机场巴士", "蜀山区", "7.5", "2021-12-31", "2026-06-01 12:00:30", "false"],
]
CLOSED = {"open_attribute": "conditional", "open_conditions": "仅限研究用途使用",
          "open_basis": "《中华人民共和国政府信息公开条例》第十五条"}
NAMES = ["线路名称", "区", "客流量", "开通日期", "更新时刻", "在用"]


@pytest.fixture
def file() -> str:
    return buses()


def day(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type] # noqa: DTZ001 - a workbook knows no zones


def entry_of(file: str) -> str:
    return model.Resource.get(file).package.name


def address(file: str, ending: str, query: str = "") -> str:
    return f"/zh_Hans_CN/dataset/{entry_of(file)}/data/{file}/download/{ending}{query}"


def taken(app: Any, file: str, ending: str, query: str = "", **more: Any) -> Any:
    return app.get(address(file, ending, query), status=200, **more)


def rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def named(answer: Any) -> str:
    said = answer.headers["Content-Disposition"]
    found = re.fullmatch(r"attachment; filename=\"[ -~]+\"; filename\*=UTF-8''(\S+)", said)
    return unquote(found[1]) if found else said


def test_csv_has_the_open_columns_and_a_name(app: Any, file: str) -> None:
    answer = taken(app, file, "csv")
    assert rows(answer.data) == [NAMES, *SHOWN]
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Accept-Ranges"] == "none"
    assert re.fullmatch(rf"公交线路客流_.+_{now.today()}\.csv", named(answer))


def test_what_is_asked_is_what_is_taken(app: Any, file: str) -> None:
    riders = quote("客流量")
    query = f"?{quote('区')}={quote('瑶海区')}&_sort={riders}&_column=line&_column={riders}"
    answer = taken(app, file, "csv", query)
    assert rows(answer.data) == [["线路名称", "客流量"], ["2路", "7"], ["1路", "12"]]
    assert re.fullmatch(rf"公交线路客流_.+_{now.today()}_筛选\.csv", named(answer))
    down = taken(app, file, "csv", f"?_sort={riders}.desc&_column=line")
    assert [one for [one] in rows(down.data)] == [
        "线路名称", "312路", "1路", "机场巴士", "2路", "BRT快线"]


def test_a_workbook_has_numbers_days_and_texts(app: Any, file: str) -> None:
    answer = taken(app, file, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["公交线路客流", "说明"]
    found = list(book["公交线路客流"].iter_rows(values_only=True))
    assert found[0] == tuple(NAMES)
    assert found[1] == (
        "1路", "瑶海区", 12, day(2019, 1, 5), day(2026, 5, 1, 8, 30), True)
    assert found[4] == ("BRT快线", None, None, None, None, None)
    notes = dict(book["说明"].iter_rows(values_only=True))
    assert notes["标题"] == "公交线路客流"
    assert notes["数据来源"].endswith(f"/dataset/{entry_of(file)}")


def test_json_keeps_numbers_and_what_is_nothing(app: Any, file: str) -> None:
    answer = taken(app, file, "json")
    assert answer.headers["Content-Type"].startswith("application/json")
    found = json.loads(answer.data)
    assert found[4] == dict(zip(NAMES, [
        "机场巴士", "蜀山区", 7.5, "2021-12-31", "2026-06-01 12:00:30", False], strict=True))
    assert found[3]["客流量"] is None
    assert json.loads(taken(app, file, "json", "?line=x").data) == []


def test_parquet_has_types(app: Any, file: str) -> None:
    answer = taken(app, file, "parquet")
    found = arro3.io.read_parquet(io.BytesIO(answer.data)).read_all()
    assert found.column_names == NAMES
    kinds = [str(found.schema.field(name).type) for name in NAMES]
    assert [re.sub(r"arro3.core.DataType<|>\s*$", "", kind).strip() for kind in kinds] == [
        "Utf8", "Utf8", "Decimal128(38, 1)", "Date32", "Timestamp(µs)", "Boolean"]
    assert [str(one) for one in found.column("客流量").to_pylist()] == [
        "12.0", "7.0", "100.0", "None", "7.5"]


def test_a_package_says_what_the_table_is(app: Any, file: str) -> None:
    answer = taken(app, file, "zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        readme, table = archive.namelist()
        assert (readme, table) == ("说明.txt", "公交线路客流.csv")
        assert rows(archive.read(table)) == [NAMES, *SHOWN]
        said = archive.read(readme).decode("utf-8-sig")
    assert "1. 线路名称 line [文本] 如1路" in said
    assert "3. 客流量 riders [数字]" in said
    assert "司机" not in said
    english = app.get(address(file, "zip").replace("zh_Hans_CN", "en"), status=200)
    with zipfile.ZipFile(io.BytesIO(english.data)) as archive:
        assert archive.namelist()[0] == "README.txt"
        assert "1. 线路名称 line [text] 如1路" in archive.read("README.txt").decode("utf-8-sig")


PLACES = "名称,经度,纬度\n甲,117.28,31.86\n乙,31.86,117.28\n丙,,\n丁,117°15′,31\n戊,0,0\n"


def test_points_are_where_the_coordinates_are_right(app: Any) -> None:
    items = [{"name": name, "type": "C", "opened": True} for name in ("名称", "经度", "纬度")]
    file = upload(entry(information_items=items), PLACES)
    found = json.loads(taken(app, file, "geojson").data)
    assert [one["geometry"] and one["geometry"]["coordinates"] for one in found["features"]] == [
        [117.28, 31.86], None, None, None, None]
    assert found["unplaced"] == 4
    assert found["features"][1]["properties"] == {"名称": "乙", "经度": "31.86", "纬度": "117.28"}


@pytest.mark.parametrize(("ending", "query", "status", "words"), [
    ("geojson", "", 409, "GeoJSON"),
    ("pdf", "", 400, "csv"),
    ("csv", "?_column=" + quote("司机"), 400, "司机"),
    ("csv", f"?{quote('司机')}=" + quote("张三"), 400, "司机"),
    ("csv", f"?_sort={quote('司机')}", 400, "司机"),
    ("csv", f"?{quote('客流量')}__from=abc", 400, "abc"),
    ("csv", "?columns=" + quote("司机"), 400, "columns"),
])
def test_what_cannot_be_had_is_said(
    app: Any, file: str, ending: str, query: str, status: int, words: str
) -> None:
    answer = app.get(address(file, ending, query), status=status)
    assert words in answer.body


def test_a_head_has_no_rows_and_the_same_names(app: Any, file: str) -> None:
    answer = app.test_client().head(address(file, "csv"))
    assert answer.status_code == 200
    assert not answer.data
    assert named(answer) == named(taken(app, file, "csv"))


def test_cells_are_as_published_and_no_formulas_of_a_workbook(app: Any) -> None:
    items = [{"name": name, "type": "C", "opened": True} for name in ("编号", "话")]
    told = ['=HYPERLINK("http://x","y")', "+86 551", "-", "@甲", " 空 ", "<b>&\"x\"", "a\nb"]
    out = io.StringIO()
    csv.writer(out).writerows([["编号", "话"], *(["007", one] for one in told)])
    file = upload(entry(information_items=items), out.getvalue())
    assert [row[1] for row in rows(taken(app, file, "csv").data)[1:]] == told
    book = openpyxl.load_workbook(io.BytesIO(taken(app, file, "xlsx").data))
    cells = list(book.worksheets[0].iter_rows(min_row=2))
    assert [cell.value for _, cell in cells] == told
    assert {cell.data_type for row in cells for cell in row} == {"s"}
    assert cells[0][0].value == "007"


def test_a_number_that_a_spreadsheet_would_round_is_its_text(app: Any) -> None:
    """It keeps fifteen digits: of a number with more, each is to be read."""
    told = ["12", "123456789012345", "1234567890123456", "-0.5", "1234567890.123456",
            "120000000000000000"]
    file = upload(entry(), HEAD + "1路,区,1,,,,\n")
    tk.get_action("datastore_upsert")({"ignore_auth": True}, {
        "resource_id": file, "method": "insert", "force": True,
        "records": [{"line": "2路", "客流量": one} for one in told]})
    book = openpyxl.load_workbook(io.BytesIO(taken(app, file, "xlsx").data))
    cells = [row[2] for row in book.worksheets[0].iter_rows(min_row=3)]
    assert [cell.data_type for cell in cells] == ["n", "n", "s", "n", "s", "n"]
    with zipfile.ZipFile(io.BytesIO(taken(app, file, "xlsx").data)) as parts:
        sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    assert not [row.tail for row in sheet.iter() if (row.tail or "").strip()], "all is in its cell"
    assert [str(cell.value) for cell in cells] == told


def test_a_file_that_is_no_table_or_another_entrys_is_not_there(app: Any, file: str) -> None:
    other = entry(name="other")
    text = upload(other, b"%PDF-1.4 x", "a.pdf")
    app.get(f"/dataset/other/data/{text}/download/csv", status=404)
    app.get(f"/dataset/other/data/{file}/download/csv", status=404)
    app.get("/dataset/other/data/gone/download/csv", status=404)


QUESTIONS = [Question(), Question(orders=(Order("line"),)), Question(words="路")]


@pytest.mark.parametrize("question", QUESTIONS)
def test_who_began_with_a_table_has_it_to_the_end(
    file: str, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copied_rows, "FIRST", 1)
    monkeypatch.setattr(copied_rows, "MOST", 1)
    table = readable(file)
    whole = list(copied_rows.text_rows(table, question))
    reading = copied_rows.text_rows(table, question)
    begun = [next(reading)]
    replace(file, HEAD + "新1路,新区,1,2026-01-01,2026-01-01 00:00:00,是,赵六\n" * 9)
    assert [*begun, *reading] == whole
    assert len(whole) > 1
    assert len(list(copied_rows.text_rows(readable(file), Question()))) == 9


def test_a_row_that_goes_meanwhile_repeats_no_other(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is deleted between the question how far a piece goes and its rows."""
    monkeypatch.setattr(copied_rows, "FIRST", 2)
    monkeypatch.setattr(copied_rows, "MOST", 2)
    real, asked = copied_rows._copied, 0

    def copied(*given: Any) -> bytes:
        nonlocal asked
        asked += 1
        if asked == 1:
            with get_write_engine().begin() as connection:
                connection.execute(sa.text(f'DELETE FROM "{file}" WHERE _id = 1'))
        return real(*given)

    monkeypatch.setattr(copied_rows, "_copied", copied)
    pieces = copied_rows.text_rows(readable(file), Question())
    assert [row[0] for piece in pieces for row in piece] == [
        "1路", "2路", "312路", "BRT快线", "机场巴士"]


def test_who_reads_longer_than_it_is_kept_is_cut_off(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copied_rows, "FIRST", 1)
    monkeypatch.setattr(copied_rows, "MOST", 1)
    reading = copied_rows.csv_rows(readable(file), Question())
    next(reading)
    replace(file, CSV.replace("瑶海区", "新区"))
    monkeypatch.setattr(replaced_tables, "KEPT", replaced_tables.KEPT * 0)
    for name in datastore_table.replaced():
        datastore_table.drop_replaced(name)
    with pytest.raises(tk.ObjectNotFound):
        next(reading)


def test_a_table_that_is_closed_on_the_way_breaks_off(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader who has begun gets no more, and sees that it is not all."""
    monkeypatch.setattr(copied_rows, "FIRST", 1)
    monkeypatch.setattr(copied_rows, "MOST", 1)
    monkeypatch.setattr(answer_watch, "SECONDS", 0)
    many = HEAD + "".join(f"{n}路,区,{n},2026-01-01,2026-01-01 00:00:00,是,甲\n"
                          for n in range(40))
    made = entry()
    file = upload(made, many)
    answer = app.test_client().get(address(file, "csv"), buffered=False)
    pieces = iter(answer.response)
    got = next(pieces)
    tk.get_action("package_patch")(site(), {"id": made["id"], **CLOSED})
    with pytest.raises(answer_watch.WithdrawnError):
        got += b"".join(pieces)
    assert "39路" not in got.decode()


def test_the_parts_of_a_file_are_let_go_of_when_its_reader_goes(file: str) -> None:
    before = threading.active_count()
    rows_of = copied_rows.text_rows(readable(file), Question())
    writing = parquet_file(readable(file).columns, rows_of, readable(file).types, {})
    next(writing)
    assert threading.active_count() == before + 1
    writing.close()
    assert threading.active_count() == before


def test_files_are_offered_with_rows_and_sizes(app: Any, file: str) -> None:
    page = app.get(f"/zh_Hans_CN/dataset/{entry_of(file)}/data/{file}", status=200).body
    assert re.search(r"约 [\d.]+ (?:bytes|KB|KiB|B)", page)
    page = app.get(f"/zh_Hans_CN/dataset/{entry_of(file)}", status=200).body
    assert "5 行" in page
    assert f"/data/{file}/download/xlsx" in page
    assert re.search(r"约 [\d.]+ (?:bytes|KB|KiB|B)", page)
    assert "geojson" not in page
    narrow = app.get(f"/zh_Hans_CN/dataset/{entry_of(file)}/data/{file}?line=1{quote('路')}",
                     status=200).body
    assert "符合条件的有 1 行" in narrow
    assert f"download/csv?line=1{quote('路')}" in narrow


@pytest.mark.parametrize("form", ["xlsx", "nothing"])
def test_ckans_own_dump_knows_no_workbook_and_says_so(app: Any, file: str, form: str) -> None:
    """It answered 500 (D24)."""
    answer = app.get(f"/zh_Hans_CN/datastore/dump/{file}?format={form}", status=400)
    assert "csv" in answer.body
