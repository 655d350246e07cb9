"""Open a file of any form: what it is is seen from its content, not from its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from . import old_workbooks, text_tables, workbooks
from .file_kinds import TEXT, XLS, XLSX, kind_of
from .refused_files import MAX_FILE_BYTES, USUAL, TextLimits, Unreadable
from .tables import Table

Width = Callable[[list[list[str]]], int]
"""How many headings the first rows show, for whoever knows the headings."""


def tables(
    path: Path, width: Width, of_text: TextLimits = USUAL, is_json: bool = False
) -> Iterator[Table]:
    """The tables of a file; ``width`` tells its encoding and its delimiter, ``is_json`` that a
    text is called JSON.

    ``of_text`` limits files that are read line by line; workbooks are kept in memory and have
    limits of their own. Raises :class:`Unreadable` with the reason.
    """
    kind = kind_to_read(path, of_text)
    if kind != TEXT:
        return book_tables(path, kind)
    with path.open("rb") as file:
        start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    if is_json or start.startswith((b"{", b"[{", b"[\n", b"[\r", b"[ ", b"[]")):
        return iter([text_tables.json_table(path, of_text, width)])
    return iter([text_tables.csv_table(path, width, of_text.cells)])


def kind_to_read(path: Path, of_text: TextLimits = USUAL) -> str:
    """The kind of a file that may be a table, by its content and size alone; raises
    :class:`Unreadable` for what is none, is empty or too large."""
    size = path.stat().st_size
    if not size:
        raise Unreadable("empty_file")
    with path.open("rb") as file:
        kind = kind_of(file)
    if kind not in (TEXT, XLSX, XLS):
        raise Unreadable("other_kind", what=kind)
    most = of_text.size if kind == TEXT else MAX_FILE_BYTES
    if size > most:
        raise Unreadable("too_large", limit=most // 2**20)
    return kind


def book_tables(path: Path, kind: str) -> Iterator[Table]:
    """The sheets of a workbook of that kind; raises :class:`Unreadable` for what is none."""
    if kind == XLSX:
        return workbooks.xlsx_tables(path)
    if kind == XLS:
        return old_workbooks.xls_tables(path)
    raise Unreadable("other_kind", what=kind)
