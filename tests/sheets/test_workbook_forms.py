"""Workbooks that are spelled otherwise: strict, with prefixes, packed again (K16, K36)."""

from __future__ import annotations

import datetime
import re
from zipfile import ZipFile

import openpyxl
import pytest

from tests.sheets.books import changed, faults, rows, tables, write

DAY = datetime.datetime(2026, 7, 1, 10, 5, 9)  # noqa: DTZ001 - a spreadsheet has no zones


STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main":
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships":
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}  # fmt: skip


def as_strict(_name: str, content: bytes) -> bytes:
    for old, new in STRICT.items():
        content = content.replace(old, new)
    return content


def with_prefix(name: str, content: bytes) -> bytes:
    if name != "xl/worksheets/sheet1.xml":
        return content
    content = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", content)
    return content.replace(b" xmlns=", b" xmlns:x=")


@pytest.mark.parametrize("change", [as_strict, with_prefix])
def test_the_other_spellings_of_a_workbook(tmp_path, change):
    """Strict OOXML, and elements with a prefix: what may not be used is seen as in any other."""
    book = openpyxl.Workbook()
    for row in [["站", "水位", "率", "日"], ["甲", "=A1", 0.125, DAY], ["乙", 1, 0.5, DAY]]:
        book.active.append(row)
    book.active["C2"].number_format = "0.0%"
    book.active["D2"].number_format = "yyyy-mm-dd"
    book.active.merge_cells("A2:A3")
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["C"].hidden = True
    book.save(tmp_path / "a.xlsx")
    path = changed(tmp_path / "a.xlsx", change)
    [table] = tables(path)
    assert faults(path) == [(2, 2, "formula_without_value")]
    assert table.merges == ((2, 1, 3, 1),)
    assert (table.hidden.row(3), table.hidden.column(3)) == (True, True)
    assert list(table.rows)[1][1][2:] == ["12.5%", "2026-07-01"]


def test_a_workbook_that_a_mac_packed_again(tmp_path):
    path = write(tmp_path / "a.xlsx", [[("头", "General")], [(7, "000")]])
    with ZipFile(path, "a") as archive:
        for name in ("__MACOSX/xl/._workbook.xml", "__MACOSX/._xl", "xl/worksheets/._sheet1.xml"):
            archive.writestr(name, b"\0\5\x16\7\0\2\0\0Mac OS X        \xff\xfe")
        archive.writestr(".DS_Store", b"\0\0\0\1Bud1")
    assert rows(path)[1] == ["007"]


def test_sheets_kept_under_other_names_are_looked_through_too(tmp_path):
    """What is hidden is seen wherever in the archive the sheet lies."""
    book = openpyxl.Workbook()
    book.active.append(["头"])
    book.active.append(["底稿"])
    book.active.row_dimensions[2].hidden = True
    book.save(tmp_path / "a.xlsx")
    moved = tmp_path / "b.xlsx"
    with ZipFile(tmp_path / "a.xlsx") as old, ZipFile(moved, "w") as new:
        for name in old.namelist():
            content = old.read(name).replace(b"worksheets/sheet1.xml", b"data/tab-1.xml")
            new.writestr(name.replace("worksheets/sheet1.xml", "data/tab-1.xml"), content)
    assert tables(moved)[0].hidden.row(2)
