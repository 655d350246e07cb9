"""Files that somebody made to keep a reader busy, to fill its memory, or to be read in two ways."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
import xlwt

from ckanext.govdata.sheets import file_kinds, number_formats, text_tables, xlsx_guard, xlsx_sheet
from ckanext.govdata.sheets.refused_files import BookCount, Unreadable
from ckanext.govdata.sheets.tables import Hidden
from tests.sheets.books import changed, refused, rows, sheet_xml, tables

LONG = "长" * 32_768


def book(path: Path, *corners: str) -> Path:
    """A workbook whose sheets have three cells each, one of them far away."""
    made = openpyxl.Workbook()
    made.remove(made["Sheet"])
    for corner in corners:
        sheet = made.create_sheet()
        sheet["A1"], sheet["B1"], sheet[corner] = "站点", "水位", 1
    made.save(path)
    return path


@pytest.mark.parametrize("corners", [("XFD200", "XFD200"), ("ALL2000",) * 3, ("CV2000",) * 21])
def test_sheets_are_limited_together(tmp_path: Path, corners: tuple[str, ...]) -> None:
    assert len(tables(book(tmp_path / "one.xlsx", corners[0]))) == 1
    assert refused(book(tmp_path / "a.xlsx", *corners)).code == "book_too_wide"


def test_old_sheets_are_limited_together(tmp_path: Path) -> None:
    made = xlwt.Workbook()
    for number in range(4):
        sheet = made.add_sheet(f"s{number}")
        sheet.write(0, 0, "站点")
        sheet.write(9000, 255, 1)
    made.save(str(tmp_path / "a.xls"))
    assert refused(tmp_path / "a.xls").code == "book_too_wide"


def test_what_all_sheets_have_is_added_up() -> None:
    for add, limit in (("add_cells", 2_000_000), ("add_text", 200 * 2**20)):
        counted = BookCount()
        for _ in range(2):
            counted.begin_sheet()
            getattr(counted, add)(limit // 2)
        with pytest.raises(Unreadable):
            getattr(counted, add)(1)


def test_cells_of_an_old_workbook_that_are_one_text_count_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = xlwt.Workbook()
    sheet = made.add_sheet("水情")
    for row in range(300):
        sheet.write(row, 0, "长" * 1000)
    made.save(str(tmp_path / "a.xls"))
    assert len(rows(tmp_path / "a.xls")) == 300
    monkeypatch.setattr("ckanext.govdata.sheets.refused_files.MAX_TEXT", 200_000)
    assert refused(tmp_path / "a.xls").code == "too_much_text"


def of(path: Path, text: str) -> Path:
    """A file with that text in its second row and second column."""
    table = [["站点", "水位"], ["巢湖", text]]
    if path.suffix == ".csv":
        path.write_text("\n".join(",".join(row) for row in table), encoding="utf-8")
    elif path.suffix == ".json":
        path.write_text(json.dumps([{"站点": "a", "水位": "b"}, dict(zip(*table, strict=True))],
                                   ensure_ascii=False), encoding="utf-8")  # fmt: skip
    else:
        cell = "<c t='inlineStr'><is><t>{}</t></is></c>"
        lines = ("".join(cell.format(one) for one in row) for row in table)
        return sheet_xml(path, "".join(f"<row>{line}</row>" for line in lines))
    return path


@pytest.mark.parametrize("name", ["a.csv", "a.json", "inline.xlsx"])
def test_a_cell_is_as_long_as_in_excel_at_most(tmp_path: Path, name: str) -> None:
    assert rows(of(tmp_path / name, LONG[1:]))[-1][1] == LONG[1:]
    found = refused(of(tmp_path / name, LONG))
    assert (found.code, found.detail["row"], found.detail["column"]) == ("cell_too_long", 2, 2)


def test_a_shared_text_is_limited_where_it_stands(tmp_path: Path) -> None:
    long = sheet_xml(tmp_path / "a.xlsx", '<row><c/></row><row><c/><c t="s"><v>0</v></c></row>')
    with zipfile.ZipFile(long, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>{LONG}</t></si></sst>")
    found = refused(long)
    assert (found.code, found.detail["row"], found.detail["column"]) == ("cell_too_long", 2, 2)


def test_lists_of_items_as_the_export_writes_them_are_longer(tmp_path: Path) -> None:
    items = [{"name": f"项{number}", "description": "说明" * 20} for number in range(800)]
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"a": "b", "items": items}, ensure_ascii=False), encoding="utf-8")
    assert len(rows(path)[-1][1]) > len(LONG)


def twice(path: Path, old: str, new: str, member: str = "xl/workbook.xml") -> Path:
    """A workbook of two sheets, one of them with a hidden column, with a text changed."""
    made = openpyxl.Workbook()
    made.worksheets[0].append(["站点", "水位"])
    second = made.create_sheet("second")
    second.append(["站点", "姓名"])
    second.column_dimensions["B"].hidden = True
    made.save(path)

    def change(name: str, content: bytes) -> bytes:
        return content.replace(old.encode(), new.encode()) if name == member else content

    return changed(path, change)


@pytest.mark.parametrize(
    ("old", "new", "member"),
    [
        ('name="second"', 'name="Sheet"', "xl/workbook.xml"),
        ('r:id="rId2"', 'r:id="rId1"', "xl/workbook.xml"),
        ("sheet2.xml", "sheet1.xml", "xl/_rels/workbook.xml.rels"),
        ("sheet2.xml", "SHEET1.xml", "xl/_rels/workbook.xml.rels"),
        ('Id="rId2"', 'Id="rId1"', "xl/_rels/workbook.xml.rels"),
    ],
)
def test_what_is_there_twice_is_damaged(tmp_path: Path, old: str, new: str, member: str) -> None:
    assert refused(twice(tmp_path / "a.xlsx", old, new, member)).code == "damaged"


def test_two_sheets_of_two_names_are_read(tmp_path: Path) -> None:
    found = tables(twice(tmp_path / "a.xlsx", 'name="second"', 'name="third"'))
    assert [one.hidden.columns for one in found] == [(), ((2, 2),)]


@pytest.mark.parametrize("noughts", [14, 26, 27, 28, 30, 60, 200, 250])
@pytest.mark.parametrize(
    "code", ["0.", "h:mm:ss.", "[h]:mm:ss.", "mm:ss.", "0.E+0", "#,##0.", "0%."]
)
def test_formats_of_many_places_are_shown_or_not_sure(noughts: int, code: str) -> None:
    for value in (0.0, 1.5, 123456789012345.0, 1e300, -2.5, 2958465.9):
        shown = number_formats.shown(value, code + "0" * noughts)
        assert shown is None or isinstance(shown, str)


@pytest.mark.parametrize(
    "body",
    [
        f'<row r="{"9" * 5000}"><c><v>1</v></c></row>', f'<row r="1"><c s="{"9" * 5000}"/></row>',
        f'<row><c t="s"><v>{"9" * 5000}</v></c></row>',
        f'<row><c s="{"1" * 20}"><v>1</v></c></row>',
    ],
)  # fmt: skip
def test_endless_digits_are_damage(tmp_path: Path, body: str) -> None:
    assert refused(sheet_xml(tmp_path / "a.xlsx", body)).code == "damaged"


def columns_of(path: Path, columns: str) -> Path:
    sheet_xml(path, "<row><c><v>1</v></c></row>")

    def change(name: str, content: bytes) -> bytes:
        new = f"<cols>{columns}</cols><sheetData>".encode()
        return content.replace(b"<sheetData>", new) if name.endswith("sheet1.xml") else content

    return changed(path.with_name(f"changed-{path.name}"), change)


def test_hidden_stretches_are_counted_and_clipped(tmp_path: Path) -> None:
    one = '<col min="1" max="999999999" hidden="1"/>'
    [table] = tables(columns_of(tmp_path / "a.xlsx", one))
    assert table.hidden.columns == ((1, 16384),)
    many = '<col min="1" max="16384" hidden="1"/>' * 16_385
    assert refused(columns_of(tmp_path / "b.xlsx", many)).code == "damaged"
    ends = '<col min="1" max="99999999999" hidden="1"/>'
    assert refused(columns_of(tmp_path / "c.xlsx", ends)).code == "damaged"


def test_a_column_is_looked_up_among_many_stretches_once() -> None:
    asked: list[int] = []

    class Counted(tuple[tuple[int, int], ...]):
        __slots__ = ()

        def __iter__(self) -> Iterator[tuple[int, int]]:
            asked.append(1)
            return super().__iter__()

    hidden = Hidden(columns=Counted([(1, 3), (2, 9), (12, 16384)] * 1000))
    found = [number for number in range(1, 20) if not hidden.column(number)]
    assert found == [10, 11]
    assert len(asked) == 1


def test_empty_objects_and_endless_keys_are_counted() -> None:
    def code(objects: Callable[[], list[dict[str, int]]]) -> str:
        with pytest.raises(Unreadable) as error:
            text_tables.objects_table("a", objects)
        return error.value.code

    assert code(lambda: [{}] * 2_000_001) == "too_many_cells"
    assert code(lambda: [{"键" * 1001: 1}]) == "key_too_long"
    assert code(lambda: [{str(n): n} for n in range(501)]) == "too_many_keys"
    wide = [dict.fromkeys(map(str, range(400)), 1)]
    assert code(lambda: wide + [{}] * 20_000) == "too_wide"


def archive(members: int, comment: bytes = b"") -> bytearray:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number in range(members):
            made.writestr(f"{number:06}" + "x" * 60, b"")
        made.comment = comment
    return bytearray(out.getvalue())


class Listed(Exception):
    """The members were listed."""


@pytest.fixture
def unlisted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may list the members of the archive."""

    def lists(*_: object, **__: object) -> None:
        raise Listed

    monkeypatch.setattr("zipfile.ZipFile", lists)


