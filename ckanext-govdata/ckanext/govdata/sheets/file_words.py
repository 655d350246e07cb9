"""What can be read of a file that is no table, so that it is looked through as far as it goes.

Office documents, OpenDocument, OFD and archives are packed XML and text; web pages, XML and RTF are
text themselves. Of a picture, a PDF or a database nothing is read; whether all was read is never
certain, so a head answers for such a file whatever is found (decision 1712).
"""

from __future__ import annotations

import io
import re
import zipfile

from .file_kinds import BROKEN, check_directory
from .refused_files import Unreadable
from .xml_parser import Budget

MOST = 2**18
"""Characters that are looked through: a hundred pages, which take seconds."""
MOST_BYTES = 2**24
"""Bytes of one member that are unpacked for them; most of it are tags."""
_TEXTS = (".xml", ".txt", ".csv", ".tsv", ".json", ".htm", ".html", ".xhtml", ".md", ".svg",
          ".rels")  # fmt: skip
_MARKED = frozenset({"HTML", "SVG", "XML", "XML2003", "FODS", "MHT", "RTF", "JSON"})
_PARTS = re.compile(
    r"</(?:\w{1,20}:)?(?:p|tc|tr|td|th|table-cell|h|h\d|li|div|row|cell|si|c|t?body)>"
    r"|<(?:\w{1,20}:)?(?:br|tab)\s?/?>",
    re.IGNORECASE,
)
"""Where one text ends and another begins; other tags may stand in the middle of a number."""
_TAG = re.compile(r"<[^<>]{0,2000}>")


def of(content: bytes, kind: str) -> str:
    """The words of a file of that kind (:mod:`.file_kinds`); empty where nothing can be read."""
    if kind in _MARKED:
        return _plain(content[:MOST_BYTES])[:MOST]
    return _packed(content) if zipfile.is_zipfile(io.BytesIO(content)) else ""


def _packed(content: bytes) -> str:
    """The names of an archive's members, and the words of those that are text; a member that is
    locked or broken says nothing, and a bomb is opened as far as the measure goes."""
    found: list[str] = []
    size, budget = 0, Budget()
    try:
        check_directory(io.BytesIO(content))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                text = f"{member.filename}\n{_words(archive, member, budget)}"
                found.append(text)
                size += len(text)
                if size > MOST:
                    break
    except (*BROKEN, Unreadable):
        pass
    return "\n".join(found)[:MOST]


def _words(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget) -> str:
    """The words of one member, as far as it unpacks."""
    if not member.filename.lower().endswith(_TEXTS):
        return ""
    content = b""
    try:
        for piece in budget.pieces(archive, member):
            content += piece
            if len(content) > MOST_BYTES:
                break
    except (*BROKEN, Unreadable, RuntimeError):  # the last for a password
        pass
    return _plain(content)


def _plain(content: bytes) -> str:
    """The text without its tags, in whichever encoding it reads as Chinese."""
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = content.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError as error:
        cut = wide or error.start > len(content) - 4  # in the middle of a character
        named = "utf-16" if wide else "utf-8" if cut else "gb18030"
        text = content.decode(named, "ignore")
    return _TAG.sub("", _PARTS.sub("\n", text))
