"""What can be read of a file that is no table, so that it is looked through as far as it goes.

Office documents, OpenDocument, OFD and archives are packed XML and text; web pages, XML, JSON, RTF
and MHT are text themselves. Of a picture, a PDF or a database nothing is read; whether all was read
is never certain, so a head answers for such a file whatever is found (decision 1712).
"""

from __future__ import annotations

import email
import email.policy
import io
import json
import re
import zipfile
from email.errors import MessageError
from typing import NamedTuple

from . import marked_words, rtf_words
from .file_kinds import BROKEN, PACKED, check_directory
from .refused_files import Unreadable
from .xml_parser import Budget

MOST = 2**18
"""Characters that are looked through: a hundred pages, which take seconds."""
MOST_BYTES = 2**23
"""Bytes of one member that are unpacked for them; most of it are tags."""
_PAGES = (".htm", ".html", ".xhtml", ".md")
_MARKED = (".xml", ".svg", ".rels", *_PAGES)
_PLAIN = (".txt", ".csv", ".tsv", ".json")
_KINDS = {"HTML": ".html", "SVG": ".svg", "XML": ".xml", "XML2003": ".xml", "FODS": ".xml",
          "MHT": ".mht", "RTF": ".rtf", "JSON": ".json"}  # fmt: skip
_ESCAPED = re.compile(r'\\(?:[bfnrt"\\/]|u[0-9A-Fa-f]{4})')


class ReadWords(NamedTuple):
    """What was read, and whether the file has more than what is looked through."""

    text: str
    more: bool


def of(content: bytes, kind: str) -> ReadWords:
    """The words of a file of that kind (:mod:`.file_kinds`); empty where nothing can be read."""
    if kind in _KINDS:
        more = len(content) > MOST_BYTES
        text = "\n".join(filter(None, _written(content[:MOST_BYTES], _KINDS[kind])))
        return ReadWords(text[:MOST], more or len(text) > MOST)
    return _packed(content) if zipfile.is_zipfile(io.BytesIO(content)) else ReadWords("", False)


def _packed(content: bytes) -> ReadWords:
    """The names of an archive's members, and the words of those that are text, what stands within
    tags behind all others; a member that is locked or broken says nothing, and a bomb is opened as
    far as the measure goes."""
    found: list[str] = []
    asides: list[str] = []
    size, budget, more = 0, Budget(), False
    try:
        check_directory(io.BytesIO(content))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found.append("\n".join(archive.namelist()))
            for member in archive.infolist():
                if size > MOST:
                    more = True
                    break
                unpacked = _unpacked(archive, member, budget)
                more = more or len(unpacked) > MOST_BYTES
                text, aside = _written(unpacked[:MOST_BYTES], member.filename.lower())
                found.append(text)
                asides.append(aside)
                size += len(text)
    except (*BROKEN, Unreadable):
        pass
    text = "\n".join(filter(None, [*found, *asides]))
    return ReadWords(text[:MOST], more or len(text) > MOST)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget) -> bytes:
    """One member, as far as it unpacks; one byte more than :data:`MOST_BYTES` where it is longer.
    """
    ending = member.filename.lower().endswith((*_MARKED, *_PLAIN, ".rtf"))
    if not ending or member.compress_type not in PACKED:
        return b""
    found = bytearray()
    try:
        for piece in budget.pieces(archive, member):
            found += piece
            if len(found) > MOST_BYTES:
                break
    except (*BROKEN, Unreadable, RuntimeError):  # the last for a password
        pass
    return bytes(found[: MOST_BYTES + 1])


def _written(content: bytes, name: str) -> tuple[str, str]:
    """The words of a text that is called so, and those that stand within its tags."""
    if name.endswith(".rtf"):
        return rtf_words.of(content), ""
    if name.endswith(".mht"):
        return _mailed(content)
    text = decoded(content)
    if name.endswith(".json"):
        return _unescaped(text), ""
    return marked_words.of(text, name.endswith(_PAGES)) if name.endswith(_MARKED) else (text, "")


def _mailed(content: bytes) -> tuple[str, str]:
    """The texts of a page that was kept as a mail with all its parts."""
    found: list[str] = []
    asides: list[str] = []
    try:
        for part in email.message_from_bytes(content, policy=email.policy.compat32).walk():
            asides += map(str, part.values())
            if part.get_content_maintype() == "text":
                payload = part.get_payload(decode=True)
                text = decoded(payload) if isinstance(payload, bytes) else ""
                words, aside = marked_words.of(text, page=True)
                found.append(words)
                asides.append(aside)
    except (MessageError, RecursionError, ValueError, LookupError):
        return decoded(content), ""
    return "\n".join(found), "\n".join(asides)


def _unescaped(text: str) -> str:
    """The text of JSON, whether it is sound or not, with its characters that are written as
    numbers."""
    plain = _ESCAPED.sub(_character, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _character(escaped: re.Match[str]) -> str:
    return str(json.loads(f'"{escaped[0]}"'))


def decoded(content: bytes) -> str:
    """The text in whichever encoding it reads as Chinese."""
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return content.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError as error:
        cut = wide or error.start > len(content) - 4  # in the middle of a character
        named = "utf-16" if wide else "utf-8" if cut else "gb18030"
        return content.decode(named, "ignore")
