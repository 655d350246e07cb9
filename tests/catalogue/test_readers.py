"""Every kind of catalogue file is read as people see it (what is refused: test_unreadable)."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt
from catalogue_sheets import with_head

from ckanext.govdata.catalogue.imports import readers
from ckanext.govdata.sheets import text_tables
from ckanext.govdata.sheets.refused_files import Unreadable

ROWS = [
    ["标题", "提供单位", "更新周期", "发布日期"],
    ["水价信息", "合肥市发展和改革委员会", "每年", "2022-11-09"],
    ["学校、医院名录", "合肥市教育局", "每月", "2022-11-10"],
]
HANT = [
    ["標題", "提供單位", "更新週期", "發布日期"],
    ["桃園市公車路線", "桃園市政府交通局", "每週", "2022-11-09"],
    ["醫療院所名冊", "桃園市政府衛生局", "不定期", "2022-11-10"],
]


def read(path: Path) -> list[list[str]]:
    table, head = with_head(readers.tables(path))
    return [cells for _, cells in list(table.rows)[head.row :]]


def refused(path: Path) -> str:
    with pytest.raises(Unreadable) as caught:
        with_head(readers.tables(path))
    return caught.value.code


def workbook(path: Path, rows=ROWS, change=None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book.active)
    book.save(path)
    return path


def repacked(source: Path, target: Path, **changed: bytes) -> Path:
    """The workbook with members replaced or added (``__`` stands for ``/``, ``_D_`` for a dot)."""
    names = {name.replace("__", "/").replace("_D_", "."): data for name, data in changed.items()}
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, names.pop(member.filename, old.read(member)))
        for name, data in names.items():
            new.writestr(name, data)
    return target


def sheet_xml(body: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{body}</sheetData></worksheet>'.encode()


# What is read


def test_xlsx(tmp_path):
    assert read(workbook(tmp_path / "a.xlsx")) == ROWS


def test_the_kind_is_seen_from_the_content(tmp_path):
    assert read(workbook(tmp_path / "a.xlsx").rename(tmp_path / "a.csv")) == ROWS


def test_xlsx_days_and_numbers_read_as_people_see_them(tmp_path):
    rows = [ROWS[0], ["甲", 3.0, 2.5, datetime.date(2022, 11, 9)], ["乙", True, None, None]]
    found = read(workbook(tmp_path / "a.xlsx", rows))
    assert found[1] == ["甲", "3", "2.5", "2022-11-09"]
    assert found[2][:2] == ["乙", "TRUE"]


def test_xlsx_that_begins_below_empty_rows_keeps_its_row_numbers(tmp_path):
    book = openpyxl.Workbook()
    for r, row in enumerate(ROWS, 4):
        for c, value in enumerate(row, 2):
            book.active.cell(r, c, value)
    book.save(tmp_path / "a.xlsx")
    table, head = with_head(readers.tables(tmp_path / "a.xlsx"))
    numbered = list(table.rows)
    assert numbered[head.row][0] == 4
    assert numbered[head.row][1][1:] == ROWS[0]


def test_the_sheet_with_the_catalogue_is_chosen(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["填报说明"])
    for row in ROWS:
        book.create_sheet("目录") if "目录" not in book.sheetnames else None
        book["目录"].append(row)
    book.create_chartsheet("图")
    book.save(tmp_path / "a.xlsx")
    table, _ = with_head(readers.tables(tmp_path / "a.xlsx"))
    assert table.name == "目录"


def test_an_xls_that_is_cut_within_a_row_of_numbers_is_damaged(tmp_path):
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("目录")
    for row in range(40):
        sheet.write(row, 0, f"名称{row}")
    book.save(str(tmp_path / "a.xls"))
    label, numbers_to_the_end = b"\xfd\x00\x0a\x00", b"\xbd\x00\xff\x1f"
    content = (tmp_path / "a.xls").read_bytes()
    assert label in content
    (tmp_path / "b.xls").write_bytes(content.replace(label, numbers_to_the_end, 1))
    with pytest.raises(Unreadable) as refused:
        read(tmp_path / "b.xls")
    assert refused.value.code == "damaged"


def test_xls(tmp_path):
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("目录")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for r, row in enumerate(ROWS):
        for c, value in enumerate(row):
            real_day = datetime.date(2022, 11, 8 + r)
            sheet.write(r, c, *((real_day, day) if c == 3 and r else (value,)))
    sheet.write_merge(4, 5, 0, 1, "合并")
    book.save(str(tmp_path / "a.xls"))
    assert read(tmp_path / "a.xls")[:3] == ROWS
    table, _ = with_head(readers.tables(tmp_path / "a.xls"))
    assert table.merges == ((5, 1, 6, 2),)


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_csv_of_the_mainland(tmp_path, encoding, delimiter):
    text = "\r\n".join(delimiter.join(row) for row in ROWS) + "\r\n"
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert read(tmp_path / "a.csv") == ROWS


@pytest.mark.parametrize("encoding", ["big5", "cp950", "big5hkscs", "utf-8", "gb18030"])
def test_csv_in_traditional_script(tmp_path, encoding):
    text = "\n".join(",".join(row) for row in HANT)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert read(tmp_path / "a.csv") == HANT


def test_csv_with_quotes_and_line_breaks(tmp_path):
    (tmp_path / "a.csv").write_text('"标题\n（必填）",摘要\n"甲,""乙""","一\n二"\n', "utf-8")
    assert read(tmp_path / "a.csv")[1] == ['甲,"乙"', "一\n二"]


