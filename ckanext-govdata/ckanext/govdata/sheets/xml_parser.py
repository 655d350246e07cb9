"""XML that a stranger made, read piece by piece: well formed and without a DOCTYPE, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from .refused_files import MAX_UNPACKED, Unreadable

PIECE = 2**16


def is_on(text: str | None) -> bool:
    """Whether an attribute of a workbook's XML says yes; where it does not stand it says no."""
    return (text or "").strip().lower() in ("1", "true", "on")


class Budget:
    """Counts what is really unpacked; an archive's table of contents may lie."""

    def __init__(self) -> None:
        self.left = MAX_UNPACKED

    def pieces(
        self, archive: ZipFile, member: ZipInfo, most: int = MAX_UNPACKED
    ) -> Iterator[bytes]:
        """The member's content, of at most so many bytes; raises :class:`Unreadable` where it is
        too much."""
        size = 0
        with archive.open(member) as stream:
            while piece := stream.read(PIECE):
                size += len(piece)
                if size > most:
                    raise Unreadable("too_much_text", limit=most // 2**20)
                self.left -= len(piece)
                if self.left < 0:
                    raise Unreadable("zip_bomb")
                yield piece


class XmlParser:
    """Well-formed XML without a DOCTYPE, read piece by piece."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.EntityDeclHandler = self._refuse_doctype
        self.prepare(parser)
        try:
            for piece in pieces:
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Unreadable("damaged") from error

    def prepare(self, parser: expat.XMLParserType) -> None:
        """Set the handlers that are needed."""

    @staticmethod
    def _refuse_doctype(*_: object) -> None:
        raise Unreadable("doctype")
