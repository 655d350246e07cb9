"""An officer's file becomes a table, by itself and whole, or the old one stays."""
from __future__ import annotations

import io
import json
from typing import Any

import ckan.plugins.toolkit as tk
import openpyxl
import pytest
import sqlalchemy as sa
from ckan import model
from ckanext.datastore.backend.postgres import get_write_engine
from table_world import ITEMS, codes, in_database, make, replace, show, site, table, types, upload
from werkzeug.datastructures import FileStorage

from ckanext.govdata.domain.items import folded

pytestmark = pytest.mark.usefixtures("at_once")
HANS = "线路名称,客流量,司机\n甲路,12,张三\n乙路,7,李四\n"
HANT = "路線名稱,客流量,司機\n甲路,12,張三\n乙路,7,李四\n"


@pytest.mark.parametrize(("words", "encoding"), [
    (HANS, "utf-8"), (HANS, "utf-8-sig"), (HANS, "gb18030"), (HANS, "utf-16"),
    (HANT, "big5"), (HANT, "gb18030"),
])
@pytest.mark.parametrize("items", [ITEMS, []])
def test_a_csv_file_becomes_a_table(words: str, encoding: str, items: list[Any]) -> None:
    """In the encodings of offices, also where no item says what its headings are."""
    file = upload(make(information_items=items), words.encode(encoding))
    told = show(file)
    assert (told["state"], told["table"]["rows"], told["table"]["columns"]) == ("loaded", 2, 3)
    assert table(file) == [[words.split("\n")[1].split(",")[0], 12, words.split("\n")[1][-2:]],
                           ["乙路", 7, "李四"]]
    assert tk.get_action("resource_show")(site(), {"id": file})["datastore_active"] is True


@pytest.mark.parametrize("mark", ["\t", ";", "|", "，"])
def test_whatever_stands_between_the_cells(mark: str) -> None:
    file = upload(make(), HANS.replace(",", mark))
    assert table(file)[0] == ["甲路", 12, "张三"]