@pytest.mark.parametrize(
    "text",
    [
        '{"title": "甲", "formats": ["xls", "csv"]}\n\n{"title": "乙", "open_type": null}\n',
        '[\n{"title": "甲", "formats": ["xls", "csv"]},\n{"title": "乙", "open_type": null}\n]',
        '[{"title": "甲", "formats": ["xls", "csv"]}, {"title": "乙", "open_type": null}]',
        '[\n {\n  "title": "甲",\n  "formats": ["xls", "csv"]\n }, {"title": "乙", "open_type": null}\n]',  # noqa: E501
    ],
)
def test_json(tmp_path, text):
    (tmp_path / "a.json").write_text(text, "utf-8")
    table, _ = with_head(readers.tables(tmp_path / "a.json"))
    assert list(table.rows) == [
        (0, ["title", "formats", "open_type"]),
        (1, ["甲", "xls\ncsv", ""]),
        (2, ["乙", "", ""]),
    ]


# Formula injection


PAYLOADS = [
    f"{start}{body}"
    for start in ["=", "+", "-", "@", "\t=", "\r=", " =", "＝", "＋", "－", "＠", "'="]
    for body in ["1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x")', ""]
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_may_run_is_quoted_and_comes_back(payload):
    written = text_tables.quoted(payload)
    assert written.startswith("'")
    assert text_tables.unquoted(written) == payload


@pytest.mark.parametrize("text", ["普通", "a=b", "1-2", "'引号'", "", "''", "x'"])
def test_other_text_comes_back_too(text):
    assert text_tables.unquoted(text_tables.quoted(text)) == text


DEEP = [
    "[" * depth + "1" + "]" * depth if kind == "list" else '{"a": ' * depth + "1" + "}" * depth
    for kind in ("list", "object") for depth in (51, 400, 990, 100_000)
]  # fmt: skip


@pytest.mark.parametrize("deep", DEEP, ids=range(len(DEEP)))
@pytest.mark.parametrize("form", ['{{"a": {}}}', '[{{"资源名称": {}}}]', '[\n{{"a": {}}}\n]'])
def test_json_that_is_too_deep_is_refused_in_words(tmp_path, deep, form):
    path = tmp_path / "a.json"
    path.write_text(form.format(deep), "utf-8")
    with pytest.raises(Unreadable) as error:
        for _row in text_tables.json_table(path).rows:
            pass
    assert error.value.code == "too_deep"


@pytest.mark.parametrize("cells", [16_385, 18_279, 60_000])
def test_rows_that_no_spreadsheet_shows_are_refused_in_words(tmp_path, cells):
    path = tmp_path / "a.csv"
    path.write_text("资源名称,摘要\n" + "," * (cells - 1) + "\n", "utf-8")
    with pytest.raises(Unreadable) as error:
        list(text_tables.csv_table(path, len).rows)
    assert (error.value.code, error.value.detail["line"]) == ("too_many_columns", 2)
