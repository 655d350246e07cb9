"""What an officer gives: a file, a pasted table, rows or the address of an interface."""

from __future__ import annotations

import csv
import io
import json
import mimetypes
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ..catalogue import workbooks
from ..catalogue.unreadable import Unreadable
from ..domain.refusal import Refusal
from ..domain.sheet import Sheet
from ..domain.web_address import is_address

MOST_ROWS = 50_000
"""Rows of a table that is shown, checked and kept as a table."""
MOST_BYTES = 20 * 2**20
"""Bytes of the largest file that an event keeps."""
TABLES = {".csv", ".tsv", ".txt", ".xlsx", ".xls"}
_EXCEL = {".xlsx", ".xls"}
_LAST = "\x1e"
"""What a table is read with as its last line."""
_NO_TEXT = re.compile("\0")
_WRONG = {"gb18030": re.compile("[\0\ue000-\uf8ff]")}
"""What no text has; characters for private use come of Big5 read as GB 18030."""


class Unusable(Exception):
    """What was given cannot be published; ``refusal`` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(frozen=True)
class Given:
    """What is published: ``kind`` is ``table``, ``file`` or ``interface``."""

    kind: str
    content: bytes = b""
    media: str = ""
    file_name: str = ""
    url: str = ""
    sheet: Sheet | None = None


def read(data: Mapping[str, Any]) -> Given | None:
    """What the request brings, or nothing; raises :class:`Unusable`."""
    upload = data.get("upload")
    if upload is not None and hasattr(upload, "stream") and upload.filename:
        return _file(
            PurePosixPath(str(upload.filename).replace("\\", "/")).name[:150],
            upload.stream.read(MOST_BYTES + 1),
        )
    if isinstance(data.get("rows"), list):
        return table(_of_objects(data["rows"]))
    if str(data.get("table") or "").strip():
        return table(pasted(str(data["table"])))
    if str(data.get("url") or "").strip():
        return _interface(str(data["url"]).strip())
    return None


def table(sheet: Sheet) -> Given:
    """A checked table as it is kept: CSV in UTF-8."""
    if not sheet.rows:
        raise Unusable(Refusal("table_empty", "table"))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([sheet.columns, *sheet.rows])
    return Given("table", out.getvalue().encode(), "text/csv", sheet=sheet)


def pasted(text: str) -> Sheet:
    """A table pasted from a spreadsheet (tabs) or typed (commas); raises :class:`Unusable`."""
    first = text.lstrip("﻿\r\n").partition("\n")[0]
    delimiter = max("\t,;|，", key=first.count) if first else ","
    if len(text) > MOST_BYTES:
        raise Unusable(_large("table"))
    return sheet_of(_cells(text.lstrip("﻿"), delimiter))


def _cells(text: str, delimiter: str) -> list[list[str]]:
    """The rows as written; a quotation mark that nobody closes would swallow all that follows."""
    rows: list[list[str]] = []
    lines = io.StringIO(f"{text}\n{_LAST}", newline=None)
    try:
        rows.extend(csv.reader(lines, delimiter=delimiter))
    except csv.Error:  # a cell of more than 128 KiB
        rows.append([])
    if rows.pop() != [_LAST]:
        raise Unusable(Refusal("quote_open", "table", facts={"row": str(len(rows) + 1)}))
    return rows


def sheet_of(written: Iterable[Sequence[str]]) -> Sheet:
    """Rows of cells as a table; the first that is not empty is the headings."""
    rows = [[cell.strip() for cell in row] for row in written]
    rows = [row for row in rows if any(row)]
    if len(rows) > MOST_ROWS + 1:
        raise Unusable(Refusal("too_many_rows", "table", facts={"most": str(MOST_ROWS)}))
    if len(rows) < 2:
        raise Unusable(Refusal("table_empty", "table"))
    head = rows[0]
    while head and not head[-1]:
        head = head[:-1]
    for index, name in enumerate(head):
        if not name:
            raise Unusable(Refusal("heading_empty", "table", str(index + 1)))
        if name in head[:index]:
            raise Unusable(Refusal("heading_twice", "table", name))
    return Sheet(
        tuple(head), tuple(_row(number, row, len(head)) for number, row in enumerate(rows[1:], 2))
    )


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


def _of_objects(rows: list[Any]) -> Sheet:
    names: dict[str, None] = {}
    for row in rows:
        if not isinstance(row, dict):
            raise Unusable(Refusal("not_a_list", "rows"))
        names |= dict.fromkeys(str(name) for name in row)
    cells = [[_cell(row.get(name)) for name in names] for row in rows]
    return sheet_of([list(names), *cells])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def _file(name: str, content: bytes) -> Given:
    """A table where it is one, else the file as it is."""
    if len(content) > MOST_BYTES:
        raise Unusable(_large("upload"))
    if not content:
        raise Unusable(Refusal("table_empty", "upload"))
    ending = PurePosixPath(name).suffix.lower()
    if ending in _EXCEL:
        return table(_of_workbook(content, ending))
    if ending in TABLES:
        return table(pasted(decoded(content)))
    media = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Given("file", content, media, name)


def decoded(content: bytes) -> str:
    """The text of a file in one of the encodings of Chinese offices; raises :class:`Unusable`."""
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


def _of_workbook(content: bytes, ending: str) -> Sheet:
    with tempfile.TemporaryDirectory(prefix="govdata-emergency-") as folder:
        path = Path(folder) / f"sheet{ending}"
        path.write_bytes(content)
        try:
            opened = workbooks.xlsx_tables if ending == ".xlsx" else workbooks.xls_tables
            for found in opened(path):
                rows = [cells for _number, cells in found.rows]
                if any(any(row) for row in rows):
                    return sheet_of(rows)
        except Unreadable:
            raise Unusable(Refusal("workbook", "upload")) from None
    raise Unusable(Refusal("table_empty", "upload"))


def _interface(url: str) -> Given:
    if not is_address(url) or len(url) > 1000:
        raise Unusable(Refusal("address", "url", url))
    return Given("interface", url=url, media="text/html")


def _large(field: str) -> Refusal:
    return Refusal("too_large", field, facts={"most": str(MOST_BYTES // 2**20)})
