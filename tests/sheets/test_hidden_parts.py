"""What a spreadsheet does not show, or too small to be read, is hidden (K02)."""

from __future__ import annotations

import datetime

import openpyxl
import pytest
import xlwt

from tests.sheets.books import KINDS, tables

DAY = datetime.datetime(2026, 7, 1, 10, 5, 9)  # noqa: DTZ001 - a spreadsheet has no zones


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("height", "width", "hidden"), [(0.5, 0.5, True), (5, 2, False)])
def test_what_is_too_low_or_too_narrow_for_a_sign_is_hidden(tmp_path, kind, height, width, hidden):
    path = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        book = openpyxl.Workbook()
        book.active.append(["甲", "乙"])
        book.active.row_dimensions[1].height = height
        book.active.column_dimensions["B"].width = width
        book.save(path)
    else:
        old = xlwt.Workbook()
        sheet = old.add_sheet("a")
        sheet.write(0, 1, "乙")
        sheet.row(0).height_mismatch, sheet.row(0).height = True, int(height * 20)
        sheet.col(1).width = int(width * 256)
        old.save(str(path))
    [table] = tables(path)
    assert (table.hidden.row(1), table.hidden.column(2)) == (hidden, hidden)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("height", "width", "hidden"), [(0.75, 0.1, True), (2, 0.3, True),
                                                         (12, 2, False), (6, 1, False)])
def test_what_is_too_small_to_be_read_is_hidden(tmp_path, kind, height, width, hidden):
    path = tmp_path / f"a.{kind}"
    if kind == "xls":
        old = xlwt.Workbook()
        sheet = old.add_sheet("a")
        for row in range(3):
            sheet.write(row, 1, "x")
        sheet.row(1).height_mismatch = True
        sheet.row(1).height = int(height * 20)
        sheet.col(1).width = int(width * 256)
        old.save(str(path))
    else:
        book = openpyxl.Workbook()
        for _ in range(3):
            book.active.append(["", "x"])
        book.active.row_dimensions[2].height = height
        book.active.column_dimensions["B"].width = width
        book.save(path)
    [table] = tables(path)
    assert (table.hidden.row(2), table.hidden.column(2)) == (hidden, hidden)
    assert not table.hidden.row(1)


def test_columns_that_are_narrow_unless_they_say_otherwise(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a", "b", "c"])
    book.active.column_dimensions["B"].width = 12
    book.active.sheet_format.defaultColWidth = 0
    book.save(tmp_path / "a.xlsx")
    [table] = tables(tmp_path / "a.xlsx")
    assert [table.hidden.column(place) for place in (1, 2, 3)] == [True, False, True]
