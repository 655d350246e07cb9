"""Open a file of any form: what it is is seen from its content, not from its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from . import old_workbooks, text_tables, workbooks
from .file_kinds import TEXT, XLS, XLSX, kind_of
from .refused_files import MAX_FILE_BYTES, Unreadable
from .tables import Table

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
        kind = kind_of(file)
        file.seek(0)
        start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    if kind != TEXT:
        return book_tables(path, kind)
    if start.startswith((b"{", b"[{", b"[\n", b"[\r", b"[ ", b"[]")):
        return iter([text_tables.json_table(path)])
    return iter([text_tables.csv_table(path, width)])


def book_tables(path: Path, kind: str) -> Iterator[Table]:
    """The sheets of a workbook of that kind; raises :class:`Unreadable` for what is none."""
    if kind == XLSX:
        return workbooks.xlsx_tables(path)
    if kind == XLS:
        return old_workbooks.xls_tables(path)
    raise Unreadable("other_kind", what=kind)