@pytest.mark.parametrize("comment", [b"", b"note", b"PK\x05\x06"])
def test_too_many_members_are_seen_before_they_are_listed(
    tmp_path: Path, request: pytest.FixtureRequest, comment: bytes
) -> None:
    content = archive(12_000, comment)
    (tmp_path / "a.xlsx").write_bytes(content)
    request.getfixturevalue("unlisted")
    if comment != b"PK\x05\x06":  # the reader of archives takes that for its end, and for damage
        assert file_kinds.kind_of(io.BytesIO(content)) == file_kinds.XLSX
        with pytest.raises(Unreadable) as error:
            xlsx_guard.inspect(tmp_path / "a.xlsx")
        assert error.value.code == "zip_bomb"


def test_the_numbers_of_an_archives_end_do_not_hide_it(
    request: pytest.FixtureRequest,
) -> None:
    content = archive(12_000)
    content[-6:-2] = b"PK\x05\x06"  # where its table of contents stands, which nobody needs
    request.getfixturevalue("unlisted")
    assert file_kinds.kind_of(io.BytesIO(content)) == file_kinds.XLSX


def test_the_end_of_64_bits_counts(request: pytest.FixtureRequest) -> None:
    content = archive(3)
    end = content[-22:]
    huge = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 3, 3, 2**30, 0)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(content) - 22, 1)
    request.getfixturevalue("unlisted")
    whole = bytes(content[:-22]) + huge + locator + bytes(end)
    assert file_kinds.kind_of(io.BytesIO(whole)) == file_kinds.XLSX


def test_numbers_of_a_sheet_are_bounded() -> None:
    assert xlsx_sheet._whole("12", 0) == 12
    assert xlsx_sheet._whole("x", 7) == 7