def workbook(sheets: dict[str, list[list[Any]]], hidden: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name == hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_of_a_workbook_the_first_sheet_that_is_shown() -> None:
    rows = [["公交客流一览表"], ["线路名称", "客流量"], ["1路", 12], ["2路", 7.5]]
    book = workbook({"旧": [["a"], [1]], "客流": rows, "说明": [["注"], ["无"]]}, hidden="旧")
    file = upload(make(), book, "a.xlsx")
    assert [[row[0], float(row[1])] for row in table(file)] == [["1路", 12], ["2路", 7.5]]
    assert show(file)["table"]["sheet"] == "客流"
    said = {one["code"]: one["message"] for one in show(file)["findings"]}
    assert "above_head" in said
    assert "旧、说明" in said["sheets_left_out"]


@pytest.mark.parametrize("text", [
    '[{"线路名称": "1路", "客流量": 12}, {"线路名称": "2路"}]',
    '{"线路名称": "1路", "客流量": 12}\n{"线路名称": "2路"}\n',
])
def test_objects_become_rows(text: str) -> None:
    assert table(upload(make(), text, "a.json")) == [["1路", 12], ["2路", None]]


def test_of_geojson_the_properties() -> None:
    features = [{"type": "Feature", "geometry": None, "properties": {"线路名称": "1路"}}]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    assert table(upload(make(), text, "a.geojson")) == [["1路"]]


@pytest.mark.parametrize(("heading", "values", "kind"), [
    ("编号", ["001", "2"], "text"),
    ("编号", ["340102198001011234", "1"], "text"),
    ("数", ["1", "", "-2"], "int8"),
    ("数", ["1.50", "2"], "numeric"),
    ("数", ["1", "约2"], "text"),
    ("日", ["2023-5-1", "2023/05/02", "2023年5月3日", "2023.5.4"], "date"),
    ("日", ["2023-02-29"], "text"),
    ("时", ["2023-05-01 8:30", "2023年5月1日8:30"], "timestamp"),
    ("时", ["2023-05-01", "2023-05-01 08:00"], "text"),
    ("是否", ["true", "false"], "bool"),
    ("是否", ["是", "否"], "text"),
    ("率", ["5%", "6%"], "text"),
    ("额", ["1,200", "3"], "text"),
])
def test_types_lose_nothing(heading: str, values: list[str], kind: str) -> None:
    lines = "".join(f'"{value}",a\n' for value in values)
    file = upload(make(information_items=[]), f"{heading},乙\n{lines}")
    assert types(file)[heading] == kind
    if kind == "text":
        assert [row[0] for row in table(file)] == values


def test_a_declared_type_goes_before_a_seen_one() -> None:
    items = [{"name": name, "type": kind, "opened": True} for name, kind in
             (("电话", "C"), ("成立", "D"), ("连锁", "L"), ("面积", "N"), ("层数", "I"))]
    text = "电话,成立,连锁,面积,层数\n65551234,20230501,是,12,3\n65551235,20230502,否,约13,3.5\n"
    file = upload(make(information_items=items), text)
    assert types(file) == {
        "电话": "text", "成立": "date", "连锁": "bool", "面积": "text", "层数": "text"}
    assert codes(file) == {"retyped": ["面积", "层数"]}
    said = show(file)["findings"][0]
    assert said["rows"] == [3]
    assert "约13" in said["message"]


@pytest.mark.parametrize(("yes", "no"), [
    ("是", "否"), ("有", "无"), ("1", "0"), ("true", "false"), ("TRUE", "FALSE"),
    ("True", "False"),
])
def test_each_word_for_yes_is_yes(yes: str, no: str) -> None:
    file = upload(make(information_items=[{"name": "连锁", "type": "L", "opened": True}]),
                  f"连锁,乙\n{yes},a\n{no},b\n")
    assert [row[0] for row in table(file)] == [True, False]


def test_a_column_that_changes_late_is_told_by_row() -> None:
    text = "名,数\n" + "".join(f"a,{n}\n" for n in range(900)) + "a,暂无\n"
    file = upload(make(information_items=[]), text)
    assert types(file)["数"] == "text"
    assert [(one["code"], one["rows"]) for one in show(file)["findings"]] == [
        ("changed_type", [902])]


def test_differences_to_what_is_declared_are_told() -> None:
    file = upload(make(), "线路名称,站长\n1路,王五\n")
    assert codes(file) == {"missing_item": ["客流量", "司机"], "undeclared_column": ["站长"]}


@pytest.mark.parametrize(("head", "ids"), [
    ("名称,名称", ["名称", "名称（2）"]),
    ("名称,,数", ["名称", "第2列", "数"]),
    ('"说""明""",面积:亩', ["说＂明＂", "面积：亩"]),
    ("_id,_full_text", ["＿id", "＿full_text"]),
    ("增长率(%),a\\b", ["增长率(％)", "a＼b"]),
    ('"面积\n（亩）",b', ["面积（亩）", "b"]),
])
def test_headings_are_the_columns(head: str, ids: list[str]) -> None:
    cells = ",".join(str(n) for n in range(len(ids)))
    file = upload(make(information_items=[]), f"{head}\n{cells}\n")
    assert list(types(file)) == ids
    assert table(file) == [list(range(len(ids)))]


def test_a_long_heading_is_its_items_and_stands_whole_in_the_dictionary() -> None:
    long = "全国一体化政务大数据体系建设过程中需要说明的其他有关事项（单位：万元）"
    other = long.replace("万元", "亿元")
    items = [{"name": long, "type": "C", "opened": True, "description": "见附表"},
             {"name": other, "type": "C", "opened": False}]
    file = upload(make(information_items=items), f"{long},{other}\na,b\n")
    fields = tk.get_action("datastore_info")({"user": ""}, {"id": file})["fields"]
    given = [one for one in fields if one["id"] != "_id"]
    assert [one["info"] for one in given] == [{"label": long, "notes": "见附表"}]
    assert len(given[0]["id"].encode()) <= 63
    assert folded(given[0]["id"]) == folded(long)


def test_rows_that_cannot_be_placed_are_left_out_by_number() -> None:
    file = upload(make(information_items=[]), "甲,乙\n1,2\n1,2,3\n4\n5,6,,\n")
    assert table(file) == [[1, 2], [4, None], [5, 6]]
    assert {one["code"]: one["rows"] for one in show(file)["findings"]} == {
        "long_rows": [3], "short_rows": [4]}


@pytest.mark.ckan_config("ckanext.govdata.tables.bad_rows", 1)
@pytest.mark.ckan_config("ckanext.govdata.tables.rows", 3)
@pytest.mark.ckan_config("ckanext.govdata.tables.columns", 2)
@pytest.mark.parametrize(("name", "content", "code"), [
    ("a.csv", "甲,乙\n" + "1,2\n" * 4, "too_many_rows"),
    ("a.csv", "甲,乙,丙\n1,2,3\n", "too_many_columns"),
    ("a.csv", "甲,乙\n1,2,3\n1,2,3\n", "too_many_bad_rows"),
    ("a.csv", "<!DOCTYPE html><html><body>维护中</body></html>", "sheet.other_kind"),
    ("a.csv", "\n\n", "no_headings"),
    ("a.csv", '甲,乙\n"1,2\n', "sheet.quote_open"),
    ("a.csv", b"\xff\xff\xfe\x81", "sheet.encoding"),
    ("a.xlsx", b"PK\x03\x04 broken", "sheet.damaged"),
    ("a.json", "[1, 2]", "sheet.not_an_object"),
    ("a.geojson", '{"type": "FeatureCollection", "features": 3}', "geojson"),
])
def test_what_cannot_be_loaded_is_told_and_the_old_table_stays(
        name: str, content: str | bytes, code: str, ckan_config) -> None:
    file = upload(make(), "线路名称,客流量\n1路,12\n")
    replace(file, content, name)
    told = show(file)
    assert (told["state"], told["code"]) == ("failed", code)
    assert told["message"]
    assert told["table"]["filename"] == "a.csv"
    assert table(file) == [["1路", 12]]
    assert in_database(ckan_config) == {file}


def test_an_empty_file_is_told() -> None:
    file = upload(make(), "甲,乙\n1,2\n")
    replace(file, "甲,乙\n")
    assert (show(file)["state"], table(file), codes(file)) == (
        "loaded", [], {**codes(file), "no_rows": [""]})


def test_the_same_bytes_are_loaded_once() -> None:
    file = upload(make(), HANS)
    before = show(file)["table"]
    replace(file, HANS)
    tk.get_action("govdata_table_load")(site(), {"resource_id": file})
    assert show(file)["table"] == before
    replace(file, HANS + "丙路,1,王五\n")
    assert (show(file)["table"]["rows"], len(table(file))) == (3, 3)


@pytest.mark.parametrize("name", ["a.pdf", "readme.txt", "a.docx", "a.zip"])
def test_other_files_are_left_alone(name: str, ckan_config) -> None:
    file = upload(make(), HANS, name)
    assert (show(file)["state"], in_database(ckan_config)) == ("none", set())
    with pytest.raises(tk.ValidationError):
        tk.get_action("govdata_table_load")(site(), {"resource_id": file})


def test_a_table_that_a_program_writes_is_not_taken_from_it(monkeypatch) -> None:
    """Only an officer's word replaces it."""
    from ckanext.govdata import settings

    monkeypatch.setattr(settings, "makes_tables", lambda: False)
    file = upload(make(), HANS)
    tk.get_action("datastore_create")(
        site(), {"resource_id": file, "force": True, "records": [{"线路名称": "程序"}]})
    monkeypatch.undo()
    tk.get_action("package_patch")(
        site(), {"id": tk.get_action("resource_show")(site(), {"id": file})["package_id"],
                 "title": "另一标题"})
    assert table(file) == [["程序"]]


def test_nor_one_that_it_writes_while_the_job_waits(monkeypatch) -> None:
    from ckanext.govdata import queued_job
    from ckanext.govdata.tables import follow, load_job

    asked: list[list[str]] = []
    monkeypatch.setattr(queued_job, "enqueue", lambda _job, args, *_: asked.append(args))
    file = upload(make(), HANS)
    tk.get_action("datastore_create")(
        site(), {"resource_id": file, "force": True, "records": [{"线路名称": "程序"}]})
    load_job.run(*asked[0])
    assert (table(file), show(file)["state"]) == ([["程序"]], "none")
    assert (follow.look_for_missed(), len(asked)) == ("", 1)
    tk.get_action("govdata_table_load")(site(), {"resource_id": file})
    load_job.run(*asked[1])
    assert len(table(file)) == 2


def test_a_form_that_forgets_the_mark_takes_no_table_away() -> None:
    """CKAN's mark of a table is a field of the file: who writes the file without it drops it."""
    entry = make()
    file = upload(entry, HANS)
    tk.get_action("resource_update")(site(), {
        "id": file, "name": "新名", "url": "a.csv", "url_type": "upload", "format": "CSV"})
    assert tk.get_action("resource_show")(site(), {"id": file})["datastore_active"] is True
    found = tk.get_action("package_search")(site(), {"fq": f"id:{entry['id']}"})["results"]
    assert [one["datastore_active"] for one in found[0]["resources"]] == [True]


def test_aliases_words_and_rights_are_as_ckan_makes_them(ckan_config) -> None:
    """The read-only user reads it, a search for words finds rows, another name stays."""
    file = upload(make(information_items=[]), "name,n\nalpha,1\nbeta,2\n")
    tk.get_action("datastore_create")(
        site(), {"resource_id": file, "force": True, "aliases": ["other-name"]})
    replace(file, "name,n\ngamma,1\ndelta,2\n")
    found = tk.get_action("datastore_search")({"user": ""}, {"resource_id": file, "q": "gamma"})
    assert [one["name"] for one in found["records"]] == ["gamma"]
    assert found["total"] == 1
    again = tk.get_action("datastore_search")(site(), {"resource_id": "other-name"})
    assert [one["name"] for one in again["records"]] == ["gamma", "delta"]
    tk.get_action("datastore_upsert")(site(), {
        "resource_id": file, "force": True, "method": "insert",
        "records": [{"name": "omega", "n": 3}]})
    found = tk.get_action("datastore_search")({"user": ""}, {"resource_id": file, "q": "omega"})
    assert [one["_id"] for one in found["records"]] == [3]
    with get_write_engine().connect() as connection:
        names = set(connection.scalars(sa.text(
            "SELECT relname FROM pg_class WHERE relname LIKE :it"), {"it": f"%{file}%"}))
    assert names == {file, f"{file}__id_seq", f"{file}_pkey"}
    model.Session.rollback()


def as_link(file: str) -> None:
    known = tk.get_action("resource_show")(site(), {"id": file})
    tk.get_action("resource_update")(site(), {
        **known, "url": "https://example.invalid/a.html", "url_type": "", "clear_upload": True})


def close(file: str) -> None:
    entry = tk.get_action("resource_show")(site(), {"id": file})["package_id"]
    tk.get_action("package_patch")(site(), {
        "id": entry, "open_attribute": "non_open",
        "open_basis": "《中华人民共和国政府信息公开条例》第十四条"})


@pytest.mark.parametrize("change", [
    as_link, close,
    lambda file: tk.get_action("resource_update")(site(), {
        **tk.get_action("resource_show")(site(), {"id": file}), "format": "PDF",
        "url_type": "upload", "url": "a.pdf",
        "upload": FileStorage(io.BytesIO(b"%PDF-1.7\n%%EOF\n"), "a.pdf")}),
])
def test_a_file_that_is_no_table_any_more_has_none(change, ckan_config) -> None:
    """The rows of what stood there before are not the file's."""
    file = upload(make(), HANS)
    assert len(table(file)) == 2
    change(file)
    assert file not in in_database(ckan_config)
    assert tk.get_action("resource_show")(site(), {"id": file})["datastore_active"] is False
    assert model.Session.scalar(
        sa.text("SELECT count(*) FROM govdata_ledger WHERE action = 'table_withdrawn'")) == 1


def test_what_a_program_wrote_behind_a_link_stays(ckan_config) -> None:
    entry = make()
    file = tk.get_action("resource_create")(
        site(), {"package_id": entry["id"], "url": "https://example.invalid/a"})["id"]
    tk.get_action("datastore_create")(
        site(), {"resource_id": file, "force": True, "records": [{"线路名称": "程序"}]})
    tk.get_action("package_patch")(site(), {"id": entry["id"], "title": "另一标题"})
    assert file in in_database(ckan_config)
