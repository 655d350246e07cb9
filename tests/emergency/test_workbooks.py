"""An event publishes what a person sees in a sheet, all that is looked through, and no more
(K02, K18, K19, K21)."""
from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from openpyxl.comments import Comment
from werkzeug.datastructures import FileStorage

from ckanext.govdata.domain import prohibition
from ckanext.govdata.emergency.publication import bans, materials

DATA = Path(__file__).parent / "data"
HEAD = ["站点", "水位", "备注"]
ROWS = [["巢湖", 9.8, "平稳"], ["长临河", 9.75, "上涨"]]


def given(content: bytes | Path, name: str = "水位.xlsx", **more: Any) -> materials.Given:
    body = content.read_bytes() if isinstance(content, Path) else content
    found = materials.read({"upload": FileStorage(io.BytesIO(body), filename=name), **more})
    assert found
    return found


def refused(content: bytes | Path, name: str = "水位.xlsx", **more: Any) -> tuple[str, str]:
    """Code and facts of the refusal."""
    with pytest.raises(materials.Unusable) as error:
        given(content, name, **more)
    refusal = error.value.refusal
    return refusal.code, f"{refusal.value} {' '.join(dict(refusal.facts or {}).values())}"


class Book:
    """A workbook with one table; what is changed of it."""

    raw: tuple[str, str] | None = None

    def __init__(self) -> None:
        self.book = openpyxl.Workbook()
        self.sheet: Any = self.book.active
        self.sheet.title = "水情"
        for row in [HEAD, *ROWS]:
            self.sheet.append(row)

    def bytes(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return self.rewritten(out) if self.raw else out.getvalue()

    def rewritten(self, saved: io.BytesIO) -> bytes:
        """With a change in the sheet's XML that the library cannot write."""
        out = io.BytesIO()
        with zipfile.ZipFile(saved) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                text = old.read(name)
                if name == "xl/worksheets/sheet1.xml":
                    assert self.raw[0].encode() in text
                    text = text.replace(*(part.encode() for part in self.raw))
                new.writestr(name, text)
        return out.getvalue()


@pytest.fixture
def book() -> Book:
    return Book()


def test_a_plain_table_is_read(book):
    sheet = given(book.bytes()).sheet
    assert sheet.columns == tuple(HEAD)
    assert sheet.rows == (("巢湖", "9.8", "平稳"), ("长临河", "9.75", "上涨"))


def hide_row(book):
    book.sheet.row_dimensions[3].hidden = True


def flatten_row(book):
    book.raw = ('<row r="3"', '<row r="3" ht="0" customHeight="1"')


def hide_all_rows(book):
    book.raw = ("<sheetFormatPr ", '<sheetFormatPr zeroHeight="1" ')


def fold_rows(book):
    book.sheet.row_dimensions.group(3, 3, outline_level=1, hidden=True)


def filter_rows(book):
    book.sheet.auto_filter.ref = "A1:C3"
    book.sheet.auto_filter.add_filter_column(0, ["巢湖"])
    book.sheet.row_dimensions[3].hidden = True


def hide_column(book):
    book.sheet.column_dimensions["C"].hidden = True


def narrow_column(book):
    book.raw = ("<sheetData>", '<cols><col min="3" max="3" width="0"/></cols><sheetData>')


def fold_columns(book):
    book.sheet.column_dimensions.group("C", "D", hidden=True)


@pytest.mark.parametrize(("change", "code", "place"), [
    (hide_row, "hidden_rows", "3"), (flatten_row, "hidden_rows", "3"),
    (fold_rows, "hidden_rows", "3"), (filter_rows, "hidden_rows", "3"),
    (hide_column, "hidden_columns", "C"), (narrow_column, "hidden_columns", "C"),
    (fold_columns, "hidden_columns", "C"),
])
def test_hidden_rows_and_columns_are_refused_by_name_or_left_out_by_choice(
    book, change, code, place
):
    change(book)
    found, said = refused(book.bytes())
    assert (found, place in said, "水情" in said) == (code, True, True)
    left = given(book.bytes(), leave_hidden="true").content.decode()
    assert ("长临河" in left) is (code == "hidden_columns")
    assert ("平稳" in left) is (code == "hidden_rows")
    assert "上涨" not in left


def test_a_sheet_whose_rows_are_all_hidden(book):
    hide_all_rows(book)
    assert refused(book.bytes())[0] == "hidden_rows"
    assert refused(book.bytes(), leave_hidden="true")[0] == "table_empty"


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
@pytest.mark.parametrize("first", [True, False])
def test_hidden_sheets_are_refused_by_name_or_left_out_by_choice(book, state, first):
    draft = book.book.create_sheet("内部研判", 0 if first else 1)
    draft.append(["站点", "结论"])
    draft.append(["巢湖", "拟泄洪"])
    draft.sheet_state = state
    book.book.active = 1 if first else 0
    code, said = refused(book.bytes())
    assert code == "hidden_sheets"
    assert "内部研判" in said
    left = given(book.bytes(), leave_hidden="true").content.decode()
    assert "拟泄洪" not in left
    assert "巢湖" in left
    assert refused(book.bytes(), leave_hidden="true", sheet="内部研判")[0] == "sheet_unknown"


def test_several_sheets_are_asked_about(book):
    more = book.book.create_sheet("雨情")
    more.append(["站点", "雨量"])
    more.append(["巢湖", 30])
    code, said = refused(book.bytes())
    assert code == "sheets_several"
    assert "水情" in said
    assert "雨情" in said
    assert given(book.bytes(), sheet="雨情").sheet.columns == ("站点", "雨量")
    assert refused(book.bytes(), sheet="别的")[0] == "sheet_unknown"


def test_an_empty_or_a_drawing_sheet_beside_is_no_matter(book):
    book.book.create_sheet("Sheet2")
    book.book.create_chartsheet("图")
    assert len(given(book.bytes()).sheet.rows) == 2


@pytest.mark.parametrize(("cell", "code"), [
    ("=SUM(B2:B2)", "cells_formula_without_value"), ("#N/A", "cells_cell_error"),
    ("#DIV/0!", "cells_cell_error"),
])
def test_a_cell_without_its_value_is_refused_by_address(book, cell, code):
    book.sheet["B3"] = cell
    found, said = refused(book.bytes())
    assert found == code
    assert "B3" in said
    assert "水情" in said


@pytest.mark.parametrize("cell", ["=SUM(B2:B3)", "#N/A"])
def test_it_is_refused_also_where_nothing_else_stands_in_its_row(book, cell):
    book.sheet["B7"] = cell
    assert "B7" in refused(book.bytes())[1]


@pytest.mark.parametrize("area", ["A2:A3", "A1:B1", "B3:C3"])
def test_merged_cells_are_refused_by_address(book, area):
    book.sheet.merge_cells(area)
    code, said = refused(book.bytes())
    assert code == "cells_merged"
    assert area in said


def test_an_old_workbook_is_looked_through_like_a_new_one():
    def made(change: Any) -> bytes:
        old, out = xlwt.Workbook(encoding="utf-8"), io.BytesIO()
        sheet = old.add_sheet("水情", cell_overwrite_ok=True)
        for r, row in enumerate([HEAD, *ROWS]):
            for c, cell in enumerate(row):
                sheet.write(r, c, cell)
        change(old, sheet)
        old.save(out)
        return out.getvalue()

    changes = {
        "cells_merged": lambda _old, sheet: sheet.write_merge(3, 4, 0, 0, "槐林"),
        "cells_cell_error": lambda _old, sheet: sheet.row(2).set_cell_error(1, "#DIV/0!"),
        "hidden_rows": lambda _old, sheet: setattr(sheet.row(2), "hidden", True),
        "hidden_columns": lambda _old, sheet: setattr(sheet.col(1), "hidden", True),
        "hidden_sheets": lambda old, _sheet: (
            old.add_sheet("底稿").write(0, 0, "x"), setattr(old.get_sheet(1), "visibility", 1)),
    }
    assert given(made(lambda *_: None), "水位.xls").sheet
    for code, change in changes.items():
        assert refused(made(change), "水位.xls")[0] == code


@pytest.mark.parametrize(("value", "style", "shown"), [
    (307, "00000", "00307"), (0.125, "0.0%", "12.5%"), (0.125, "0%", "13%"), (0.5, "0%", "50%"),
    (1234.5, "#,##0.00", "1234.50"), (9.8, "0.00", "9.80"), (213.2324, "General", "213.2324"),
    (0.1 + 0.2, "General", "0.3"), (123456789012345, "0", "123456789012345"), (-0.05, "0%", "-5%"),
    (7, "General", "7"), (9.756, "0.0", "9.8"), (datetime.timedelta(hours=30), "[h]:mm", "30:00"),
    (5, '0"人"', "5人"), (0.5, "# ?/?", "1/2"), (12345, "0.00E+00", "1.23E+04"),
    (5, "[>3]0;;", "5"), (12345, "#,##0,", "12"), (3, "¥0.00", "¥3.00"), (True, "General", "TRUE"),
])
def test_numbers_are_published_as_they_are_shown(book, value, style, shown):
    book.sheet["B3"] = value
    book.sheet["B3"].number_format = style
    assert given(book.bytes()).sheet.rows[1][1] == shown


@pytest.mark.parametrize(("value", "style"), [
    (340102199001010017, "0"), (3.4010219900101e17, "General"), (6222021234567890128, "0"),
    (5, ";;;"), (0.7, "# ?/?"), (12345, "##0.0E+0"), (2, "[>3]0;;"), (12, "[DBNum1]0"),
    (-1, "h:mm"), (60, "yyyy/m/d"), (5, "[$-1000411]0"), (3, '"$"#,##0_);("$"#,##0)'),
])
def test_what_is_shown_otherwise_is_refused_by_address(book, value, style):
    book.sheet["B3"] = value
    book.sheet["B3"].number_format = style
    code, said = refused(book.bytes())
    assert code == "cells_shown_otherwise"
    assert "B3" in said


@pytest.mark.parametrize(("value", "style", "shown"), [
    (datetime.datetime(2026, 7, 1, 10), "yyyy/m/d h:mm", "2026-07-01 10:00"),  # noqa: DTZ001
    (datetime.date(2026, 7, 1), 'm"月"d"日"', "2026-07-01"),
    (datetime.time(8, 30), "h:mm", "08:30"),
])
def test_days_and_times_are_read(book, value, style, shown):
    book.sheet["B3"] = value
    book.sheet["B3"].number_format = style
    assert given(book.bytes()).sheet.rows[1][1] == shown


def test_only_what_was_read_goes_out(book):
    """Comments, properties, names and macros of the file stay with the officer."""
    book.sheet["A2"].comment = Comment("张三手机13900000001", "王某")
    book.book.properties.creator = "起草人王某"
    book.book.defined_names["密"] = openpyxl.workbook.defined_name.DefinedName(
        "密", attr_text='"绝密数据"', hidden=True)
    content = io.BytesIO(book.bytes())
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
        archive.writestr("customXml/item1.xml", "<a>内部流转</a>")
    found = given(content.getvalue(), "水位.xlsm")
    assert found.kind == "table"
    assert found.media == "text/csv"
    assert found.content.decode() == "站点,水位,备注\n巢湖,9.8,平稳\n长临河,9.75,上涨\n"
    assert found.file_name == ""


@pytest.mark.parametrize("name", ["水位.et", "水位.xlsm", "水位.ods", "水位", "水位.csv"])
def test_a_workbook_is_one_whatever_its_name(book, name):
    assert len(given(book.bytes(), name).sheet.rows) == 2


def test_a_list_of_objects_is_a_table():
    found = given('[{"站点": "巢湖", "水位": 9.8}]'.encode(), "水位.json")
    assert found.sheet.rows == (("巢湖", "9.8"),)


def test_a_first_line_that_names_the_separator_is_no_heading():
    for text in ("sep=;\n站点;水位\n巢湖;9,8\n", "\ufeffSEP=;\r\n站点;水位\r\n巢湖;9,8\r\n"):
        found = given(text.encode(), "水位.csv")
        assert (found.sheet.columns, found.sheet.rows) == (("站点", "水位"), (("巢湖", "9,8"),))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("填表人：王某某", True), ("填表人: 张三 审核人：李四", True), ("死者：王某", True),
        ("户主:张三", True), ("製表人：王大明", True), ("填报人：县应急局", False),
        ("填表人：", False), ("审核人：县水利局办公室", False), ("本表由县水利局填报", False),
    ],
)  # fmt: skip
def test_who_signs_a_table_or_is_named_as_a_victim_is_a_person(text, found):
    answer = prohibition.findings(bans.bans().bans, None, {"note": text}, None)
    assert ({one.ban for one in answer} == {"name"}) is found


