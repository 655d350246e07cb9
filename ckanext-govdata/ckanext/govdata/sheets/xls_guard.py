"""Look through an old .xls file (BIFF in an OLE container) before anybody parses it.

Every record is four bytes of header and a body; walking over them tells the number of cells, the
rectangle and whether the workbook is encrypted, without keeping anything.
"""

from __future__ import annotations

import struct
from pathlib import Path

import xlrd
import xlrd.compdoc

from .refused_files import BookCount, Unreadable

MAX_XLS_BYTES = 20 * 2**20
_FILEPASS = 0x2F
_OTHERS = {"EncryptedPackage": "", "WordDocument": "DOC", "PowerPoint Document": "PPT",
           "__properties_version1.0": "MSG"}  # fmt: skip
"""Streams of other files of the kind; a workbook with a password is the first."""
_BOF = 0x809
_BOUNDSHEET, _WORKSHEET = 0x85, 0
_FORMULA, _NOTHING = 0x06, 3
"""A formula whose result is an empty text: Excel writes so a formula that gives none, others one
that was never worked out; the file does not tell which."""
_SINGLE = {0x06, 0x203, 0x204, 0x205, 0x27E, 0xFD}  # FORMULA NUMBER LABEL BOOLERR RK LABELSST
_MULTIPLE = 0xBD  # MULRK
Place = tuple[int, int]
"""Row and column from 0."""


def inspect(path: Path) -> list[list[Place]]:
    """Cells with a formula of whose value nothing is stored, by worksheet in their order.

    Raises :class:`Unreadable` for what is encrypted, damaged, too big or no workbook.
    """
    content = path.read_bytes()
    if len(content) > MAX_XLS_BYTES:
        raise Unreadable("too_large", limit=MAX_XLS_BYTES // 2**20)
    return _Walk(_stream(content)).unvalued()


def _stream(content: bytes) -> bytes:
    try:
        document = xlrd.compdoc.CompDoc(content, logfile=Silent())
        for name in ("Workbook", "Book"):
            found = document.get_named_stream(name)
            if found:
                return bytes(found)
        there = [kind for name, kind in _OTHERS.items() if document.get_named_stream(name)]
    except Exception as error:  # the parser meets any damage with any exception
        raise Unreadable("damaged") from error
    if not there:
        raise Unreadable("not_a_workbook")
    raise Unreadable("password") if not there[0] else Unreadable("other_kind", what=there[0])


class _Walk:
    """Over the records of the workbook's stream."""

    def __init__(self, stream: bytes) -> None:
        self._stream = stream
        self._sheets: list[int] = []
        self._empty: dict[int, list[Place]] = {}
        self._counted = BookCount()
        self._begin = 0
        self._walk()

    def unvalued(self) -> list[list[Place]]:
        """The cells of each worksheet."""
        return [self._empty.get(begin, []) for begin in self._sheets]

    def _walk(self) -> None:
        position = 0
        while position + 4 <= len(self._stream):
            kind, size = struct.unpack_from("<HH", self._stream, position)
            body, end = position + 4, position + 4 + size
            if end > len(self._stream):
                break  # cut off; the parser judges that
            if kind == _FILEPASS:
                raise Unreadable("password")
            if kind == _BOF:
                self._counted.begin_sheet()
                self._begin = position
            elif kind == _BOUNDSHEET and size >= 6:
                begin, _visible, what = struct.unpack_from("<IBB", self._stream, body)
                self._sheets += [begin] if what == _WORKSHEET else []
            elif kind in _SINGLE and size >= 4:
                self._single(kind, body, size)
            elif kind == _MULTIPLE and size >= 6:
                row = struct.unpack_from("<H", self._stream, body)[0]
                column = struct.unpack_from("<H", self._stream, end - 2)[0]
                self._count(row, column, (size - 6) // 6)
            position = end

    def _single(self, kind: int, body: int, size: int) -> None:
        row, column = struct.unpack_from("<HH", self._stream, body)
        self._count(row, column, 1)
        if kind == _FORMULA and size >= 14:
            result = self._stream[body + 6 : body + 14]
            if result[0] == _NOTHING and result[6:] == b"\xff\xff":
                self._empty.setdefault(self._begin, []).append((row, column))

    def _count(self, row: int, column: int, cells: int) -> None:
        self._counted.add_cells(cells)
        self._counted.reach(row + 1, column + 1)


class Silent:
    """Takes the parser's remarks."""

    def write(self, text: str) -> int:
        """Forget it."""
        return len(text)
