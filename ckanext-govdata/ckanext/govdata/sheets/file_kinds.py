"""What a file is, by its content and not by its name."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import BinaryIO

from .refused_files import MAX_MEMBERS, Unreadable

XLSX, XLS, TEXT = "xlsx", "xls", ""
"""What is read: the two kinds of workbooks, and text (CSV, JSON)."""
START = 4096
_ZIP, _OLE = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = {
    b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"BM": "BMP",
    b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "GZIP", b"{\\rtf": "RTF", b"II*\0": "TIFF",
    b"MM\0*": "TIFF", b"RIFF": "RIFF", b"SQLite format": "SQLite", b"PAR1": "Parquet",
    b"BZh": "BZIP2", b"\xfd7zXZ": "XZ", b"ID;P": "SYLK", b"TABLE\r\n0,1": "DIF",
    b"TABLE\n0,1": "DIF", b"\x09\x00\x04\x00": "BIFF", b"\x09\x02\x06\x00": "BIFF",
    b"\x09\x04\x06\x00": "BIFF", b"\x09\x08\x08\x00": "BIFF", b"\x00\x00\x02\x00\x06\x04": "WK",
}  # fmt: skip
_MAIL = (b"mime-version:", b"from: ", b"content-type: multipart")
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<svg", b"<meta", b"<style", b"<?mso",
           b"<workbook", b"<head", b"<!--")  # fmt: skip
_MEMBERS: Mapping[str, str] = {
    "xl/workbook.xml": XLSX, "xl/workbook.bin": "XLSB", "word/document.xml": "DOCX",
    "ppt/presentation.xml": "PPTX", "OFD.xml": "OFD", "Index/Document.iwa": "NUMBERS",
    "Index.zip": "NUMBERS", "META-INF/container.xml": "EPUB",
}  # fmt: skip
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How members are packed that are opened; the standards of workbooks and documents (ISO/IEC
29500-2, 26300-3) know no other way."""
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)
"""What is raised by an archive that is damaged, or packed in a way that there is not."""
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


_END, _END_64, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_END_SIZE, _END_64_SIZE, _LOCATOR_SIZE, _LONGEST_COMMENT = 22, 56, 20, 2**16
_MOST_DIRECTORY = MAX_MEMBERS * 512
"""Bytes of an archive's table of contents: of each member 46, its name and some more."""


def check_directory(file: BinaryIO) -> None:
    """Refuse an archive of far too many members before anybody lists them.

    An archive ends with the size of its table of contents, after ISO/IEC 21320-1, in a second
    record of 64 bits where it is huge. Raises :class:`Unreadable`.
    """
    length = file.seek(0, os.SEEK_END)
    begin = max(0, length - _LONGEST_COMMENT - _END_SIZE - _LOCATOR_SIZE - _END_64_SIZE)
    file.seek(begin)
    last = file.read()
    plain = last[-_END_SIZE:]  # without a comment, whatever signs its numbers make
    bare = plain.startswith(_END) and plain.endswith(b"\0\0")
    end = len(last) - _END_SIZE if bare else last.rfind(_END)
    sizes = [0]
    if 0 <= end <= len(last) - _END_SIZE:
        sizes += struct.unpack_from("<I", last, end + 12)
    locator = end - _LOCATOR_SIZE
    record = locator - _END_64_SIZE
    if record >= 0 and last.startswith(_LOCATOR_64, locator):
        sizes = list(struct.unpack_from("<Q", last, record + 40))
        if not last.startswith(_END_64, record):
            raise Unreadable("damaged")
    if max(sizes) > _MOST_DIRECTORY:
        raise Unreadable("zip_bomb")


def kind_of(file: BinaryIO) -> str:
    """Of :data:`XLSX`, :data:`XLS`, :data:`TEXT`, or the name of what is not read.

    An old binary container counts as a workbook until it is opened.
    """
    file.seek(0)
    start = file.read(START)
    if start.startswith(_ZIP):
        return _packed(file)
    if start.startswith(_OLE):
        return XLS
    for begin, name in _STARTS.items():
        if start.startswith(begin):
            return name if name != "BMP" or b"\0" in start[:30] else TEXT
    plain = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if wide:
        plain = start.decode("utf-16", "ignore").encode().lstrip().lower()
    if plain.startswith(_MARKUP):
        return _markup(plain)
    if plain.startswith(_MAIL) and b"multipart/related" in plain:
        return "MHT"
    return "BINARY" if start.count(b"\0") * 4 >= len(start) > 0 and not wide else TEXT


def _packed(file: BinaryIO) -> str:
    """What an archive holds, by the names of its members."""
    try:
        check_directory(file)
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            kind = next((kind for name, kind in _MEMBERS.items() if name in names), "")
            if not kind and any(name.startswith("xl/") for name in names):
                return XLSX  # one that keeps its parts elsewhere
            if kind or "mimetype" not in names:
                return kind or "ZIP"
            if archive.getinfo("mimetype").compress_type not in PACKED:
                return "ZIP"
            with archive.open("mimetype") as member:
                said = member.read(100).decode("ascii", "replace")
    except (*BROKEN, Unreadable):
        return XLSX  # most are workbooks; it is told of as a damaged one
    except RuntimeError:  # a password
        return "ZIP"
    if not said.startswith(_OPEN_DOCUMENT):
        return "ZIP"
    return "ODS" if "spreadsheet" in said else "OPENDOCUMENT"


def _markup(plain: bytes) -> str:
    if b"schemas-microsoft-com:office:spreadsheet" in plain and b"<html" not in plain:
        return "XML2003"
    if b"urn:oasis:names:tc:opendocument" in plain:
        return "FODS"
    if b"<svg" in plain:
        return "SVG"
    html = any(tag in plain for tag in (b"<html", b"<table", b"<!doctype html", b"<meta", b"<head"))
    return "HTML" if html else "XML"
