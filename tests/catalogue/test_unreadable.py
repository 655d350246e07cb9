"""Every kind of bad catalogue file is refused with its reason, in bounded memory."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile

import msoffcrypto.format.ooxml
import pytest
import xlwt
from catalogue_sheets import with_head
from test_readers import ROWS, refused, repacked, sheet_xml, workbook

from ckanext.govdata.catalogue.imports import readers
from ckanext.govdata.sheets import xlsx_guard
from ckanext.govdata.sheets.refused_files import MAX_CELLS, Unreadable


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"%PDF-1.7 \n", "other_kind"),
        (b"\x89PNG\r\n\x1a\n\0\0", "other_kind"),
        (b"\0\1\2\3" * 100, "other_kind"),
        (b"PK\x03\x04 cut off", "damaged"),
        (b"PK\x05\x06" + b"\0" * 18, "other_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "other_kind"),
        ("标题,摘要\n甲,乙".encode()[:-1] + b"\xff\xfe\xfa", "encoding"),
        ("名字,年龄\n张三,3\n".encode(), "no_headings"),
        ("名字,年龄\n张三,3\n".encode("gb18030"), "no_headings"),
        (b'{"title": "a"}\n{"title": \n', "not_json"),
        (b'{"title": "a"}\n[1, 2]\n', "not_an_object"),
        (b'{"a":' * 50_000, "too_deep"),
        (b'{"title": "a", "b": "\xff"}\n', "encoding"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_files(tmp_path, content, code):
    (tmp_path / "bad").write_bytes(content)
    assert refused(tmp_path / "bad") == code


def test_a_json_error_names_its_line(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"title": "甲"}\n{"title": oops}\n', "utf-8")
    with pytest.raises(Unreadable) as caught:
        list(readers.tables(tmp_path / "a.jsonl"))
    assert caught.value.detail == {"line": 2}


def test_another_archive_is_no_workbook(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refused(tmp_path / "a.xlsx") == "other_kind"


def test_a_password(tmp_path):
    plain = workbook(tmp_path / "plain.xlsx")
    with plain.open("rb") as source, (tmp_path / "a.xlsx").open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(source).encrypt("secret", target)
    assert refused(tmp_path / "a.xlsx") == "password"


def test_an_xls_with_a_password(tmp_path):
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "标题")
    stream = io.BytesIO()
    book.save(stream)
    whole = stream.getvalue()
    # A FILEPASS record in place of the first one after the beginning of the workbook.
    at = whole.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    (tmp_path / "a.xls").write_bytes(whole[:at] + b"\x2f\x00" + whole[at + 2 :])
    assert refused(tmp_path / "a.xls") == "password"


@pytest.mark.parametrize(
    ("at", "value", "code"),
    [
        (10, 9, "damaged"),  # packed by deflate64
        (10, 99, "damaged"),
        (8, 1 << 0, "password"),
        (8, 1 << 6, "password"),  # strong encryption
        (8, 1 << 5, "damaged"),  # a patch of another file
        (6, 99, "damaged"),  # a version of zip that there is not
    ],
)
def test_a_member_that_its_archive_says_is_of_another_kind(tmp_path, at, value, code):
    whole = bytearray(workbook(tmp_path / "whole.xlsx").read_bytes())
    last = whole.rindex(b"PK\x01\x02")  # its line in the archive's table of contents
    whole[last + at : last + at + 2] = value.to_bytes(2, "little")
    (tmp_path / "a.xlsx").write_bytes(bytes(whole))
    assert refused(tmp_path / "a.xlsx") == code


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_workbook_is_packed_as_its_standard_says(tmp_path, way):
    """What unpacks slowly or asks for much memory is not even begun."""
    plain = workbook(tmp_path / "plain.xlsx")
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w", way) as new:
        for member in old.infolist():
            new.writestr(member.filename, old.read(member))
    with pytest.raises(Unreadable, match="damaged"):
        xlsx_guard.inspect(tmp_path / "a.xlsx")


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_workbook_cut_off(tmp_path, keep):
    whole = workbook(tmp_path / "whole.xlsx").read_bytes()
    (tmp_path / "a.xlsx").write_bytes(whole[: int(len(whole) * keep)])
    assert refused(tmp_path / "a.xlsx") == "damaged"


def test_a_flipped_byte(tmp_path):
    whole = bytearray(workbook(tmp_path / "whole.xlsx").read_bytes())
    at = whole.index(b"xl/worksheets/sheet1.xml") + 60
    whole[at] ^= 0xFF
    (tmp_path / "a.xlsx").write_bytes(bytes(whole))
    assert refused(tmp_path / "a.xlsx") == "damaged"


def test_a_zip_bomb(tmp_path):
    plain = workbook(tmp_path / "plain.xlsx")
    bomb = repacked(plain, tmp_path / "a.xlsx", xl__media__a_D_bin=b"\0" * 50 * 2**20)
    assert bomb.stat().st_size < 2**20
    assert refused(bomb) == "zip_bomb"


def test_a_zip_bomb_that_lies_about_its_size(tmp_path):
    plain = workbook(tmp_path / "plain.xlsx")
    bomb = repacked(plain, tmp_path / "bomb.xlsx", xl__media__a_D_bin=b"\0" * 50 * 2**20)
    true = (50 * 2**20).to_bytes(4, "little")
    (tmp_path / "a.xlsx").write_bytes(bomb.read_bytes().replace(true, (1000).to_bytes(4, "little")))
    assert refused(tmp_path / "a.xlsx") in {"zip_bomb", "damaged"}


def test_too_many_members(tmp_path):
    plain = workbook(tmp_path / "plain.xlsx")
    more = {f"xl__media__{i}_D_bin": b"x" for i in range(2001)}
    assert refused(repacked(plain, tmp_path / "a.xlsx", **more)) == "zip_bomb"


def test_an_archive_in_the_archive(tmp_path):
    plain = workbook(tmp_path / "plain.xlsx")
    nested = repacked(plain, tmp_path / "a.xlsx", xl__a_D_zip=plain.read_bytes())
    assert refused(nested) == "nested_archive"


@pytest.mark.parametrize(
    "member", ["xl__worksheets__sheet1_D_xml", "xl__workbook_D_xml", "docProps__app_D_xml"]
)
def test_a_doctype(tmp_path, member):
    plain = workbook(tmp_path / "plain.xlsx")
    evil = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
    assert refused(repacked(plain, tmp_path / "a.xlsx", **{member: evil})) == "doctype"


def test_two_million_cells(tmp_path):
    plain = workbook(tmp_path / "plain.xlsx")
    # Cells that pack badly, so that only their number can be the reason.
    cells = "".join(f"<c><v>{i * 7919 % 99991}</v></c>" for i in range(10_000))
    body = sheet_xml(f"<row>{cells}</row>" * (MAX_CELLS // 10_000 + 1))
    many = repacked(plain, tmp_path / "b.xlsx", xl__worksheets__sheet1_D_xml=body)
    assert refused(many) == "too_many_cells"


def test_a_stray_cell_far_away(tmp_path):
    def stray(sheet):
        sheet["XFD1048576"] = "x"

    assert refused(workbook(tmp_path / "a.xlsx", change=stray)) == "too_wide"


def test_one_long_string_used_a_thousand_times(tmp_path):
    """Shared strings: a small file whose cells all say the same thirty thousand characters."""
    plain = workbook(tmp_path / "plain.xlsx")
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    long = "".join(chr(0x4E00 + i * 7919 % 20000) for i in range(30_000))
    strings = f'<sst xmlns="{space}"><si><t>{long}</t></si></sst>'.encode()
    row = "<row>" + '<c t="s"><v>0</v></c>' * 10 + "</row>"
    bomb = repacked(
        plain,
        tmp_path / "a.xlsx",
        xl__sharedStrings_D_xml=strings,
        xl__worksheets__sheet1_D_xml=sheet_xml(row * 1000),
    )
    assert refused(bomb) == "too_much_text"


def test_formulas_errors_and_merges_are_seen(tmp_path):
    def spoil(sheet):
        sheet["A2"] = "=1+1"
        sheet.merge_cells("B2:B3")

    book = workbook(tmp_path / "plain.xlsx", change=spoil)
    table, _ = with_head(readers.tables(book))
    assert [(f.row, f.column, f.code) for f in table.faults] == [(2, 1, "formula_without_value")]
    assert table.merges == ((2, 2, 3, 2),)
    error = sheet_xml(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>标题</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>摘要</t></is></c></row>'
        '<row r="2"><c r="A2" t="e"><v>#REF!</v></c><c r="B2"><f>1+1</f><v>2</v></c></row>'
    )
    book = repacked(book, tmp_path / "b.xlsx", xl__worksheets__sheet1_D_xml=error)
    table, _ = with_head(readers.tables(book))
    assert [(f.row, f.column, f.code, f.value) for f in table.faults] == [
        (2, 1, "cell_error", "#REF!")
    ]
    assert list(table.rows)[1][1][1] == "2"


def test_memory_stays_bounded(tmp_path):
    """The largest files that are let in, and the worst that are not, read in a fresh process."""
    plain = workbook(tmp_path / "plain.xlsx")
    bomb = repacked(plain, tmp_path / "bomb.xlsx", xl__media__a_D_bin=b"\0" * 50 * 2**20)
    rows = [ROWS[0], *([f"标题{i}", "合肥市教育局", "每年", "2022-11-09"] for i in range(20_000))]
    large = workbook(tmp_path / "large.xlsx", rows)
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from ckanext.govdata.catalogue.imports import readers\n"
        "from ckanext.govdata.sheets.refused_files import Unreadable\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n"
        "        table = next(readers.tables(Path(name)))\n"
        "        print(sum(1 for _ in table.rows))\n"
        "    except Unreadable as error:\n"
        "        print(error.code)\n"
        "status = Path('/proc/self/status').read_text()\n"
        "print(int(status.split('VmHWM:')[1].split()[0]) // 1024)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(bomb), str(large)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    first, second, megabytes = ran.stdout.split()
    assert (first, second) == ("zip_bomb", "20001")
    assert int(megabytes) < 150
