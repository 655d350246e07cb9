"""Letters that nobody sees in a spreadsheet are told by their cell: an import, an emergency and a
table would publish what its officer never saw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Color, Font, GradientFill, PatternFill

from tests.sheets.books import tables


def solid(colour: str | Color) -> PatternFill:
    return PatternFill("solid", fgColor=colour)


NO_FILL = PatternFill()


def faults(path: Path) -> list[tuple[int, int, str]]:
    [table] = tables(path)
    return [(one.row, one.column, one.code) for one in table.faults]


@pytest.mark.parametrize(
    ("font", "fill", "unseen"),
    [
        (Font(color="FFFFFFFF"), NO_FILL, True), (Font(color="00FFFFFF"), NO_FILL, True),
        (Font(color=Color(theme=0)), NO_FILL, True), (Font(color=Color(indexed=9)), NO_FILL, True),
        (Font(color="FFFEFEFE"), NO_FILL, True), (Font(color="FFF8F8F8"), solid("FFFFFFFF"), True),
        (Font(color="FFFF0000"), solid("FFFF0000"), True),
        (Font(color=Color(theme=4, tint=0.4)), solid(Color(theme=4, tint=0.4)), True),
        (Font(), solid("FF000000"), True), (Font(size=1), NO_FILL, True),
        (Font(size=0.5, color="FF000000"), NO_FILL, True),
        (Font(color="FFFFFFFF"), solid("FF4472C4"), False), (Font(), NO_FILL, False),
        (Font(color="FFFF0000"), NO_FILL, False), (Font(color="FFBFBFBF"), NO_FILL, False),
        (Font(color="FFFFFFFF"), GradientFill(stop=("000000", "FFFFFF")), False),
        (Font(color=Color(theme=4)), solid(Color(theme=4, tint=0.8)), False),
        (Font(size=6), NO_FILL, False), (Font(color=Color(theme=0, tint=-0.5)), NO_FILL, False),
    ],
)  # fmt: skip
def test_a_workbook(tmp_path: Path, font: Font, fill: PatternFill, unseen: bool) -> None:
    book = openpyxl.Workbook()
    book.active.append(["甲", "乙", 12])
    for cell in book.active[1][1:]:
        cell.font, cell.fill = font, fill
    book.active["D1"].font = Font(color="FFFFFFFF")  # in which nothing stands
    book.save(tmp_path / "a.xlsx")
    assert faults(tmp_path / "a.xlsx") == ([(1, 2, "unseen"), (1, 3, "unseen")] if unseen else [])


@pytest.mark.parametrize(
    ("piece", "ground", "unseen"),
    [
        (InlineFont(sz=1), NO_FILL, True), (InlineFont(color="FFFFFFFF"), NO_FILL, True),
        (InlineFont(color="FFFFFFFF"), solid("FF000080"), False), (InlineFont(b=True), NO_FILL,
        False),
    ],
)  # fmt: skip
def test_a_piece_of_a_cell(
    tmp_path: Path, piece: InlineFont, ground: PatternFill, unseen: bool
) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = CellRichText("可见", TextBlock(piece, "不可见"))
    book.active["A1"].fill = ground
    book.save(tmp_path / "a.xlsx")
    assert faults(tmp_path / "a.xlsx") == ([(1, 1, "unseen")] if unseen else [])


@pytest.mark.parametrize(
    ("style", "unseen"),
    [
        ("font: colour white", True), ("font: height 20", True),
        ("font: colour red; pattern: pattern solid, fore_colour red", True),
        ("font: colour white; pattern: pattern solid, fore_colour dark_blue", False),
        ("font: bold on", False), ("font: colour red", False), ("font: height 160", False),
    ],
)  # fmt: skip
def test_an_old_workbook(tmp_path: Path, style: str, unseen: bool) -> None:
    old = xlwt.Workbook()
    sheet = old.add_sheet("a")
    sheet.write(0, 0, "甲")
    sheet.write(0, 1, "乙", xlwt.easyxf(style))
    sheet.write(0, 2, "", xlwt.easyxf("font: colour white"))
    old.save(str(tmp_path / "a.xls"))
    assert faults(tmp_path / "a.xls") == ([(1, 2, "unseen")] if unseen else [])


def test_a_piece_of_an_old_cell(tmp_path: Path) -> None:
    old = xlwt.Workbook()
    sheet = old.add_sheet("a")
    write: Callable[..., None] = sheet.write_rich_text
    write(0, 0, ["可见", ("不可见", xlwt.easyfont("colour white"))])
    old.save(str(tmp_path / "a.xls"))
    assert faults(tmp_path / "a.xls") == [(1, 1, "unseen")]
