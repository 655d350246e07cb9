"""An OpenDocument spreadsheet becomes a table: what is shown, and what is not is told."""
from __future__ import annotations

import io
import zipfile

import pytest
from table_world import codes, make, show, table, types, upload

pytestmark = pytest.mark.usefixtures("at_once")
KIND = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
          'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
          'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
          'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
          'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"')


def book(*sheets: str, **more: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", KIND, zipfile.ZIP_STORED)
        archive.writestr("content.xml", (
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES}>'
            '<office:automatic-styles><style:style style:name="ta2" style:family="table">'
            '<style:table-properties table:display="false"/></style:style>'
            f'</office:automatic-styles><office:body><office:spreadsheet>{"".join(sheets)}'
            "</office:spreadsheet></office:body></office:document-content>").encode())
        for name, content in more.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def sheet(*rows: str, name: str = "表", more: str = "") -> str:
    return f'<table:table table:name="{name}"{more}>{"".join(rows)}</table:table>'


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def cell(text: str, kind: str = "string", more: str = "") -> str:
    return (f'<table:table-cell office:value-type="{kind}"{more}><text:p>{text}</text:p>'
            "</table:table-cell>")


HEAD = row(cell("线路名称"), cell("客流量"), cell("日期"))
EMPTY = ('<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
         'table:number-columns-repeated="16384"/></table:table-row>')


def test_its_first_sheet_that_is_shown_becomes_the_table() -> None:
    file = upload(make(), book(
        sheet(row(cell("藏")), name="藏", more=' table:style-name="ta2"'),
        sheet(HEAD,
              row(cell("1<text:s text:c=\"2\"/>路"), cell("12", "float", ' office:value="12"'),
                  cell("01/05/26", "date", ' office:date-value="2026-05-01"')),
              row(cell("007<office:annotation><text:p>记</text:p></office:annotation>"),
                  cell("1.01", "float", ' office:value="1.005"'), "<table:table-cell/>"),
              row(cell("合", more=' table:number-columns-spanned="2"'),
                  "<table:covered-table-cell/>", more=' table:visibility="collapse"'),
              EMPTY),
        sheet(row(cell("别")), name="另")), "a.ods")
    said = show(file)
    assert (said["state"], said["code"]) == ("loaded", "")
    assert [one[0] for one in table(file)] == ["1  路", "007", "合"]
    assert types(file)["日期"] == "date"
    assert types(file)["客流量"] == "numeric"
    assert {"rounded", "sheets_left_out", "merged_cells", "hidden_rows"} <= codes(file).keys()
    assert said["table"]["sheet"] == "表"


@pytest.mark.parametrize(("content", "code"), [
    (book(sheet()), "no_headings"),
    (book(sheet(HEAD), META__INF__x=b""), ""),
    (book(sheet(row('<table:table-cell table:number-columns-repeated="99999999999"/>'))),
     "sheet.damaged"),
    (book(sheet(HEAD, row(cell("多", more=' table:number-columns-repeated="16000"'),
                          more=' table:number-rows-repeated="1000000"'))), "sheet.too_many_cells"),
    (book("<broken"), "sheet.damaged"),
])
def test_what_is_wrong_with_one_is_told(content: bytes, code: str) -> None:
    assert show(upload(make(), content, "a.ods"))["code"] == code


def test_one_with_a_password_is_told() -> None:
    out = io.BytesIO(book(sheet(HEAD)))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    assert show(upload(make(), out.getvalue(), "a.ods"))["code"] == "sheet.password"
