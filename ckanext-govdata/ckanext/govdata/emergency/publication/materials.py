"""What an officer gives: a file, a pasted table, rows or the address of an interface."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from werkzeug.datastructures import FileStorage

from ...domain.emergency.dataset import Material
from ...domain.file_name import clean, of, split
from ...domain.refusal import Refusal
from ...domain.sheet import Sheet
from ...domain.web_address import is_address
from ...sheets import file_words
from ...sheets.csv_rows import bounded_lines, read_rows
from ...sheets.file_kinds import TEXT, XLS, XLSX, kind_of
from ...sheets.refused_files import MAX_AREA, Unreadable, cell_too_long
from ...sheets.sentences import say_file
from ...sheets.text_tables import MAX_KEYS, mixed_line, not_too_deep
from . import visible_table
from .visible_table import Unusable

MOST_ROWS = 50_000
"""Rows of a table that is shown, checked and kept as a table."""
MOST_BYTES = 20 * 2**20
"""Bytes of the largest file that an event keeps."""
_TABLES = frozenset({".csv", ".json", ".xlsx", ".xlsm", ".xls", ".et"})
_ENDINGS = {"JSON": ".txt", "BINARY": ".bin", "OPENDOCUMENT": ".odf", "XML2003": ".xml"}
"""Endings of files that are called by that of a table, where their kind is none."""
_SEPARATOR = re.compile(r"sep=(.)\s*?\n", re.IGNORECASE)
"""The first line by which a spreadsheet is told what stands between cells."""
_NO_TEXT = re.compile("\0")
_WRONG = {"gb18030": re.compile("[\0\ue000-\uf8ff]")}
"""What no text has; characters for private use come of Big5 read as GB 18030."""


def read(data: Mapping[str, object]) -> Material | None:
    """What the request brings, or nothing; raises :class:`Unusable`."""
    upload, rows = data.get("upload"), data.get("rows")
    if isinstance(upload, FileStorage) and upload.filename:
        chosen = visible_table.chosen(data)
        return _file(upload.stream.read(MOST_BYTES + 1), chosen, upload.filename)
    if isinstance(rows, list):
        return table(_of_objects(cast("list[object]", rows)))
    if str(data.get("table") or "").strip():
        return table(pasted(str(data["table"])))
    if str(data.get("url") or "").strip():
        return _interface(str(data["url"]).strip())
    return None


def table(sheet: Sheet) -> Material:
    """A checked table as it is kept: CSV in UTF-8."""
    if not sheet.rows:
        raise Unusable(Refusal("table_empty", "table"))
    size = 0
    for row in sheet.rows:  # many cells may be one text of a workbook, which is written each time
        size += sum(map(len, row))
        if size > MOST_BYTES:
            raise Unusable(_large("table"))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([sheet.columns, *sheet.rows])
    return Material("table", out.getvalue().encode(), "text/csv", sheet=sheet)


def pasted(text: str) -> Sheet:
    """A table pasted from a spreadsheet (tabs) or typed (commas); raises :class:`Unusable`."""
    text = text.lstrip("﻿\r\n")
    if said := _SEPARATOR.match(text):
        return sheet_of(_cells(text[said.end() :], said[1]))
    first = text.partition("\n")[0]
    delimiter = max("\t,;|，", key=first.count) if first else ","
    if len(text) > MOST_BYTES:
        raise Unusable(_large("table"))
    return sheet_of(_cells(text, delimiter))


def _cells(text: str, delimiter: str) -> list[list[str]]:
    """The rows as written; a quotation mark that nobody closes would swallow all that follows."""
    try:
        return list(read_rows(bounded_lines(io.StringIO(text, newline=None)), delimiter))
    except Unreadable as error:
        if error.code == "quote_open":
            facts = {"row": str(error.detail["line"])}
            raise Unusable(Refusal("quote_open", "table", facts=facts)) from None
        raise Unusable(_unread(error)) from None


def sheet_of(written: Iterable[Sequence[str]]) -> Sheet:
    """Rows of cells as a table; the first that is not empty is the headings."""
    rows = [[cell.strip() for cell in row] for row in written]
    rows = [row for row in rows if any(row)]
    if len(rows) < 2:
        raise Unusable(Refusal("table_empty", "table"))
    head = rows[0]
    while head and not head[-1]:
        head = head[:-1]
    _limit(len(rows) - 1, len(head))
    for index, name in enumerate(head):
        if not name:
            raise Unusable(Refusal("heading_empty", "table", str(index + 1)))
        if name in head[:index]:
            raise Unusable(Refusal("heading_twice", "table", name))
    return Sheet(
        tuple(head), tuple(_row(number, row, len(head)) for number, row in enumerate(rows[1:], 2))
    )


def _limit(rows: int, columns: int) -> None:
    """Refuse a table that is too long or too wide before its cells are put together."""
    if rows > MOST_ROWS:
        raise Unusable(Refusal("too_many_rows", "table", facts={"most": str(MOST_ROWS)}))
    if columns > MAX_KEYS:
        raise Unusable(Refusal("too_many_columns", "table", facts={"most": str(MAX_KEYS)}))
    if rows * columns > MAX_AREA:
        facts = {"rows": str(rows), "columns": str(columns), "most": str(MAX_AREA)}
        raise Unusable(Refusal("table_too_wide", "table", facts=facts))


def sheet_from(content: bytes) -> Sheet:
    """The table that a version keeps."""
    rows = list(csv.reader(io.StringIO(content.decode())))
    return Sheet(tuple(rows[0]), tuple(tuple(row) for row in rows[1:]))


def _row(number: int, row: list[str], width: int) -> tuple[str, ...]:
    if len(row) > width and not any(row[width:]):
        row = row[:width]
    if len(row) > width:
        facts = {"row": str(number), "cells": str(len(row)), "columns": str(width)}
        raise Unusable(Refusal("table_ragged", "table", facts=facts))
    return tuple(row + [""] * (width - len(row)))


def _of_objects(written: Sequence[object]) -> Sheet:
    names: dict[str, None] = {}
    rows = [cast("dict[object, object]", row) for row in written if isinstance(row, dict)]
    if len(rows) < len(written):
        raise Unusable(Refusal("not_a_list", "rows"))
    for row in rows:
        names.update(dict.fromkeys(map(str, row)))
        _limit(len(rows), len(names))
    try:
        for number, row in enumerate(rows, 1):
            not_too_deep(row, number)
        cells = [[_cell(row.get(name)) for name in names] for row in rows]
        for number, row in enumerate(cells, 1):
            cell_too_long(number, row)
    except Unreadable as error:
        raise Unusable(_unread(error)) from None
    return sheet_of([list(names), *cells])


def _cell(value: object) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def _file(content: bytes, chosen: visible_table.Chosen, name: str) -> Material:
    """The table in a file, by what the file is and not by its name.

    A table is written anew from what was read; no comment, macro or hidden part comes along. What
    cannot be looked through goes out as it is, where a head answers for it.
    """
    if len(content) > MOST_BYTES:
        raise Unusable(_large("upload"))
    if not content:
        raise Unusable(Refusal("table_empty", "upload"))
    kind = kind_of(io.BytesIO(content))
    if kind in (XLSX, XLS):
        seen = visible_table.seen(content, kind, chosen)
        return replace(table(sheet_of(seen.rows)), left_out=seen.left_out)
    if kind != TEXT:
        return _unread_file(content, kind, name)
    text = decoded(content).lstrip("\ufeff")
    if not text.lstrip().startswith(("{", "[")):
        return table(pasted(text))
    found = _listed(text)
    if found is None:
        return _unread_file(content, "JSON", name)
    return table(_of_objects(found))


def _unread_file(content: bytes, kind: str, name: str) -> Material:
    """A file that is no table, under its own name; its ending is none that a table has."""
    stem, written = split(clean(name))
    ending = written.lower()
    if not ending or ending in _TABLES:
        ending = _ENDINGS.get(kind, f".{kind.lower()}")
    called = of(stem, ending)
    read = file_words.of(content, kind)
    return Material("file", content, "application/octet-stream", called,
                    words=f"{called}\n{read.text}", more=read.more)  # fmt: skip


def _listed(text: str) -> list[object] | None:
    """The objects of a JSON list; anything else in JSON is no table."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("list[object]", found) if isinstance(found, list) else None


def decoded(content: bytes) -> str:
    """The text of a file in one of the encodings of Chinese offices; raises :class:`Unusable`."""
    if line := _mixed_line(content):
        raise Unusable(Refusal("encodings_two", "upload", str(line)))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    bad = 0
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            bad = max(bad, error.start)
            continue
        wrong = _WRONG.get(encoding, _NO_TEXT).search(text)
        if not wrong:
            return text
        bad = max(bad, len(text[: wrong.start()].encode(encoding.removesuffix("-sig"))))
    raise Unusable(Refusal("encoding", "upload", str(bad)))


def _mixed_line(content: bytes) -> int:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        return 0 if wide else mixed_line(io.BytesIO(content))
    return 0


def _interface(url: str) -> Material:
    if not is_address(url) or len(url) > 1000:
        raise Unusable(Refusal("address", "url", url))
    return Material("interface", url=url, media="text/html")


def _unread(error: Unreadable) -> Refusal:
    return Refusal("table_unread", "table", facts={"why": say_file(error.code, error.detail)})


def _large(field: str) -> Refusal:
    return Refusal("too_large", field, facts={"most": str(MOST_BYTES // 2**20)})
