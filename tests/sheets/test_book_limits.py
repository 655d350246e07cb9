"""Workbooks of more than anybody looks through are refused with the limit."""

from __future__ import annotations

import datetime
import random
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from ckanext.govdata.sheets import xlsx_guard, xml_parser
from tests.sheets.books import KINDS, changed, faults, refused, rows, sheet_xml, write

DAY = datetime.datetime(2026, 7, 1, 10, 5, 9)  # noqa: DTZ001 - a spreadsheet has no zones


def test_more_formatted_numbers_than_fit_into_a_list(tmp_path):
    """However many numbers a sheet has, none is read as it is stored."""
    body = "".join(
        f'<row r="{r}">' + "".join(f'<c s="1"><v>{c}</v></c>' for c in range(500)) + "</row>"
        for r in range(1, 501)
    )
    path = sheet_xml(tmp_path / "a.xlsx", body)

    def change(name: str, content: bytes) -> bytes:
        if name != "xl/styles.xml":
            return content
        return re.sub(rb"<cellXfs.*</cellXfs>",
                      b'<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>',
                      content.replace(b"<fonts", b'<numFmts><numFmt numFmtId="164" '
                                      b'formatCode="00000"/></numFmts><fonts', 1))  # fmt: skip

    found = rows(changed(path, change))
    assert all(cells == [f"{c:05}" for c in range(500)] for cells in found)


def test_a_workbook_of_very_many_sheets_is_refused_with_the_limit(tmp_path):
    book = openpyxl.Workbook()
    for n in range(200):
        book.create_sheet(f"表{n}")
    book.save(tmp_path / "a.xlsx")
    error = refused(tmp_path / "a.xlsx")
    assert (error.code, error.detail["limit"]) == ("too_many_sheets", 50)


def with_styles(path: Path, styles: bytes) -> Path:
    write(path, [[(7, "000")]])
    return changed(path, lambda name, old: styles if name == "xl/styles.xml" else old)


def test_a_format_that_would_make_each_cell_huge_is_not_used(tmp_path):
    path = write(tmp_path / "a.xlsx", [[(7, '"' + "水" * 250 + '"0')], [(7, "0")]])
    assert faults(path) == []

    def longer(name: str, content: bytes) -> bytes:
        return content.replace("水".encode() * 250, "水".encode() * 90_000)

    assert faults(changed(path, longer)) == [(1, 1, "shown_otherwise")]


def test_styles_without_end_are_refused(tmp_path):
    head = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
    styles = head + b"<xf/>" * 4_000_000 + b"</cellXfs></styleSheet>"
    assert refused(with_styles(tmp_path / "a.xlsx", styles)).code in ("zip_bomb", "too_much_text")


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_of_300_columns_is_read(tmp_path, kind):
    columns = 300 if kind == "xlsx" else 256
    path = write(tmp_path / f"a.{kind}", [[(c, "000") for c in range(columns)]])
    assert rows(path)[0][-1] == f"{columns - 1:03}"


def test_a_bomb_of_shared_formulas_is_refused_by_place(tmp_path):
    """A hundred thousand formulas, none worked out: all are told of, in little time."""
    body = "".join(f'<row r="{r}"><c><f t="shared" si="0"/></c></row>' for r in range(1, 100_003))
    assert refused(sheet_xml(tmp_path / "a.xlsx", body)).code == "too_many_faults"


def test_every_member_is_unpacked_once_and_within_the_measure(tmp_path, monkeypatch):
    """What one look unpacks is what counts: no member goes by the measure, none is read again."""
    path = write(tmp_path / "a.xlsx", [[(7, "000"), ("文字", "General")]])
    opened, counted = [], []
    plain, pieces = zipfile.ZipFile.open, xml_parser.Budget.pieces

    def noted(archive, member, *args, **kept):
        opened.append(getattr(member, "filename", member))
        return plain(archive, member, *args, **kept)

    def measured(budget, archive, member, *most):
        counted.append((id(budget), member.filename))
        return pieces(budget, archive, member, *most)

    monkeypatch.setattr(zipfile.ZipFile, "open", noted)
    monkeypatch.setattr(xml_parser.Budget, "pieces", measured)
    xlsx_guard.inspect(path)
    with zipfile.ZipFile(path) as archive:
        every = sorted(archive.namelist())
    assert sorted(opened) == every
    assert sorted(name for _, name in counted) == every
    assert len({budget for budget, _ in counted}) == 1


def test_a_member_of_the_books_own_is_measured_as_it_unpacks(tmp_path):
    """Whatever the table of contents says of its size."""
    head = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    path = with_styles(tmp_path / "a.xlsx", head + b"<!--" + b"a" * 17 * 2**20 + b"-->"
                       + random.Random(1).randbytes(200_000).hex().encode() + b"</styleSheet>")
    assert refused(path).code == "too_much_text"
