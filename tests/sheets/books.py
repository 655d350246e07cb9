"""Workbooks of a test's own, in the new form and the old one, and how they are read."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
import xlwt
from openpyxl.worksheet.worksheet import Worksheet

from ckanext.govdata.sheets import sheet_files
from ckanext.govdata.sheets.refused_files import Unreadable
from ckanext.govdata.sheets.tables import Table

KINDS = ("xlsx", "xls")
Cell = tuple[object, str]
"""A value and its number format."""


def write(path: Path, rows: Sequence[Sequence[Cell]], name: str = "水情") -> Path:
    """A workbook of one sheet, in the form that the file's name ends with."""
    if path.suffix == ".xls":
        book = xlwt.Workbook(encoding="utf-8")
        old = book.add_sheet(name, cell_overwrite_ok=True)
        styles: dict[str, xlwt.XFStyle] = {}
        for r, row in enumerate(rows):
            for c, (value, code) in enumerate(row):
                style = styles.setdefault(code, xlwt.easyxf(num_format_str=code))
                old.write(r, c, value, style)
        book.save(str(path))
        return path
    new = openpyxl.Workbook()
    sheet = new.active
    assert isinstance(sheet, Worksheet)
    sheet.title = name
    for r, row in enumerate(rows, 1):
        for c, (value, code) in enumerate(row, 1):
            sheet.cell(r, c, value).number_format = code
    new.save(path)
    return path


def changed(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The xlsx workbook with members as ``change`` (name, content) gives them."""
    out = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, change(member.filename, old.read(member)))
    return out


def sheet_xml(path: Path, body: str, engine: str = "") -> Path:
    """A workbook whose one sheet has these rows, written as XML; ``engine`` if its formulas are to
    be worked out when it is opened."""
    write(path, [[("", "General")]])
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'

    def change(name: str, content: bytes) -> bytes:
        if name == "xl/workbook.xml":
            old = b'calcId="124519" fullCalcOnLoad="1"'
            assert old in content
            again = f'calcId="{engine}" fullCalcOnLoad="1"' if engine else 'calcId="191029"'
            return content.replace(old, again.encode())
        return text.encode() if name == "xl/worksheets/sheet1.xml" else content

    return changed(path, change)


def width(rows: list[list[str]]) -> int:
    """So many columns as the fullest row has."""
    return max((len(row) for row in rows), default=0)


def tables(path: Path) -> list[Table]:
    return list(sheet_files.tables(path, width))


def rows(path: Path) -> list[list[str]]:
    """The cells of the first sheet."""
    return [cells for _, cells in tables(path)[0].rows]


def faults(path: Path) -> list[tuple[int, int, str]]:
    return sorted((one.row, one.column, one.code) for one in tables(path)[0].faults)


def refused(path: Path) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        _read_all(path)
    return caught.value


def _read_all(path: Path) -> None:
    for table in tables(path):
        list(table.rows)
