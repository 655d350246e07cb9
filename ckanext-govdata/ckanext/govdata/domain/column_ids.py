"""Ids of a table's columns: the headings themselves, as far as the DataStore takes them.

It takes no quotation mark, no sign of Unicode's category C, no underscore in front, no name of a
column that PostgreSQL has in every table, and 63 bytes; such a sign is written as its wide twin,
which compares equal (:func:`.items.folded`), so that a column still belongs to its item.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from .items import LONGEST, cut, folded, widened

_BREAK = re.compile(r"(?<=[A-Za-z0-9])[\x00-\x1f\x7f-\x9f\u2028\u2029]+(?=[A-Za-z0-9])")
_LINES = "\u2028\u2029"
_OF_SYSTEM = frozenset({"xmin", "xmax", "cmin", "cmax", "ctid", "tableoid"})
_SOMETHING = "〓"
"""Stands for a sign that a font or office made itself, as printers put it."""


@dataclass(frozen=True)
class ColumnId:
    """A column: its id in the table, its whole heading, and its place in the file, from 1.

    ``repeats``: an earlier column has this heading, so this one is numbered; ``empty``: it has
    none, and is called by its place.
    """

    id: str
    heading: str
    place: int
    repeats: bool = False
    empty: bool = False


def plain(heading: str) -> str:
    """The heading on one line, without what nobody sees."""
    return "".join(map(_seen, _BREAK.sub(" ", heading))).strip()


def _seen(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in ("Co", "Cn"):
        return _SOMETHING
    return "" if category.startswith("C") or sign in _LINES else sign


def column_id(heading: str) -> str:
    """The id of a column of that (plain) heading."""
    wide = widened(heading)
    if wide in _OF_SYSTEM:
        return chr(ord(wide[0]) + 0xFEE0) + wide[1:]
    if len(wide.encode()) <= LONGEST:
        return wide
    return widened(cut(unicodedata.normalize("NFKC", heading).strip()))


def column_ids(headings: Sequence[str]) -> list[ColumnId]:
    """The columns of a row of headings, each with an id of its own."""
    taken: set[str] = set()
    found: list[ColumnId] = []
    for place, said in enumerate(headings, 1):
        heading = plain(said)
        name = column_id(heading) if heading else f"第{place}列"
        repeats, number = folded(name) in taken, 2
        while folded(name) in taken:
            name, number = column_id(f"{heading or f'第{place}列'}（{number}）"), number + 1
        taken.add(folded(name))
        found.append(ColumnId(name, heading or name, place, repeats, not heading))
    return found
