"""A cell is read as the spreadsheet shows it, in the new form and the old one, or refused by place
(K05, K16, K18, K19, K36)."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

import openpyxl
import pytest
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from ckanext.govdata.sheets import number_formats
from ckanext.govdata.sheets.xlsx_sheet import SharedStrings
from tests.sheets.books import KINDS, faults, refused, rows, sheet_xml, tables, write

DAY = datetime.datetime(2026, 7, 1, 10, 5, 9)  # noqa: DTZ001 - a spreadsheet has no zones
SHOWN = [
    (307, "00000", "00307"), (7, '000"号"', "007号"), (0.125, "0.0%", "12.5%"),
    (0.12345, "0.00%", "12.35%"), (0.005, "0.0%", "0.5%"), (5, '0.0"‰"', "5.0‰"),
    (1234567, "#,##0", "1234567"), (1234.5, "#,##0.00", "1234.50"),
    (-1234.5, "#,##0.00", "-1234.50"),
    (1234.5, "¥#,##0.00", "¥1234.50"), (1234.5, "[$¥-804]#,##0.00", "¥1234.50"),
    (-3, "0;[Red]-0", "-3"), (-3, "0_);(0)", "(3)"), (0, '0;-0;"-"', "-"), (0.5, "# ?/?", "1/2"),
    (2.75, "# ?/?", "2 3/4"), (123456, "0.00E+00", "1.23E+05"),
    (0.000123, "0.00E+00", "1.23E-04"), (62620000, "0000-0000", "6262-0000"),
    (3, '"约"0"人"', "约3人"),
    (1.5, '0.00"万"', "1.50万"), (12345, '0.0,"千"', "12.3千"), (9.756, "0.0", "9.8"),
    (2.5, "0", "3"),
    (-2.5, "0", "-3"), (0.1 + 0.2, "General", "0.3"), (213.2324, "General", "213.2324"),
    (123456789012345, "0", "123456789012345"), (7, "@", "7"), (5, 'General"元"', "5元"),
    (120, '[>100]0"（超）";0', "120（超）"), (80, '[>100]0"（超）";0', "80"), (1, "[蓝]0", "1"),
    (0, "General", "0"), (-0.0001, "0.00", "0.00"), (1e-7, "General", "0.0000001"),
    (True, "General", "TRUE"), (False, "General", "FALSE"), ("00307", "General", "00307"),
    (datetime.date(2026, 7, 1), "yyyy/m/d", "2026-07-01"),
    (datetime.date(2026, 7, 1), 'yyyy"年"m"月"d"日"', "2026-07-01"),
    (datetime.date(2026, 7, 1), "dd/mm/yyyy", "2026-07-01"),
    (datetime.date(2026, 7, 1), '[DBNum1][$-804]yyyy"年"m"月"d"日";@', "2026-07-01"),
    (datetime.date(2026, 7, 1), "[$-x-sysdate]dddd, mmmm dd, yyyy", "2026-07-01"),
    (datetime.date(2026, 7, 1), '[$-404]e"年"m"月"d"日"', "2026-07-01"),
    (datetime.date(2026, 7, 1), '[$-zh-CN]yyyy"年"m"月"', "2026年7月"),
    (DAY, "[$-en-US]h:mm AM/PM;@", "10:05"),
    (datetime.date(2026, 7, 1), '[DBNum1]yyyy"年"m"月"', "2026-07"),
    (datetime.date(2026, 7, 1), 'yyyy"年"m"月"', "2026年7月"),
    (datetime.date(2026, 7, 1), "yyyy-mm", "2026-07"),
    (datetime.date(2026, 7, 1), "mmm-yy", "2026-07"),
    (datetime.date(2026, 7, 1), "yyyy", "2026"), (datetime.date(2026, 7, 1), "aaaa", "星期三"),
    (datetime.date(1900, 2, 28), "yyyy/m/d", "1900-02-28"),
    (datetime.date(1900, 3, 1), "yyyy/m/d", "1900-03-01"),
    (DAY, "yyyy-mm-dd", "2026-07-01"), (DAY, "yyyy/m/d h:mm", "2026-07-01 10:05"),
    (DAY, "yyyy-mm-dd hh:mm:ss", "2026-07-01 10:05:09"), (DAY, "h:mm", "10:05"),
    (DAY, '上午/下午h"时"mm"分"', "10:05"), (datetime.time(20, 30), "h:mm AM/PM", "20:30"),
    (1.25, "[h]:mm", "30:00"), (1.25, "[h]:mm:ss", "30:00:00"), (0.5, "[mm]:ss", "720:00"),
    (0.0123456, "mm:ss.0", "17:46.7"),
]  # fmt: skip
UNSURE = [
    (340102199001010017, "0"), (6222021234567890, "General"), (3.4010219900101e17, "General"),
    (12, "[DBNum1]0"),
    (1.5, "[DBNum1][h]:mm"), (12, "[DBNum2][$-804]General"), (5, ";;;"), (-5, "0;;"),
    (0.7, "# ?/?"),
    (12345, "##0.0E+0"), (-1, "h:mm"), (60, "yyyy/m/d"), (0.5, "yyyy/m/d"), (5, '"完成"'),
    (2, "[>3]0;;"), (5, "0.0.0"), (0.375, "# ?/8"), (5, '0"x'), (3e6, "yyyy/m/d"),
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("value", "code", "shown"), SHOWN)
def test_as_it_is_shown(tmp_path, kind, value, code, shown):
    if kind == "xls" and isinstance(value, datetime.date) and value.year == 1900:
        pytest.skip("xlwt does not write such a day")
    path = write(tmp_path / f"a.{kind}", [[("头", "General")], [(value, code)]])
    assert (rows(path)[1][0], faults(path)) == (shown, [])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("value", "code"), UNSURE)
def test_what_is_not_sure_is_told_by_place(tmp_path, kind, value, code):
    path = write(tmp_path / f"a.{kind}", [[("头", "General")], [(value, code)]])
    assert faults(path) == [(2, 1, "shown_otherwise")]


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    json.loads((Path(__file__).parent / "data" / "shown_numbers.json").read_text("utf-8")),
)
def test_formats_as_two_other_readers_of_them_show_them(code, value, shown):
    """The right texts are where numfmt 4.0.1 and SSF 0.11.2 agree, without separators, blanks."""
    found = number_formats.shown(float(value), code)
    assert found is None or re.sub(r"\s", "", found) == shown


def test_most_of_them_are_sure():
    every = json.loads((Path(__file__).parent / "data" / "shown_numbers.json").read_text("utf-8"))
    unsure = [code for code, value, _ in every if number_formats.shown(float(value), code) is None]
    assert len(unsure) * 50 < len(every)


def test_days_that_count_from_1904(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["日期", DAY, 43585])
    book.save(tmp_path / "a.xlsx")
    old = xlwt.Workbook()
    old.dates_1904 = True
    old.add_sheet("a").write(0, 0, 43585, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    old.save(str(tmp_path / "a.xls"))
    assert rows(tmp_path / "a.xlsx")[0][1:] == ["2026-07-01 10:05:09", "43585"]
    assert rows(tmp_path / "a.xls")[0] == ["2023-05-01"]
    assert {tables(tmp_path / name)[0].epoch.year for name in ("a.xlsx", "a.xls")} == {1904}


CELLS = [
    ('<c r="A1" t="inlineStr"><is><t>内联</t></is></c>', "内联", None),
    ('<c r="A1" t="inlineStr"><is><r><t>富</t></r><r><t>文本</t></r></is></c>', "富文本", None),
    ('<c r="A1" t="inlineStr"><is><t>課長</t><rPh sb="0" eb="1"><t>カ</t></rPh></is></c>',
     "課長", None),
    ('<c r="A1" t="str"><f>""</f><v></v></c>', "", None),
    ('<c r="A1" t="str"><f>A2</f><v>甲</v></c>', "甲", None),
    ('<c r="A1" t="b"><v>1</v></c>', "TRUE", None),
    ('<c r="A1" t="d"><v>2026-07-01T00:00:00</v></c>', "2026-07-01", None),
    ('<c r="A1" t="d"><v>2026-07-01T10:05:00</v></c>', "2026-07-01 10:05:00", None),
    ('<c r="A1"><v>1E3</v></c>', "1000", None),
    ('<c r="A1"><f>SUM(B1)</f><v>3</v></c>', "3", None),
    ('<c r="A1"><f t="shared" ref="A1:A9" si="0">B1</f><v>4</v></c>', "4", None),
    ('<c r="A1"><f t="shared" si="0"/></c>', "", "formula_without_value"),
    ('<c r="A1"><f t="array" ref="A1:A2">B1:B2</f></c>', "", "formula_without_value"),
    ('<c r="A1" t="str"><f>A2</f></c>', "", "formula_without_value"),
    ('<c r="A1"><f>SUM(B1)</f></c>', "", "formula_without_value"),
    ('<c r="A1"><f>SUM(B1)</f><v/></c>', "", "formula_without_value"),
    ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "", "cell_error"),
    ('<c r="A1" t="e"><v>#N/A</v></c>', "", "cell_error"),
    ('<c r="A1"><v>6222021234567890128</v></c>', "6222021234567890000", "shown_otherwise"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "shown", "fault"), CELLS)
def test_cells_of_every_kind(tmp_path, cell, shown, fault):
    more = '<c r="B1" t="inlineStr"><is><t>邻</t></is></c>'
    path = sheet_xml(tmp_path / "a.xlsx", f'<row r="1">{cell}{more}</row>')
    found = rows(path)[0]
    assert (found[1], faults(path)) == ("邻", [(1, 1, fault)] if fault else [])
    assert found[0] == shown or fault == "shown_otherwise"


@pytest.mark.parametrize(("cell", "shown", "fault"), CELLS)
def test_values_of_formulas_that_are_worked_out_on_opening_count_for_nothing(
    tmp_path, cell, shown, fault
):
    """A template that was filled in, its sums those of before."""
    body = f'<row r="1">{cell}<c r="B1"><v>1</v></c></row>'
    path = sheet_xml(tmp_path / "a.xlsx", body, engine="0")
    expected = "formula_without_value" if "<f" in cell else fault
    assert faults(path) == ([(1, 1, expected)] if expected else [])


@pytest.mark.parametrize(("value", "found"), [("0", 1), ("0.0", 1), ("7", 0)])
def test_libraries_that_cannot_calculate_write_nought(tmp_path, value, found):
    body = f'<row r="1"><c r="A1"><f>SUM(B1)</f><v>{value}</v></c></row>'
    path = sheet_xml(tmp_path / "a.xlsx", body, engine="124519")
    assert faults(path) == [(1, 1, "formula_without_value")] * found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("code", "whole"),
    [
        ("General", True), ("@", True), ("0.00", True), (";;;@", True), ("0;-0;0;@_ ", True),
        (";;;", False), ('"第"@"号"', False), ('0;0;0;"保密"', False), ("0;-0", True),
    ],
)  # fmt: skip
def test_a_text_that_its_format_hides_or_changes_is_told_by_place(tmp_path, kind, code, whole):
    path = write(tmp_path / f"a.{kind}", [[("头", "General")], [("底稿", code)]])
    assert faults(path) == ([] if whole else [(2, 1, "shown_otherwise")])


def test_a_picture_in_a_cell_is_no_text(tmp_path):
    cell = '<c r="A1" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>'
    path = sheet_xml(tmp_path / "a.xlsx", f'<row r="1">{cell}</row>')
    assert faults(path) == [(1, 1, "shown_otherwise")]


def test_an_error_of_later_years_is_refused_by_place(tmp_path):
    body = '<row r="7"><c r="A7" t="e"><v>#SPILL!</v></c></row>'
    error = refused(sheet_xml(tmp_path / "a.xlsx", body))
    assert error.code == "unknown_error"
    assert (error.detail["row"], error.detail["value"]) == (7, "#SPILL!")


def test_rich_text(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["头"])
    book.active["A2"] = CellRichText("水", TextBlock(InlineFont(b=True), "位"), "高")
    book.save(tmp_path / "a.xlsx")
    assert rows(tmp_path / "a.xlsx")[1] == ["水位高"]


def test_cells_before_and_beside_the_first_are_empty(tmp_path):
    path = sheet_xml(tmp_path / "a.xlsx", '<row r="3"><c r="C3"><v>5</v></c></row>')
    [table] = tables(path)
    assert [(n, cells) for n, cells in table.rows if any(cells)] == [(3, ["", "", "5"])]


@pytest.mark.parametrize("kind", KINDS)
def test_formulas_errors_and_merges_in_both_kinds(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        book = openpyxl.Workbook()
        book.active.append(["县", "数", "错"])
        book.active.append(["甲", "=SUM(C1:C2)", "#N/A"])
        book.active.merge_cells("A2:A4")
        book.save(path)
    else:
        old = xlwt.Workbook()
        sheet = old.add_sheet("a")
        sheet.write(0, 0, "县")
        sheet.write_merge(1, 3, 0, 0, "甲")
        sheet.write(1, 1, xlwt.Formula("SUM(C1:C2)"))
        sheet.row(1).set_cell_error(2, "#DIV/0!")
        old.save(str(path))
    assert faults(path) == [(2, 2, "formula_without_value"), (2, 3, "cell_error")]
    assert tables(path)[0].merges == ((2, 1, 4, 1),)


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_that_is_struck_out_is_told(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    if kind == "xls":
        old = xlwt.Workbook()
        sheet = old.add_sheet("a")
        sheet.write(0, 0, "甲")
        sheet.write(1, 0, "乙", xlwt.easyxf("font: struck_out on"))
        old.save(str(path))
    else:
        book = openpyxl.Workbook()
        book.active.append(["甲"])
        book.active.append(["乙"])
        book.active["A2"].font = openpyxl.styles.Font(strike=True)
        book.save(path)
    assert faults(path) == [(2, 1, "struck_out")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_of_which_a_piece_is_struck_out_is_told(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    if kind == "xls":
        old = xlwt.Workbook()
        sheet = old.add_sheet("a")
        struck = xlwt.easyfont("struck_out on")
        sheet.write_rich_text(0, 0, [("1", struck), "20"])
        sheet.write_rich_text(1, 0, ["新名称", ("旧名", struck)])
        sheet.write_rich_text(2, 0, ["甲", ("乙", xlwt.easyfont("bold on"))])
        old.save(str(path))
    else:
        plain, struck = InlineFont(b=True), InlineFont(strike=True)
        book = openpyxl.Workbook()
        for runs in ((struck, "1", "20"), (struck, "旧名", "新名称"), (plain, "甲", "乙")):
            book.active.append([CellRichText(TextBlock(runs[0], runs[1]), runs[2])])
        book.save(path)
    assert faults(path) == [(1, 1, "struck_out"), (2, 1, "struck_out")]


def test_a_piece_that_is_struck_out_is_known_in_shared_strings():
    one = '<si><r><rPr><strike{}/></rPr><t>1</t></r><r><t>20</t></r></si>'
    texts = "<si><t>a</t></si>" + "".join(
        one.format(said) for said in ("", ' val="0"', ' val="1"'))
    assert SharedStrings(iter([f"<sst>{texts}</sst>".encode()])).facts.struck == {1, 3}


@pytest.mark.parametrize(
    "code",
    ['m"月"d"日 8时"', 'm"月"d"日 20时"', 'yyyy-mm-dd"(初报)"', 'yyyy"年"m"月"d"日（续报）"',
     'h:mm"（次日）"',
     '0!.0,"万"', "yyyy!年"],
)  # fmt: skip
def test_words_of_a_format_that_would_vanish_are_told(tmp_path, code):
    value = 123456 if code.startswith("0") else DAY
    path = write(tmp_path / "a.xlsx", [[("头", "General")], [(value, code)]])
    assert faults(path) == [(2, 1, "shown_otherwise")]


@pytest.mark.parametrize(
    "code",
    ['yyyy"年"m"月"d"日"', 'yyyy"年"m"月"d"日" h"时"mm"分"', "yyyy/m/d;@"],
)  # fmt: skip
def test_words_that_only_part_a_day_are_no_matter(tmp_path, code):
    path = write(tmp_path / "a.xlsx", [[("头", "General")], [(DAY, code)]])
    assert faults(path) == []


@pytest.mark.parametrize(("value", "code", "rounded"), [
    (1.005, "0.00", True), (1.5, "0.00", False), (2, "0.00", False), (0.125, "0%", True),
    (0.125, "0.0%", False), (-1.26, "0.0", True), (-1.2, "0.0", False), (12345, "0,", True),
    (1.25, '0.0"元"', True), (3, '0"元"', False), (123456, "0.0E+00", True),
    (12000, "0.0E+00", False),
    (45000.5, "yyyy-mm-dd", False), (45000, 'm"月"', False), (1.005, "General", False),
    (7, "000", False), (0.5, "# ?/?", False),
])
def test_a_number_that_is_shown_in_fewer_places_is_known(
        value: float, code: str, rounded: bool) -> None:
    shown = number_formats.shown(value, code)
    assert shown is not None
    assert number_formats.is_rounded(value, code, shown) is rounded