def banned(found: materials.Given) -> set[str]:
    return {one.ban for one in prohibition.findings(bans.bans().bans, None, {}, found.sheet)}


def test_the_cases_from_the_field():
    assert refused(DATA / "K18-em-merged-and-formula.xlsx")[0] == "cells_merged"
    assert refused(DATA / "K19-em-shown-otherwise.xlsx")[0] == "cells_shown_otherwise"
    assert banned(given(DATA / "K21-em-numbers.xlsx")) >= {"id_number", "phone"}
    assert "id_number" in banned(given(DATA / "K21-em-list.et", "名单.et"))


def test_numbers_kept_as_numbers_are_found(book):
    book.sheet["B3"] = 13900000001
    assert "phone" in banned(given(book.bytes()))
    book.sheet["A3"] = "110105\n19491231002x"
    assert "id_number" in banned(given(book.bytes()))


def test_what_is_left_out_is_told_by_place() -> None:
    made = Book()
    made.sheet.append(["肥东", 8.1, "内部"])
    made.sheet.row_dimensions[4].hidden = True
    made.sheet.column_dimensions["C"].hidden = True
    made.book.create_sheet("值班表").append(["张三"])
    made.book["值班表"].sheet_state = "hidden"
    made.book.create_sheet("空").sheet_state = "hidden"
    found = given(made.bytes(), leave_hidden="true")
    assert found.sheet
    assert len(found.sheet.rows) == 2
    assert found.left_out == {"sheets": ["值班表"], "rows": ["4"], "columns": ["C"]}
    assert given(Book().bytes()).left_out == {}


def test_a_sheet_that_was_not_chosen_is_told_too() -> None:
    made = Book()
    made.book.create_sheet("雨情").append(["站点"])
    assert given(made.bytes(), sheet="水情").left_out == {"sheets": ["雨情"]}
