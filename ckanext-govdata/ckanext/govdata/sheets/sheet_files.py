"""Open a file of any form: what it is is seen from its content, not from its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from . import text_tables, workbooks
from .refused_files import MAX_FILE_BYTES, Unreadable
from .tables import Table

_PAGE = (b"<!doctype html", b"<html", b"<table", b"<?xml", b"<meta", b"<style")
_OTHER = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"GIF8")
Width = Callable[[list[list[str]]], int]
"""How many headings the first rows show, for whoever knows the headings."""


def tables(path: Path, width: Width) -> Iterator[Table]:
    """The tables of a file; ``width`` tells its encoding and its delimiter.

    Raises :class:`Unreadable` with the reason.
    """
    size = path.stat().st_size
    if not size:
        raise Unreadable("empty_file")
    if size > MAX_FILE_BYTES:
        raise Unreadable("too_large", limit=MAX_FILE_BYTES // 2**20)
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return workbooks.xlsx_tables(path)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return workbooks.xls_tables(path)
    return iter([_text_table(path, start, width)])


def _text_table(path: Path, start: bytes, width: Width) -> Table:
    plain = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if plain.lower().startswith(_PAGE):
        raise Unreadable("web_page")
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if start.startswith(_OTHER) or (b"\0" in start and not wide):
        raise Unreadable("not_a_workbook")
    if plain.startswith((b"{", b"[{", b"[\n", b"[\r", b"[ ", b"[]")):
        return text_tables.json_table(path)
    return text_tables.csv_table(path, width)
