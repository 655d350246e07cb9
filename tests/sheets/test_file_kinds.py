"""What a file is, is seen from its content; what is not read is named and helped (K21, K29)."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt

from ckanext.govdata.sheets import sentences
from ckanext.govdata.sheets.file_kinds import TEXT, XLS, XLSX, kind_of
from tests.sheets.books import refused, rows

DATA = Path(__file__).parent / "data"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def packed(*names: str, **members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in [*members.items(), *((name, "x") for name in names)]:
            archive.writestr(name, text)
    return out.getvalue()


XML_2003 = (
    b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
)
HTML_XLS = (
    b'<html xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><td>1</td></tr></table></html>'
)
ODS = "application/vnd.oasis.opendocument.spreadsheet"
FILES = [
    (packed("content.xml", mimetype=ODS), "ODS"), (packed(mimetype=f"{ODS}-template"), "ODS"),
    (packed("xl/workbook.bin"), "XLSB"), (XML_2003, "XML2003"),
    (XML_2003.replace(b"<?xml", b"\xef\xbb\xbf<?xml"), "XML2003"), (HTML_XLS, "HTML"),
    (b"\r\n <TABLE border=1><tr><td>1</td></tr></TABLE>", "HTML"), (b"<!DOCTYPE HTML><p>", "HTML"),
    ("<html>".encode("utf-16"), "HTML"),
    (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n", "MHT"),
    (b'<?xml version="1.0"?><office:document xmlns:office='
     b'"urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>', "FODS"),
    (b"ID;PWXL;N;E\r\nP;PGeneral\r\n", "SYLK"), (b"\x09\x08\x08\x00\x00\x05\x05\x00", "BIFF"),
    (b"\x09\x04\x06\x00\x00\x00\x10\x00", "BIFF"), (packed("Index/Document.iwa"), "NUMBERS"),
    (packed("word/document.xml"), "DOCX"), (packed("ppt/presentation.xml"), "PPTX"),
    (packed("OFD.xml"), "OFD"), (packed("a.xlsx", "b.csv"), "ZIP"), (packed(), "ZIP"),
    (b"%PDF-1.7", "PDF"), (b"Rar!\x1a\x07\x01\x00", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08\x00", "GZIP"), (b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff\xe0", "JPEG"),
    (b"{\\rtf1\\ansi}", "RTF"), (b"SQLite format 3\0", "SQLite"), (b"\0\1\2\0" * 99, "BINARY"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"), (b"<?xml version='1.0'?><a/>", "XML"),
    ("站点,水位\n巢湖,9.8\n".encode(), TEXT), ("站点\t水位\n".encode("utf-16"), TEXT),
    ("站点,水位\n".encode("gb18030"), TEXT), (b'[{"a": 1}]', TEXT), (b"BM,\xe6\xb0\xb4\n", TEXT),
]  # fmt: skip


@pytest.mark.parametrize(("content", "kind"), FILES)
def test_what_a_file_is(content, kind):
    assert kind_of(io.BytesIO(content)) == kind


@pytest.mark.parametrize(("content", "kind"), [one for one in FILES if one[1] != TEXT])
@pytest.mark.parametrize("name", ["表.xlsx", "表.xls", "表.csv"])
def test_it_is_refused_by_its_name_whatever_it_is_called(tmp_path, content, kind, name):
    (tmp_path / name).write_bytes(content)
    error = refused(tmp_path / name)
    assert (error.code, error.detail) == ("other_kind", {"what": kind})


@pytest.mark.parametrize(
    ("kind", "said"),
    [("ODS", "OpenDocument"), ("XLSB", "XLSB"), ("XML2003", "2003"), ("MHT", "MHT"),
     ("HTML", "HTML")],
)
def test_a_spreadsheet_of_another_kind_is_told_how_it_is_saved(kind, said):
    words = sentences.say_file("other_kind", {"what": kind})
    assert said in words
    assert "save it as xlsx" in words
    assert "Unpack" in sentences.say_file("other_kind", {"what": "RAR"})
    assert "a picture" in sentences.say_file("other_kind", {"what": "PNG"})


def test_every_reason_has_its_words():
    for code in sentences.REFUSALS:
        if code.startswith("sheet."):
            detail = dict.fromkeys(
                ("limit", "line", "rows", "columns", "count", "sheet", "row", "column",
                 "value", "what", "key",
                 "headings"), "1"
            )
            assert sentences.say_file(code.removeprefix("sheet."), detail)


def of_wps(name: str, tmp_path: Path) -> Path:
    """A workbook as WPS saves it: the old container, or the new archive, under its own endings."""
    path = tmp_path / name
    if name.startswith("old"):
        book = xlwt.Workbook()
        book.add_sheet("a").write(0, 0, "水位")
        book.save(str(path))
    else:
        new = openpyxl.Workbook()
        new.active.append(["水位"])
        new.save(path)
    return path


@pytest.mark.parametrize(
    "name", ["old.et", "old.ett", "old.xlt", "old.xls", "new.et", "new.xlsm", "new.xltx", "new.csv"]
)
def test_workbooks_of_wps_and_templates_are_read(tmp_path, name):
    path = of_wps(name, tmp_path)
    with path.open("rb") as file:
        assert kind_of(file) == (XLS if name.startswith("old") else XLSX)
    assert rows(path) == [["水位"]]


def test_an_old_container_of_another_kind_is_named(tmp_path):
    """A Word document and a workbook with a password are old containers too."""
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "x")
    book.save(str(tmp_path / "a.xls"))
    whole = (tmp_path / "a.xls").read_bytes()
    name = "Workbook".encode("utf-16-le")
    for stream, code in (("WordDoc", "not_a_workbook"), ("Encrypte", "not_a_workbook")):
        other = whole.replace(name, stream.ljust(8).encode("utf-16-le"))
        (tmp_path / "b.xls").write_bytes(other)
        assert refused(tmp_path / "b.xls").code == code
    (tmp_path / "c.xls").write_bytes(OLE + b"\0" * 2000)
    assert refused(tmp_path / "c.xls").code == "damaged"
