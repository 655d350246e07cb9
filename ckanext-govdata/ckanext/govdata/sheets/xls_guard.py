"""Look through an old .xls file (BIFF in an OLE container) before anybody parses it.

Every record is four bytes of header and a body; walking over them tells the number of cells, the
rectangle and whether the workbook is encrypted, without keeping anything.
"""

from __future__ import annotations

import struct
from pathlib import Path

import xlrd
import xlrd.compdoc

from .refused_files import Unreadable, too_many_cells, too_wide

MAX_XLS_BYTES = 20 * 2**20
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_FILEPASS = 0x2F
_BOF = 0x809
_SINGLE = {0x06, 0x203, 0x204, 0x205, 0x27E, 0xFD}  # FORMULA NUMBER LABEL BOOLERR RK LABELSST
_MULTIPLE = 0xBD  # MULRK


def inspect(path: Path) -> None:
    """Raise :class:`Unreadable` for what is encrypted, damaged, too big or no workbook."""
    content = path.read_bytes()
    if _ENCRYPTED_PACKAGE in content:
        raise Unreadable("password")
    if len(content) > MAX_XLS_BYTES:
        raise Unreadable("too_large", limit=MAX_XLS_BYTES // 2**20)
    _walk(_stream(content))


def _stream(content: bytes) -> bytes:
    try:
        document = xlrd.compdoc.CompDoc(content, logfile=Silent())
        for name in ("Workbook", "Book"):
            found = document.get_named_stream(name)
            if found:
                return bytes(found)
    except Exception as error:  # the parser meets any damage with any exception
        raise Unreadable("damaged") from error
    raise Unreadable("not_a_workbook")


def _walk(stream: bytes) -> None:
    position = cells = last_row = last_column = 0
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        body = position + 4
        position = body + size
        if position > len(stream):
            break  # cut off; the parser judges that
        if kind == _FILEPASS:
            raise Unreadable("password")
        if kind == _BOF:
            last_row = last_column = 0
        if kind in _SINGLE and size >= 4:
            row, column = struct.unpack_from("<HH", stream, body)
            cells += 1
        elif kind == _MULTIPLE and size >= 6:
            row = struct.unpack_from("<H", stream, body)[0]
            column = struct.unpack_from("<H", stream, position - 2)[0]
            cells += (size - 6) // 6
        else:
            continue
        too_many_cells(cells)
        last_row, last_column = max(last_row, row + 1), max(last_column, column + 1)
        too_wide(last_row, last_column)


class Silent:
    """Takes the parser's remarks."""

    def write(self, text: str) -> int:
        """Forget it."""
        return len(text)
