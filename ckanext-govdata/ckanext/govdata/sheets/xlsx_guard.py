"""Look through an xlsx file before anybody parses it.

A workbook is an archive of XML that a stranger made. Every member is unpacked once, in pieces and
without being kept: what is too big, nested, encrypted, broken or has a DOCTYPE is refused, and the
cells are counted. What a values-only reader would not see is noted on the way: formulas without a
stored value, error values, merged cells, hidden parts, numbers that are shown otherwise.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from . import xlsx_book
from .file_kinds import BROKEN, PACKED, check_directory
from .refused_files import (
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_UNPACKED,
    RATIO_FLOOR,
    BookCount,
    Unreadable,
)
from .xlsx_sheet import CellStyles, SharedStrings, SheetFacts, SheetParser, StringFacts
from .xml_parser import Budget, XmlParser

ENCRYPTED, PATCH = 1 << 0 | 1 << 6, 1 << 5
"""Flags of a member: encrypted, in the old way or the strong one; a patch of another file."""
MAX_PART = 16 * 2**20
"""Bytes of what a workbook says of itself: its sheets, its styles; Excel writes some thousands."""
_NESTED = (".zip", ".xlsx", ".xlsm", ".gz", ".7z", ".rar", ".docx", ".jar")


@dataclass(frozen=True)
class BookFacts:
    """What was found: of each sheet by its name, and the styles of their cells."""

    sheets: Mapping[str, SheetFacts]
    styles: CellStyles


def inspect(path: Path) -> BookFacts:
    """Facts of the book and each of its sheets; raises :class:`Unreadable`."""
    try:
        with path.open("rb") as file:
            check_directory(file)
        with zipfile.ZipFile(path) as archive:
            return _inspect(archive)
    except BROKEN as error:
        raise Unreadable("damaged") from error


def _inspect(archive: zipfile.ZipFile) -> BookFacts:
    _check_directory(archive.infolist())
    members = {member.filename.lower(): member for member in archive.infolist()}
    budget = Budget()
    seen: set[str] = set()

    def read(name: str) -> bytes | None:
        """A small member, looked through; each is asked for once."""
        member = members.get(name.lower())
        if member is None:
            return None
        seen.add(name.lower())
        content = b"".join(budget.pieces(archive, member, MAX_PART))
        XmlParser(iter([content]))
        return content

    book = xlsx_book.read_book(read)
    styles = CellStyles(
        book.formats, book.since_1904, book.unsettled, book.struck, book.unseen)
    texts = StringFacts()
    strings = "xl/sharedstrings.xml"
    if strings in members:
        texts = SharedStrings(budget.pieces(archive, members[strings])).facts
    counted = BookCount()
    found: dict[str, SheetFacts] = {}
    for name, kept in book.members.items():
        if member := members.get(kept.lower()):
            seen.add(kept.lower())
            pieces = budget.pieces(archive, member)
            found[name] = SheetParser(pieces, texts, styles, counted).facts
    if not found:
        raise Unreadable("not_a_workbook")
    _look_at_the_rest(archive, budget, seen | {strings})
    return BookFacts(found, styles)


def _look_at_the_rest(archive: zipfile.ZipFile, budget: Budget, seen: Collection[str]) -> None:
    """Unpack what else is there; XML of it may have no DOCTYPE either."""
    for member in archive.infolist():
        if member.filename.lower() in seen:
            continue
        pieces = budget.pieces(archive, member)
        if member.filename.endswith((".xml", ".rels")) and not _is_of_a_mac(member.filename):
            XmlParser(pieces)
        else:
            for _ in pieces:
                pass


def _is_of_a_mac(name: str) -> bool:
    """What a Mac puts beside each file that it packs; it bears the file's name and is none."""
    path = PurePosixPath(name)
    return path.parts[:1] == ("__MACOSX",) or path.name.startswith("._")


def _check_directory(members: list[zipfile.ZipInfo]) -> None:
    """What the archive's own table of contents gives away."""
    if len(members) > MAX_MEMBERS:
        raise Unreadable("zip_bomb")
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or unpacked > max(RATIO_FLOOR, MAX_RATIO * packed):
        raise Unreadable("zip_bomb")
    names = {member.filename.lower() for member in members}
    if len(names) < len(members):
        raise Unreadable("damaged")
    if xlsx_book.BOOK not in names:
        raise Unreadable("not_a_workbook")
    if any(member.filename.lower().endswith(_NESTED) for member in members):
        raise Unreadable("nested_archive")
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise Unreadable("password")
    if any(member.compress_type not in PACKED or member.flag_bits & PATCH for member in members):
        raise Unreadable("damaged")
